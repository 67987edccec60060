import type { YksilointivirheTila } from '../../yksilointitieto/yksilointivirhe-tila.rules.js';
import { type EidasTunnisteDto } from './eidas-tunniste.dto.js';
import { type KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { type KielisyysDto } from '../../koodit/kielisyys.dto.js';
import { type YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';

/** Why the identification of a person failed. */
export class YksilointiVirheDto {
  /** When it is tried again, epoch milliseconds; null: not by itself. */
  uudelleenyritysAikaleima!: number | null;

  yksilointivirheTila!: YksilointivirheTila;
}

/** A person with all data. Every member is present; what is unknown is null. */
export class HenkiloDto {
  oidHenkilo!: string;

  /** Current hetu, verified or not. */
  hetu!: string | null;

  /** Every official hetu that an identified person has or had. */
  kaikkiHetut!: string[];

  passivoitu!: boolean;

  etunimet!: string;

  kutsumanimi!: string;

  sukunimi!: string;

  aidinkieli!: KielisyysDto | null;

  /** Language of contact. */
  asiointiKieli!: KielisyysDto | null;

  kansalaisuus!: KansalaisuusDto[];

  /** OID of the last modifier. */
  kasittelijaOid!: string | null;

  /** `YYYY-MM-DD` */
  syntymaaika!: string | null;

  /** `YYYY-MM-DD` */
  kuolinpaiva!: string | null;

  /** Code in code set `sukupuoli`: `1` man, `2` woman. */
  sukupuoli!: string | null;

  /** Code in code set `kunta`; always null under turvakielto. */
  kotikunta!: string | null;

  /** `oidHenkilo` of an identified person, else null. Never the master's. */
  oppijanumero!: string | null;

  /** The person's address and home municipality are protected. */
  turvakielto!: boolean;

  eiSuomalaistaHetua!: boolean;

  /** Identified by an official, without hetu. */
  yksiloity!: boolean;

  /** Identified against VTJ. */
  yksiloityVTJ!: boolean;

  /** Identification against VTJ has been tried. */
  yksilointiYritetty!: boolean;

  /** Identified by eIDAS. */
  yksiloityEidas!: boolean;

  eidasTunnisteet!: EidasTunnisteDto[];

  /** The person is a slave of another (see `/henkilo/{oid}/master`). */
  duplicate!: boolean;

  /** Epoch milliseconds. */
  created!: number | null;

  /** Epoch milliseconds. */
  modified!: number | null;

  /** Last refresh from VTJ, epoch milliseconds. */
  vtjsynced!: number | null;

  /** Empty for a person under turvakielto where the caller's rights are by organisation. */
  yhteystiedotRyhma!: YhteystiedotRyhmaDto[];

  /** At most one. */
  yksilointivirheet!: YksilointiVirheDto[];

  passinumerot!: string[];

  /** `created` in Europe/Helsinki, e.g. `1970-12-06T22:53:20.000+02:00`. */
  createdAt!: string | null;

  /** `modified` in Europe/Helsinki. */
  modifiedAt!: string | null;

  /**
   * Always empty.
   * @deprecated
   */
  kielisyys!: KielisyysDto[];
}
