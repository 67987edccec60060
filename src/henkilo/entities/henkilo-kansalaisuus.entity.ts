import { Entity, PrimaryColumn } from 'typeorm';
import { bigint } from '../../database/columns.js';

/** A nationality of a person. History in `henkilo_kansalaisuus_aud`. */
@Entity('henkilo_kansalaisuus')
export class HenkiloKansalaisuus {
  /** `Henkilo.id`. */
  @PrimaryColumn({ ...bigint, name: 'henkilo_id' })
  henkiloId!: number;

  /** `Kansalaisuus.id`. */
  @PrimaryColumn({ ...bigint, name: 'kansalaisuus_id' })
  kansalaisuusId!: number;
}
