import { Column, Entity } from 'typeorm';
import { bigint, varchar } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';

/**
 * VTJ data set aside because the names did not match; at most one per person. Its contact groups are in
 * `YhteystiedotRyhma`, its nationalities in `YksilointiKansalaisuus`.
 */
@Entity('yksilointitieto')
export class Yksilointitieto extends VersionedEntity {
  /** `Henkilo.id`, unique. */
  @Column({ ...bigint, name: 'henkiloid' })
  henkiloId!: number;

  @Column({ ...varchar, nullable: true })
  etunimet!: string | null;

  @Column({ ...varchar, nullable: true })
  kutsumanimi!: string | null;

  @Column({ ...varchar, nullable: true })
  sukunimi!: string | null;

  /** From VTJ, else from the hetu. */
  @Column({ ...varchar, nullable: true })
  sukupuoli!: string | null;

  /** `Kielisyys.id`. */
  @Column({ ...bigint, name: 'aidinkieli_id', nullable: true })
  aidinkieliId!: number | null;

  @Column('boolean')
  turvakielto!: boolean;

  /** Code of code set `kunta`. */
  @Column({ ...varchar, nullable: true })
  kotikunta!: string | null;

  /** The hetu that VTJ gave, which may differ from the one asked for. */
  @Column({ ...varchar, nullable: true })
  hetu!: string | null;
}
