import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { SteadyLog } from '../../common/steady-log.js';
import { Database } from '../../database/database.js';
import { codeOf } from '../../database/unavailable.js';
import { HenkiloReadRepository } from '../luku/henkilo-read.repository.js';
import { DOKUMENTTI_OSAT, toHenkiloDto, toHenkiloPerustietoDto } from '../luku/henkilo.mapper.js';
import { OsatRepository } from '../luku/osat.repository.js';
import { toArvot } from './dokumentti.mapper.js';
import { DokumenttiRepository, type Nakyma, type Uusi } from './dokumentti.repository.js';

/** Most persons that may wait for a document; further ones are left to DokumenttiTaytto. */
const MOST_WAITING = 5_000;
/** Persons of one snapshot. */
const MOST_AT_ONCE = 100;
/** Documents that are asked for within this time are built together. */
const BUILT_TOGETHER_WITHIN_MS = 20;

const nothingHidden = () => false;

/** Documents of a snapshot. */
export interface Kootut {
  readonly nakyma: Nakyma;
  readonly dokumentit: readonly Uusi[];
}

/** What a comparison found. */
export interface Tarkistus {
  /** Documents that count. */
  readonly counting: number;
  /** As they should be. */
  readonly wrong: readonly Uusi[];
  readonly nakyma: Nakyma;
}
const COMPARED = ['id', 'turvakielto', 'duplicate', 'perustieto', 'muut'] as const;

/**
 * Builds documents from the tables. Those that readers have missed are built one after the other on a connection of the jobs,
 * with pauses as long as the work, so that nobody waits for them.
 */
@Injectable()
export class DokumenttiKokoaja implements BeforeApplicationShutdown {
  private readonly logger = new Logger(DokumenttiKokoaja.name);
  private readonly log = new SteadyLog((line) => this.logger.warn(line));
  private readonly waiting = new Set<string>();
  private running: Promise<void> | null = null;
  private ended = false;
  /** Nothing that is built belongs to a request, or to a transaction around it. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly db: Database,
    private readonly dokumentit: DokumenttiRepository,
    private readonly henkilot: HenkiloReadRepository,
    private readonly osat: OsatRepository,
  ) {}

  /** Returns at once; persons for whom there is no room are left out. */
  add(henkiloOids: readonly string[]): void {
    if (this.ended) return;
    for (const oid of henkiloOids) {
      if (this.waiting.size >= MOST_WAITING) break;
      this.waiting.add(oid);
    }
    if (this.waiting.size > 0) this.running ??= this.outside(() => this.work());
  }

  /** Resolves when nobody waits any more. */
  async settled(): Promise<void> {
    while (this.running) await this.running;
  }

  /** @returns how many were stored; others have been changed meanwhile, or are no persons */
  async build(henkiloOids: readonly string[]): Promise<number> {
    const { dokumentit, nakyma } = await this.collect(henkiloOids);
    return this.dokumentit.store(dokumentit, nakyma);
  }

  /** Documents of these persons and what the table has of them, in one snapshot. Unknown OIDs are absent. */
  collect(henkiloOids: readonly string[]): Promise<Kootut> {
    return this.db.newTransaction(async () => {
      const nakyma = await this.dokumentit.lookAt(henkiloOids);
      const rivit = await this.henkilot.listByOids(henkiloOids);
      const osat = await this.osat.load(rivit, DOKUMENTTI_OSAT);
      const dokumentit = rivit.map((rivi) => ({
        oid: rivi.oidHenkilo,
        id: rivi.id,
        turvakielto: rivi.turvakielto,
        duplicate: rivi.duplicate,
        ...toArvot(toHenkiloDto(rivi, osat, nothingHidden), toHenkiloPerustietoDto(rivi, osat, nothingHidden)),
      }));
      return { nakyma, dokumentit };
    }, 'REPEATABLE READ');
  }

  /** Those of the documents of these persons that count and are not what the tables say, all in one snapshot. */
  async check(henkiloOids: readonly string[]): Promise<Tarkistus> {
    const { nakyma, dokumentit } = await this.collect(henkiloOids);
    const changed = new Set(nakyma.rivit.filter(({ muutos }) => muutos !== 0).map(({ oid }) => oid));
    const stored = new Map(nakyma.rivit.map((rivi) => [rivi.oid, rivi]));
    const counting = dokumentit.filter(
      ({ oid }) => !changed.has(oid) && (stored.get(oid)?.perustieto ?? null) !== null,
    );
    const wrong = counting.filter((right) => COMPARED.some((name) => stored.get(right.oid)![name] !== right[name]));
    return { counting: counting.length, wrong, nakyma };
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ended = true;
    this.waiting.clear();
    await this.running;
  }

  private async work(): Promise<void> {
    await sleep(BUILT_TOGETHER_WITHIN_MS);
    while (this.waiting.size > 0) {
      const oids = [...this.waiting].slice(0, MOST_AT_ONCE);
      for (const oid of oids) this.waiting.delete(oid);
      const began = performance.now();
      try {
        await this.build(oids);
      } catch (error) {
        this.waiting.clear();
        this.log.add(
          `Person documents were not built: ${codeOf(error) ?? (error instanceof Error ? error.message : String(error))}`,
        );
      }
      await sleep(performance.now() - began);
    }
    this.running = null;
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
