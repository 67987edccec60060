import { type EidasTunnisteDto } from './eidas-tunniste.dto.js';
import { type IdentificationDto } from './identification.dto.js';
import { type KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { type KielisyysDto } from '../../koodit/kielisyys.dto.js';

/** Basic data of a person. */
export class HenkiloPerustietoDto {
  oidHenkilo!: string;

  /** Without e-mail addresses for a person under turvakielto where the caller's rights are by organisation. */
  identifications!: IdentificationDto[];

  /** Current hetu. */
  hetu!: string | null;

  /** null in the answer that tells of a person just created without one. */
  eidasTunnisteet!: EidasTunnisteDto[] | null;

  etunimet!: string;

  kutsumanimi!: string;

  sukunimi!: string;

  /** `YYYY-MM-DD` */
  syntymaaika!: string | null;

  turvakielto!: boolean;

  aidinkieli!: KielisyysDto | null;

  /** Language of contact. */
  asiointiKieli!: KielisyysDto | null;

  kansalaisuus!: KansalaisuusDto[];

  /** Code in code set `sukupuoli`. */
  sukupuoli!: string | null;

  /** Epoch milliseconds. */
  modified!: number | null;

  /** `modified` in Europe/Helsinki. */
  modifiedAt!: string | null;
}
