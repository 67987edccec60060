import { toPage, toSlice } from './page.js';

describe('toSlice', () => {
  it('cuts the row too many and tells that there is more', () => {
    expect(toSlice(['a', 'b', 'c'], 2, 2)).toEqual({
      number: 2, size: 2, results: ['a', 'b'], last: false, first: false, numberOfElements: 2,
    }); // prettier-ignore
  });

  it('is the last one when exactly the size was found', () => {
    expect(toSlice(['a', 'b'], 1, 2)).toMatchObject({ last: true, first: true, numberOfElements: 2 });
  });
});

describe('toPage', () => {
  it.each([
    [
      { results: [1, 2], number: 1, total: 3 },
      { totalPages: 2, first: true, last: false },
    ],
    [
      { results: [3], number: 2, total: 3 },
      { totalPages: 2, first: false, last: true },
    ],
    [
      { results: [], number: 1, total: 0 },
      { totalPages: 0, first: true, last: false },
    ],
    [
      { results: [], number: 3, total: 3 },
      { totalPages: 2, first: false, last: false },
    ],
  ])('%o', ({ results, number, total }, expected) => {
    expect(toPage(results, number, 2, total)).toMatchObject({
      ...expected,
      totalElements: total,
      numberOfElements: results.length,
    });
  });
});
