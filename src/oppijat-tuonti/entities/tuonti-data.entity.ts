import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '../../database/versioned-entity.js';

/** The request of a batch. */
@Entity('tuonti_data')
export class TuontiData extends VersionedEntity {
  /** Number of the large object with the UTF-8 JSON: `lo_from_bytea(0, …)` writes, `lo_get(data)` reads. */
  @Column('oid')
  data!: number;
}
