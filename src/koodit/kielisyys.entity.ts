import { Column, Entity } from 'typeorm';
import { varchar } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';

/** A language, made when first needed. */
@Entity('kielisyys')
export class Kielisyys extends VersionedEntity {
  /** Code of code set `kieli`, lower case; unique. */
  @Column({ ...varchar, name: 'kielikoodi', nullable: true })
  kieliKoodi!: string | null;

  /** Historic name of the language; null in rows made on demand. */
  @Column({ ...varchar, name: 'kielityyppi', nullable: true })
  kieliTyyppi!: string | null;
}
