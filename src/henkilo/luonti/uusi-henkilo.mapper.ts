import type { LocalDate } from '../../common/clock.js';
import {
  copyKoodit,
  toLoadedYhteystiedotRyhma,
  type KieliMuutos,
  type YhteystiedotRyhmaMuutos,
} from '../muutos/henkilo-muutos.rules.js';
import type { IdpEntityId } from '../henkilo-koodit.constants.js';
import type { KoodiriviRepository } from '../../koodit/koodirivi.repository.js';
import { LoadedHenkilo } from '../muutos/loaded-henkilo.model.js';

/** A person to be stored, as a client gives it; null or absent: not given (docs/spec/henkilo.md#2.2, docs/spec/henkilo.md#2.4). */
export interface UusiHenkilo {
  readonly etunimet: string;
  readonly kutsumanimi: string;
  readonly sukunimi: string;
  /** '' is none. */
  readonly hetu?: string | null;
  /** A valid hetu decides over these two. */
  readonly syntymaaika?: LocalDate | null;
  readonly sukupuoli?: string | null;
  readonly kotikunta?: string | null;
  readonly aidinkieli?: KieliMuutos | null;
  readonly asiointiKieli?: KieliMuutos | null;
  readonly kansalaisuus?: readonly ({ readonly kansalaisuusKoodi: string } | null)[] | null;
  readonly yhteystiedotRyhma?: readonly (YhteystiedotRyhmaMuutos | null)[] | null;
  /** Blank ones are left out. */
  readonly passinumerot?: readonly (string | null)[] | null;
  readonly identifications?: readonly { readonly idpEntityId: IdpEntityId; readonly identifier: string }[] | null;
  /** Makes the person identified by eIDAS. '' is one too. */
  readonly eidasTunniste?: string | null;
  readonly passivoitu?: boolean | null;
  readonly turvakielto?: boolean | null;
  readonly eiSuomalaistaHetua?: boolean | null;
  readonly yksiloity?: boolean | null;
  readonly yksiloityVTJ?: boolean | null;
  readonly yksilointiYritetty?: boolean | null;
  readonly duplicate?: boolean | null;
  readonly vtjsynced?: Date | null;
  /** Organisations that the person is put into; rows of unknown ones are made without asking anyone. */
  readonly organisaatioOids?: readonly string[];
}

/** What is given of a list, without nulls. */
export const withoutNulls = <T>(list: readonly (T | null)[] | null | undefined): T[] =>
  (list ?? []).filter((element) => element !== null);

/** The person as the store takes it; rows of codes not seen before are made. Inside a transaction. */
export async function toLoadedHenkilo(
  uusi: UusiHenkilo,
  kasittelijaOid: string,
  koodirivit: KoodiriviRepository,
): Promise<LoadedHenkilo> {
  const { etunimet, kutsumanimi, sukunimi, eidasTunniste } = uusi;
  const henkilo = LoadedHenkilo.create({
    etunimet,
    kutsumanimi: kutsumanimi || etunimet,
    sukunimi,
    hetu: uusi.hetu ?? null,
    syntymaaika: uusi.syntymaaika ?? null,
    sukupuoli: uusi.sukupuoli ?? null,
    kotikunta: uusi.kotikunta ?? null,
    passivoitu: uusi.passivoitu ?? false,
    turvakielto: uusi.turvakielto ?? false,
    eiSuomalaistaHetua: uusi.eiSuomalaistaHetua ?? false,
    yksiloity: uusi.yksiloity ?? false,
    yksiloityVTJ: uusi.yksiloityVTJ ?? false,
    yksilointiYritetty: uusi.yksilointiYritetty ?? false,
    duplicate: uusi.duplicate ?? false,
    vtjsynced: uusi.vtjsynced ?? null,
    organisaatioIds: await koodirivit.organisaatioIds(uusi.organisaatioOids ?? []),
    passinumerot: new Set(withoutNulls(uusi.passinumerot)),
    yhteystiedotRyhma: withoutNulls(uusi.yhteystiedotRyhma).map(toLoadedYhteystiedotRyhma),
    identifications: (uusi.identifications ?? []).map(({ idpEntityId, identifier }) => ({
      id: null,
      idpEntityId,
      identifier,
    })),
    eidasTunnisteet: eidasTunniste == null ? [] : [{ id: null, tunniste: eidasTunniste, createdBy: kasittelijaOid }],
  });
  await copyKoodit({ ...uusi, kansalaisuus: withoutNulls(uusi.kansalaisuus) }, henkilo, koodirivit);
  return henkilo;
}
