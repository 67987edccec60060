import { Column, Entity } from 'typeorm';
import { bigint, varchar } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';

/**
 * A group of contact values; belongs to a person or to set-aside VTJ data. One that belongs to neither is an orphan of
 * the reference (docs/spec/schema.md#12.8): never read, to be deleted.
 */
@Entity('yhteystiedotryhma')
export class YhteystiedotRyhma extends VersionedEntity {
  /** Code of code set `yhteystietotyypit`. */
  @Column({ ...varchar, name: 'ryhmakuvaus', nullable: true })
  ryhmaKuvaus!: string | null;

  /** `Henkilo.id`. */
  @Column({ ...bigint, name: 'henkilo_id', nullable: true })
  henkiloId!: number | null;

  /** Code of code set `yhteystietojenalkupera`: `alkupera1` VTJ, `alkupera6` official. */
  @Column({ ...varchar, name: 'ryhma_alkuperatieto' })
  ryhmaAlkuperaTieto!: string;

  /** Not editable through the ordinary update. */
  @Column('boolean', { name: 'read_only' })
  readOnly!: boolean;

  /** `Yksilointitieto.id`. */
  @Column({ ...bigint, name: 'yksilointitieto_id', nullable: true })
  yksilointitietoId!: number | null;
}
