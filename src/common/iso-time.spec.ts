import { isoTime } from './iso-time.js';

it('tells each instant, also after another', () => {
  const texts = [0, 0, 1_769_854_530_123, 0].map(isoTime);
  expect(texts).toEqual([
    '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z', '2026-01-31T10:15:30.123Z', '1970-01-01T00:00:00.000Z',
  ]); // prettier-ignore
});
