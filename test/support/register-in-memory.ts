import type { AuditChange } from '../../src/audit/audit-log.service.js';
import { henkiloNotFound } from '../../src/common/errors.js';
import { LinkitysOikeusService } from '../../src/duplicates/linkitys-oikeus.service.js';
import { LinkitysService } from '../../src/duplicates/linkitys.service.js';
import { LoadedHenkilo } from '../../src/henkilo/muutos/loaded-henkilo.model.js';
import type { Viite } from '../../src/henkiloviite/henkiloviite.repository.js';

/** What a person must not share with another. */
interface Stored {
  readonly hetu: string | null;
  readonly kaikkiHetut: readonly string[];
  readonly tunnisteet: readonly string[];
}

interface State {
  henkilot: Map<string, LoadedHenkilo>;
  stored: Map<string, Stored>;
  links: Viite[];
  /** Persons that were given to HenkiloWriteService, in order. */
  updated: string[];
  /** `operation henkiloOid lisatieto`. */
  audit: string[];
  changes: (readonly AuditChange[])[];
  /** Wards that lost their guardians, persons that lost their municipalities. */
  withoutHuoltajat: string[];
  withoutKotikunnat: string[];
}

class Restart extends Error {
  constructor(
    readonly key: string,
    readonly call: () => Promise<unknown>,
  ) {
    super(key);
  }
}

/**
 * What the rules about persons work on, in memory, for tests of the rules alone: transactions take effect whole or not at all,
 * and begin anew after a call outside; who is changed must have been locked; nobody shares a hetu or a login identifier.
 */
export class RegisterInMemory {
  private state: State = {
    henkilot: new Map(),
    stored: new Map(),
    links: [],
    updated: [],
    audit: [],
    changes: [],
    withoutHuoltajat: [],
    withoutKotikunnat: [],
  };
  private readonly locked = new Set<string>();
  private answers: Map<string, unknown> | null = null;
  /** Who is no oppija. */
  readonly virkailijat = new Set<string>();
  /** Calls to käyttöoikeuspalvelu: `passivoi henkiloOid kasittelijaOid`, `isOppija henkiloOid`. */
  readonly calls: string[] = [];
  /** Käyttöoikeuspalvelu is down. */
  isDown = false;

  /** Stores a person. */
  add(oidHenkilo: string, values: Partial<LoadedHenkilo> = {}): void {
    const nimet = { etunimet: 'Aino Maria', kutsumanimi: 'Aino', sukunimi: 'Testi' };
    const henkilo = LoadedHenkilo.create({ ...nimet, id: this.state.henkilot.size + 1, ...values, oidHenkilo });
    this.state.henkilot.set(oidHenkilo, henkilo);
    this.store(henkilo);
  }

  addLink(masterOid: string, slaveOid: string): void {
    this.state.links.push({ masterOid, slaveOid });
    Object.assign(this.get(slaveOid), { duplicate: true, passivoitu: true });
  }

  get(oidHenkilo: string): LoadedHenkilo {
    const henkilo = this.state.henkilot.get(oidHenkilo);
    if (!henkilo) throw new Error(`The test has no ${oidHenkilo}`);
    return henkilo;
  }

  /** Every link, `master>slave`, sorted. */
  get links(): string[] {
    return this.state.links.map(({ masterOid, slaveOid }) => `${masterOid}>${slaveOid}`).sort();
  }
  get updated(): readonly string[] {
    return this.state.updated;
  }
  get audit(): readonly string[] {
    return this.state.audit;
  }
  get changes(): readonly (readonly AuditChange[])[] {
    return this.state.changes;
  }
  get withoutHuoltajat(): readonly string[] {
    return this.state.withoutHuoltajat;
  }
  get withoutKotikunnat(): readonly string[] {
    return this.state.withoutKotikunnat;
  }

  readonly db = {
    transaction: async <T>(work: () => Promise<T>): Promise<T> => {
      if (this.answers) return work();
      this.answers = new Map();
      try {
        for (;;) {
          const before = copy(this.state);
          try {
            return await work();
          } catch (error) {
            this.state = before;
            this.locked.clear();
            if (!(error instanceof Restart)) throw error;
            this.answers.set(error.key, await error.call());
          }
        }
      } finally {
        this.locked.clear();
        this.answers = null;
      }
    },
    outsideTransaction: (key: string, call: () => Promise<unknown>): unknown => {
      if (!this.answers) throw new Error('Not inside a transaction');
      if (!this.answers.has(key)) throw new Restart(key, call);
      return this.answers.get(key);
    },
  };

  readonly henkiloStore = {
    lock: (oids: readonly string[]) => {
      const found = oids.flatMap((oid) => this.state.henkilot.get(oid) ?? []);
      for (const { oidHenkilo } of found) this.locked.add(oidHenkilo);
      return Promise.resolve(new Map(found.map((henkilo) => [henkilo.oidHenkilo, henkilo])));
    },
    lockOne: async (oid: string) => {
      const henkilo = (await this.henkiloStore.lock([oid])).get(oid);
      if (!henkilo) throw henkiloNotFound(oid);
      return henkilo;
    },
    save: (henkilo: LoadedHenkilo) => Promise.resolve(this.store(henkilo)),
  };

  readonly writes = {
    update: (henkilo: LoadedHenkilo) => this.writes.updateAll([henkilo]),
    updateAll: (henkilot: readonly LoadedHenkilo[]) => {
      for (const henkilo of henkilot) {
        this.store(henkilo);
        this.state.updated.push(henkilo.oidHenkilo);
      }
      return Promise.resolve();
    },
  };

  readonly viitteet = {
    listByOids: (oids: readonly string[]) =>
      Promise.resolve(
        this.state.links.filter(({ masterOid, slaveOid }) => oids.includes(masterOid) || oids.includes(slaveOid)),
      ),
    add: (viite: Viite) => Promise.resolve(void this.state.links.push(viite)),
    remove: ({ masterOid, slaveOid }: Viite) => {
      this.state.links = this.state.links.filter((v) => v.masterOid !== masterOid || v.slaveOid !== slaveOid);
      return Promise.resolve();
    },
    move: async (viite: Viite, masterOid: string) => {
      await this.viitteet.remove(viite);
      await this.viitteet.add({ ...viite, masterOid });
    },
  };

  readonly tunnisteet = {
    findOidByNykyinenHetu: (hetu: string) => Promise.resolve(this.find((stored) => stored.hetu === hetu)),
    findOidByKaikkiHetut: (hetu: string) => Promise.resolve(this.find((stored) => stored.kaikkiHetut.includes(hetu))),
  };

  readonly huoltajat = {
    removeByLapsi: (id: number) => Promise.resolve(void this.state.withoutHuoltajat.push(this.oidOf(id))),
  };
  readonly kotikunnat = {
    removeByHenkilo: (id: number) => Promise.resolve(void this.state.withoutKotikunnat.push(this.oidOf(id))),
  };
  readonly auditLog = {
    writeAfterCommit: (
      operation: string,
      { henkiloOid, lisatieto }: { henkiloOid: string; lisatieto: string },
      changes: readonly AuditChange[] = [],
    ) => {
      this.state.audit.push(`${operation} ${henkiloOid} ${lisatieto}`);
      this.state.changes.push(changes);
    },
  };
  readonly kayttooikeus = {
    passivoi: (henkiloOid: string, kasittelijaOid: string | null) =>
      this.call(`passivoi ${henkiloOid} ${kasittelijaOid}`, undefined),
    isOppija: (henkiloOid: string) => this.call(`isOppija ${henkiloOid}`, !this.virkailijat.has(henkiloOid)),
  };

  /** Linking in this register. @param caller who asks; everybody by default */
  newLinkitys(caller: { superUser?: boolean; oid?: string } = { superUser: true }): LinkitysService {
    const permissions = {
      isSuperUser: () => caller.superUser === true,
      isOwnData: (oid: string | null) => oid !== null && oid === caller.oid,
    };
    return new LinkitysService(
      this.db as never,
      this.henkiloStore as never,
      this.writes as never,
      this.viitteet as never,
      this.huoltajat as never,
      this.kotikunnat as never,
      this.tunnisteet as never,
      this.kayttooikeus as never,
      new LinkitysOikeusService(this.db as never, permissions as never, this.kayttooikeus as never),
      this.auditLog as never,
    );
  }

  private call<T>(what: string, answer: T): Promise<T> {
    if (this.locked.size > 0) throw new Error(`${what} was called inside a transaction`);
    this.calls.push(what);
    return this.isDown ? Promise.reject(new Error('down')) : Promise.resolve(answer);
  }

  /** @throws Error somebody else has a hetu or a login identifier of the person, or nobody has locked it */
  private store(henkilo: LoadedHenkilo): void {
    const { oidHenkilo, hetu } = henkilo;
    if (this.answers && !this.locked.has(oidHenkilo)) throw new Error(`${oidHenkilo} is not locked`);
    const kaikkiHetut = [...henkilo.kaikkiHetut];
    const tunnisteet = henkilo.identifications.map(({ idpEntityId, identifier }) => `${idpEntityId} ${identifier}`);
    for (const [oid, other] of this.state.stored) {
      if (oid === oidHenkilo) continue;
      const isShared =
        (hetu !== null && other.hetu === hetu) ||
        other.kaikkiHetut.some((one) => kaikkiHetut.includes(one)) ||
        other.tunnisteet.some((one) => tunnisteet.includes(one));
      if (isShared) throw new Error(`${oidHenkilo} and ${oid} share what is unique`);
    }
    this.state.stored.set(oidHenkilo, { hetu, kaikkiHetut, tunnisteet });
  }

  private find(matches: (stored: Stored) => boolean): string | undefined {
    return [...this.state.stored].find(([, stored]) => matches(stored))?.[0];
  }

  private oidOf(id: number): string {
    return [...this.state.henkilot.values()].find((henkilo) => henkilo.id === id)!.oidHenkilo;
  }
}

const copyOf = (value: unknown): unknown =>
  value instanceof Set ? new Set<unknown>(value) : Array.isArray(value) ? [...(value as unknown[])] : value;

function copy(state: State): State {
  const henkilot = [...state.henkilot].map(([oid, henkilo]) => {
    const values = Object.fromEntries(Object.entries(henkilo).map(([name, value]) => [name, copyOf(value)]));
    return [oid, Object.assign(new LoadedHenkilo(), values)] as const;
  });
  return {
    ...state,
    henkilot: new Map(henkilot),
    stored: new Map(state.stored),
    links: [...state.links],
    updated: [...state.updated],
    audit: [...state.audit],
    changes: [...state.changes],
    withoutHuoltajat: [...state.withoutHuoltajat],
    withoutKotikunnat: [...state.withoutKotikunnat],
  };
}
