import { Injectable } from '@nestjs/common';
import { pageByPage } from '../common/page-by-page.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { toLoadedHenkilo, type UusiHenkilo } from '../henkilo/luonti/uusi-henkilo.mapper.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';
import { KoodiriviRepository } from '../koodit/koodirivi.repository.js';
import { HenkiloForceUpdateService } from '../vtj/henkilo-force-update.service.js';
import { ALKUPERA_VTJ, type YhteystietoTyyppi } from '../yhteystiedot/yhteystieto-tyyppi.constants.js';
import { DatantuontiRepository, toList, type TestihenkiloRivi } from './datantuonti.repository.js';
import { assertTestEnvironment } from './testiymparisto.rules.js';

export const TESTIDATANTUONTI_IMPORT = 'TestidatantuontiImport';
const KASITTELIJA = 'testidatantuonti';
/** Permanent address, from VTJ. */
const VAKINAINEN_OSOITE = 'yhteystietotyyppi4';
const ROWS_OF_PAGE = 500;

/** Test persons of the suomi.fi list, which operators have put into a table (docs/spec/security-integrations-jobs.md#6.4). */
@Injectable()
export class TestidatantuontiService {
  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly db: Database,
    private readonly rivit: DatantuontiRepository,
    private readonly koodirivit: KoodiriviRepository,
    private readonly writes: HenkiloWriteService,
    private readonly forceUpdate: HenkiloForceUpdateService,
  ) {}

  /**
   * Stores those whose hetu nobody has now, then gives them the guardians that are stored. Whom an earlier run did not come
   * to give guardians gets them now.
   * @throws ForbiddenError this is the production
   */
  async run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    assertTestEnvironment(this.config, TESTIDATANTUONTI_IMPORT);
    const count = { seen: 0, changed: 0, failed: 0, wards: 0 };
    const read = (after: string) => this.rivit.listUudetTestihenkilot(after, ROWS_OF_PAGE);
    for await (const page of pageByPage(read, ({ hetu }) => hetu)) {
      count.seen += page.length;
      for (const rivi of page) {
        signal.throwIfAborted();
        await this.create(rivi);
        count.changed++;
        progress.add();
      }
    }
    await this.setHuoltajat(count, signal);
    return count;
  }

  private async create(rivi: TestihenkiloRivi): Promise<void> {
    await this.db.transaction(async () => {
      const henkilo = await toLoadedHenkilo(toUusiHenkilo(rivi), KASITTELIJA, this.koodirivit);
      henkilo.kuolinpaiva = rivi.kuolinpaiva;
      await this.writes.create(henkilo, KASITTELIJA);
      await this.rivit.begin(TESTIDATANTUONTI_IMPORT, henkilo.oidHenkilo);
    });
  }

  private async setHuoltajat(count: { wards: number }, signal: AbortSignal): Promise<void> {
    const read = (after: string) => this.rivit.listHuollettavat(TESTIDATANTUONTI_IMPORT, after, ROWS_OF_PAGE);
    for await (const page of pageByPage(read, ({ oid }) => oid)) {
      for (const { oid, huoltajat: hetut } of page) {
        signal.throwIfAborted();
        const huoltajat = hetut ? await this.rivit.listHuoltajat(toList(hetut)) : [];
        if (huoltajat.length > 0) {
          await this.forceUpdate.forceUpdate({ oidHenkilo: oid, huoltajat });
          count.wards++;
        }
        await this.rivit.finish(TESTIDATANTUONTI_IMPORT, oid);
      }
    }
  }
}

function toUusiHenkilo(rivi: TestihenkiloRivi): UusiHenkilo {
  const { etunimet, aidinkieli, turvakielto, katuosoite, postinumero, kaupunki } = rivi;
  const kieli = aidinkieli ? { kieliKoodi: aidinkieli } : null;
  const arvo = (tyyppi: YhteystietoTyyppi, yhteystietoArvo: string) => ({ yhteystietoTyyppi: tyyppi, yhteystietoArvo });
  const osoite =
    !turvakielto && katuosoite && postinumero && kaupunki
      ? [
          {
            ryhmaKuvaus: VAKINAINEN_OSOITE,
            ryhmaAlkuperaTieto: ALKUPERA_VTJ,
            readOnly: true,
            yhteystieto: [
              arvo('YHTEYSTIETO_KATUOSOITE', katuosoite),
              arvo('YHTEYSTIETO_POSTINUMERO', postinumero),
              arvo('YHTEYSTIETO_KAUPUNKI', kaupunki),
            ],
          },
        ]
      : [];
  return {
    etunimet,
    kutsumanimi: etunimet,
    sukunimi: rivi.sukunimi,
    hetu: rivi.hetu,
    syntymaaika: rivi.syntymaaika,
    sukupuoli: rivi.sukupuoli,
    kotikunta: rivi.kotikunta,
    turvakielto,
    aidinkieli: kieli,
    asiointiKieli: kieli,
    kansalaisuus: toList(rivi.kansalaisuudet).map((kansalaisuusKoodi) => ({ kansalaisuusKoodi })),
    yhteystiedotRyhma: osoite,
    yksiloityVTJ: true,
    yksilointiYritetty: true,
    yksiloity: false,
    duplicate: false,
  };
}
