import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { EmailService } from '../../email/email.service.js';
import { YksilointiajonPaatosService } from '../../yksilointi/yksilointiajon-paatos.service.js';
import { ILMOITUS_OTSIKKO, toIlmoitusHtml } from './tuonti-ilmoitus.html.js';

/** A handled import whose importer may still have to be told; the alias of `tuonti` is `t`. */
const ODOTTAVA = 't.kasiteltyja = t.kasiteltavia and t.ilmoitustarve_kasitelty = false';
const YKSILOITY = '(h.yksiloity or h.yksiloityvtj or coalesce(h.yksiloityeidas, false))';
const jossa = (ehto: string) =>
  `exists (select 1 from tuonti_rivi r join henkilo h on h.id = r.henkilo_id where r.tuonti_id = t.id and ${ehto})`;

/** Tells importers that persons of theirs could not be identified (docs/spec/duplicates-tuonti-yleistunniste.md#10.1). */
@Injectable()
export class TuontiIlmoitusService implements OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly email: EmailService,
    private readonly yksilointiajo: YksilointiajonPaatosService,
    @InjectConfig() private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.yksilointiajo.add(() => this.queueNotifications());
  }

  /**
   * Queues one mail to every address whose import has a person that was tried in vain, and marks these imports; also
   * those that need no mail: without an address, or where everyone with a hetu has been tried and someone was
   * identified. When the mail cannot be queued, nothing is marked and the next run tries again.
   */
  queueNotifications(): Promise<void> {
    return this.db.transaction(async () => {
      const epaonnistuneet = await this.db.query<{ sahkoposti: string }>(
        `update tuonti t set ilmoitustarve_kasitelty = true, version = version + 1
          where ${ODOTTAVA} and t.sahkoposti is not null and ${jossa(`h.yksilointi_yritetty and not ${YKSILOITY}`)}
         returning t.sahkoposti`,
      );
      const recipients = [...new Set(epaonnistuneet.map(({ sahkoposti }) => sahkoposti))].filter(Boolean).sort();
      if (recipients.length > 0) {
        const linkki = `${this.config.virkailija.baseUrl}/henkilo-ui/oppijoidentuonti`;
        await this.email.queue({ recipients, subject: ILMOITUS_OTSIKKO, body: toIlmoitusHtml(linkki) });
      }
      await this.db.execute(
        `update tuonti t set ilmoitustarve_kasitelty = true, version = version + 1
          where ${ODOTTAVA}
            and (t.sahkoposti is null and ${jossa('h.yksilointi_yritetty')}
                 or ${jossa(`h.yksilointi_yritetty and ${YKSILOITY}`)}
                    and not ${jossa(`h.hetu is not null and not h.yksilointi_yritetty and not ${YKSILOITY}`)})`,
      );
    });
  }
}
