import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service.js';
import { ForbiddenError, ValidationError, henkiloNotFound } from '../common/errors.js';
import { Database } from '../database/database.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { HenkiloviiteRepository, type Viite } from '../henkiloviite/henkiloviite.repository.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { findCurrentUserOid } from '../http/request-context.js';
import { HuoltajaSuhdeRepository } from '../huoltajat/huoltaja-suhde.repository.js';
import { KayttooikeusClient } from '../integrations/kayttooikeus/kayttooikeus.client.js';
import { KotikuntaHistoriaRepository } from '../kotikunta/kotikunta-historia.repository.js';
import { LinkitysOikeusService } from './linkitys-oikeus.service.js';

/** What linking has changed. The caller saves `modified` with `HenkiloWriteService.updateAll`. */
export interface LinkResult {
  readonly master: LoadedHenkilo;
  /** Former masters of the slaves, one entry for each slave lost and in order, then the new master. */
  readonly modified: readonly LoadedHenkilo[];
  /** The persons that this call put under the master, including those that were under it already. */
  readonly slaveOids: readonly string[];
}

/**
 * Puts duplicates under a master and takes them away (docs/spec/henkilo.md#5). Access rights of a new slave are taken away
 * before the link is committed; if käyttöoikeuspalvelu refuses, nothing is linked (ADR 40).
 */
@Injectable()
export class LinkitysService {
  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly writes: HenkiloWriteService,
    private readonly viitteet: HenkiloviiteRepository,
    private readonly huoltajat: HuoltajaSuhdeRepository,
    private readonly kotikunnat: KotikuntaHistoriaRepository,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly kayttooikeus: KayttooikeusClient,
    private readonly oikeus: LinkitysOikeusService,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Links persons and saves all that changed (E38).
   * @returns OIDs of the slaves; `henkiloOid` itself when another became the master. Empty: nothing to link, nothing changed
   * @throws ValidationError `henkiloOid` is a duplicate
   * @throws NotFoundError one of the persons is unknown
   * @throws ForbiddenError more than one of them is identified
   * @throws UnauthorizedError somebody whom the caller may not join is concerned
   */
  linkAndUpdate(henkiloOid: string, candidateOids: readonly string[]): Promise<readonly string[]> {
    return this.db.transaction(() =>
      this.linkAndUpdateAll(henkiloOid, candidateOids, (oids) => this.oikeus.assertOppijat(oids)),
    );
  }

  /**
   * As linking, but candidates identified by hand lose that first (E39). `henkiloOid` among them is no candidate.
   * @throws ValidationError one of them is identified strongly or has a hetu; without a text, as clients know it
   */
  forceLink(henkiloOid: string, candidateOids: readonly string[]): Promise<readonly string[]> {
    return this.forceLinkIf(henkiloOid, candidateOids, (oids) => this.oikeus.assertOppijat(oids));
  }

  /** As `forceLink` for a job, which needs no right over anybody. */
  forceLinkByJob(henkiloOid: string, candidateOids: readonly string[]): Promise<readonly string[]> {
    return this.forceLinkIf(henkiloOid, candidateOids, () => undefined);
  }

  /**
   * Takes a slave away from its master and makes it active again, also when they were not linked; a slave of someone else
   * stays one (E40).
   * @throws NotFoundError one of them is unknown
   */
  unlink(henkiloOid: string, slaveOid: string): Promise<void> {
    return this.db.transaction(async () => {
      const found = await this.store.lock([henkiloOid, slaveOid]);
      const master = getFrom(found, henkiloOid);
      const slave = getFrom(found, slaveOid);
      await this.viitteet.remove({ masterOid: henkiloOid, slaveOid });
      const links = await this.viitteet.listByOids([slaveOid]);
      if (!links.some((viite) => viite.slaveOid === slaveOid)) {
        slave.duplicate = false;
        slave.passivoitu = false;
      }
      this.audit.writeAfterCommit('PURA_LINKITYS', { henkiloOid, lisatieto: `Linkitys henkilöön ${slaveOid} purettu` });
      this.audit.writeAfterCommit('PURA_LINKITYS', {
        henkiloOid: slaveOid,
        lisatieto: `Linkitys henkilöön ${henkiloOid} purettu`,
      });
      await this.writes.update(master);
      await this.writes.update(slave);
    });
  }

  /**
   * Links persons; the identified one becomes the master, else `henkiloOid`. Inside a transaction; the caller saves the
   * result. Errors: see linkAndUpdate.
   * @param assertMayConcern is told of everyone whose links or rights change, before any right is taken away
   */
  async link(
    henkiloOid: string,
    candidateOids: readonly string[],
    assertMayConcern: (henkiloOids: readonly string[]) => void = () => undefined,
  ): Promise<LinkResult> {
    const candidates = [...new Set(candidateOids)].filter((oid) => oid !== henkiloOid);
    const found = await this.lockForLinking(henkiloOid, candidates);
    const asked = found.get(henkiloOid);
    if (asked?.duplicate) throw new ValidationError(`Henkilo ${henkiloOid} is already a duplicate`);
    if (!asked) throw henkiloNotFound(henkiloOid);

    if (candidates.length === 0) return { master: asked, modified: [asked], slaveOids: [] };

    const links = await this.viitteet.listByOids([...found.keys()]);
    const persons = [henkiloOid, ...candidates].flatMap((oid) => found.get(oid) ?? []);
    const identified = persons.filter(isIdentified);
    const master = identified[0] ?? asked;
    const formerMasters = links.filter((v) => v.slaveOid === master.oidHenkilo).map((v) => v.masterOid);
    assertOneIdentified([...persons, ...formerMasters.flatMap((oid) => found.get(oid) ?? [])]);

    master.passivoitu = false;
    master.duplicate = false;
    const slaveOids = candidates.filter((oid) => oid !== master.oidHenkilo);
    if (master !== asked) slaveOids.push(henkiloOid);
    slaveOids.push(...formerMasters);

    const state: Linking = { master, links: [...links], previousMasterOids: [], newSlaveOids: [] };
    for (const slaveOid of slaveOids) await this.linkOne(slaveOid, state);
    const moved = links.filter((viite) => slaveOids.includes(viite.masterOid)).map((viite) => viite.slaveOid);
    assertMayConcern([master.oidHenkilo, ...slaveOids, ...moved, ...state.previousMasterOids]);
    this.passivateBeforehand(state.newSlaveOids);

    this.audit.writeAfterCommit('LINKITYS', {
      henkiloOid: master.oidHenkilo,
      lisatieto: `Henkilöön linkitetty duplikaatit: ${slaveOids.join(', ')}`,
    });
    for (const oid of slaveOids) {
      this.audit.writeAfterCommit('LINKITYS', {
        henkiloOid: oid,
        lisatieto: `Henkilö merkitty duplikaatiksi ja linkitetty henkilöön ${master.oidHenkilo}`,
      });
    }
    const previousMasters = await this.store.lock(state.previousMasterOids);
    return {
      master,
      slaveOids,
      modified: [...state.previousMasterOids.flatMap((oid) => previousMasters.get(oid) ?? []), master],
    };
  }

  /**
   * Links the person with the one that has the hetu, if there is one: master is the other if VTJ has identified it, else
   * `henkilo`; the slave loses its hetu (docs/spec/henkilo.md#5.6). Inside a transaction; the caller saves the result and puts the
   * hetut right.
   * @throws ValidationError both are identified
   */
  async linkWithHetu(henkilo: LoadedHenkilo, hetu: string): Promise<LinkResult> {
    const candidates = [
      await this.tunnisteet.findOidByKaikkiHetut(hetu),
      await this.tunnisteet.findOidByNykyinenHetu(hetu),
    ];
    const otherOid = candidates.find((oid) => oid !== undefined && oid !== henkilo.oidHenkilo);
    if (otherOid === undefined) return { master: henkilo, modified: [henkilo], slaveOids: [] };

    const other = getFrom(await this.lockForLinking(henkilo.oidHenkilo, [otherOid]), otherOid);
    if (other.yksiloityVTJ && henkilo.isYksiloity) {
      throw new ValidationError(
        `Henkilöitä ${henkilo.oidHenkilo} ja ${otherOid} ei voida yhdistää koska molemmat ovat jo yksilöity`,
      );
    }
    const [master, slave] = other.yksiloityVTJ ? [other, henkilo] : [henkilo, other];
    slave.hetu = null;
    await this.store.save(slave); // the hetu is unique
    return this.link(master.oidHenkilo, [slave.oidHenkilo]);
  }

  /**
   * Takes the hetu from whoever else has it now, with all its hetut and its identification, and puts that person under
   * `henkilo` (docs/spec/henkilo.md#5.5). Inside a transaction; the caller saves the result.
   */
  async removeDuplicateHetuAndLink(henkilo: LoadedHenkilo, hetu: string): Promise<LinkResult> {
    const otherOid = await this.tunnisteet.findOidByNykyinenHetu(hetu);
    if (otherOid === undefined || otherOid === henkilo.oidHenkilo)
      return { master: henkilo, modified: [henkilo], slaveOids: [] };

    const other = getFrom(await this.lockForLinking(henkilo.oidHenkilo, [otherOid]), otherOid);
    const kaikkiHetut = [...other.kaikkiHetut];
    other.kaikkiHetut.clear();
    other.hetu = null;
    other.yksiloity = false;
    other.yksiloityVTJ = false;
    await this.kotikunnat.removeByHenkilo(other.id);
    await this.store.save(other); // each hetu is unique
    for (const one of kaikkiHetut) henkilo.kaikkiHetut.add(one);
    return this.link(henkilo.oidHenkilo, [otherOid]);
  }

  private forceLinkIf(
    henkiloOid: string,
    candidateOids: readonly string[],
    assertMayConcern: (henkiloOids: readonly string[]) => void,
  ): Promise<readonly string[]> {
    return this.db.transaction(async () => {
      const candidates = [...(await this.lockForLinking(henkiloOid, candidateOids))]
        .filter(([oid]) => oid !== henkiloOid && candidateOids.includes(oid))
        .map(([, henkilo]) => henkilo);
      if (candidates.some((henkilo) => henkilo.isYksiloityVahvasti || henkilo.hetu !== null))
        throw new ValidationError(null);
      for (const henkilo of candidates) {
        henkilo.yksiloity = false;
        await this.store.save(henkilo);
      }
      return this.linkAndUpdateAll(henkiloOid, candidateOids, assertMayConcern);
    });
  }

  private async linkAndUpdateAll(
    henkiloOid: string,
    candidateOids: readonly string[],
    assertMayConcern: (henkiloOids: readonly string[]) => void,
  ): Promise<readonly string[]> {
    const { modified, slaveOids } = await this.link(henkiloOid, candidateOids, assertMayConcern);
    if (slaveOids.length > 0) await this.writes.updateAll(modified);
    return slaveOids;
  }

  /** Locks, in id order, the persons, the masters that they have and the slaves of all of these. */
  private async lockForLinking(
    henkiloOid: string,
    candidateOids: readonly string[],
  ): Promise<Map<string, LoadedHenkilo>> {
    const oids = [henkiloOid, ...candidateOids];
    const links = await this.viitteet.listByOids(oids);
    return this.store.lock([...new Set([...oids, ...links.map((viite) => viite.masterOid)])]);
  }

  /** Links the persons (docs/spec/henkilo.md#5.2). A slave is saved before the master, so that what moves to the master is free. */
  private async linkOne(slaveOid: string, linking: Linking): Promise<void> {
    const { master } = linking;
    const own = linking.links.filter((viite) => viite.slaveOid === slaveOid);
    for (const viite of own) {
      if (viite.masterOid === master.oidHenkilo) continue;
      await this.viitteet.remove(viite);
      linking.links.splice(linking.links.indexOf(viite), 1);
      linking.previousMasterOids.push(viite.masterOid);
    }
    if (own.some((viite) => viite.masterOid === master.oidHenkilo)) return;

    await this.viitteet.add({ masterOid: master.oidHenkilo, slaveOid });
    linking.links.push({ masterOid: master.oidHenkilo, slaveOid });
    const slave = await this.store.lockOne(slaveOid);
    slave.duplicate = true;
    slave.passivoitu = true;
    await this.huoltajat.removeByLapsi(slave.id);
    linking.newSlaveOids.push(slaveOid);

    for (const viite of linking.links.filter((v) => v.masterOid === slaveOid)) {
      linking.links.splice(linking.links.indexOf(viite), 1);
      if (viite.slaveOid === master.oidHenkilo) {
        await this.viitteet.remove(viite);
      } else {
        await this.viitteet.move(viite, master.oidHenkilo);
        linking.links.push({ masterOid: master.oidHenkilo, slaveOid: viite.slaveOid });
      }
    }
    if (master.hetu === null && slave.hetu === null) mergeInto(master, slave);
    await this.store.save(slave);
  }

  private passivateBeforehand(henkiloOids: readonly string[]): void {
    if (henkiloOids.length === 0) return;
    const kasittelijaOid = findCurrentUserOid();
    this.db.outsideTransaction(`passivointi ${henkiloOids.join(' ')}`, async () => {
      for (const oid of henkiloOids) await this.kayttooikeus.passivoi(oid, kasittelijaOid);
    });
  }
}

/** One linking while it goes on. */
interface Linking {
  readonly master: LoadedHenkilo;
  /** Links of everyone concerned as they are now. */
  readonly links: Viite[];
  readonly previousMasterOids: string[];
  readonly newSlaveOids: string[];
}

const isIdentified = (henkilo: LoadedHenkilo): boolean => henkilo.isYksiloity || henkilo.hetu !== null;

/** Two identified persons must not become one by mistake; a former master that would become a slave counts too. */
function assertOneIdentified(persons: readonly LoadedHenkilo[]): void {
  if (new Set(persons.filter(isIdentified)).size > 1) throw new ForbiddenError('More than one identified Henkilo');
}

/** Neither has a hetu: login identifiers move, nationalities are added, a missing mother tongue is taken. */
function mergeInto(master: LoadedHenkilo, slave: LoadedHenkilo): void {
  master.identifications.push(...slave.identifications.map((tunniste) => ({ ...tunniste, id: null })));
  slave.identifications = [];
  for (const id of slave.kansalaisuusIds) master.kansalaisuusIds.add(id);
  master.aidinkieliId ??= slave.aidinkieliId;
}

function getFrom(found: ReadonlyMap<string, LoadedHenkilo>, henkiloOid: string): LoadedHenkilo {
  const henkilo = found.get(henkiloOid);
  if (!henkilo) throw henkiloNotFound(henkiloOid);
  return henkilo;
}
