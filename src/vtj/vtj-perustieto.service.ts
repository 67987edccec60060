import { Injectable, Logger } from '@nestjs/common';
import { ProgressMeter } from '../common/progress.js';
import { Database } from '../database/database.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { SlackClient } from '../integrations/slack/slack.client.js';
import {
  MuutostietoRetryError,
  VtjMuutosrajapintaClient,
  type VtjPerustieto,
} from '../integrations/vtj-muutosrajapinta/vtj-muutosrajapinta.client.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';
import { describeFailure, isCollision, isOutage, OUTAGES } from './vtj.errors.js';
import { KeyedWork } from '../common/keyed-work.js';
import { RunAlertsService } from './run-alerts.service.js';
import { isHetuKorjattu } from './tietoryhmat/tietoryhma.mapper.js';
import { toTietoryhmat } from './tietoryhmat/tietoryhma.model.js';
import { VtjHenkiloRepository } from './vtj-henkilo.repository.js';
import { VtjKoodistotService, type VtjKoodit } from './vtj-koodistot.service.js';
import { VtjMuutosService } from './vtj-muutos.service.js';

/** Hetut of one request, a limit of the provider. */
const HETUT_OF_REQUEST = 100;
const PERSONS_AT_ONCE = 8;
const ATTEMPTS_OF_PERSON = 3;

type Outcome = 'saved' | 'unknown' | 'blocked';

/** Fetches the base data of persons that have come under VTJ, or under a new hetu (docs/spec/yksilointi-vtj.md#5.5). */
@Injectable()
export class VtjPerustietoService {
  private readonly log = new Logger(VtjPerustietoService.name);

  constructor(
    private readonly db: Database,
    private readonly api: VtjMuutosrajapintaClient,
    private readonly koodistot: VtjKoodistotService,
    private readonly henkilot: VtjHenkiloRepository,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly store: HenkiloStore,
    private readonly muutokset: VtjMuutosService,
    private readonly slack: SlackClient,
  ) {}

  /**
   * Asks for everyone without a bucket, a hundred at a time. Who is not answered for, or fails, stays without a bucket
   * and is asked for again in the next run. Ends early when the provider is down.
   * @throws PeerError the code sets cannot be had
   */
  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    const alerts = new RunAlertsService(this.slack);
    const count = { seen: 0, changed: 0, failed: 0, blocked: 0, missing: 0 };
    let outages = 0;
    try {
      for (let afterId = LOWEST_ID; !signal.aborted && outages < OUTAGES;) {
        const henkilot = await this.henkilot.listWithoutPerustieto(afterId, HETUT_OF_REQUEST);
        if (henkilot.length === 0) break;
        afterId = henkilot.at(-1)!.id;
        count.seen += henkilot.length;
        const hetut = henkilot.map(({ hetu }) => hetu);
        const koodit = await this.koodistot.load();
        try {
          const perustiedot = await this.api.listPerustiedot(hetut);
          outages = 0;
          await this.savePartition(hetut, perustiedot, koodit, count, alerts);
        } catch (error) {
          count.failed += henkilot.length;
          outages = isOutage(error) ? outages + 1 : 0;
          this.log.error(`Base data of ${henkilot.length} persons could not be fetched: ${describeFailure(error)}`);
          if (!(error instanceof MuutostietoRetryError)) {
            await alerts.send('Virhe VTJ-perustietojen päivityksessä', describeFailure(error));
          }
        }
        progress.add(henkilot.length);
      }
    } finally {
      await alerts.end();
    }
    return count;
  }

  private async savePartition(
    hetut: readonly string[],
    perustiedot: readonly VtjPerustieto[],
    koodit: VtjKoodit,
    count: { changed: number; failed: number; blocked: number; missing: number },
    alerts: RunAlertsService,
  ): Promise<void> {
    const answered = new Set(perustiedot.map(({ henkilotunnus }) => henkilotunnus));
    const missing = hetut.filter((hetu) => !answered.has(hetu)).length;
    if (missing > 0) {
      count.missing += missing;
      this.log.warn(`VTJ gave no base data of ${missing} persons`);
      await alerts.send('Perustietoja ei löytynyt kaikille henkilötunnuksille');
    }
    const work = new KeyedWork(PERSONS_AT_ONCE);
    for (const perustieto of perustiedot) {
      await work.add(perustieto.henkilotunnus, async () => {
        const outcome = await this.save(perustieto, koodit, alerts);
        if (outcome === 'saved') count.changed++;
        else if (outcome === 'blocked') count.blocked++;
        else if (outcome === 'failed') count.failed++;
      });
    }
    await work.drain();
  }

  private async save(
    perustieto: VtjPerustieto,
    koodit: VtjKoodit,
    alerts: RunAlertsService,
  ): Promise<Outcome | 'failed'> {
    let henkiloOid: string | undefined;
    try {
      henkiloOid = await this.tunnisteet.findOidByNykyinenHetu(perustieto.henkilotunnus);
      if (henkiloOid === undefined) return 'unknown';
      const outcome = await this.apply(perustieto, henkiloOid, koodit);
      if (outcome === 'saved') this.log.log(`${henkiloOid} updated with perustieto`);
      if (outcome === 'blocked') {
        const text = `VTJ-perustietojen tallennus käyttäjälle ${henkiloOid} estetty HENKILOTUNNUS_KORJAUS-tietoryhmän vuoksi`;
        this.log.warn(text);
        await alerts.send(text);
      }
      return outcome;
    } catch (error) {
      const detail = await this.muutokset.explain(error, henkiloOid, [perustieto.henkilotunnus]);
      this.log.error(`Base data of henkilo ${henkiloOid ?? 'unknown'} could not be saved: ${detail}`);
      await alerts.send(`Virhe VTJ-perustietojen tallennuksessa henkilölle ${henkiloOid ?? ''}`.trim(), detail);
      return 'failed';
    }
  }

  private async apply(
    { henkilotunnus, tietoryhmat }: VtjPerustieto,
    henkiloOid: string,
    koodit: VtjKoodit,
  ): Promise<Outcome> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.db.transaction(async () => {
          const henkilo = await this.store.lockOne(henkiloOid);
          if (henkilo.hetu !== henkilotunnus) return 'unknown';
          const ryhmat = toTietoryhmat(tietoryhmat);
          if (isHetuKorjattu(ryhmat, henkilotunnus)) return 'blocked';
          await this.muutokset.applyPerustieto(henkilo, ryhmat, koodit);
          return 'saved';
        });
      } catch (error) {
        if (attempt === ATTEMPTS_OF_PERSON || !isCollision(error)) throw error;
      }
    }
  }
}

/** Ids may be negative in copied data. */
const LOWEST_ID = -Number.MAX_SAFE_INTEGER;
