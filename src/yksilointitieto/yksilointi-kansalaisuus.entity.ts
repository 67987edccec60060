import { Entity, PrimaryColumn } from 'typeorm';
import { bigint } from '../database/columns.js';

/** A nationality in set-aside VTJ data. The table has neither key nor index. */
@Entity('yksilointi_kansalaisuus')
export class YksilointiKansalaisuus {
  /** `Yksilointitieto.id`. */
  @PrimaryColumn({ ...bigint, name: 'yksilointitieto_id' })
  yksilointitietoId!: number;

  /** `Kansalaisuus.id`. */
  @PrimaryColumn({ ...bigint, name: 'kansalaisuus_id' })
  kansalaisuusId!: number;
}
