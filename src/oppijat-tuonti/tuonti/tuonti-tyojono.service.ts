import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { systemClock } from '../../common/clock.js';
import { errorStack, errorText } from '../../common/error-text.js';
import { findRiviVirhe, RiviVirheellinenError, TuontiUnusableError } from './tuonti.errors.js';
import { TuontiOsaService, type Edistyminen } from './tuonti-osa.service.js';
import { TuontiRepository, type KeskenerainenTuonti } from './tuonti.repository.js';

/** Rows of one part (docs/spec/duplicates-tuonti-yleistunniste.md#6.3). */
const PART_SIZE = 100;
/** How often an idle process looks for imports that others accepted and did not finish. */
const QUEUE_POLL_MS = 5_000;
const FIRST_REST_MS = 250;
const MAX_REST_MS = 60_000;
/** Pause between attempts at an import that cannot be read at all. */
const UNUSABLE_REST_MS = 3_600_000;

/** What this process remembers of an import that is under way. */
interface Kulku {
  /** Rows of the next part: fewer while the row that fails is looked for. */
  size: number;
  /** Where parts are of full size again. */
  fullSizeFrom: number;
  failures: number;
  /** Left alone until then, epoch milliseconds. */
  restUntil: number;
}

/**
 * Works on the imports in the background, one part at a time. The queue is the table `tuonti` itself: an import with
 * rows left is in it, so that nothing accepted is lost. Users take turns part by part, and the imports of one user
 * among themselves. Any number of processes work side by side, each import under a row lock (ADR 20).
 */
@Injectable()
export class TuontiTyojonoService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(TuontiTyojonoService.name);
  private readonly kulut = new Map<number, Kulku>();
  /** Number of the turn that a user or an import last had. */
  private readonly turns = new Map<string | number | null, number>();
  private turn = 0;
  /** The work belongs to no request, also when one wakes it. */
  private readonly outsideRequests = AsyncLocalStorage.snapshot() as <T>(work: () => T) => T;
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private again = false;
  private stopped = false;
  /** Looks for imports that failed since one succeeded. */
  private failedLooks = 0;

  constructor(
    private readonly tuonnit: TuontiRepository,
    private readonly osat: TuontiOsaService,
  ) {}

  onApplicationBootstrap(): void {
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  /** There may be work. @param tuontiId an import that is to be tried at once, whatever happened to it before */
  wake(tuontiId?: number): void {
    if (tuontiId !== undefined) this.kulut.delete(tuontiId);
    this.again = true;
    if (!this.running && !this.stopped) this.outsideRequests(() => this.start());
  }

  private start(): void {
    if (this.timer) clearTimeout(this.timer);
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.stopped) return;
      if (this.again) this.start();
      else this.timer = setTimeout(() => this.wake(), this.nextLookMs()).unref();
    });
  }

  private async run(): Promise<void> {
    try {
      do this.again = false;
      while (!this.stopped && (await this.workOnOne()));
    } catch (error) {
      this.again = false;
      this.failedLooks++;
      this.log.error(`Imports cannot be looked for: ${(error as Error).message}`);
    }
  }

  /** Handles one part of whichever import has waited longest for its turn. @returns false when there is nothing to do */
  private async workOnOne(): Promise<boolean> {
    const waiting = await this.tuonnit.listUnfinished();
    this.failedLooks = 0;
    this.forgetAllBut(waiting);
    const now = systemClock.millis();
    for (const tuonti of this.inTurn(waiting)) {
      if (this.stopped) return false;
      if ((this.kulut.get(tuonti.id)?.restUntil ?? 0) > now) continue;
      if (await this.workOn(tuonti)) return true;
    }
    return false;
  }

  /** @returns false when another process has the import, or it failed */
  private async workOn({ id, kasittelijaOid }: KeskenerainenTuonti): Promise<boolean> {
    const kulku = this.kulut.get(id) ?? { size: PART_SIZE, fullSizeFrom: 0, failures: 0, restUntil: 0 };
    this.kulut.set(id, kulku);
    try {
      const edistyminen = await this.osat.handle(id, kulku.size);
      if (!edistyminen) return false;
      this.turns.set(kasittelijaOid, ++this.turn).set(id, this.turn);
      this.succeeded(id, kulku, edistyminen);
      return true;
    } catch (error) {
      return this.failed(id, kulku, error);
    }
  }

  private succeeded(id: number, kulku: Kulku, { kasiteltyja, kasitelty }: NonNullable<Edistyminen>): void {
    kulku.failures = 0;
    if (kasiteltyja >= kulku.fullSizeFrom) kulku.size = PART_SIZE;
    if (kasitelty) this.log.log(`Import ${id} is handled: ${kasiteltyja} rows`);
  }

  /**
   * When a row cannot be stored and it is not known which, the part is tried again in ever smaller parts until it is a single row;
   * that row is left out. After any other error the import is tried again, with longer and longer pauses, for ever: what was
   * accepted is not given up.
   */
  private async failed(id: number, kulku: Kulku, error: unknown): Promise<boolean> {
    const virhe = findRiviVirhe(error);
    if (virhe === null) {
      this.rest(id, kulku, error);
      return false;
    }
    if (error instanceof RiviVirheellinenError || kulku.size === 1) {
      const edistyminen = await this.osat.skip(id, virhe).catch((again: unknown) => this.rest(id, kulku, again));
      if (edistyminen) this.log.warn(`Import ${id}: row ${edistyminen.kasiteltyja - 1} could not be stored`);
      return true;
    }
    const edistyminen = await this.tuonnit.getPerustiedot(id);
    if (kulku.size === PART_SIZE) kulku.fullSizeFrom = edistyminen.kasiteltyja + PART_SIZE;
    kulku.size = Math.ceil(kulku.size / 10);
    return true;
  }

  private rest(id: number, kulku: Kulku, error: unknown): null {
    const restMs =
      error instanceof TuontiUnusableError
        ? UNUSABLE_REST_MS
        : Math.min(FIRST_REST_MS * 2 ** kulku.failures++, MAX_REST_MS);
    kulku.restUntil = systemClock.millis() + restMs;
    const reason = error instanceof Error ? errorText(error) : String(error);
    const message = `Import ${id} is tried again in ${restMs} ms: ${reason}`;
    if (isProgramFault(error)) this.log.error(`${message}\n${errorStack(error)}`);
    else this.log.warn(message);
    return null;
  }

  /** Sorted by when their user last had a turn, and the imports of one user by when they themselves had one; never comes first. */
  private inTurn(waiting: readonly KeskenerainenTuonti[]): KeskenerainenTuonti[] {
    const turnOf = (key: string | number | null) => this.turns.get(key) ?? 0;
    return waiting.toSorted(
      (a, b) => turnOf(a.kasittelijaOid) - turnOf(b.kasittelijaOid) || turnOf(a.id) - turnOf(b.id) || a.id - b.id,
    );
  }

  private forgetAllBut(waiting: readonly KeskenerainenTuonti[]): void {
    const keys = new Set<string | number | null>(waiting.flatMap(({ id, kasittelijaOid }) => [id, kasittelijaOid]));
    for (const key of this.turns.keys()) if (!keys.has(key)) this.turns.delete(key);
    for (const id of this.kulut.keys()) if (!keys.has(id)) this.kulut.delete(id);
  }

  private nextLookMs(): number {
    if (this.failedLooks > 0) return Math.min(FIRST_REST_MS * 2 ** (this.failedLooks - 1), QUEUE_POLL_MS);
    const soonest = Math.min(...[...this.kulut.values()].map((kulku) => kulku.restUntil));
    return Math.min(QUEUE_POLL_MS, Math.max(soonest - systemClock.millis(), 10));
  }
}

/** A programming error: trying again later or with other data would not help. */
const isProgramFault = (error: unknown): error is Error =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
