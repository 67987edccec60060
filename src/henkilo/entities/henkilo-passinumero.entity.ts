import { Entity, PrimaryColumn } from 'typeorm';
import { bigint, varchar } from '../../database/columns.js';

/** A passport number of a person, unique among all persons. History in `henkilo_passinumero_aud`. */
@Entity('henkilo_passinumero')
export class HenkiloPassinumero {
  /** `Henkilo.id`. */
  @PrimaryColumn({ ...bigint, name: 'henkilo_id' })
  henkiloId!: number;

  @PrimaryColumn(varchar)
  passinumero!: string;
}
