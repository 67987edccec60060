import { Column, Entity } from 'typeorm';
import { utcTimestamp } from '../../database/columns.js';
import { VersionedEntity } from '../../database/versioned-entity.js';

/** One change message from VTJ. `version` counts updates but is never compared. */
@Entity('vtj_muutostieto')
export class VtjMuutostieto extends VersionedEntity {
  /** Hetu of the message. */
  @Column('text')
  henkilotunnus!: string;

  /** When VTJ changed it. */
  @Column(utcTimestamp)
  muutospv!: Date;

  /** Change groups as received; the order of keys is lost. */
  @Column('jsonb')
  tietoryhmat!: unknown[];

  /** When handled; null: waiting. */
  @Column({ ...utcTimestamp, nullable: true })
  processed!: Date | null;

  /** Handling failed: it is tried again on the next run. */
  @Column('boolean', { nullable: true })
  error!: boolean | null;
}
