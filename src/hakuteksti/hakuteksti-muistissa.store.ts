import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { TrigramIndex } from './trigram-index.model.js';

const BATCH_SIZE = 5000;
/** Ids may be negative in data made by hand. */
const BEFORE_ALL_IDS = Number.MIN_SAFE_INTEGER;
/** More changes than this at once: reading everything anew is cheaper. */
const MOST_CHANGES = 100_000;
/** Not asked for longer, everything is read anew: changes are kept for two days (HakutekstiCleanupJob). */
const TOO_OLD_MS = 24 * 3_600_000;
/** Few persons have half as many letters. */
const MANY_TRIGRAMS = 150;
const PAUSE_AFTER_FAILURE_MS = 60_000;
const PAUSE_OF_TOO_MANY_MS = 3_600_000;

/** Id of the change, its transaction, id of the person and its search text now. */
type Muutos = [id: number, tapahtuma: string, henkiloId: number, teksti: string];

/** What is in memory, and how far it reaches. */
interface Muisti {
  readonly index: TrigramIndex;
  /** Every change of a transaction before this one is in. */
  xmin: bigint;
  /** Changes of later transactions that are in as well, with their transactions. */
  readonly seen: Map<number, bigint>;
  usedAt: number;
}

/**
 * The search texts of all persons in the memory of this process, always as new as the question: each one first reads what
 * has changed since the last (table onr_hakuteksti_muutos). Read whole in the background, once the service listens or a job
 * first asks; up to then, and where there are more persons than the setting allows, the database's index answers
 * (docs/adr/0060-duplicate-search.md).
 */
@Injectable()
export class HakutekstiMuistissa implements OnModuleDestroy {
  private readonly log = new Logger(HakutekstiMuistissa.name);
  /** Leads out of the transaction and request of whoever comes first. */
  private readonly outside = AsyncLocalStorage.snapshot();
  private readonly mostPersons: number;
  private muisti: Muisti | null = null;
  private loading: Promise<void> | null = null;
  private notBefore = 0;
  private ended = false;

  constructor(
    private readonly db: Database,
    @InjectConfig() config: Config,
  ) {
    this.mostPersons = config.duplicates.mostPersonsInMemory;
  }

  /**
   * Ids of all persons, visible to the running transaction, that may resemble the text; others among them.
   * @param hakuteksti as it was put together, before `duplicate_search_fmt`
   * @returns null: ask the database's index
   */
  async findCandidates(hakuteksti: string): Promise<number[] | null> {
    return (await this.findInMemory(hakuteksti)) ?? this.findByLength(hakuteksti);
  }

  /**
   * The database's index takes minutes for a text of thousands of trigrams. A text of `m` trigrams has `m - 1` letters or
   * more, and whoever has half of `n` trigrams in common has at least half as many.
   */
  private async findByLength(hakuteksti: string): Promise<number[] | null> {
    if (hakuteksti.length <= MANY_TRIGRAMS) return null;
    const [row] = await this.db.query<{ ids: number[] | null }>(
      `select case when n > ${MANY_TRIGRAMS}
                   then (select coalesce(json_agg(id), '[]') from henkilo where length(duplicate_search_str) >= n / 2 - 1) end as ids
         from (select cardinality(show_trgm(duplicate_search_fmt($1))) as n offset 0) x`,
      [hakuteksti],
    );
    return row!.ids;
  }

  private async findInMemory(hakuteksti: string): Promise<number[] | null> {
    if (this.muisti && Date.now() - this.muisti.usedAt > TOO_OLD_MS) this.muisti = null;
    const { muisti } = this;
    if (!muisti) {
      this.startLoading();
      return null;
    }
    const [row] = await this.db.prepared<{ teksti: string; xmin: string; muutokset: Muutos[] }>(
      'hakuteksti-muutokset',
      `select duplicate_search_fmt($1) as teksti, pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
              (select coalesce(json_agg(json_build_array(m.id, m.tapahtuma::text, h.id, h.duplicate_search_str)), '[]')
                 from (select * from onr_hakuteksti_muutos where tapahtuma >= $2::text::xid8
                        order by tapahtuma limit ${MOST_CHANGES + 1}) m
                 join henkilo h on h.id = m.henkilo_id) as muutokset`,
      [hakuteksti, String(muisti.xmin)],
    );
    const { teksti, xmin, muutokset } = row!;
    if (muutokset.length > MOST_CHANGES) {
      this.muisti = null;
      return null;
    }
    take(muisti, muutokset, BigInt(xmin));
    return muisti.index.size > this.mostPersons ? null : muisti.index.find(teksti);
  }

  /** Begins to read the texts, unless that is under way, has just failed or is not wanted. */
  startLoading(): void {
    if (this.loading || this.ended || this.mostPersons === 0 || Date.now() < this.notBefore) return;
    this.loading = this.outside(() => this.load())
      .catch((error: unknown) => {
        this.notBefore = Date.now() + PAUSE_AFTER_FAILURE_MS;
        this.log.warn(`Search texts could not be read: ${error instanceof Error ? error.message : String(error)}`);
      })
      .finally(() => (this.loading = null));
  }

  /** When reading that is under way has ended. */
  async whenLoaded(): Promise<void> {
    await this.loading;
  }

  async onModuleDestroy(): Promise<void> {
    this.ended = true;
    await this.loading;
  }

  private async load(): Promise<void> {
    const began = Date.now();
    const [snapshot] = await this.db.query<{ xmin: string }>(
      'select pg_snapshot_xmin(pg_current_snapshot())::text as xmin',
    );
    const index = new TrigramIndex();
    for (let after = BEFORE_ALL_IDS; ;) {
      const rows = await this.db.prepared<{ id: number; teksti: string }>(
        'hakutekstit',
        `select id, duplicate_search_str as teksti from henkilo where id > $1 order by id limit ${BATCH_SIZE}`,
        [after],
      );
      for (const { id, teksti } of rows) index.add(id, teksti);
      if (this.ended) return;
      if (index.size > this.mostPersons) {
        this.notBefore = Date.now() + PAUSE_OF_TOO_MANY_MS;
        this.log.log(`More than ${this.mostPersons} persons: duplicates are searched by the database's index`);
        return;
      }
      if (rows.length < BATCH_SIZE) break;
      after = rows.at(-1)!.id;
    }
    this.muisti = { index, xmin: BigInt(snapshot!.xmin), seen: new Map(), usedAt: Date.now() };
    this.log.log(`Search texts of ${index.size} persons are in memory after ${Date.now() - began} ms`);
  }
}

/** Adds the changes that are new. Answers may come in any order: what is taken twice does no harm. */
function take(muisti: Muisti, muutokset: readonly Muutos[], xmin: bigint): void {
  muisti.usedAt = Date.now();
  for (const [id, tapahtuma, henkiloId, teksti] of muutokset) {
    if (muisti.seen.has(id)) continue;
    muisti.seen.set(id, BigInt(tapahtuma));
    muisti.index.add(henkiloId, teksti);
  }
  if (xmin <= muisti.xmin) return;
  muisti.xmin = xmin;
  for (const [id, tapahtuma] of muisti.seen) if (tapahtuma < xmin) muisti.seen.delete(id);
}
