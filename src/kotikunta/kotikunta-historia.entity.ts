import { Column, Entity } from 'typeorm';
import type { LocalDate } from '../common/clock.js';
import { bigint, localDate } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';

/** One stay of a person in a municipality. The person is known by id only, so this module needs no other. */
@Entity('kotikunta_historia')
export class KotikuntaHistoria extends VersionedEntity {
  /** `Henkilo.id`. */
  @Column({ ...bigint, name: 'henkilo_id' })
  henkiloId!: number;

  /** Code of code set `kunta`, three digits, e.g. '091'. */
  @Column('text')
  kotikunta!: string;

  /** First day there; null: unknown. */
  @Column({ ...localDate, name: 'kuntaan_muuttopv', nullable: true })
  kuntaanMuuttopv!: LocalDate | null;

  /** Day of moving out; null: still there. */
  @Column({ ...localDate, name: 'kunnasta_pois_muuttopv', nullable: true })
  kunnastaPoisMuuttopv!: LocalDate | null;
}
