import { NameOrder, NO_PLACE } from './name-order.model.js';

const OID = '1.2.246.562.24.00000000012';

describe('the place by names', () => {
  it('is that by surname, then by calling name', () => {
    const order = new NameOrder(['Aalto', 'Virtanen', 'aalto', 'Öster'], ['Aino', 'Eino', 'Åke']);
    const places = [
      ['Aalto', 'Aino'],
      ['Aalto', 'Åke'],
      ['Virtanen', 'Eino'],
      ['aalto', 'Aino'],
      ['Öster', 'Åke'],
    ].map(([sukunimi, kutsumanimi]) => order.positionOf(sukunimi!, kutsumanimi!, OID).place);
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    expect(Math.max(...places)).toBeLessThan(NO_PLACE);
  });

  it('is unknown for other names', () => {
    const order = new NameOrder(['Aalto'], ['Aino']);
    expect(order.positionOf('Aalto', 'Eino', OID).place).toBe(NO_PLACE);
    expect(order.positionOf('AALTO', 'Aino', OID).place).toBe(NO_PLACE);
    expect(new NameOrder([], []).positionOf('Aalto', 'Aino', OID).place).toBe(NO_PLACE);
  });

  it('is followed by the number of the OID, and unknown for an OID of another form', () => {
    const order = new NameOrder(['Aalto'], ['Aino']);
    expect(order.positionOf('Aalto', 'Aino', '1.2.246.562.24.99999999999')).toEqual({ place: 0, oid: 99_999_999_999 });
    for (const oid of ['1.2.246.562.24.1', '1.2.246.562.98.00000000012', '1.2.246.562.24.000000000123'])
      expect(order.positionOf('Aalto', 'Aino', oid).place).toBe(NO_PLACE);
  });
});
