import { Column, Entity } from 'typeorm';
import { varchar } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';

/**
 * A nationality, made when first needed. The code is meant to be unique but the database does not say so: take the row
 * with the lowest id (docs/spec/schema.md#12.6).
 */
@Entity('kansalaisuus')
export class Kansalaisuus extends VersionedEntity {
  /** Code of code set `maatjavaltiot2`, three digits; Finland '246'. */
  @Column({ ...varchar, name: 'kansalaisuuskoodi' })
  kansalaisuusKoodi!: string;
}
