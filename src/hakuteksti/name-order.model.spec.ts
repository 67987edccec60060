import { NameOrder, NO_PLACE } from './name-order.model.js';

describe('the place by names', () => {
  it('is that by surname, then by calling name', () => {
    const order = new NameOrder(['Aalto', 'Virtanen', 'aalto', 'Öster'], ['Aino', 'Eino', 'Åke']);
    const places = [
      ['Aalto', 'Aino'],
      ['Aalto', 'Åke'],
      ['Virtanen', 'Eino'],
      ['aalto', 'Aino'],
      ['Öster', 'Åke'],
    ].map(([sukunimi, kutsumanimi]) => order.placeOf(sukunimi!, kutsumanimi!));
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    expect(Math.max(...places)).toBeLessThan(NO_PLACE);
  });

  it('is unknown for other names', () => {
    const order = new NameOrder(['Aalto'], ['Aino']);
    expect(order.placeOf('Aalto', 'Eino')).toBe(NO_PLACE);
    expect(order.placeOf('AALTO', 'Aino')).toBe(NO_PLACE);
    expect(new NameOrder([], []).placeOf('Aalto', 'Aino')).toBe(NO_PLACE);
  });
});
