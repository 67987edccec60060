import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { systemClock } from '../common/clock.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { NameOrder, type Position } from './name-order.model.js';
import {
  HAKUTEKSTIT_PER_LIST,
  HakutekstiRepository,
  type HakutekstiMuutokset,
  type NameColumn,
} from './hakuteksti.repository.js';
import { type Containing, TrigramIndex } from './trigram-index.model.js';
import { hasLatinLetter, isPlain, listRuns } from './trigrams.rules.js';

/** Ids may be negative in data made by hand. */
const BEFORE_ALL_IDS = Number.MIN_SAFE_INTEGER;
/** Unused for longer than this, the memory is read anew: changes are kept for two days (HakutekstiCleanupJob). */
const MAX_AGE_OF_CHANGE_MS = 24 * 3_600_000;
/** Few persons have half as many letters. */
const MANY_TRIGRAMS = 150;
const LETTERS_OF_TRIGRAM = 3;
/** For more persons than these the database's index costs less than looking at each. */
const MOST_MATCHING = 5_000;
const BYTES_OF_MB = 2 ** 20;
/** Texts added to the memory before other work has its turn. */
const TEXTS_OF_STEP = 1000;
const PAUSE_AFTER_FAILURE_MS = 60_000;
const PAUSE_OF_TOO_MANY_MS = 3_600_000;

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
 * first asks; up to then, and where there are more persons than the settings allow, the database's index answers
 * (docs/adr/0060-duplicate-search.md).
 */
@Injectable()
export class HakutekstiMuistissa implements OnModuleDestroy {
  private readonly log = new Logger(HakutekstiMuistissa.name);
  /** Runs outside the transaction and request of the first caller. */
  private readonly outside = AsyncLocalStorage.snapshot();
  private readonly mostPersons: number;
  private readonly mostBytes: number;
  private muisti: Muisti | null = null;
  private loading: Promise<void> | null = null;
  private notBefore = 0;
  private ended = false;

  constructor(
    private readonly hakutekstit: HakutekstiRepository,
    @InjectConfig() config: Config,
  ) {
    this.mostPersons = config.duplicates.mostPersonsInMemory;
    this.mostBytes = config.duplicates.mostMemoryMb * BYTES_OF_MB;
  }

  /**
   * Ids of all persons, visible to the running transaction, that may resemble the text; others among them.
   * @param hakuteksti as it was put together, before `duplicate_search_fmt`
   * @returns null: ask the database's index
   */
  async findCandidates(hakuteksti: string): Promise<number[] | null> {
    return (await this.askMemory(hakuteksti, (index, teksti) => index.find(teksti))) ?? this.findByLength(hakuteksti);
  }

  /**
   * Ids of persons, visible to the running transaction, whose search text may match the pattern, others among them: the `count` that come
   * next by surname, calling name and OID after one of them, and all whose place is not known.
   * @param pattern of LIKE, before `duplicate_search_fmt`
   * @returns null: they are many, or not known here; ask the database's index
   */
  findMatching(pattern: string, after: Position, count: number): Promise<Containing | null> {
    return this.askMemory(pattern, (index, teksti) => {
      const runs = listRuns(teksti).filter((run) => run.length >= LETTERS_OF_TRIGRAM);
      const found = runs.length === 0 ? null : index.findContaining(runs, !hasLatinLetter(pattern), after, count);
      return found && found.others.length + found.placed.length <= MOST_MATCHING ? found : null;
    });
  }

  /** The database's index takes minutes for a text of thousands of trigrams. */
  private async findByLength(hakuteksti: string): Promise<number[] | null> {
    if (hakuteksti.length <= MANY_TRIGRAMS) return null;
    return this.hakutekstit.listIdsByLength(hakuteksti, MANY_TRIGRAMS);
  }

  /** @param search of what is in memory, by the text in the form of `duplicate_search_fmt` */
  private async askMemory<Found>(
    hakuteksti: string,
    search: (index: TrigramIndex, teksti: string) => Found | null,
  ): Promise<Found | null> {
    if (this.muisti && systemClock.millis() - this.muisti.usedAt > MAX_AGE_OF_CHANGE_MS) this.muisti = null;
    const { muisti } = this;
    if (!muisti) {
      this.startLoading();
      return null;
    }
    const muutokset = await this.hakutekstit.listMuutokset(hakuteksti, muisti.xmin);
    if (!muutokset) {
      this.muisti = null;
      return null;
    }
    take(muisti, muutokset);
    if (this.isTooLarge(muisti.index)) {
      this.muisti = null; // former texts are in it as well: read anew it may be small enough
      return null;
    }
    return search(muisti.index, muutokset.teksti);
  }

  private isTooLarge({ size, bytes }: TrigramIndex): boolean {
    return size > this.mostPersons || bytes > this.mostBytes;
  }

  /** Begins to read the texts, unless that is under way, has just failed or is not wanted. */
  startLoading(): void {
    if (this.loading || this.ended || this.mostPersons === 0 || systemClock.millis() < this.notBefore) return;
    this.loading = this.outside(() => this.load())
      .catch((error: unknown) => {
        this.notBefore = systemClock.millis() + PAUSE_AFTER_FAILURE_MS;
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

  /** All values of a column of names, in the database's order. */
  private async listNames(column: NameColumn): Promise<string[]> {
    const all: string[] = [];
    for (let names = await this.hakutekstit.listNames(column, ''); names.length > 0 && !this.ended;) {
      for (const name of names) all.push(name);
      names = await this.hakutekstit.listNames(column, names.at(-1)!);
    }
    return all;
  }

  private async load(): Promise<void> {
    const began = systemClock.millis();
    const xmin = BigInt(await this.hakutekstit.getXmin());
    const index = new TrigramIndex();
    const order = new NameOrder(await this.listNames('sukunimi'), await this.listNames('kutsumanimi'));
    for (let after = BEFORE_ALL_IDS; ;) {
      const rows = await this.hakutekstit.list(after);
      for (let n = 0; n < rows.length && !this.ended; n += TEXTS_OF_STEP) {
        for (const { id, teksti, oid, sukunimi, kutsumanimi } of rows.slice(n, n + TEXTS_OF_STEP))
          index.add(id, teksti, order.positionOf(sukunimi, kutsumanimi, oid), isPlain(sukunimi));
        await nextTurn();
      }
      if (this.ended) return;
      if (this.isTooLarge(index)) {
        this.notBefore = systemClock.millis() + PAUSE_OF_TOO_MANY_MS;
        this.log.warn(
          `Search texts of ${index.size} persons take ${toMb(index)} MB, more than ONR_DUPLICATE_MEMORY_PERSONS or _MB allow: duplicates are searched by the database's index, which is slow with many persons`,
        );
        return;
      }
      if (rows.length < HAKUTEKSTIT_PER_LIST) break;
      after = rows.at(-1)!.id;
    }
    index.settle();
    this.muisti = { index, xmin, seen: new Map(), usedAt: systemClock.millis() };
    this.log.log(
      `Search texts of ${index.size} persons are in memory (${toMb(index)} MB) after ${systemClock.millis() - began} ms`,
    );
  }
}

const toMb = ({ bytes }: TrigramIndex) => Math.ceil(bytes / BYTES_OF_MB);

/** Adds the changes that are new. Answers may come in any order: what is taken twice does no harm. */
function take(muisti: Muisti, { muutokset, ...picture }: HakutekstiMuutokset): void {
  const xmin = BigInt(picture.xmin);
  muisti.usedAt = systemClock.millis();
  for (const [id, tapahtuma, henkiloId, teksti] of muutokset) {
    if (muisti.seen.has(id)) continue;
    muisti.seen.set(id, BigInt(tapahtuma));
    muisti.index.add(henkiloId, teksti);
  }
  if (xmin <= muisti.xmin) return;
  muisti.xmin = xmin;
  for (const [id, tapahtuma] of muisti.seen) if (tapahtuma < xmin) muisti.seen.delete(id);
}
