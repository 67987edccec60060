import { listVuodet } from './ika.rules.js';

it.each([
  [10, [2016, 2017, 2015, 2018, 2014]],
  [8, [2018, 2017, 2016, 2015, 2014]],
  [12, [2014, 2015, 2016, 2017, 2018]],
])('from the age of %i the years go outward within the span', (wanted, vuodet) => {
  expect(listVuodet(2026, wanted, { nuorin: 8, vanhin: 12 })).toEqual(vuodet);
});
