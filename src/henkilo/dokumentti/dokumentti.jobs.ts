import { Logger } from '@nestjs/common';
import { ProgressMeter } from '../../common/progress.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { Job, type JobHandler, type JobProgress, type JobSummary } from '../../jobs/job.decorator.js';
import { dailyAt, fixedDelay } from '../../jobs/schedule.rules.js';
import { DokumenttiKokoaja } from './dokumentti-kokoaja.service.js';
import { DokumenttiRepository } from './dokumentti.repository.js';

/** Persons of one step of the filling: fewer cost more each, more would be megabytes of memory. */
const FILLED_AT_ONCE = 500;
/** After each step the filling rests for this share of the time that the step took: readers come first. */
const REST_SHARE_OF_STEP_TIME = 0.5;
/** Documents that are compared in one snapshot. */
const COMPARED_AT_ONCE = 200;
/** A run of the filling ends after this time; the next goes on. */
const FILLING_RUN_MS = 240_000;
/** Documents that are compared in a night. */
const COMPARED_PER_NIGHT = 5_000;
/** Rows that are deleted at once. */
const DELETED_AT_ONCE = 10_000;

/**
 * Builds the documents that are missing: first of those whom somebody has changed, then of all persons, once for each
 * generation and form. Between the steps it rests half as long as it worked.
 */
@Job({ name: 'DokumenttiTaytto', schedule: fixedDelay({ minutes: 1 }) })
export class DokumenttiTayttoJob implements JobHandler {
  constructor(
    private readonly dokumentit: DokumenttiRepository,
    private readonly kokoaja: DokumenttiKokoaja,
    @InjectConfig() private readonly config: Config,
  ) {}

  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    let seen = 0;
    let changed = 0;
    const until = performance.now() + FILLING_RUN_MS;
    const step = async (henkiloOids: readonly string[]) => {
      const began = performance.now();
      seen += henkiloOids.length;
      changed += await this.kokoaja.build(henkiloOids);
      progress.add(henkiloOids.length);
      await rest((performance.now() - began) * REST_SHARE_OF_STEP_TIME);
    };
    const goesOn = () => !signal.aborted && performance.now() < until;
    if (!this.config.personDocuments.enabled || !(await this.dokumentit.exists())) return { seen, changed, failed: 0 };
    await this.dokumentit.noticeRewrites();

    for (let after = { muutos: 0, oid: '' }; goesOn();) {
      const muuttuneet = await this.dokumentit.listChanged(after, FILLED_AT_ONCE);
      if (muuttuneet.length === 0) break;
      await step([...new Set(muuttuneet.map(({ oid }) => oid))]);
      after = muuttuneet.at(-1)!;
    }
    while (goesOn()) {
      const next = await this.dokumentit.nextOfAll(FILLED_AT_ONCE);
      if (!next) break;
      if (next.missing.length > 0) await step(next.missing);
      await this.dokumentit.movedTo(next.kohta);
    }
    return { seen, changed, failed: 0 };
  }
}

/**
 * Compares a sample of the documents with the tables, in one snapshot each, repairs those that differ and reports them: there
 * must be none. Deletes what belongs to nobody any more, and everything where documents are off.
 */
@Job({ name: 'DokumenttiTarkistus', schedule: dailyAt(3, 40) })
export class DokumenttiTarkistusJob implements JobHandler {
  private readonly log = new Logger('DokumenttiTarkistus');

  constructor(
    private readonly dokumentit: DokumenttiRepository,
    private readonly kokoaja: DokumenttiKokoaja,
    @InjectConfig() private readonly config: Config,
  ) {}

  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    if (!(await this.dokumentit.exists())) return { seen: 0, changed: 0, failed: 0 };
    if (!this.config.personDocuments.enabled) {
      const deleted = await inSteps(signal, () => this.dokumentit.deleteAll(DELETED_AT_ONCE));
      return { seen: deleted, changed: deleted, failed: 0 };
    }
    const wrong: string[] = [];
    const sample = await this.dokumentit.listSample(COMPARED_PER_NIGHT);
    progress.expect(sample.length);
    for (let seen = 0; seen < sample.length && !signal.aborted; seen += COMPARED_AT_ONCE) {
      const some = sample.slice(seen, seen + COMPARED_AT_ONCE);
      wrong.push(...(await this.repair(some)));
      progress.add(some.length);
    }
    for (const oid of wrong) this.log.error(`The document of ${oid} differed from the tables`);
    const deleted = await inSteps(signal, () => this.dokumentit.deleteOfNobody(DELETED_AT_ONCE));
    return { seen: sample.length, changed: wrong.length, failed: 0, deleted };
  }

  /** @returns the persons whose documents counted and were wrong; they are right now */
  private async repair(henkiloOids: readonly string[]): Promise<string[]> {
    const { wrong, nakyma } = await this.kokoaja.check(henkiloOids);
    await this.dokumentit.store(wrong, nakyma);
    return wrong.map(({ oid }) => oid);
  }
}

/** Until a step does not find all that it may. @returns how many in all */
async function inSteps(signal: AbortSignal, step: () => Promise<number>): Promise<number> {
  let count = 0;
  for (let last = DELETED_AT_ONCE; last === DELETED_AT_ONCE && !signal.aborted; count += last) last = await step();
  return count;
}

const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
