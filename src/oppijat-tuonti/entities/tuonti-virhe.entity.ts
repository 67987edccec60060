import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint } from '../../database/columns.js';

/** A row of a batch that could not be stored. */
@Entity('onr_tuonti_virhe')
export class TuontiVirhe {
  /** `Tuonti.id`. */
  @PrimaryColumn({ ...bigint, name: 'tuonti_id' })
  tuontiId!: number;

  /** Number of the row within the batch, from 0. */
  @PrimaryColumn('integer')
  rivi!: number;

  /** Key of the row in the sending system. */
  @Column('text', { nullable: true })
  tunniste!: string | null;

  /** Why, without personal data. */
  @Column('text')
  virhe!: string;

  @Column('timestamptz', { default: () => 'current_timestamp' })
  created!: Date;
}
