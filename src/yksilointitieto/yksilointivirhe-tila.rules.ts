export const YKSILOINTIVIRHE_TILAT = [
  'HETU_EI_VTJ',
  'HETU_EI_OIKEA',
  'HETU_PASSIVOITU',
  'MUU_UUDELLEENYRITETTAVA',
  'MUU',
] as const;
export type YksilointivirheTila = (typeof YKSILOINTIVIRHE_TILAT)[number];

/** Class name that the reference stores with failures that are not retried; rows carry it, so it is data. */
export const SUSPENDABLE = 'fi.vm.sade.oppijanumerorekisteri.exceptions.SuspendableIdentificationException';
export const HETU_EI_VTJ = 'Henkilöä ei löytynyt VTJ-palvelusta henkilötunnuksella: ';
export const HETU_EI_OIKEA = 'Henkilön hetu ei ole oikea: ';
export const HETU_PASSIVOITU = 'Henkilön hetu on passivoitu: ';

/** Kind of a stored failure (docs/spec/yksilointi-vtj.md#1.3). @param poikkeus class name @param viesti message */
export function toYksilointivirheTila(poikkeus: string, viesti: string | null): YksilointivirheTila {
  if (poikkeus !== SUSPENDABLE) return 'MUU_UUDELLEENYRITETTAVA';
  if (viesti?.startsWith(HETU_EI_VTJ)) return 'HETU_EI_VTJ';
  if (viesti?.startsWith(HETU_EI_OIKEA)) return 'HETU_EI_OIKEA';
  if (viesti?.includes(HETU_PASSIVOITU)) return 'HETU_PASSIVOITU';
  return 'MUU';
}
