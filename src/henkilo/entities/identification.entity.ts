import { Column, Entity } from 'typeorm';
import { bigint, varchar } from '../../database/columns.js';
import { VersionedEntity } from '../../database/versioned-entity.js';
import type { IdpEntityId } from '../henkilo-koodit.constants.js';

/** A login identifier of a person. Not unique in the database but for the old `eidas` rows. */
@Entity('identification')
export class Identification extends VersionedEntity {
  @Column('text')
  identifier!: string;

  @Column({ ...varchar, name: 'idpentityid' })
  idpEntityId!: IdpEntityId;

  /** `Henkilo.id`. */
  @Column({ ...bigint, name: 'henkilo_id' })
  henkiloId!: number;
}
