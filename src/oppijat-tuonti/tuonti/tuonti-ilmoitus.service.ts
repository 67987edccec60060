import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { EmailService } from '../../email/email.service.js';
import { YksilointiajonPaatosService } from '../../yksilointi/yksilointiajon-paatos.service.js';
import { ILMOITUS_OTSIKKO, toIlmoitusHtml } from './tuonti-ilmoitus.html.js';
import { TuontiRepository } from './tuonti.repository.js';

/** Tells importers that persons of theirs could not be identified (docs/spec/duplicates-tuonti-yleistunniste.md#10.1). */
@Injectable()
export class TuontiIlmoitusService implements OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly tuonnit: TuontiRepository,
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
      const sahkopostit = await this.tuonnit.markFailed();
      const recipients = [...new Set(sahkopostit)].filter(Boolean).sort();
      if (recipients.length > 0) {
        const linkki = `${this.config.virkailija.baseUrl}/henkilo-ui/oppijoidentuonti`;
        await this.email.queue({ recipients, subject: ILMOITUS_OTSIKKO, body: toIlmoitusHtml(linkki) });
      }
      await this.tuonnit.markUneventful();
    });
  }
}
