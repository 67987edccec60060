import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { UnprocessableError } from '../common/errors.js';
import { ProgressMeter } from '../common/progress.js';
import { Database } from '../database/database.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { SlackClient } from '../integrations/slack/slack.client.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';
import { isCollision } from './vtj.errors.js';
import { KeyedWork } from '../common/keyed-work.js';
import { RunAlertsService } from './run-alerts.service.js';
import { toTietoryhmat } from './tietoryhmat/tietoryhma.model.js';
import { VtjKoodistotService, type VtjKoodit } from './vtj-koodistot.service.js';
import { VtjMuutostietoRepository, type OdottavaMuutos } from './vtj-muutostieto.repository.js';
import { VtjMuutosService } from './vtj-muutos.service.js';

/** Changes of one run, an hour's work; the rest waits for the next. */
const MAX_CHANGES_OF_RUN = 500_000;
/** Messages in memory at once; each is some kilobytes. */
const CHANGES_OF_PAGE = 100;
/** Persons worked on at once. */
const PERSONS_AT_ONCE = 8;
/** Tries when another writer was in the way. */
const ATTEMPTS_OF_CHANGE = 3;

/** What one run keeps. */
interface Run {
  readonly alerts: RunAlertsService;
  /** Hetut with a failed change: their later ones wait for the next run. */
  readonly held: Set<string>;
  koodit: VtjKoodit;
  changed: number;
  failed: number;
  skipped: number;
  withoutEffect: number;
}

/** Brings the fetched changes into the register (docs/spec/yksilointi-vtj.md#5.6). */
@Injectable()
export class MuutostietoService {
  private readonly log = new Logger(MuutostietoService.name);

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly koodistot: VtjKoodistotService,
    private readonly muutostiedot: VtjMuutostietoRepository,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly store: HenkiloStore,
    private readonly muutokset: VtjMuutosService,
    private readonly slack: SlackClient,
  ) {}

  /**
   * Handles what waits and what failed before, oldest first, several persons at once but the changes of one in order. A
   * change that fails is marked and holds back only those of its hetu.
   * @throws PeerError the code sets cannot be had: nothing is handled
   */
  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    const run: Run = {
      alerts: new RunAlertsService(this.slack),
      held: new Set(),
      koodit: await this.koodistot.load(),
      changed: 0,
      failed: 0,
      skipped: 0,
      withoutEffect: 0,
    };
    const ids = await this.muutostiedot.listWaitingIds(MAX_CHANGES_OF_RUN);
    progress.expect(ids.length);
    const work = new KeyedWork(PERSONS_AT_ONCE);
    let seen = 0;
    try {
      for (let from = 0; from < ids.length && !signal.aborted; from += CHANGES_OF_PAGE) {
        run.koodit = await this.koodistot.load();
        for (const muutos of await this.muutostiedot.listByIds(ids.slice(from, from + CHANGES_OF_PAGE))) {
          // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it changes while others are waited for
          if (signal.aborted) break;
          seen++;
          if (changesHetu(muutos)) await work.drain();
          await work.add(muutos.henkilotunnus, () => this.handle(muutos, run).finally(progress.add));
          if (changesHetu(muutos)) await work.drain();
        }
      }
    } finally {
      await work.drain().finally(() => run.alerts.end());
    }
    const { changed, failed, skipped, withoutEffect } = run;
    return { seen, changed, failed, skipped, withoutEffect };
  }

  private async handle(muutos: OdottavaMuutos, run: Run): Promise<void> {
    if (run.held.has(muutos.henkilotunnus)) {
      run.skipped++;
      return;
    }
    let henkiloOid: string | undefined;
    try {
      henkiloOid = await this.tunnisteet.findOidByNykyinenHetu(muutos.henkilotunnus);
      const isApplied = await this.apply(muutos, henkiloOid, run.koodit);
      if (isApplied) this.log.log(`muutostieto processed successfully for henkilo ${henkiloOid}`);
      run[isApplied ? 'changed' : 'withoutEffect']++;
    } catch (error) {
      run.failed++;
      run.held.add(muutos.henkilotunnus);
      await this.muutostiedot.markFailed(muutos.id, this.clock.now());
      await this.report(muutos, henkiloOid, error, run.alerts);
    }
  }

  /** @returns false when nobody has the hetu, or the person is passive: then the change is handled without effect */
  private async apply(muutos: OdottavaMuutos, henkiloOid: string | undefined, koodit: VtjKoodit): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.db.transaction(async () => {
          const henkilo = henkiloOid === undefined ? undefined : await this.store.lockOne(henkiloOid);
          const isApplied = henkilo !== undefined && henkilo.hetu === muutos.henkilotunnus && !henkilo.passivoitu;
          if (isApplied) await this.muutokset.applyMuutostieto(henkilo, toTietoryhmat(muutos.tietoryhmat), koodit);
          await this.muutostiedot.markProcessed(muutos.id, this.clock.now());
          return isApplied;
        });
      } catch (error) {
        if (attempt === ATTEMPTS_OF_CHANGE || !isCollision(error)) throw error;
      }
    }
  }

  private async report(
    muutos: OdottavaMuutos,
    henkiloOid: string | undefined,
    error: unknown,
    alerts: RunAlertsService,
  ) {
    const detail = await this.muutokset.explain(error, henkiloOid, hetutOf(muutos));
    const text =
      error instanceof UnprocessableError
        ? 'Virhe VTJ-muutostietojen päivityksessä henkilölle'
        : 'Virhe muutostiedon käsittelyssä henkilölle';
    this.log.error(`muutostieto ${muutos.id} of henkilo ${henkiloOid ?? 'unknown'} failed: ${detail}`);
    await alerts.send(`${text} ${henkiloOid ?? ''}`.trim(), detail);
  }
}

/** Later changes come under the new hetu, so they must not run beside the one that brings it. */
const changesHetu = (muutos: OdottavaMuutos): boolean => hetutOf(muutos).length > 1;

/** The hetu of the message and those that it brings. */
function hetutOf({ henkilotunnus, tietoryhmat }: OdottavaMuutos): string[] {
  const ryhmat = Array.isArray(tietoryhmat) ? (tietoryhmat as ({ aktiivinenHenkilotunnus?: unknown } | null)[]) : [];
  const uudet = ryhmat.map((ryhma) => ryhma?.aktiivinenHenkilotunnus).filter((hetu) => typeof hetu === 'string');
  return [...new Set([henkilotunnus, ...uudet])];
}
