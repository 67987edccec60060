import { Injectable } from '@nestjs/common';
import { Any, type Repository } from 'typeorm';
import { Database } from '../database/database.js';
import { nextVersion } from '../database/versioned-entity.js';
import { VtjMuutostietoKirjausavain } from './entities/vtj-muutostieto-kirjausavain.entity.js';
import { VtjMuutostieto } from './entities/vtj-muutostieto.entity.js';

/** One change that waits to be handled. */
export type OdottavaMuutos = Readonly<Pick<VtjMuutostieto, 'id' | 'henkilotunnus' | 'tietoryhmat'>>;

/** One change to be stored. */
export interface UusiMuutos {
  readonly henkilotunnus: string;
  /** ISO local date-time. */
  readonly muutospv: string;
  readonly tietoryhmat: unknown;
}

/** Rows of one INSERT. */
const ROWS_OF_INSERT = 500;

/** Change messages and how far they have been fetched (docs/spec/yksilointi-vtj.md#5.2). Rows are never deleted. */
@Injectable()
export class VtjMuutostietoRepository {
  constructor(private readonly db: Database) {}

  /**
   * Ids of what waits or failed before, oldest change first, as one picture of the table: what is stored meanwhile
   * could otherwise overtake an older change of the same person.
   * @param limit a bound on memory; the rest waits for the next run
   */
  async listWaitingIds(limit: number): Promise<number[]> {
    const [row] = await this.db.query<{ ids: number[] | null }>(
      `select array_agg(id order by muutospv, id) as ids
         from (select id, muutospv from vtj_muutostieto where processed is null or error order by muutospv, id limit $1) x`,
      [limit],
    );
    return row?.ids ?? [];
  }

  /** In the order of `ids`, at most a few hundred. */
  async listByIds(ids: readonly number[]): Promise<OdottavaMuutos[]> {
    const select = { id: true, henkilotunnus: true, tietoryhmat: true };
    const muutokset = await this.muutokset.find({ select, where: { id: Any(ids) } });
    const byId = new Map(muutokset.map((muutos) => [muutos.id, muutos]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /** Handled: an error of an earlier run is gone; what never failed keeps its null. By hand, as it is said of every single change. */
  async markProcessed(id: number, now: Date): Promise<void> {
    await this.db.prepared(
      'vtj-muutostieto-processed',
      `update vtj_muutostieto set processed = $2, error = case when error then false else error end, version = version + 1
        where id = $1`,
      [id, now],
    );
  }

  /** Failed: the next run tries it first. */
  async markFailed(id: number, now: Date): Promise<void> {
    await this.muutokset.update({ id }, { processed: now, error: true, version: nextVersion });
  }

  /** How far a bucket has been fetched; undefined: never. */
  async findKirjausavain(bucket: number): Promise<number | undefined> {
    return (await this.kirjausavaimet.findOneBy({ id: bucket }))?.avain;
  }

  /** Stores the first cursor of a bucket unless another process has done so. */
  async addKirjausavain(bucket: number, avain: number, now: Date): Promise<void> {
    const row = { id: bucket, avain, updatedAt: now };
    await this.kirjausavaimet.createQueryBuilder().insert().values(row).orIgnore().execute();
  }

  /** @returns false when the cursor is not `before` any more: another process has fetched meanwhile */
  async moveKirjausavain(bucket: number, before: number, avain: number, now: Date): Promise<boolean> {
    const { affected } = await this.kirjausavaimet.update({ id: bucket, avain: before }, { avain, updatedAt: now });
    return affected === 1;
  }

  /** Stores changes as waiting, in their order; error is null until one has failed. Inside a transaction. */
  async add(muutokset: readonly UusiMuutos[]): Promise<void> {
    for (let i = 0; i < muutokset.length; i += ROWS_OF_INSERT) {
      const osa = muutokset.slice(i, i + ROWS_OF_INSERT);
      await this.db.execute(
        `insert into vtj_muutostieto (id, version, henkilotunnus, muutospv, tietoryhmat, processed, error)
         select nextval('hibernate_sequence'), 0, m.hetu, m.pv, m.ryhmat, null, null
           from unnest($1::text[], $2::timestamp[], $3::jsonb[]) with ordinality m (hetu, pv, ryhmat, n) order by n`,
        [osa.map((m) => m.henkilotunnus), osa.map((m) => m.muutospv), osa.map((m) => toJsonb(m.tietoryhmat))],
      );
    }
  }

  private get muutokset(): Repository<VtjMuutostieto> {
    return this.db.repository(VtjMuutostieto);
  }

  private get kirjausavaimet(): Repository<VtjMuutostietoKirjausavain> {
    return this.db.repository(VtjMuutostietoKirjausavain);
  }
}

/** JSON text that PostgreSQL takes: without the character 0 and without halves of characters. */
function toJsonb(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  if (!/\\u(0000|d[89a-f])/.test(text)) return text;
  return text.replace(/\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)/g, (escape, refused?: string) => (refused ? '' : escape));
}
