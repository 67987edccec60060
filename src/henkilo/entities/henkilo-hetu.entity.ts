import { Entity, PrimaryColumn } from 'typeorm';
import { bigint, varchar } from '../../database/columns.js';

/** One official hetu that a VTJ-identified person has or had (`kaikkiHetut`); belongs to one person only. Not in the history. */
@Entity('henkilo_hetu')
export class HenkiloHetu {
  /** `Henkilo.id`. */
  @PrimaryColumn({ ...bigint, name: 'henkilo_id' })
  henkiloId!: number;

  @PrimaryColumn(varchar)
  hetu!: string;
}
