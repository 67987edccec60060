import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, utcTimestamp } from '../../database/columns.js';

/** How far the change messages of one VTJ bucket have been fetched. */
@Entity('vtj_muutostieto_kirjausavain')
export class VtjMuutostietoKirjausavain {
  /** Bucket, 0 to 99. */
  @PrimaryColumn(bigint)
  id!: number;

  /** Last key received. */
  @Column(bigint)
  avain!: number;

  @Column({ ...utcTimestamp, name: 'updated_at', nullable: true })
  updatedAt!: Date | null;
}
