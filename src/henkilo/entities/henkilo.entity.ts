import { Column, Entity } from 'typeorm';
import type { LocalDate } from '../../common/clock.js';
import { bigint, localDate, utcTimestamp, varchar } from '../../database/columns.js';
import { VersionedEntity } from '../../database/versioned-entity.js';

/** How far the data of a dead person has been cleaned up; null: not begun. */
export type Kuolinsiivous = 'INITIATED' | 'CLEAR_ONR_DATA' | 'REMOVE_ACCESS_RIGHTS';

/**
 * A person; one row per OID, duplicates and passivated persons included. Rows are never deleted. Every column but
 * `version` is kept in `henkilo_aud` (docs/spec/schema.md#5.1). `query_hetu` and `duplicate_search_str` are not mapped.
 */
@Entity('henkilo')
export class Henkilo extends VersionedEntity {
  /** First names, separated by spaces. */
  @Column(varchar)
  etunimet!: string;

  /** Current hetu, verified or not; never the empty text. */
  @Column({ ...varchar, nullable: true })
  hetu!: string | null;

  /** Code of code set `kunta`. May be set for a turvakielto person: the API hides it. */
  @Column({ ...varchar, nullable: true })
  kotikunta!: string | null;

  /** Calling name, one of `etunimet` or all of them. */
  @Column(varchar)
  kutsumanimi!: string;

  /** Public OID, unique. */
  @Column({ ...varchar, name: 'oidhenkilo' })
  oidHenkilo!: string;

  @Column(varchar)
  sukunimi!: string;

  /** Code of code set `sukupuoli`: '1' male, '2' female; VTJ may give ' '. */
  @Column({ ...varchar, nullable: true })
  sukupuoli!: string | null;

  /** Address protection, from VTJ. */
  @Column('boolean')
  turvakielto!: boolean;

  @Column('boolean', { name: 'eisuomalaistahetua' })
  eiSuomalaistaHetua!: boolean;

  /** Service language, `Kielisyys.id`; not from VTJ. */
  @Column({ ...bigint, name: 'asiointikieli_id', nullable: true })
  asiointikieliId!: number | null;

  /** Soft-deleted or inactive; also set when linked as a slave. */
  @Column('boolean')
  passivoitu!: boolean;

  /** Identified by hand (a person without hetu). */
  @Column('boolean')
  yksiloity!: boolean;

  @Column({ ...localDate, nullable: true })
  syntymaaika!: LocalDate | null;

  /** Is a slave of some master. */
  @Column('boolean')
  duplicate!: boolean;

  /** Mother tongue, `Kielisyys.id`. */
  @Column({ ...bigint, name: 'aidinkieli_id', nullable: true })
  aidinkieliId!: number | null;

  /** Automatic identification has been tried. */
  @Column('boolean', { name: 'yksilointi_yritetty' })
  yksilointiYritetty!: boolean;

  @Column(utcTimestamp)
  created!: Date;

  /** Drives the change feeds: see docs/spec/schema.md#6.3 for the changes that leave it alone. */
  @Column(utcTimestamp)
  modified!: Date;

  /** OID of the user who edited last; background jobs leave it, some put a name of theirs. */
  @Column({ ...varchar, name: 'kasittelija', nullable: true })
  kasittelijaOid!: string | null;

  /** Identified against VTJ. */
  @Column('boolean', { name: 'yksiloityvtj' })
  yksiloityVTJ!: boolean;

  /** Instant of the last refresh from VTJ. */
  @Column('timestamptz', { name: 'vtjsync_timestamp', nullable: true })
  vtjsynced!: Date | null;

  /** Day of death, from VTJ. */
  @Column({ ...localDate, nullable: true })
  kuolinpaiva!: LocalDate | null;

  /** Historic mark of the VTJ synchronisation; only ever set back to false. */
  @Column('boolean', { name: 'vtj_register' })
  vtjRegister!: boolean;

  @Column({ ...varchar, nullable: true })
  kuolinsiivous!: Kuolinsiivous | null;

  /** `id % 100` once the base data has been fetched from VTJ; null: it must be fetched (again). */
  @Column({ ...bigint, name: 'vtj_bucket', nullable: true })
  vtjBucket!: number | null;

  /** Identified with eIDAS; excludes a hetu and the other two ways (CHECK). Write false, never null (docs/spec/schema.md#3.1). */
  @Column('boolean', { name: 'yksiloityeidas', nullable: true })
  yksiloityEidas!: boolean | null;
}
