import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { MuutosKohta } from './oppija-haku.repository.js';

/** Where a reader is after a page. */
export interface Sijainti extends MuutosKohta {
  /** Persons given on this page and those before it. */
  readonly annettu: number;
}

/** A reader that has not asked for this long begins anew. */
const KEPT = `interval '1 day'`;

/** Remembers, for all processes, where the readers of the changes are. */
@Injectable()
export class MuutosSijaintiRepository {
  constructor(private readonly db: Database) {}

  /** Null when the reader has not read that page lately. */
  async find(lukija: string, sivu: number): Promise<Sijainti | null> {
    const [row] = await this.db.prepared<Sijainti>(
      'muutos-sijainti',
      `select modified::text as hetki, henkilo_id as "henkiloId", annettu from onr_muuttuneet_sivu
        where lukija = $1 and sivu = $2 and luettu > current_timestamp - ${KEPT}`,
      [lukija, sivu],
    );
    return row ?? null;
  }

  /** Remembers the place after a page and forgets the reader's later pages, and all that is old. */
  async save(lukija: string, sivu: number, { hetki, henkiloId, annettu }: Sijainti): Promise<void> {
    await this.db.prepared(
      'muutos-sijainti-save',
      `with vanhat as (
         delete from onr_muuttuneet_sivu
          where ctid in (select ctid from onr_muuttuneet_sivu
                          where luettu < current_timestamp - ${KEPT} limit 100 for update skip locked)
       ), myohemmat as (
         delete from onr_muuttuneet_sivu where lukija = $1 and sivu > $2
       )
       insert into onr_muuttuneet_sivu (lukija, sivu, modified, henkilo_id, annettu)
       values ($1, $2, $3, $4, $5)
       on conflict (lukija, sivu) do update set modified = excluded.modified, henkilo_id = excluded.henkilo_id,
         annettu = excluded.annettu, luettu = current_timestamp`,
      [lukija, sivu, hetki, henkiloId, annettu],
    );
  }
}
