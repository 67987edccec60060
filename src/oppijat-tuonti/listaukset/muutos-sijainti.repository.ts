import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { MuutosKohta } from './oppija-listaus.repository.js';

/** Where a reader is after a page. */
export interface Sijainti extends MuutosKohta {
  /** Persons given on this page and those before it. */
  readonly annettu: number;
}

/** The place to go on from. */
export interface Edellinen extends Sijainti {
  /** The reader was told that there is more. */
  readonly jatkuu: boolean;
  /** The reading that goes on; null: one more. */
  readonly lukuId: number | null;
  /** The page that it has come to. */
  readonly lukuSivu: number | null;
}

/** A reading that has not gone on for this long is over. */
const READING_KEPT = `interval '1 day'`;
/** How long a finished reading still counts while others go on: it is not certain whose request finished it. */
const FINISHED_READING_KEPT = `interval '10 minutes'`;
/** How long a reader may take to ask again after the last page. */
const NEXT_REQUEST_WITHIN = `interval '1 minute'`;

/** Until when a reading counts. @param others SQL: are there others? */
const voimassa = ($paattynyt: string, others: string): string =>
  `current_timestamp + case when not ${$paattynyt} then ${READING_KEPT} when ${others} then ${FINISHED_READING_KEPT} else interval '0' end`;

/**
 * Remembers, for all processes, how far the readings of the changes are (ADR 22). A user may have several readings under way,
 * and a request does not tell which of them it belongs to. So a page begins where the hindmost reading that may ask for it
 * ended, and the foremost one is noted as gone on: no reader is ever given a page that begins behind changes he has not seen.
 */
@Injectable()
export class MuutosSijaintiRepository {
  constructor(private readonly db: Database) {}

  /**
   * Where the hindmost reader is who may have read that page; null: nobody has lately. A finished reading counts only when no
   * other goes on, and then the last one. `goOn` takes the foremost reading on that page; without one it takes a reading
   * that asks again for the next page, because that was empty or the last.
   */
  async find(lukija: string, sivu: number): Promise<Edellinen | null> {
    const [row] = await this.db.prepared<Edellinen>(
      'muutos-sijainti',
      `with luennat as materialized (
         select l.id, l.sivu, l.paattynyt, l.luettu, l.voimassa > current_timestamp as voimassa,
                s.modified, s.henkilo_id, s.annettu
           from onr_muutosluku l join onr_muutosluku_sivu s on s.luku_id = l.id and s.sivu = $2::integer
          where l.lukija = $1 and l.sivu >= $2::integer and (l.voimassa > current_timestamp or l.sivu <= $2::integer + 1)
            and l.luettu > current_timestamp - ${READING_KEPT}
       ), ehdokkaat as materialized (
         select * from luennat
          where voimassa or sivu = $2::integer and luettu > current_timestamp - ${NEXT_REQUEST_WITHIN}
             or not exists (select 1 from luennat where voimassa) and luettu = (select max(luettu) from luennat)
       ), jatkaja as (
         select id, sivu from ehdokkaat e
          where sivu = $2::integer
             or sivu = $2::integer + 1
                and (paattynyt or exists (select 1 from onr_muutosluku_sivu s where s.luku_id = e.id and s.sivu = e.sivu
                                            and (s.modified, s.henkilo_id) = (e.modified, e.henkilo_id)))
          order by sivu, modified desc, henkilo_id desc, id limit 1
       )
       select e.modified::text as hetki, e.henkilo_id as "henkiloId", e.annettu, not e.paattynyt as jatkuu,
              j.id as "lukuId", j.sivu as "lukuSivu"
         from ehdokkaat e left join jatkaja j on true
        order by e.modified, e.henkilo_id, e.paattynyt limit 1`,
      [lukija, sivu],
    );
    return row ?? null;
  }

  /** Remembers a reading after its first page, and forgets what is old. Readings at the same place are one row. */
  async begin(lukija: string, { hetki, henkiloId, annettu }: Sijainti, paattynyt: boolean): Promise<void> {
    await this.db.prepared(
      'muutos-sijainti-begin',
      `with vanhat as (
         delete from onr_muutosluku
          where id in (select id from onr_muutosluku
                        where luettu < current_timestamp - ${READING_KEPT} order by luettu limit 100 for update skip locked)
       ), muita as (
         select exists (select 1 from onr_muutosluku where lukija = $1 and voimassa > current_timestamp) as "on"
       ), samat as (
         update onr_muutosluku l set lukijoita = l.lukijoita + 1, luettu = current_timestamp,
                voimassa = greatest(l.voimassa, ${voimassa('$2', '(select "on" from muita)')})
           from onr_muutosluku_sivu s
          where l.lukija = $1 and l.sivu = 1 and l.paattynyt = $2 and s.luku_id = l.id and s.sivu = 1
            and s.modified = $3::timestamp and s.henkilo_id = $4 and l.luettu > current_timestamp - ${READING_KEPT}
         returning l.id
       ), uusi as (
         insert into onr_muutosluku (lukija, sivu, paattynyt, voimassa)
         select $1, 1, $2, ${voimassa('$2', '(select "on" from muita)')} where not exists (select 1 from samat) returning id
       )
       insert into onr_muutosluku_sivu (luku_id, sivu, modified, henkilo_id, annettu)
       select id, 1, $3::timestamp, $4::bigint, $5::bigint from uusi`,
      [lukija, paattynyt, hetki, henkiloId, annettu],
    );
  }

  /**
   * Notes that a reading went on to page `sivu`. Where no reading does, or it has moved on meanwhile, a new reading is noted.
   * @param alku where the page began; null: by a count of rows
   * @param paattynyt the reader was told that this is the last page, or asked for it without the one before
   */
  async goOn(lukija: string, sivu: number, alku: Edellinen | null, loppu: Sijainti, paattynyt: boolean): Promise<void> {
    await this.db.prepared(
      'muutos-sijainti-go-on',
      `with edellinen as (
         select id, lukijoita from onr_muutosluku where id = $10::bigint and sivu = $11::integer for update
       ), luku as (
         select ${voimassa(
           '$3',
           `exists (select 1 from onr_muutosluku where lukija = $1 and voimassa > current_timestamp
                                            and (id is distinct from $10::bigint or lukijoita > 1))`,
         )} as voimassa
       ), jaettu as (
         update onr_muutosluku l set lukijoita = l.lukijoita - 1 from edellinen e where l.id = e.id and e.lukijoita > 1
       ), siirretty as (
         update onr_muutosluku l
            set sivu = $2::integer, paattynyt = $3, luettu = current_timestamp, voimassa = luku.voimassa
           from luku, edellinen e where l.id = e.id and e.lukijoita = 1 returning l.id
       ), uusi as (
         insert into onr_muutosluku (lukija, sivu, paattynyt, voimassa)
         select $1, $2::integer, $3, luku.voimassa from luku where not exists (select 1 from siirretty) returning id
       )
       insert into onr_muutosluku_sivu (luku_id, sivu, modified, henkilo_id, annettu)
       select l.id, s.sivu, s.modified, s.henkilo_id, s.annettu
         from (select id from siirretty union all select id from uusi) l
        cross join (values ($2::integer, $4::timestamp, $5::bigint, $6::bigint),
                           ($2::integer - 1, $7::timestamp, $8::bigint, $9::bigint)) s (sivu, modified, henkilo_id, annettu)
        where s.modified is not null
       on conflict (luku_id, sivu) do update
         set modified = excluded.modified, henkilo_id = excluded.henkilo_id, annettu = excluded.annettu`,
      [
        ...[lukija, sivu, paattynyt, loppu.hetki, loppu.henkiloId, loppu.annettu],
        ...[alku?.hetki, alku?.henkiloId, alku?.annettu, alku?.lukuId, alku?.lukuSivu],
      ],
    );
  }
}
