import { Column, Entity } from 'typeorm';
import { bigint } from '../../database/columns.js';
import { VersionedEntity } from '../../database/versioned-entity.js';

/** An eIDAS identifier of a person, unique among all persons. */
@Entity('eidastunniste')
export class EidasTunniste extends VersionedEntity {
  /** `Henkilo.id`. */
  @Column({ ...bigint, name: 'henkilo_id' })
  henkiloId!: number;

  @Column('text')
  tunniste!: string;

  /** OID of the creator, or `migration` for rows moved from `identification`. */
  @Column('text', { name: 'createdby' })
  createdBy!: string;

  /** Clock of the database at insert: never written by the service. */
  @Column({ type: 'timestamptz', insert: false, update: false })
  created!: Date;
}
