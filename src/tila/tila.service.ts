import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../common/clock.js';
import { errorText } from '../common/error-text.js';
import { maskHetut } from '../common/hetu-mask.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { listPeers, type PeerState } from '../integrations/peers.registry.js';
import { VtjKyselyClient } from '../integrations/vtj-kysely/vtj-kysely.client.js';
import { JobRegistry } from '../jobs/job-registry.service.js';
import { describeSchedule } from '../jobs/schedule.rules.js';
import { dokumenttienOsuus, toAjonTila, toTuonninTila } from './tila.mapper.js';
import type {
  AjonTila,
  DokumenttienTila,
  JononTila,
  KannanTila,
  Kunto,
  PalvelunTila,
  Tila,
  TilanOsa,
  TuontienTila,
  VarmenteenTila,
  VtjTila,
} from './tila.model.js';
import { TilaRepository } from './tila.repository.js';

const PACKAGE = path.resolve(__dirname, '../../package.json');
/** Those who look at the same time, and pages that refresh themselves, share an answer. */
const ANSWER_BELIEVED_MS = 1_000;
const CERTIFICATE_BELIEVED_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;
const CERTIFICATE_WARNING_DAYS = 30;
/** What waits longer in a queue than this is late. */
const QUEUE_LATE_MS = 15 * 60_000;
const REPLICA_LATE_SECONDS = 30;
const PEER_FAILING = 3;
const MB = 1_000_000;

/** Gathers what operators look at. A part that cannot be had says so and leaves the others alone. */
@Injectable()
export class TilaService {
  private readonly log = new Logger(TilaService.name);
  private version: string | null = null;
  private answer: { at: number; tila: Promise<Tila> } | null = null;
  /** What cannot be read is tried again the next time. */
  private readonly certificates = new LRUCache<'vtjkysely', { readonly expires: Date | null }>({
    max: 1,
    ttl: CERTIFICATE_BELIEVED_MS,
    fetchMethod: async () => ({ expires: await this.vtjKysely.findCertificateExpiry() }),
  });

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly kyselyt: TilaRepository,
    private readonly registry: JobRegistry,
    private readonly vtjKysely: VtjKyselyClient,
  ) {}

  getTila(): Promise<Tila> {
    const at = performance.now();
    if (!this.answer || at - this.answer.at > ANSWER_BELIEVED_MS) this.answer = { at, tila: this.gather() };
    return this.answer.tila;
  }

  /** What `getTila` remembers counts no more. */
  forget(): void {
    this.answer = null;
  }

  /** The parts of the database one after the other: they take one of few connections. */
  private async gather(): Promise<Tila> {
    const palvelu = await this.part(
      'palvelu',
      () => this.palvelu(),
      () => 'ok',
    );
    const tietokanta = await this.part('tietokanta', () => this.tietokanta(), judgeKanta);
    const ajot = await this.part('ajot', () => this.ajot(), judgeAjot);
    const tuonnit = await this.part(
      'tuonnit',
      () => this.tuonnit(),
      () => 'ok',
    );
    const jonot = await this.part(
      'jonot',
      () => this.jonot(),
      (jonot) => this.judgeJonot(jonot),
    );
    const jarjestelmat = await this.part('jarjestelmat', () => Promise.resolve(listPeers()), judgePeers);
    const vtj = await this.part('vtj', () => this.kyselyt.getVtj(), ({ virheita }: VtjTila) => (virheita > 0 ? 'attention' : 'ok')); // prettier-ignore
    const varmenteet = await this.part('varmenteet', () => this.varmenteet(), judgeVarmenteet);
    const dokumentit = await this.part(
      'dokumentit',
      () => this.dokumentit(),
      () => 'ok',
    );
    const osat = { palvelu, tietokanta, ajot, tuonnit, jonot, jarjestelmat, vtj, varmenteet, dokumentit };
    return { aika: this.clock.now(), kunto: worstOf(Object.values(osat).map(({ kunto }) => kunto)), ...osat };
  }

  private async part<T>(name: string, gather: () => Promise<T>, judge: (tiedot: T) => Kunto): Promise<TilanOsa<T>> {
    try {
      const tiedot = await gather();
      return { kunto: judge(tiedot), tiedot };
    } catch (error) {
      const syy = maskHetut(error instanceof Error ? errorText(error) : String(error));
      this.log.warn(`Status: ${name} cannot be had: ${syy}`);
      return { kunto: 'failed', syy };
    }
  }

  private async palvelu(): Promise<PalvelunTila> {
    this.version ??= (JSON.parse(await readFile(PACKAGE, 'utf8')) as { version: string }).version;
    const uptimeSeconds = Math.round(process.uptime());
    return {
      version: this.version,
      node: process.version,
      environment: this.config.environmentName,
      host: hostname(),
      started: new Date(this.clock.millis() - uptimeSeconds * 1000),
      uptimeSeconds,
      memoryMegabytes: Math.round(process.memoryUsage.rss() / MB),
    };
  }

  private async tietokanta(): Promise<KannanTila> {
    const kanta = await this.kyselyt.getKanta();
    const pools = (['requests', 'jobs', 'reserved'] as const)
      .map((name) => [name, this.db.pools[name].pool] as const)
      .map(([name, pool]) => ({
        name,
        open: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount,
        most: pool.options.max,
      }));
    return { ...kanta, roundTripMs: Math.round(kanta.roundTripMs * 10) / 10, pools };
  }

  private async ajot(): Promise<AjonTila[]> {
    const jobs = this.registry.list();
    const rivit = await this.kyselyt.listAjot(jobs.map(({ name }) => name));
    const now = this.clock.now();
    return jobs.map(({ schedule, enabled }, i) => toAjonTila(rivit[i]!, { schedule: describeSchedule(schedule), enabled }, now)); // prettier-ignore
  }

  private async tuonnit(): Promise<TuontienTila> {
    const { waiting, underWay, latest } = await this.kyselyt.getTuonnit();
    const now = this.clock.now();
    return {
      waiting,
      underWay: underWay.map((rivi) => toTuonninTila(rivi, now)),
      latest: latest.map((rivi) => toTuonninTila(rivi, now)),
    };
  }

  private async jonot(): Promise<JononTila[]> {
    const jonot = await this.kyselyt.getJonot();
    return [
      { name: 'outbox', waiting: jonot.outbox, oldest: jonot.outboxOldest, tried: jonot.outboxTried, refused: 0 },
      { name: 'email', waiting: jonot.email, oldest: jonot.emailOldest, tried: jonot.emailTried, refused: jonot.emailRefused }, // prettier-ignore
    ];
  }

  private judgeJonot(jonot: readonly JononTila[]): Kunto {
    const lateBefore = this.clock.millis() - QUEUE_LATE_MS;
    const isLate = ({ oldest, refused }: JononTila) =>
      refused > 0 || (oldest !== null && oldest.getTime() < lateBefore);
    return jonot.some(isLate) ? 'attention' : 'ok';
  }

  private async varmenteet(): Promise<VarmenteenTila[]> {
    if (this.config.vtjKysely.keystore === null) return [];
    const { expires } = await this.certificates.forceFetch('vtjkysely');
    const daysLeft = expires && Math.floor((expires.getTime() - this.clock.millis()) / DAY_MS);
    return [{ name: 'vtjkysely', expires, daysLeft }];
  }

  private async dokumentit(): Promise<DokumenttienTila> {
    const { enabled } = this.config.personDocuments;
    const row = enabled ? await this.kyselyt.getDokumentit() : null;
    if (row === null) return { enabled: false, rows: 0, persons: 0, filled: null, changes: 0 };
    const { rows, persons, changes } = row;
    return { enabled, rows, persons, changes, filled: dokumenttienOsuus(row) };
  }
}

const judgeKanta = ({ pools, replicas }: KannanTila): Kunto =>
  pools.some(({ waiting }) => waiting > 0) ||
  replicas.some(({ lagSeconds }) => (lagSeconds ?? 0) > REPLICA_LATE_SECONDS)
    ? 'attention'
    : 'ok';

const judgeAjot = (ajot: readonly AjonTila[]): Kunto =>
  ajot.some(({ enabled, failuresInARow }) => enabled && failuresInARow > 0) ? 'attention' : 'ok';

const judgePeers = (peers: readonly PeerState[]): Kunto =>
  peers.some(({ failuresInARow }) => failuresInARow >= PEER_FAILING) ? 'attention' : 'ok';

const judgeVarmenteet = (varmenteet: readonly VarmenteenTila[]): Kunto =>
  varmenteet.some(({ daysLeft }) => daysLeft === null || daysLeft < CERTIFICATE_WARNING_DAYS) ? 'attention' : 'ok';

const worstOf = (kunnot: readonly (Kunto | 'failed')[]): Kunto | 'failed' =>
  (['failed', 'attention'] as const).find((kunto) => kunnot.includes(kunto)) ?? 'ok';
