import { Column, Entity } from 'typeorm';
import { bigint, varchar } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';
import type { YhteystietoTyyppi } from './yhteystieto-tyyppi.constants.js';

/** One contact value of a group. */
@Entity('yhteystiedot')
export class Yhteystieto extends VersionedEntity {
  @Column({ ...varchar, name: 'yhteystieto_tyyppi' })
  yhteystietoTyyppi!: YhteystietoTyyppi;

  @Column({ ...varchar, name: 'yhteystieto_arvo', nullable: true })
  yhteystietoArvo!: string | null;

  /** `YhteystiedotRyhma.id`. */
  @Column({ ...bigint, name: 'yhteystiedotryhma_id' })
  yhteystiedotRyhmaId!: number;
}
