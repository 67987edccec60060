import { tunnisteetOf, type TuontiRiviSisalto } from './tuonti-sisalto.mapper.js';

/** Whom a row means: a person of the register by OID, or the `uusi`-th person that the part makes. */
export type Kohde = { readonly henkiloOid: string } | { readonly uusi: number };

/**
 * Whom each row of a part means (docs/spec/duplicates-tuonti-yleistunniste.md#6.4). The first identifier in the order oid, hetu,
 * passport, e-mail that is known decides; the others are not compared. A row that nobody matches makes a new person,
 * whom later rows find by the identifiers of the earlier ones. An identifier that is known is never given to another
 * person by an earlier row (docs/spec/duplicates-tuonti-yleistunniste.md#O-32).
 *
 * @param known OIDs of persons of the register by key (`tunnisteKey`)
 */
export function tunnista(rivit: readonly TuontiRiviSisalto[], known: ReadonlyMap<string, string>): Kohde[] {
  const kohteet = new Map<string, Kohde>([...known].map(([key, henkiloOid]) => [key, { henkiloOid }]));
  let uusia = 0;
  return rivit.map(({ henkilo }) => {
    const keys = tunnisteetOf(henkilo);
    const found = keys.find((key) => kohteet.has(key));
    const kohde = found === undefined ? { uusi: uusia++ } : kohteet.get(found)!;
    for (const key of keys) if (!kohteet.has(key)) kohteet.set(key, kohde);
    return kohde;
  });
}
