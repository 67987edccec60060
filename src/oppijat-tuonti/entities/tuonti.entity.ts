import { Column, Entity } from 'typeorm';
import { bigint, utcTimestamp, varchar } from '../../database/columns.js';
import { VersionedEntity } from '../../database/versioned-entity.js';

/** The interface that a batch came through. */
export type TuontiApi = 'OPPIJA' | 'YLEISTUNNISTE';

/** A batch import. */
@Entity('tuonti')
export class Tuonti extends VersionedEntity {
  /** Address for the result mail. */
  @Column({ ...varchar, nullable: true })
  sahkoposti!: string | null;

  /** Rows to handle. */
  @Column('integer')
  kasiteltavia!: number;

  /** Rows handled. */
  @Column('integer')
  kasiteltyja!: number;

  /** OID of the importing user. */
  @Column({ ...varchar, name: 'kasittelija_oid', nullable: true })
  kasittelijaOid!: string | null;

  /** `TuontiData.id`. */
  @Column({ ...bigint, name: 'data_id', nullable: true })
  dataId!: number | null;

  /** The need for a notification has been handled. Write true or false, never null. */
  @Column('boolean', { name: 'ilmoitustarve_kasitelty', nullable: true })
  ilmoitustarveKasitelty!: boolean | null;

  /** Clock of the database at insert: never written by the service. */
  @Column({ ...utcTimestamp, insert: false, update: false })
  aikaleima!: Date;

  /** Null in old rows. */
  @Column('text', { nullable: true })
  api!: TuontiApi | null;
}
