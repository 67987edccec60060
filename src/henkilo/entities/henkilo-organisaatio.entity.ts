import { Entity, PrimaryColumn } from 'typeorm';
import { bigint } from '../../database/columns.js';

/** An organisation that a learner is attached to. History in `henkilo_organisaatio_aud`. */
@Entity('henkilo_organisaatio')
export class HenkiloOrganisaatio {
  /** `Henkilo.id`. */
  @PrimaryColumn({ ...bigint, name: 'henkilo_id' })
  henkiloId!: number;

  /** `Organisaatio.id`. */
  @PrimaryColumn({ ...bigint, name: 'organisaatio_id' })
  organisaatioId!: number;
}
