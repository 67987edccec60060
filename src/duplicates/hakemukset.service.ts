import { Injectable, Logger } from '@nestjs/common';
import { AtaruClient } from '../integrations/ataru/ataru.client.js';
import { HakuappClient } from '../integrations/hakuapp/hakuapp.client.js';
import type { HakemusDto } from './dto/henkilo-duplicate.dto.js';

/** Applications of persons (docs/spec/duplicates-tuonti-yleistunniste.md#3). */
@Injectable()
export class HakemuksetService {
  private readonly log = new Logger(HakemuksetService.name);

  constructor(
    private readonly hakuapp: HakuappClient,
    private readonly ataru: AtaruClient,
  ) {}

  /**
   * Applications by person, those of haku-app first. Both services are asked at once and each fails alone: what it has is
   * missing then, and the log says so. A person without applications is absent.
   */
  async findByOids(henkiloOids: readonly string[]): Promise<Map<string, HakemusDto[]>> {
    const answers = await Promise.allSettled([
      this.hakuapp.findApplications(henkiloOids),
      this.ataru.findApplications(henkiloOids),
    ]);
    const byHenkilo = new Map<string, HakemusDto[]>();
    for (const answer of answers) {
      if (answer.status === 'rejected') {
        this.log.error(`Applications are missing: ${(answer.reason as Error).message}`);
        continue;
      }
      for (const [henkiloOid, hakemukset] of answer.value) {
        const list = byHenkilo.get(henkiloOid) ?? [];
        list.push(...hakemukset.map((hakemusData) => ({ hakemusData })));
        byHenkilo.set(henkiloOid, list);
      }
    }
    return byHenkilo;
  }
}

/** Members of an application, in small letters, that tell neither how nor where the applicant is reached. */
const MUUT_TIEDOT = new Set(
  `service oid henkilooid personoid haku hakuoid applicationsystemid form formid state type received created etunimet
   kutsumanimi sukunimi syntymaaika sukupuoli henkilotunnus hetu aidinkieli asiointikieli kieli kansalaisuus
   passinumero kansallinenidtunnus`.split(/\s+/),
);

/** The application of a protected person for who may not see its contact details: of unknown members nothing is shown. */
export const withoutYhteystiedot = ({ hakemusData }: HakemusDto): HakemusDto => ({
  hakemusData: withoutUnknown(hakemusData),
});

function withoutUnknown(hakemus: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(hakemus).flatMap(([name, value]): [string, unknown][] => {
    if (MUUT_TIEDOT.has(name.toLowerCase())) return [[name, value]];
    return isObject(value) ? [[name, withoutUnknown(value)]] : [];
  });
  return Object.fromEntries(kept);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
