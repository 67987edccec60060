import { Column, Entity } from 'typeorm';
import { bigint } from '../../database/columns.js';
import { VersionedEntity } from '../../database/versioned-entity.js';

/** The request of a batch. */
@Entity('tuonti_data')
export class TuontiData extends VersionedEntity {
  /**
   * Number of the large object with the UTF-8 JSON: `lo_from_bytea(0, …)` writes, `lo_get(data)` reads. Type `oid` in
   * the database, which TypeORM does not know.
   */
  @Column(bigint)
  data!: number;
}
