import { Column, Entity } from 'typeorm';
import { varchar } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';

/**
 * A slave (duplicate) and its master, by OID. The table has no key at all and no foreign key: look before inserting,
 * expect doubles when reading (docs/spec/schema.md#6.6). Not in the history.
 */
@Entity('henkiloviite')
export class Henkiloviite extends VersionedEntity {
  @Column({ ...varchar, name: 'master_oid' })
  masterOid!: string;

  @Column({ ...varchar, name: 'slave_oid' })
  slaveOid!: string;
}
