import { Injectable, Logger } from '@nestjs/common';
import { Clock, type LocalDate } from '../common/clock.js';
import { readHetu } from '../common/hetu.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';
import { KotikuntaHistoriaRepository, type Asuminen } from '../kotikunta/kotikunta-historia.repository.js';
import { HenkiloForceUpdateService } from '../vtj/henkilo-force-update.service.js';
import { describeFailure, isCollision } from '../vtj/vtj.errors.js';
import { DatantuontiRepository } from './datantuonti.repository.js';
import { jaa, type Osuus } from './jako.rules.js';
import { listVuodet, type Ikahaarukka } from './ika.rules.js';
import { addYears, draw, drawDay, drawOne, drawTestihetu } from './testihetu.rules.js';
import { assertTestEnvironment } from './testiymparisto.rules.js';

export const KOSKI_MUOKKAUS = 'KoskiDatantuonninMuokkaus';
/** Of one run; the shares are exact within it. */
const PERSONS_OF_RUN = 100_000;
/** Days and hetut that are tried of one year. */
const HETUT_OF_YEAR = 200;

const IAT: readonly Osuus<Ikahaarukka>[] = [
  { arvo: { nuorin: 8, vanhin: 17 }, osuus: 96 },
  { arvo: { nuorin: 18, vanhin: 25 }, osuus: 2 },
  { arvo: { nuorin: 26, vanhin: 80 }, osuus: 2 },
];

const KUNNAT = ['918', '049', '186'] as const;
type Asuinpaikka = (typeof KUNNAT)[number] | 'muuttanut ulkomailta' | 'ulkomailla';
const ASUINPAIKAT: readonly Osuus<Asuinpaikka>[] = [
  ...KUNNAT.map((arvo) => ({ arvo, osuus: 32 })),
  { arvo: 'muuttanut ulkomailta', osuus: 2 },
  { arvo: 'ulkomailla', osuus: 2 },
];

/** Gives persons of a test environment the ages and municipalities that Koski's tests need (docs/spec/security-integrations-jobs.md#6.4). */
@Injectable()
export class KoskiMuokkausService {
  private readonly log = new Logger(KoskiMuokkausService.name);

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly rivit: DatantuontiRepository,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly forceUpdate: HenkiloForceUpdateService,
    private readonly kotikunnat: KotikuntaHistoriaRepository,
    private readonly writes: HenkiloWriteService,
  ) {}

  /**
   * Every OID takes one age and one place, also one that turns out to be unknown. Whom a failure leaves unchanged comes
   * again with the next run.
   * @throws ForbiddenError this is the production
   */
  async run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    assertTestEnvironment(this.config, KOSKI_MUOKKAUS);
    const oids = await this.rivit.listMuokattavat(PERSONS_OF_RUN);
    const count = { seen: oids.length, changed: 0, failed: 0, unknown: 0 };
    if (oids.length === 0) this.log.log('No persons of Koski are waiting to be changed');
    progress.expect(oids.length);
    const iat = jaa(oids.length, IAT);
    const paikat = jaa(oids.length, ASUINPAIKAT);
    const given = new Set<string>();
    for (const [i, oid] of oids.entries()) {
      signal.throwIfAborted();
      count[await this.change(oid, iat[i]!, paikat[i]!, given)]++;
      progress.add();
    }
    return count;
  }

  private async change(
    oid: string,
    ika: Ikahaarukka,
    paikka: Asuinpaikka,
    given: Set<string>,
  ): Promise<'changed' | 'failed' | 'unknown'> {
    try {
      if (!(await this.tunnisteet.isHenkilo(oid))) {
        await this.rivit.markMuokattu(oid);
        return 'unknown';
      }
      const hetu = await this.drawFreeHetu(ika, given);
      if (hetu === null) {
        this.log.warn(`Henkilö ${oid} is left as it is: every hetu that was drawn is taken`);
        return 'failed';
      }
      given.add(hetu);
      await this.db.transaction(() => this.write(oid, hetu, paikka));
      return 'changed';
    } catch (error) {
      const why = isCollision(error) ? 'somebody was in the way' : 'it failed';
      this.log.warn(`Henkilö ${oid} is left for the next run, ${why}: ${describeFailure(error)}`);
      return 'failed';
    }
  }

  /** A hetu that nobody has or had and this run has not given: of a random age, else of the next one to it that has any. */
  private async drawFreeHetu(ika: Ikahaarukka, given: ReadonlySet<string>): Promise<string | null> {
    const thisYear = Number(this.clock.today().slice(0, 4));
    const wanted = ika.nuorin + draw(ika.vanhin - ika.nuorin + 1);
    for (const vuosi of listVuodet(thisYear, wanted, ika)) {
      const [first, end] = [`${vuosi}-01-01`, `${vuosi + 1}-01-01`];
      const drawn = Array.from({ length: HETUT_OF_YEAR }, () => drawTestihetu(drawDay(first, end)));
      const hetut = [...new Set(drawn)].filter((hetu) => !given.has(hetu));
      const taken = await this.tunnisteet.findOidsByHetut(hetut);
      const free = hetut.find((hetu) => !taken.has(hetu));
      if (free !== undefined) return free;
    }
    return null;
  }

  /** Inside a transaction. */
  private async write(oid: string, hetu: string, paikka: Asuinpaikka): Promise<void> {
    const henkilo = await this.forceUpdate.forceUpdate({ oidHenkilo: oid, hetu });
    const { birthDate, sukupuoli } = readHetu(hetu)!;
    const asuminen = this.drawAsuminen(paikka, birthDate);
    henkilo.syntymaaika = birthDate;
    henkilo.sukupuoli = sukupuoli;
    henkilo.kotikunta = asuminen?.kotikunta ?? null;
    await this.kotikunnat.removeByHenkilo(henkilo.id);
    await this.kotikunnat.replace(henkilo.id, asuminen ? [asuminen] : []);
    await this.writes.update(henkilo);
    await this.rivit.markMuokattu(oid);
  }

  /** @returns where the person lives now and since when; null: abroad */
  private drawAsuminen(paikka: Asuinpaikka, birthDate: LocalDate): Asuminen | null {
    if (paikka === 'ulkomailla') return null;
    if (paikka !== 'muuttanut ulkomailta')
      return { kotikunta: paikka, kuntaanMuuttopv: birthDate, kunnastaPoisMuuttopv: null };
    const [today, grownUp] = [this.clock.today(), addYears(birthDate, 18)];
    const kuntaanMuuttopv = drawDay(addYears(birthDate, 1), today < grownUp ? today : grownUp);
    return { kotikunta: drawOne(KUNNAT), kuntaanMuuttopv, kunnastaPoisMuuttopv: null };
  }
}
