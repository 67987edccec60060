import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { maskHetut } from '../common/hetu-mask.js';
import { readHetu } from '../common/hetu.js';
import { PeerError, UnavailableError } from '../common/errors.js';
import { KeyedWork } from '../common/keyed-work.js';
import { pageByPage } from '../common/page-by-page.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { EXPORT_SETTINGS } from '../config/export.settings.js';
import { givenSetting } from '../config/setting.js';
import { Database } from '../database/database.js';
import { LinkitysService } from '../duplicates/linkitys.service.js';
import { toLoadedHenkilo } from '../henkilo/luonti/uusi-henkilo.mapper.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import { ObjectStorageClient, type Bucket } from '../integrations/object-storage/object-storage.client.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';
import { KoodiriviRepository } from '../koodit/koodirivi.repository.js';
import { DatantuontiRepository, toList, type TuotuRivi } from './datantuonti.repository.js';
import { ETUNIMET, SUKUNIMET } from './nimet.constants.js';
import { addYears, drawDay, drawOne, drawTestihetu } from './testihetu.rules.js';
import { assertTestEnvironment } from './testiymparisto.rules.js';

export const DATANTUONTI_IMPORT = 'DatantuontiImport';
const KASITTELIJA = 'datantuonti';
const MANIFEST = 'oppijanumerorekisteri/v1/manifest.json';
const MANIFEST_MAX_BYTES = 64 * 1024;
const ROWS_OF_PAGE = 1_000;
const PERSONS_AT_ONCE = 4;
/** Days whose hetut are tried for one person; a day has some 600. */
const DAYS_OF_PERSON = 20;
const HETUT_OF_DAY = 50;

/** Persons of the production as others, with made-up names and hetut (docs/spec/security-integrations-jobs.md#6.3). */
@Injectable()
export class DatantuontiImportService {
  private readonly log = new Logger(DatantuontiImportService.name);

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly rivit: DatantuontiRepository,
    private readonly storage: ObjectStorageClient,
    private readonly koodirivit: KoodiriviRepository,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly writes: HenkiloWriteService,
    private readonly linkitys: LinkitysService,
  ) {}

  /**
   * Stores the persons of the file that are not stored yet, then links them. What an earlier run has stored stays; what it
   * did not come to link is linked now.
   * @throws ForbiddenError this is the production
   * @throws PeerError the file is not to be had
   */
  async run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    assertTestEnvironment(this.config, DATANTUONTI_IMPORT);
    const { bucketName } = this.config.datantuontiImport;
    const bucket = this.storage.bucket(givenSetting(EXPORT_SETTINGS.datantuontiImport.bucketName, bucketName));
    const csv = await bucket.download({ key: await readManifest(bucket, signal) }, signal);
    await this.rivit.loadTuodut(csv, this.config.exportSnapshotMs, signal);
    const count = { seen: await this.rivit.countTuodut(), changed: 0, failed: 0, linked: 0 };
    progress.expect(await this.rivit.countUudet());
    await this.createAll(count, signal, progress);
    await this.linkAll(count, signal);
    this.log.log('Oppijanumerorekisteri datantuonti import task completed'); // an alarm waits for this text
    return count;
  }

  private async createAll(count: { changed: number }, signal: AbortSignal, progress: JobProgress): Promise<void> {
    const work = new KeyedWork(PERSONS_AT_ONCE);
    for await (const page of pageByPage((after) => this.rivit.listUudet(after, ROWS_OF_PAGE), oidOf)) {
      for (const rivi of page) {
        signal.throwIfAborted();
        await work.add(rivi.oid, async () => {
          if (await this.create(rivi)) count.changed++;
          progress.add();
        });
      }
      await work.drain(); // the next page must not begin with a person that is being stored
    }
  }

  /** @returns false: somebody else has stored it meanwhile */
  private async create(rivi: TuotuRivi): Promise<boolean> {
    const today = this.clock.today();
    let syntymaaika = drawDay(addYears(today, -80), addYears(today, -7));
    let hetu: string | null = null;
    if (rivi.yksiloityvtj) ({ hetu, syntymaaika } = await this.drawFreeHetu(syntymaaika));
    const nimi = drawOne(ETUNIMET);
    const kieli = (kieliKoodi: string | null) => (kieliKoodi ? { kieliKoodi } : null);
    const uusi = {
      etunimet: `${nimi} Testi`,
      kutsumanimi: nimi,
      sukunimi: `${drawOne(SUKUNIMET)}-Testi`,
      hetu,
      syntymaaika,
      sukupuoli: hetu ? readHetu(hetu)!.sukupuoli : '2',
      aidinkieli: kieli(rivi.aidinkieli),
      asiointiKieli: kieli(rivi.asiointikieli),
      kansalaisuus: toList(rivi.kansalaisuus).map((kansalaisuusKoodi) => ({ kansalaisuusKoodi })),
      yksiloityVTJ: rivi.yksiloityvtj,
      yksilointiYritetty: rivi.yksiloityvtj,
      yksiloity: !rivi.yksiloityvtj && !rivi.masterOid,
      duplicate: !!rivi.masterOid,
    };
    return this.db.transaction(async () => {
      const henkilo = await toLoadedHenkilo(uusi, KASITTELIJA, this.koodirivit);
      if (!(await this.writes.createWithOid(henkilo, rivi.oid, KASITTELIJA))) return false;
      if (rivi.masterOid || rivi.linkitetytOidit) await this.rivit.begin(DATANTUONTI_IMPORT, rivi.oid);
      return true;
    });
  }

  /** A hetu that nobody has or had, of the given day where there is one left. */
  private async drawFreeHetu(first: string): Promise<{ hetu: string; syntymaaika: string }> {
    for (let syntymaaika = first, days = 0; days < DAYS_OF_PERSON; days++) {
      const hetut = [...new Set(Array.from({ length: HETUT_OF_DAY }, () => drawTestihetu(syntymaaika)))];
      const taken = await this.tunnisteet.findOidsByHetut(hetut);
      const hetu = hetut.find((one) => !taken.has(one));
      if (hetu !== undefined) return { hetu, syntymaaika };
      const today = this.clock.today();
      syntymaaika = drawDay(addYears(today, -80), addYears(today, -7));
    }
    throw new Error('Every test hetu that was drawn is taken');
  }

  private async linkAll(count: { failed: number; linked: number }, signal: AbortSignal): Promise<void> {
    const read = (after: string) => this.rivit.listKeskeneraiset(DATANTUONTI_IMPORT, after, ROWS_OF_PAGE);
    for await (const page of pageByPage(read, oidOf)) {
      for (const { oid, linkitetytOidit, masterOid } of page) {
        signal.throwIfAborted();
        const slaves = toList(linkitetytOidit);
        const isSettled = [
          slaves.length === 0 || (await this.link(oid, slaves, count)),
          !masterOid || (await this.link(masterOid, [oid], count)),
        ];
        if (isSettled.every(Boolean)) await this.rivit.finish(DATANTUONTI_IMPORT, oid);
      }
    }
  }

  /**
   * What the rules do not link, such as a slave with a hetu, stays as it is.
   * @returns false: another system or the database is away, so the next run is to try again
   */
  private async link(
    masterOid: string,
    slaveOids: string[],
    count: { failed: number; linked: number },
  ): Promise<boolean> {
    try {
      count.linked += (await this.linkitys.forceLinkByJob(masterOid, slaveOids)).length;
      return true;
    } catch (error) {
      count.failed++;
      const { name, message } = error as Error;
      this.log.warn(`Henkilö ${masterOid} was not linked with ${slaveOids.join(', ')}: ${name} ${maskHetut(message)}`);
      return !(error instanceof PeerError || error instanceof UnavailableError);
    }
  }
}

const oidOf = ({ oid }: { readonly oid: string }) => oid;

/** @throws PeerError the manifest is missing or names no file */
async function readManifest(bucket: Bucket, signal: AbortSignal): Promise<string> {
  const text = await bucket.downloadText(MANIFEST, MANIFEST_MAX_BYTES, signal);
  try {
    const { henkilo } = JSON.parse(text) as { henkilo?: unknown };
    if (typeof henkilo === 'string' && henkilo !== '') return henkilo;
  } catch {
    // said below
  }
  throw new PeerError('s3', `s3://${bucket.name}/${MANIFEST} names no file of persons`);
}
