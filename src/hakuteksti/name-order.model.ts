/** A person without a place: a name that was not in the lists, one that has changed since, an OID of another form. */
export const NO_PLACE = Infinity;

/** Where a person comes among all. */
export interface Position {
  /** By surname and calling name, see `NameOrder`. */
  readonly place: number;
  /** Number of its OID, by which those of one place come. */
  readonly oid: number;
}

/** Texts of this form are in the order of their numbers, whatever the database's order of letters. */
const HENKILO_OID = /^1\.2\.246\.562\.24\.(\d{11})$/;

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
  positionOf(sukunimi: string, kutsumanimi: string, henkiloOid: string): Position {
    const [first, second] = [this.sukunimet.get(sukunimi), this.kutsumanimet.get(kutsumanimi)];
    const oid = HENKILO_OID.exec(henkiloOid)?.[1];
    const isKnown = first !== undefined && second !== undefined && oid !== undefined;
    return { place: isKnown ? first * this.kutsumanimet.size + second : NO_PLACE, oid: Number(oid ?? 0) };
  }
}

const toRanks = (names: readonly string[]) => new Map(names.map((name, rank) => [name, rank]));
