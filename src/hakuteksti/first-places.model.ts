/** So many more than wanted are kept before those that come too late are dropped. */
const ROOM = 4096;

/** A person with its place by names; of several with one place the lower id comes first. */
export interface Placed {
  readonly place: number;
  readonly id: number;
}

export const BEFORE_ALL: Placed = { place: -1, id: 0 };

const compare = (a: Placed, b: Placed) => a.place - b.place || a.id - b.id;

/** Of persons that come in any order, some several times, the first ones. */
export class FirstPlaces {
  private kept: Placed[] = [];
  private last: Placed | null = null;
  private dropped = false;

  /**
   * @param after the person after whom they come
   * @param count how many are wanted at least
   */
  constructor(
    private readonly after: Placed,
    private readonly count: number,
  ) {}

  add(place: number, id: number): void {
    if (place < this.after.place || (place === this.after.place && id <= this.after.id)) return;
    if (this.last && (place > this.last.place || (place === this.last.place && id > this.last.id))) {
      this.dropped = true;
      return;
    }
    this.kept.push({ place, id });
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
