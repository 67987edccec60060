/** A small tree of invented organisations. */

export interface Organisation {
  readonly nimi: Readonly<Record<string, string>>;
  /** OID; null: the root. */
  readonly parent: string | null;
}
/** By OID. */
export type Organisations = Readonly<Record<string, Organisation>>;

export const ROOT = '1.2.246.562.10.00000000001';
export const YLIOPISTO = '1.2.246.562.10.10000000001';
export const TIEDEKUNTA = '1.2.246.562.10.10000000011';
const MALLIKUNTA = '1.2.246.562.10.20000000002';
export const MALLIKOULU = '1.2.246.562.10.20000000022';
export const MALLILUKIO = '1.2.246.562.10.20000000032';
export const AMMATTIKOULU = '1.2.246.562.10.30000000003';

export const organisations: Organisations = {
  [ROOT]: {
    nimi: { fi: 'Opetushallitus', sv: 'Utbildningsstyrelsen', en: 'Finnish National Agency for Education' },
    parent: null,
  },
  [YLIOPISTO]: {
    nimi: { fi: 'Esimerkin yliopisto', sv: 'Exempeluniversitetet', en: 'University of Example' },
    parent: ROOT,
  },
  [TIEDEKUNTA]: {
    nimi: { fi: 'Esimerkin tiedekunta', sv: 'Exempelfakulteten', en: 'Faculty of Examples' },
    parent: YLIOPISTO,
  },
  [MALLIKUNTA]: { nimi: { fi: 'Mallikunta', sv: 'Modellkommun' }, parent: ROOT },
  [MALLIKOULU]: { nimi: { fi: 'Mallikunnan peruskoulu', sv: 'Modellkommuns grundskola' }, parent: MALLIKUNTA },
  [MALLILUKIO]: { nimi: { fi: 'Mallikunnan lukio', sv: 'Modellkommuns gymnasium' }, parent: MALLIKUNTA },
  [AMMATTIKOULU]: { nimi: { fi: 'Mallin ammattiopisto', sv: 'Modells yrkesinstitut' }, parent: ROOT },
};

/** The organisation itself, its parent and so on up to the root. */
export function withParents(oid: string, all = organisations): string[] {
  const chain: string[] = [];
  for (let at: string | null = oid; at !== null && !chain.includes(at);) {
    const found: Organisation | undefined = all[at];
    if (!found) break;
    chain.push(at);
    at = found.parent;
  }
  return chain;
}

/** Organisations below `oid`, direct ones first. */
export function childOids(oid: string, recursive: boolean, all = organisations): string[] {
  const direct = Object.entries(all)
    .filter(([, { parent }]) => parent === oid)
    .map(([child]) => child);
  return recursive ? direct.flatMap((child) => [child, ...childOids(child, true, all)]) : direct;
}
