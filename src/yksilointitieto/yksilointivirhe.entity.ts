import { Column, Entity } from 'typeorm';
import { bigint, utcTimestamp } from '../database/columns.js';
import { VersionedEntity } from '../database/versioned-entity.js';

/** The last failure of a person's automatic identification; at most one per person. */
@Entity('yksilointivirhe')
export class Yksilointivirhe extends VersionedEntity {
  /** Instant of the last failure. */
  @Column(utcTimestamp)
  aikaleima!: Date;

  /** Class name of the exception in the reference (docs/spec/schema.md#3.3). */
  @Column('text')
  poikkeus!: string;

  @Column('text', { nullable: true })
  viesti!: string | null;

  /** `Henkilo.id`, unique. */
  @Column({ ...bigint, name: 'henkilo_id' })
  henkiloId!: number;

  /** Retries so far: 0 after the first failure; null when it is not retried. */
  @Column('integer', { name: 'uudelleenyritys_maara', nullable: true })
  uudelleenyritysMaara!: number | null;

  /** Not before this instant; null: never on its own. */
  @Column({ ...utcTimestamp, name: 'uudelleenyritys_aikaleima', nullable: true })
  uudelleenyritysAikaleima!: Date | null;
}
