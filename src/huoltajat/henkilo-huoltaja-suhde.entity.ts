import { Column, Entity } from 'typeorm';
import type { LocalDate } from '../common/clock.js';
import { bigint, localDate, utcTimestamp } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';

/** A guardian of a child. The pair is not unique. History in `henkilo_huoltaja_suhde_aud`. */
@Entity('henkilo_huoltaja_suhde')
export class HenkiloHuoltajaSuhde extends VersionedEntity {
  /** `Henkilo.id` of the child. */
  @Column({ ...bigint, name: 'lapsi_id' })
  lapsiId!: number;

  /** `Henkilo.id` of the guardian. */
  @Column({ ...bigint, name: 'huoltaja_id' })
  huoltajaId!: number;

  @Column(utcTimestamp)
  created!: Date;

  /** Set on insert and on every update; drives the guardian change feed. */
  @Column(utcTimestamp)
  updated!: Date;

  /** First day; null: unknown, counts as begun. */
  @Column({ ...localDate, nullable: true })
  alkupvm!: LocalDate | null;

  /** First day on which it no longer holds; null: open. */
  @Column({ ...localDate, nullable: true })
  loppupvm!: LocalDate | null;
}
