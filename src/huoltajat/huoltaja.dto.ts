import { type KielisyysDto } from '../koodit/kielisyys.dto.js';
import { type YhteystiedotRyhmaDto } from '../yhteystiedot/yhteystiedot-ryhma.dto.js';

/** A guardian of a child. */
export class HuoltajaDto {
  hetu!: string | null;

  oidHenkilo!: string;

  etunimet!: string;

  kutsumanimi!: string;

  sukunimi!: string;

  /** Code in code set `kunta`; null for a guardian under turvakielto. */
  kotikunta!: string | null;

  aidinkieli!: KielisyysDto | null;

  /** Empty for a guardian under turvakielto. */
  yhteystiedotRyhma!: YhteystiedotRyhmaDto[];
}
