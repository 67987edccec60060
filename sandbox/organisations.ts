/** A small tree of invented organisations: oid → name and parent. */
export const ROOT = '1.2.246.562.10.00000000001';
export const YLIOPISTO = '1.2.246.562.10.10000000001';
export const TIEDEKUNTA = '1.2.246.562.10.10000000011';
export const MALLIKUNTA = '1.2.246.562.10.20000000002';
export const MALLIKOULU = '1.2.246.562.10.20000000022';
export const MALLILUKIO = '1.2.246.562.10.20000000032';
export const AMMATTIKOULU = '1.2.246.562.10.30000000003';

export const organisations = {
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
export function withParents(oid, all = organisations) {
  const chain = [];
  for (let at = oid; at && all[at] && !chain.includes(at); at = all[at].parent) chain.push(at);
  return chain;
}

/** Organisations below `oid`, direct ones first. */
export function childOids(oid, recursive, all = organisations) {
  const direct = Object.keys(all).filter((child) => all[child].parent === oid);
  return recursive ? direct.flatMap((child) => [child, ...childOids(child, true, all)]) : direct;
}
