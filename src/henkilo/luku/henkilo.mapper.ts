import type { Piilotus } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import { toHelsinkiText } from '../../common/helsinki-time.js';
import type { HenkiloHakuDto } from '../dto/henkilo-haku.dto.js';
import type { HenkiloPerustietoDto } from '../dto/henkilo-perustieto.dto.js';
import type { HenkiloDto } from '../dto/henkilo.dto.js';
import { isNoSahkoposti } from '../henkilo-koodit.constants.js';
import type { HenkiloHakuRivi, HenkiloRivi, PerustietoRivi } from './henkilo-rivi.sql.js';
import { OsaValinta, type Osat } from './osat.repository.js';
import { oppijanumeroOf } from './yksilointi.rules.js';

/** The parts that `toHenkiloDto` needs. */
export const HENKILO_OSAT = new OsaValinta(
  'kaikkiHetut',
  'kansalaisuus',
  'passinumerot',
  'eidasTunnisteet',
  'yksilointivirheet',
  'yhteystiedotRyhma',
);

/** The parts that `toHenkiloPerustietoDto` needs. */
export const PERUSTIETO_OSAT = new OsaValinta('kansalaisuus', 'eidasTunnisteet', 'identifications');

/** What either of them needs. */
export const DOKUMENTTI_OSAT = new OsaValinta(
  'kaikkiHetut',
  'kansalaisuus',
  'passinumerot',
  'eidasTunnisteet',
  'identifications',
  'yksilointivirheet',
  'yhteystiedotRyhma',
);

/** All data of a person that are not hidden. The home municipality of a person under turvakielto never leaves (docs/spec/api.md#5.3). */
export function toHenkiloDto(henkilo: HenkiloRivi, osat: Osat, hides: Piilotus): HenkiloDto {
  const { oidHenkilo, yksiloity, yksiloityVTJ, yksiloityEidas, created, modified } = henkilo;
  const omat = osat.of(henkilo);
  const hidden = hides(henkilo);
  return {
    oidHenkilo,
    hetu: henkilo.hetu,
    kaikkiHetut: omat.kaikkiHetut,
    passivoitu: henkilo.passivoitu,
    etunimet: henkilo.etunimet,
    kutsumanimi: henkilo.kutsumanimi,
    sukunimi: henkilo.sukunimi,
    aidinkieli: osat.kieli(henkilo.aidinkieliId),
    asiointiKieli: osat.kieli(henkilo.asiointikieliId),
    kansalaisuus: omat.kansalaisuus,
    kasittelijaOid: henkilo.kasittelijaOid,
    syntymaaika: henkilo.syntymaaika,
    kuolinpaiva: henkilo.kuolinpaiva,
    sukupuoli: henkilo.sukupuoli,
    kotikunta: henkilo.turvakielto || hidden ? null : henkilo.kotikunta,
    oppijanumero: oppijanumeroOf(henkilo),
    turvakielto: henkilo.turvakielto,
    eiSuomalaistaHetua: henkilo.eiSuomalaistaHetua,
    yksiloity,
    yksiloityVTJ,
    yksilointiYritetty: henkilo.yksilointiYritetty,
    yksiloityEidas,
    eidasTunnisteet: omat.eidasTunnisteet,
    duplicate: henkilo.duplicate,
    created,
    modified,
    vtjsynced: henkilo.vtjsynced,
    yhteystiedotRyhma: hidden ? [] : omat.yhteystiedotRyhma,
    yksilointivirheet: omat.yksilointivirheet,
    passinumerot: omat.passinumerot,
    createdAt: toHelsinkiTextOrNull(created),
    modifiedAt: toHelsinkiTextOrNull(modified),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- clients of old still look at it
    kielisyys: [],
  };
}

export function toHenkiloPerustietoDto(henkilo: PerustietoRivi, osat: Osat, hides: Piilotus): HenkiloPerustietoDto {
  const { identifications, eidasTunnisteet, kansalaisuus } = osat.of(henkilo);
  return {
    oidHenkilo: henkilo.oidHenkilo,
    identifications: hides(henkilo) ? identifications.filter(isNoSahkoposti) : identifications,
    hetu: henkilo.hetu,
    eidasTunnisteet,
    etunimet: henkilo.etunimet,
    kutsumanimi: henkilo.kutsumanimi,
    sukunimi: henkilo.sukunimi,
    syntymaaika: henkilo.syntymaaika,
    turvakielto: henkilo.turvakielto,
    aidinkieli: osat.kieli(henkilo.aidinkieliId),
    asiointiKieli: osat.kieli(henkilo.asiointikieliId),
    kansalaisuus,
    sukupuoli: henkilo.sukupuoli,
    modified: henkilo.modified,
    modifiedAt: toHelsinkiTextOrNull(henkilo.modified),
  };
}

export function toHenkiloHakuDto({
  oidHenkilo,
  hetu,
  etunimet,
  kutsumanimi,
  sukunimi,
}: HenkiloHakuRivi): HenkiloHakuDto {
  return { oidHenkilo, hetu, etunimet, kutsumanimi, sukunimi };
}

const toHelsinkiTextOrNull = (instant: number | null) => (instant === null ? null : toHelsinkiText(instant));
