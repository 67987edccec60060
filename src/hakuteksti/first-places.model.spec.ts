import { BEFORE_ALL, FirstPlaces } from './first-places.model.js';
import type { Position } from './name-order.model.js';

describe('the first places', () => {
  const take = (places: number[], after: Position, count: number) => {
    const first = new FirstPlaces(after, count);
    for (const [oid, place] of places.entries()) first.add(place, oid, -oid);
    const { placed, isAll } = first.take();
    return { placed: placed.map(({ place, oid, id }) => [place, oid === -id ? oid : NaN]), isAll };
  };

  it('are the lowest after a person, by OID where they have one place', () => {
    const places = [5, 3, 9, 3, 1, 7];
    expect(take(places, BEFORE_ALL, 2)).toEqual({ placed: [[1, 4], [3, 1]], isAll: false }); // prettier-ignore
    expect(take(places, { place: 3, oid: 1 }, 2)).toEqual({ placed: [[3, 3], [5, 0]], isAll: false }); // prettier-ignore
    expect(take(places, { place: 5, oid: 0 }, 2)).toEqual({ placed: [[7, 5], [9, 2]], isAll: true }); // prettier-ignore
    expect(take(places, { place: 9, oid: 2 }, 2)).toEqual({ placed: [], isAll: true });
  });

  it('are the same when many come', () => {
    const places = Array.from({ length: 50_000 }, (_, n) => (n * 7919) % 25_000);
    const lowest = Array.from({ length: 100 }, (_, n) => Math.floor(n / 2));
    const found = take(places, BEFORE_ALL, 99);
    expect(found.placed.map(([place]) => place)).toEqual(lowest.slice(0, 99));
    expect(found.isAll).toBe(false);
    expect(take(new Array<number>(20_000).fill(4), BEFORE_ALL, 3).placed).toEqual([[4, 0], [4, 1], [4, 2]]); // prettier-ignore
  });

  it('are told once though they come twice', () => {
    const first = new FirstPlaces(BEFORE_ALL, 2);
    for (const oid of [7, 7, 8, 8]) first.add(1, oid, 100 - oid);
    expect(first.take()).toEqual({ placed: [{ place: 1, oid: 7, id: 93 }, { place: 1, oid: 8, id: 92 }], isAll: true }); // prettier-ignore
  });
});
