import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Clock } from '../common/clock.js';
import { readHetu } from '../common/hetu.js';
import { drawHenkiloOid } from '../common/oid.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { findCurrentUserOid } from '../http/request-context.js';
import { HenkiloModifiedOutbox } from '../outbox/henkilo-modified.outbox.js';
import { HenkiloStore } from './henkilo-store.js';
import type { LoadedHenkilo } from './loaded-henkilo.js';

/** The steps that every creation and every change of a person ends with, whoever makes it. */
@Injectable()
export class HenkiloMuokkaus {
  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly outbox: HenkiloModifiedOutbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: Config,
  ) {}

  /**
   * Saves a changed person: derives what the hetu tells, stamps the person and its slaves with one instant and the
   * current user, and announces them once committed, the person first (spec henkilo 0.5). Inside a transaction.
   */
  async update(henkilo: LoadedHenkilo): Promise<void> {
    const kasittelijaOid = findCurrentUserOid();
    this.deriveFromHetu(henkilo);
    henkilo.modified = this.clock.now();
    henkilo.kasittelijaOid = kasittelijaOid ?? henkilo.kasittelijaOid;
    await this.store.save(henkilo);
    const slaveOids = await this.store.touchSlaves(henkilo, kasittelijaOid);
    this.outbox.add([henkilo.oidHenkilo, ...slaveOids]);
  }

  /**
   * Stores a new person under a free OID, announces and logs it (spec henkilo 2.4, steps 2 to 12). Inside a transaction.
   * Validation is the caller's.
   * @param kasittelijaOid OID of the user, or the name of the job, that makes the person
   * @param henkiloOid given OID; without it one is drawn
   */
  async create(henkilo: LoadedHenkilo, kasittelijaOid: string, henkiloOid?: string): Promise<LoadedHenkilo> {
    this.deriveFromHetu(henkilo);
    henkilo.created = henkilo.modified = this.clock.now();
    henkilo.kasittelijaOid = kasittelijaOid;
    henkilo.yksiloityEidas = henkilo.eidasTunnisteet.length > 0;
    henkilo.passinumerot = new Set([...henkilo.passinumerot].filter((passinumero) => passinumero?.trim()));
    do henkilo.oidHenkilo = henkiloOid ?? drawHenkiloOid(this.config.solmuluokka);
    while (!(await this.store.insert(henkilo)) && !henkiloOid);
    this.outbox.add([henkilo.oidHenkilo]);
    this.db.afterCommit(() =>
      this.audit.write('CREATE_HENKILO', { henkiloOid: henkilo.oidHenkilo, lisatieto: 'Luotu uusi henkilö.' }, []),
    );
    return henkilo;
  }

  /** A valid hetu decides on birth date and sex; an empty one is none. */
  private deriveFromHetu(henkilo: LoadedHenkilo): void {
    const tiedot = henkilo.hetu ? readHetu(henkilo.hetu) : undefined;
    if (tiedot && (this.config.allowFakeSsn || !tiedot.isFake)) {
      henkilo.syntymaaika = tiedot.birthDate;
      henkilo.sukupuoli = tiedot.sukupuoli;
    }
    henkilo.hetu ||= null;
  }
}
