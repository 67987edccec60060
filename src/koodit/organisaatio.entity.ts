import { Column, Entity } from 'typeorm';
import { varchar } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';

/** An organisation that some learner or batch is attached to, made when first needed. */
@Entity('organisaatio')
export class Organisaatio extends VersionedEntity {
  /** Unique. */
  @Column(varchar)
  oid!: string;
}
