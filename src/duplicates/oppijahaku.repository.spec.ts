import { toEhto } from './oppijahaku.repository.js';

describe('condition of a search for learners', () => {
  it.each([
    [' 1.2.246.562.24.1 ', ['1.2.246.562.24.1']],
    ['010190-900P', ['010190-900P']],
    ['010190/900P', ['010190/900P']],
    ['010190-900p', ['010190-900p%']],
    ['010203a900P', ['010203A900P']],
    ['Korhonen', ['korhonen%']],
    ['Korhonen, Aino Maria', ['korhonen%', 'aino maria%']],
    ['a, b, c', ['a%', 'b, c%']],
    ['Aino Maria Kor', ['kor%', 'aino maria%']],
    ['Aino ', ['aino%']],
    [' Korhonen', ['korhonen%']],
    ['Korhonen,', ['korhonen%']],
    [', ,', [',%']],
    ['k_rh%n', ['k\\_rh\\%n%']],
    ['a\\b', ['a\\\\b%']],
  ])('%j looks for %j', (query, values) => {
    expect(toEhto(query)!.values).toEqual(values);
  });

  it.each(['   ', ' \t '])('%j looks for everyone', (query) => expect(toEhto(query)).toBeNull());

  it.each([',,,', ' ,,,, '])('refuses %j', (query) => {
    expect(() => toEhto(query)).toThrow('commas only');
  });
});
