import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint } from '../../database/columns.js';

const uuid = { type: 'char', length: 36 } as const;

/** A session in the table of Spring Session. Times are epoch milliseconds. */
@Entity('spring_session')
export class SpringSession {
  @PrimaryColumn({ ...uuid, name: 'primary_id' })
  primaryId!: string;

  /** What the cookie holds; unique. */
  @Column({ ...uuid, name: 'session_id' })
  sessionId!: string;

  @Column({ ...bigint, name: 'creation_time' })
  creationTime!: number;

  @Column({ ...bigint, name: 'last_access_time' })
  lastAccessTime!: number;

  /** Seconds. */
  @Column('integer', { name: 'max_inactive_interval' })
  maxInactiveInterval!: number;

  @Column({ ...bigint, name: 'expiry_time' })
  expiryTime!: number;

  /** OID of the user. */
  @Column('varchar', { length: 100, name: 'principal_name', nullable: true })
  principalName!: string | null;
}

/** A value that a session keeps. */
@Entity('spring_session_attributes')
export class SpringSessionAttribute {
  @PrimaryColumn({ ...uuid, name: 'session_primary_id' })
  sessionPrimaryId!: string;

  @PrimaryColumn('varchar', { length: 200, name: 'attribute_name' })
  attributeName!: string;

  @Column('bytea', { name: 'attribute_bytes' })
  attributeBytes!: Buffer;
}

/** Which session a CAS ticket opened. */
@Entity('cas_client_session')
export class CasClientSession {
  /** The ticket. */
  @PrimaryColumn('text', { name: 'mapping_id' })
  mappingId!: string;

  @Column('text', { name: 'session_id' })
  sessionId!: string;
}
