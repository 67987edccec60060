import type { Position } from './name-order.model.js';

/** So many more than wanted are kept before those that come too late are dropped. */
const ROOM = 4096;

/** A person with its place by names; of several with one place the lower OID comes first. */
export interface Placed extends Position {
  readonly id: number;
}

export const BEFORE_ALL: Position = { place: -1, oid: 0 };

const compare = (a: Position, b: Position) => a.place - b.place || a.oid - b.oid;

/** Of persons that come in any order, some several times, the first ones. */
export class FirstPlaces {
  private kept: Placed[] = [];
  private last: Position | null = null;
  private dropped = false;

  /**
   * @param after the person after whom they come
   * @param count how many are wanted
   */
  constructor(
    private readonly after: Position,
    private readonly count: number,
  ) {}

  add(place: number, oid: number, id: number): void {
    const { after, last } = this;
    if (place < after.place || (place === after.place && oid <= after.oid)) return;
    if (last && (place > last.place || (place === last.place && oid > last.oid))) {
      this.dropped = true;
      return;
    }
    this.kept.push({ place, oid, id });
    if (this.kept.length >= this.count + ROOM) this.drop();
  }

  /** The first ones, in order; `isAll`: no others come after them. */
  take(): { readonly placed: readonly Placed[]; readonly isAll: boolean } {
    this.drop();
    return { placed: this.kept, isAll: !this.dropped };
  }

  private drop(): void {
    this.kept = this.kept.sort(compare).filter((one, i, all) => i === 0 || compare(all[i - 1]!, one) !== 0);
    if (this.kept.length <= this.count) return;
    this.kept.length = this.count;
    this.last = this.kept.at(-1)!;
    this.dropped = true;
  }
}
