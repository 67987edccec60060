import { jaroWinkler, Nimivertailu, normalizeNimi, splitEtunimet } from './nimivertailu.js';

const vertailu = new Nimivertailu({ etunimiThreshold: 0.85, sukunimiThreshold: 0.85 });

describe('normalised name', () => {
  it.each([
    ['Renée Nöel Zoë Søren', 'renee noel zoe soren'],
    ['Ørsted-Strauß', 'orsted-strauss'],
    ['ĐurĐe Łukasz', 'durde lukasz'],
    ['Иванов', 'ivanov'],
    ['=-_.:!#/()', '=-_.:!#/()'],
    [' Åke ', ' ake '],
    [null, ''],
  ])('of %p is %p', (nimi, expected) => expect(normalizeNimi(nimi)).toBe(expected));
});

it.each([
  ['eva-kaarina', ['eva-kaarina', 'eva', 'kaarina']],
  ['Aino  Maria ', ['aino', '', 'maria']],
  ['', ['']],
])('first names %p are split to %p', (etunimet, tokens) => expect(splitEtunimet(etunimet)).toEqual(tokens));

// The first is a measured value of Lucene 10.5, the rest follow from its formula.
it.each([
  ['virtanen', 'virtala', 0.8898809552192688],
  ['', '', 0],
  ['a', 'b', 0],
  [' ', ' ', 1],
  ['test', 'tes', 0.9416666626930237],
  ['test', 'te', 0.8666666746139526],
  ['test', 't', 0.7749999761581421],
  ['karhu', 'karju', 0.9066666960716248],
])('similarity of %p and %p is %p', (a, b, expected) => expect(jaroWinkler(a, b)).toBeCloseTo(expected, 6));

describe('names of an import row against those of the person', () => {
  it.each([
    ['Elias Tapani', 'Virtanen', 'Eelis Tapani', 'Virtanen', true],
    ['Pekka', 'Karhu', 'Pekka', 'Karju', true],
    ['Pekka', 'Halla-aho', 'Pekka', 'hallaaho', true],
    ['Renée Nöel Zoë Søren', 'Karhu', 'Renee Noel Zoe Soren', 'Karhu', true],
    ['Eva-Kaarina', 'Karhu', 'eva kaarina', 'Karhu', true],
    ['Krista Johanna', 'Karhu', 'Liisa Johanna', 'Karhu', true],
    ['anna', 'Karhu', 'hanna', 'Karhu', true],
    ['virhe', 'Karhu', 'luultavastivirhe', 'Karhu', true],
    ['', 'Karhu', 'Pekka', 'Karhu', true],
    ['Matti', 'Meikäläinen', 'Eino Olavi', 'Virtanen', false],
    ['Virtanen', 'Eino', 'Eino', 'Virtanen', false],
    ['Pekka', '', 'Pekka', '', false],
    ['Pekka', 'Karhu', 'Pekka', 'Metsola', false],
  ])('%p %p against %p %p: %p', (etunimet, sukunimi, expectedEtunimet, expectedSukunimi, match) => {
    expect(
      vertailu.namesMatch({ etunimet, sukunimi }, { etunimet: expectedEtunimet, sukunimi: expectedSukunimi }),
    ).toBe(match);
  });
});
