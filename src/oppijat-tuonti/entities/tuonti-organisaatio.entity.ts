import { Entity, PrimaryColumn } from 'typeorm';
import { bigint } from '../../database/columns.js';

/** An organisation that a batch was made for. */
@Entity('tuonti_organisaatio')
export class TuontiOrganisaatio {
  /** `Tuonti.id`. */
  @PrimaryColumn({ ...bigint, name: 'tuonti_id' })
  tuontiId!: number;

  /** `Organisaatio.id`. */
  @PrimaryColumn({ ...bigint, name: 'organisaatio_id' })
  organisaatioId!: number;
}
