import type { LocalDate } from '../../common/clock.js';
import { millisOf } from '../../database/millis.js';

/** Names and identifiers of a person, as every search result has them. */
export interface HenkiloHakuRivi {
  readonly id: number;
  readonly oidHenkilo: string;
  readonly hetu: string | null;
  readonly etunimet: string;
  readonly kutsumanimi: string;
  readonly sukunimi: string;
}

/** The columns that basic data needs. Instants are epoch milliseconds. */
export interface PerustietoRivi extends HenkiloHakuRivi {
  readonly aidinkieliId: number | null;
  readonly asiointiKieliId: number | null;
  readonly sukupuoli: string | null;
  readonly syntymaaika: LocalDate | null;
  readonly turvakielto: boolean;
  /** See `SUOJATTU`. */
  readonly suojattu: boolean;
  readonly modified: number | null;
}

/** The columns that the whole data needs. */
export interface HenkiloRivi extends PerustietoRivi {
  readonly passivoitu: boolean;
  readonly kasittelijaOid: string | null;
  readonly kuolinpaiva: LocalDate | null;
  /** Unmasked: for the mapper only. */
  readonly kotikunta: string | null;
  readonly eiSuomalaistaHetua: boolean;
  readonly yksiloity: boolean;
  readonly yksiloityVTJ: boolean;
  readonly yksilointiYritetty: boolean;
  readonly yksiloityEidas: boolean;
  readonly duplicate: boolean;
  readonly created: number | null;
  readonly vtjsynced: number | null;
}

const millis = (column: string, name: string) => `${millisOf(column)} as "${name}"`;

/**
 * Whose contact details not everybody may see (SuojattujenNakyvyys): who is under turvakielto, and a duplicate of such a
 * person, whose details are the same human's; the table is `henkilo h`.
 */
export const SUOJATTU = `(h.turvakielto or (h.duplicate and exists (
  select 1 from henkiloviite sv join henkilo sm on sm.oidhenkilo = sv.master_oid
   where sv.slave_oid = h.oidhenkilo and sm.turvakielto)))`;

/** Select lists for the interfaces above; the table is `henkilo h`. */
export const HAKU_COLUMNS = `h.id, h.oidhenkilo as "oidHenkilo", h.hetu, h.etunimet, h.kutsumanimi, h.sukunimi`;
export const PERUSTIETO_COLUMNS = `${HAKU_COLUMNS}, h.aidinkieli_id as "aidinkieliId", h.asiointikieli_id as "asiointiKieliId",
  h.sukupuoli, h.syntymaaika, h.turvakielto, ${SUOJATTU} as suojattu, ${millis('h.modified', 'modified')}`;
export const HENKILO_COLUMNS = `${PERUSTIETO_COLUMNS}, h.passivoitu, h.kasittelija as "kasittelijaOid", h.kuolinpaiva, h.kotikunta,
  h.eisuomalaistahetua as "eiSuomalaistaHetua", h.yksiloity, h.yksiloityvtj as "yksiloityVTJ",
  h.yksilointi_yritetty as "yksilointiYritetty", coalesce(h.yksiloityeidas, false) as "yksiloityEidas", h.duplicate,
  ${millis('h.created', 'created')}, ${millis('h.vtjsync_timestamp', 'vtjsynced')}`;
