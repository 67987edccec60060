import { isTurvakielto, readKyllaEi } from './kylla-ei.js';

it.each([true, 1, 'true', '1', 'kyllä', 'kylla', 'k', 'yes', 'KYLLÄ', ' K\n'])('%j is yes', (value) => {
  expect(readKyllaEi(value)).toBe(true);
  expect(isTurvakielto(value)).toBe(true);
});
it.each([false, 0, 'false', '0', 'ei', 'e', 'no', 'EI', ' e '])('%j is no', (value) => {
  expect(readKyllaEi(value)).toBe(false);
  expect(isTurvakielto(value)).toBe(false);
});
it.each([undefined, null, '', ' ', 'ehkä', 2, -1, {}, [], ['ei'], [false]])('%j is neither, and protects', (value) => {
  expect(readKyllaEi(value)).toBeUndefined();
  expect(isTurvakielto(value)).toBe(true);
});
