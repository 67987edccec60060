import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service.js';
import { readHetu } from '../../common/hetu.js';
import { drawHenkiloOid } from '../../common/oid.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { findCurrentUserOid } from '../../http/request-context.js';
import { HenkiloModifiedOutbox } from '../../outbox/henkilo-modified.outbox.js';
import { isNoSahkoposti } from '../henkilo-koodit.constants.js';
import { HenkiloStore } from './henkilo.store.js';
import type { LoadedHenkilo } from './loaded-henkilo.model.js';

/** The steps that every creation and every change of a person ends with, whoever makes it. */
@Injectable()
export class HenkiloWriteService {
  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly outbox: HenkiloModifiedOutbox,
    private readonly audit: AuditLog,
    @InjectConfig() private readonly config: Config,
  ) {}

  /**
   * Saves a changed person: derives what the hetu tells, stamps the person and its slaves with one instant and the
   * current user, and announces them once committed, the person first (docs/spec/henkilo.md#0.5). Inside a transaction.
   */
  update(henkilo: LoadedHenkilo): Promise<void> {
    return this.updateAll([henkilo]);
  }

  /**
   * As `update` for many persons with one instant and a fixed number of statements.
   * @param henkilot a person named twice is saved once and announced twice
   */
  async updateAll(henkilot: readonly LoadedHenkilo[]): Promise<void> {
    this.outbox.add((await this.saveChanged(henkilot)).flat());
  }

  /** As `updateAll` for changes that have nothing to do with each other: no announcement waits for that of another person. */
  async updateEach(henkilot: readonly LoadedHenkilo[]): Promise<void> {
    this.outbox.addEach(await this.saveChanged(henkilot));
  }

  /** @returns whom to announce, for each person */
  private async saveChanged(henkilot: readonly LoadedHenkilo[]): Promise<string[][]> {
    if (henkilot.length === 0) return [];
    const kasittelijaOid = findCurrentUserOid();
    const distinct = [...new Set(henkilot)];
    for (const henkilo of distinct) {
      this.deriveFromHetu(henkilo);
      henkilo.kasittelijaOid = kasittelijaOid ?? henkilo.kasittelijaOid;
    }
    await this.store.saveAll(distinct, { stamp: true });
    const slaveOids = await this.store.touchSlavesOf(distinct, distinct[0]!.modified, kasittelijaOid);
    return henkilot.map(({ oidHenkilo }) => [oidHenkilo, ...(slaveOids.get(oidHenkilo) ?? [])]);
  }

  /**
   * Stores a new person under a free OID, announces and logs it (docs/spec/henkilo.md#2.4, steps 2 to 12). Inside a transaction.
   * Validation is the caller's.
   * @param kasittelijaOid OID of the user, or the name of the job, that makes the person
   */
  async create(henkilo: LoadedHenkilo, kasittelijaOid: string): Promise<LoadedHenkilo> {
    await this.createAll([henkilo], kasittelijaOid);
    return henkilo;
  }

  /**
   * As `create` under an OID that is given.
   * @returns false: somebody has it, and nothing is stored
   */
  async createWithOid(henkilo: LoadedHenkilo, henkiloOid: string, kasittelijaOid: string): Promise<boolean> {
    this.prepareNew(henkilo, kasittelijaOid);
    henkilo.oidHenkilo = henkiloOid;
    if ((await this.store.insertAll([henkilo])).length > 0) return false;
    this.outbox.add([henkiloOid]);
    this.db.afterCommit(() => this.logNew(henkilo));
    return true;
  }

  /** As `create` for many persons under drawn OIDs, with a fixed number of statements. */
  async createAll(henkilot: readonly LoadedHenkilo[], kasittelijaOid: string): Promise<void> {
    await this.insertNew(henkilot, kasittelijaOid);
    this.outbox.add(henkilot.map((henkilo) => henkilo.oidHenkilo));
    this.db.afterCommit(() => {
      for (const henkilo of henkilot) this.logNew(henkilo);
    });
  }

  /** As `createAll` for persons that have nothing to do with each other. The caller logs each once committed: `logNew`. */
  async createEach(henkilot: readonly LoadedHenkilo[], kasittelijaOid: string): Promise<void> {
    await this.insertNew(henkilot, kasittelijaOid);
    this.outbox.addEach(henkilot.map((henkilo) => [henkilo.oidHenkilo]));
  }

  /** Writes a stored person to the audit log. */
  logNew(henkilo: LoadedHenkilo): void {
    const target = { henkiloOid: henkilo.oidHenkilo, lisatieto: 'Luotu uusi henkilö.' };
    this.audit.write('CREATE_HENKILO', target, [{ fieldName: 'henkilo', newValue: toText(henkilo) }]);
  }

  private async insertNew(henkilot: readonly LoadedHenkilo[], kasittelijaOid: string): Promise<void> {
    for (const henkilo of henkilot) this.prepareNew(henkilo, kasittelijaOid);
    for (let left = henkilot; left.length > 0; left = await this.store.insertAll(left)) {
      for (const henkilo of left) henkilo.oidHenkilo = this.drawOid();
    }
  }

  private drawOid(): string {
    return drawHenkiloOid(this.config.solmuluokka);
  }

  private prepareNew(henkilo: LoadedHenkilo, kasittelijaOid: string): void {
    this.deriveFromHetu(henkilo);
    henkilo.kasittelijaOid = kasittelijaOid;
    henkilo.yksiloityEidas = henkilo.eidasTunnisteet.length > 0;
    const passinumerot: (string | null)[] = [...henkilo.passinumerot]; // a list may hold null
    henkilo.passinumerot = new Set(passinumerot.filter((passinumero) => passinumero?.trim()) as string[]);
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

/** The whole person as JSON, for the audit log; of a protected one not how it is reached. */
const toText = (henkilo: LoadedHenkilo): string =>
  JSON.stringify(henkilo.turvakielto ? withoutYhteystiedot(henkilo) : henkilo, (_key, value: unknown) =>
    value instanceof Set ? [...(value as Set<unknown>)] : value,
  );

const withoutYhteystiedot = (henkilo: LoadedHenkilo) => ({
  ...henkilo,
  kotikunta: null,
  yhteystiedotRyhma: [],
  identifications: henkilo.identifications.filter(isNoSahkoposti),
});
