import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { LocalDate } from '../common/clock.js';
import { Database } from '../database/database.js';

/** A person of the file of `DatantuontiExport`. */
export interface TuotuRivi {
  readonly oid: string;
  readonly yksiloityvtj: boolean;
  /** Code; null: unknown. */
  readonly aidinkieli: string | null;
  readonly asiointikieli: string | null;
  /** Codes with commas between. */
  readonly kansalaisuus: string | null;
  readonly masterOid: string | null;
  /** OIDs with commas between. */
  readonly linkitetytOidit: string | null;
}

/** A test person as operators gave it (docs/spec/schema.md#3.6). Lists have commas between their elements. */
export interface TestihenkiloRivi {
  readonly hetu: string;
  readonly etunimet: string;
  readonly sukunimi: string;
  readonly syntymaaika: LocalDate;
  readonly kuolinpaiva: LocalDate | null;
  readonly sukupuoli: string;
  readonly turvakielto: boolean;
  readonly kotikunta: string | null;
  readonly aidinkieli: string | null;
  readonly kansalaisuudet: string | null;
  readonly katuosoite: string | null;
  readonly postinumero: string | null;
  readonly kaupunki: string | null;
}

/** A guardian that is stored, by the hetu that the child's row names. */
export interface TuotuHuoltaja {
  readonly hetu: string;
  readonly etunimet: string;
  readonly sukunimi: string;
}

/** The elements of a list with commas between. */
export const toList = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((element) => element.trim())
    .filter(Boolean);

/** Made anew by each run and left behind, as the reference does (docs/spec/schema.md#7.5). */
const TEMP = 'public.datantuonti_henkilo_temp';
const LOAD = {
  before: [
    `drop table if exists ${TEMP}`,
    `create table ${TEMP} (oid text, yksiloityvtj boolean, aidinkieli text, asiointikieli text, kansalaisuus text,
       master_oid text, linkitetyt_oidit text)`,
  ],
  copy: `copy ${TEMP} from stdin (format csv, header true)`,
  after: [`create index datantuonti_henkilo_temp_oid_idx on ${TEMP} (oid)`, `analyze ${TEMP}`],
};
const TUOTU = `t.oid, coalesce(t.yksiloityvtj, false) as yksiloityvtj, t.aidinkieli, t.asiointikieli, t.kansalaisuus,
  t.master_oid as "masterOid", t.linkitetyt_oidit as "linkitetytOidit"`;

/** What the jobs of test data read, and how far they have come. */
@Injectable()
export class DatantuontiRepository {
  constructor(private readonly db: Database) {}

  /** Replaces the imported rows. @param csv with a header, as `DatantuontiExport` writes it */
  async loadTuodut(csv: Readable, limitMs: number, signal: AbortSignal): Promise<void> {
    await this.db.load(limitMs, LOAD, csv, signal);
  }

  async countTuodut(): Promise<number> {
    const [row] = await this.db.query<{ count: number }>(`select count(*) as count from ${TEMP}`);
    return row!.count;
  }

  /** Imported rows whose persons are not stored. */
  async countUudet(): Promise<number> {
    const [row] = await this.db.query<{ count: number }>(
      `select count(*) as count from ${TEMP} t where not exists (select from henkilo h where h.oidhenkilo = t.oid)`,
    );
    return row!.count;
  }

  /** Imported rows whose persons are not stored, by OID. @param after OID of the last of the page before; '' at first */
  listUudet(after: string, limit: number): Promise<TuotuRivi[]> {
    return this.db.query<TuotuRivi>(
      `select ${TUOTU} from ${TEMP} t
        where t.oid > $1 and not exists (select from henkilo h where h.oidhenkilo = t.oid) order by t.oid limit $2`,
      [after, limit],
    );
  }

  /** Imported rows of persons that `tyo` has begun, by OID; of those whose row is gone nothing but the OID. */
  listKeskeneraiset(tyo: string, after: string, limit: number): Promise<TuotuRivi[]> {
    return this.db.query<TuotuRivi>(
      `select k.oidhenkilo as oid, false as yksiloityvtj, t.master_oid as "masterOid", t.linkitetyt_oidit as "linkitetytOidit"
         from onr_datantuonti_kesken k left join ${TEMP} t on t.oid = k.oidhenkilo
        where k.tyo = $1 and k.oidhenkilo > $2 order by k.oidhenkilo limit $3`,
      [tyo, after, limit],
    );
  }

  /** Rows of test persons whose hetu nobody has now, one for each hetu, by hetu. */
  listUudetTestihenkilot(after: string, limit: number): Promise<TestihenkiloRivi[]> {
    return this.db.query<TestihenkiloRivi>(
      `select distinct on (t.hetu) t.hetu, t.etunimet, t.sukunimi, t.syntymaaika, t.kuolinpaiva,
              t.sukupuoli::text as sukupuoli, t.turvakielto, t.kotikunta, t.aidinkieli, t.kansalaisuudet, t.katuosoite,
              t.postinumero, t.kaupunki
         from testidatantuonti_henkilo t
        where t.hetu > $1 and not exists (select from henkilo h where h.hetu = t.hetu) order by t.hetu limit $2`,
      [after, limit],
    );
  }

  /** OIDs of persons that `tyo` has begun, with the hetut of the guardians that their rows name. */
  listHuollettavat(tyo: string, after: string, limit: number): Promise<{ oid: string; huoltajat: string | null }[]> {
    return this.db.query(
      `select k.oidhenkilo as oid, (select t.huoltajat from testidatantuonti_henkilo t join henkilo h on h.hetu = t.hetu
                                     where h.oidhenkilo = k.oidhenkilo limit 1) as huoltajat
         from onr_datantuonti_kesken k where k.tyo = $1 and k.oidhenkilo > $2 order by k.oidhenkilo limit $3`,
      [tyo, after, limit],
    );
  }

  /** Stored persons that have one of the hetut now. */
  listHuoltajat(hetut: readonly string[]): Promise<TuotuHuoltaja[]> {
    return this.db.query<TuotuHuoltaja>(
      'select hetu, etunimet, sukunimi from henkilo where hetu = any ($1) order by id',
      [hetut],
    );
  }

  /** With the person, in one transaction. */
  async begin(tyo: string, henkiloOid: string): Promise<void> {
    await this.db.execute(
      'insert into onr_datantuonti_kesken (tyo, oidhenkilo) values ($1, $2) on conflict do nothing',
      [tyo, henkiloOid],
    );
  }

  async finish(tyo: string, henkiloOid: string): Promise<void> {
    await this.db.execute('delete from onr_datantuonti_kesken where tyo = $1 and oidhenkilo = $2', [tyo, henkiloOid]);
  }

  /** OIDs on the work list of Koski, each once, by OID. */
  async listMuokattavat(limit: number): Promise<string[]> {
    const rows = await this.db.query<{ oid: string }>(
      `select distinct oid from import.koski_datantuonti_henkilo_oids
        where processed is null and oid is not null order by oid limit $1`,
      [limit],
    );
    return rows.map(({ oid }) => oid);
  }

  /** Every row of the OID. */
  async markMuokattu(oid: string): Promise<void> {
    await this.db.execute('update import.koski_datantuonti_henkilo_oids set processed = now() where oid = $1', [oid]);
  }
}
