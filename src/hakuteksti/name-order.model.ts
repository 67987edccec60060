/** A person without a place: a name that was not in the lists, or one that has changed since. */
export const NO_PLACE = Infinity;

/**
 * Where persons come by surname, then by calling name, as a whole number: whoever has the lower place comes first, in the order of the
 * database, and two have the same if they have the same names.
 */
export class NameOrder {
  private readonly sukunimet: ReadonlyMap<string, number>;
  private readonly kutsumanimet: ReadonlyMap<string, number>;

  /** @param sukunimet all there are, @param kutsumanimet too, each once and in the database's order */
  constructor(sukunimet: readonly string[], kutsumanimet: readonly string[]) {
    this.sukunimet = toRanks(sukunimet);
    this.kutsumanimet = toRanks(kutsumanimet);
  }

  /** `NO_PLACE` for a name that is not in the lists. */
  placeOf(sukunimi: string, kutsumanimi: string): number {
    const [first, second] = [this.sukunimet.get(sukunimi), this.kutsumanimet.get(kutsumanimi)];
    return first === undefined || second === undefined ? NO_PLACE : first * this.kutsumanimet.size + second;
  }
}

const toRanks = (names: readonly string[]) => new Map(names.map((name, rank) => [name, rank]));
