import { isUnreadableName } from '../../common/nimen-merkit.js';

/** Members of the person of a row that are texts, absent or null. */
const TEKSTIT = ['oid', 'hetu', 'passinumero', 'sahkoposti', 'etunimet', 'kutsumanimi', 'sukunimi', 'syntymaaika'];
/** Those of them that nobody may write with characters that are not seen (docs/adr/0101-names.md). */
const NIMET = ['etunimet', 'kutsumanimi', 'sukunimi'];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isTextOrAbsent = (value: unknown): boolean => value === undefined || value === null || typeof value === 'string';
const isKoodi = (value: unknown): boolean => isObject(value) && typeof value.koodi === 'string';
const isKoodiOrAbsent = (value: unknown): boolean => value === undefined || value === null || isKoodi(value);

/**
 * What is wrong with a row as it is stored, for its sender; null: nothing. What this service has accepted has the right shape,
 * but a row of the reference or of a former version may be anything.
 */
export function findSisallonVirhe(rivi: unknown): string | null {
  if (!isObject(rivi) || !isObject(rivi.henkilo) || !isTextOrAbsent(rivi.tunniste)) return VIRHEELLINEN;
  const { henkilo } = rivi;
  const { sukupuoli, aidinkieli, kansalaisuus = null } = henkilo;
  const hasShape =
    TEKSTIT.every((member) => isTextOrAbsent(henkilo[member])) &&
    isKoodiOrAbsent(sukupuoli) &&
    isKoodiOrAbsent(aidinkieli) &&
    (kansalaisuus === null || (Array.isArray(kansalaisuus) && kansalaisuus.every(isKoodi)));
  if (!hasShape) return VIRHEELLINEN;
  return NIMET.some((nimi) => isUnreadableName((henkilo[nimi] as string | null | undefined) ?? ''))
    ? 'Rivin nimessä on merkkejä, jotka eivät näy, tai pelkkiä välilyöntejä'
    : null;
}

const VIRHEELLINEN = 'Rivin sisältö on virheellinen';
