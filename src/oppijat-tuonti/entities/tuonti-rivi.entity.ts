import { Column, Entity } from 'typeorm';
import { bigint, varchar } from '../../database/columns.js';
import { VersionedEntity } from '../../database/versioned-entity.js';

/** A handled row of a batch and the person it led to. A person may occur several times in a batch. */
@Entity('tuonti_rivi')
export class TuontiRivi extends VersionedEntity {
  /** Key of the row in the sending system. */
  @Column({ ...varchar, nullable: true })
  tunniste!: string | null;

  /** `Henkilo.id`. */
  @Column({ ...bigint, name: 'henkilo_id' })
  henkiloId!: number;

  /** `Tuonti.id`. */
  @Column({ ...bigint, name: 'tuonti_id' })
  tuontiId!: number;

  /** The names differ from those of the person; null in old rows. */
  @Column('boolean', { nullable: true })
  conflict!: boolean | null;
}
