import type { LocalDate } from '../../common/clock.js';
import type { YhteystietoTyyppi } from '../../yhteystiedot/yhteystieto-tyyppi.constants.js';
import type { KoodiriviRepository } from '../../koodit/koodirivi.repository.js';
import type { LoadedHenkilo } from './loaded-henkilo.model.js';
import type { LoadedYhteystiedotRyhma } from '../../yhteystiedot/loaded-yhteystiedot.model.js';

/** A language by its code; an object without a code says nothing (docs/parity.md, docs/spec/henkilo.md#O7). */
export interface KieliMuutos {
  readonly kieliKoodi: string | null;
  readonly kieliTyyppi?: string | null;
}

/** One group of contact values as given. `id` matters for read-only groups only. */
export interface YhteystiedotRyhmaMuutos {
  readonly id?: number | null;
  readonly ryhmaKuvaus: string | null;
  readonly ryhmaAlkuperaTieto: string;
  readonly readOnly?: boolean | null;
  /** null: no values. */
  readonly yhteystieto:
    readonly { readonly yhteystietoTyyppi: YhteystietoTyyppi; readonly yhteystietoArvo: string | null }[] | null;
}

/** New values for a person: null or absent means "keep", an empty list clears (docs/spec/henkilo.md#0.6). */
export interface HenkiloMuutos {
  readonly oidHenkilo: string | null;
  readonly passivoitu?: boolean | null;
  readonly etunimet?: string | null;
  readonly kutsumanimi?: string | null;
  readonly sukunimi?: string | null;
  /** '' clears it. */
  readonly hetu?: string | null;
  readonly syntymaaika?: LocalDate | null;
  readonly kuolinpaiva?: LocalDate | null;
  readonly sukupuoli?: string | null;
  readonly kotikunta?: string | null;
  readonly asiointiKieli?: KieliMuutos | null;
  readonly aidinkieli?: KieliMuutos | null;
  readonly kansalaisuus?: readonly { readonly kansalaisuusKoodi: string }[] | null;
  readonly yhteystiedotRyhma?: readonly YhteystiedotRyhmaMuutos[] | null;
}

/** Fields that are copied as they are when given. */
export const PLAIN_FIELDS = [
  'passivoitu',
  'etunimet',
  'sukunimi',
  'syntymaaika',
  'kuolinpaiva',
  'sukupuoli',
  'kotikunta',
] as const;

/** Copies the plain fields that are given onto the person. An empty hetu and an empty kutsumanimi mean what the setters say. */
export function copyPlainFields(muutos: HenkiloMuutos, henkilo: LoadedHenkilo): void {
  const given = Object.fromEntries(
    PLAIN_FIELDS.filter((field) => muutos[field] != null).map((field) => [field, muutos[field]]),
  );
  Object.assign(henkilo, given);
  if (muutos.kutsumanimi != null) henkilo.setKutsumanimi(muutos.kutsumanimi);
  if (muutos.hetu != null) henkilo.hetu = muutos.hetu || null;
}

/** Sets the languages and nationalities that are given; rows of codes not seen before are made. Inside a transaction. */
export async function copyKoodit(
  { asiointiKieli, aidinkieli, kansalaisuus }: Pick<HenkiloMuutos, 'asiointiKieli' | 'aidinkieli' | 'kansalaisuus'>,
  henkilo: LoadedHenkilo,
  koodirivit: KoodiriviRepository,
): Promise<void> {
  if (asiointiKieli?.kieliKoodi) henkilo.asiointikieliId = await koodirivit.kieliId(asiointiKieli.kieliKoodi);
  if (aidinkieli?.kieliKoodi) henkilo.aidinkieliId = await koodirivit.kieliId(aidinkieli.kieliKoodi);
  if (kansalaisuus)
    henkilo.kansalaisuusIds = await koodirivit.kansalaisuusIds(kansalaisuus.map((k) => k.kansalaisuusKoodi));
}

/**
 * The groups that a person has after `given` (docs/spec/henkilo.md#3.4): read-only ones stay as they are and are not overwritten
 * unless `overwriteReadOnly`, all others are the given ones; a group without any value is left out. The store keeps the
 * row of a group whose content is the same.
 * @param isKept which others stay as they are too
 */
export function mergeYhteystiedot(
  stored: readonly LoadedYhteystiedotRyhma[],
  given: readonly YhteystiedotRyhmaMuutos[],
  { overwriteReadOnly, isKept }: { overwriteReadOnly: boolean; isKept?: (ryhma: LoadedYhteystiedotRyhma) => boolean },
): LoadedYhteystiedotRyhma[] {
  const kept = stored.filter((ryhma) => (ryhma.readOnly && !overwriteReadOnly) || isKept?.(ryhma));
  const keptIds = new Set(kept.map((ryhma) => ryhma.id));
  const added = given.filter(({ id }) => id == null || !keptIds.has(id)).map(toLoadedYhteystiedotRyhma);
  return [...added, ...kept].filter((ryhma) => ryhma.yhteystieto.some((arvo) => arvo.yhteystietoArvo));
}

/**
 * The groups that a person has after a caller who cannot see the stored ones gave `given`: all stored groups stay, and
 * each new one is added once. The empty list of a record that is sent back as it was read takes nothing away.
 */
export function addYhteystiedot(
  stored: readonly LoadedYhteystiedotRyhma[],
  given: readonly YhteystiedotRyhmaMuutos[],
): LoadedYhteystiedotRyhma[] {
  const ids = new Set(stored.map((ryhma) => ryhma.id));
  const known = new Set(stored.map(contentOf));
  const added = given
    .filter(({ id }) => id == null || !ids.has(id))
    .map(toLoadedYhteystiedotRyhma)
    .filter((ryhma) => ryhma.yhteystieto.some((arvo) => arvo.yhteystietoArvo) && !known.has(contentOf(ryhma)));
  return [...added, ...stored];
}

/** What a group says, whatever the order of its values. */
function contentOf({ ryhmaKuvaus, ryhmaAlkuperaTieto, yhteystieto }: LoadedYhteystiedotRyhma): string {
  const arvot = yhteystieto.map(({ yhteystietoTyyppi, yhteystietoArvo }) =>
    JSON.stringify([yhteystietoTyyppi, yhteystietoArvo]),
  );
  return JSON.stringify([ryhmaKuvaus, ryhmaAlkuperaTieto, arvot.sort()]);
}

/** A group not stored yet. */
export function toLoadedYhteystiedotRyhma(ryhma: YhteystiedotRyhmaMuutos): LoadedYhteystiedotRyhma {
  const { ryhmaKuvaus, ryhmaAlkuperaTieto, readOnly, yhteystieto } = ryhma;
  return {
    id: null,
    ryhmaKuvaus,
    ryhmaAlkuperaTieto,
    readOnly: readOnly ?? false,
    yhteystieto: (yhteystieto ?? []).map(({ yhteystietoTyyppi, yhteystietoArvo }) => ({
      yhteystietoTyyppi,
      yhteystietoArvo,
    })),
  };
}

/** Where only one of the two names is given, the stored one completes it. */
export function completeNames(
  { etunimet, kutsumanimi }: HenkiloMuutos,
  saved: LoadedHenkilo,
): Pick<HenkiloMuutos, 'etunimet' | 'kutsumanimi'> {
  if (etunimet == null && kutsumanimi == null) return {};
  return { etunimet: etunimet ?? saved.etunimet, kutsumanimi: kutsumanimi ?? saved.kutsumanimi };
}

/**
 * The values as the audit log has them: without those that are written elsewhere or were kept, which are null.
 * @param suojattu the municipality is left out too
 */
export function toAuditText(muutos: HenkiloMuutos & { huoltajat?: null }, suojattu: boolean): string {
  const hetu = muutos.hetu || null;
  return JSON.stringify({
    ...muutos,
    ...(suojattu && { kotikunta: null }),
    hetu,
    asiointiKieli: null,
    aidinkieli: null,
    kansalaisuus: null,
    yhteystiedotRyhma: null,
  });
}
