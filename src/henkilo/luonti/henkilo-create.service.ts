import { Injectable } from '@nestjs/common';
import { UnprocessableError, type FieldError } from '../../common/errors.js';
import { Database } from '../../database/database.js';
import { NotTogetherError, WriteGroups } from '../../database/pipeline/write-groups.js';
import { HenkiloCreateValidator } from './henkilo-create.validator.js';
import { HenkiloWriteService } from '../muutos/henkilo-write.service.js';
import { HenkiloStore } from '../muutos/henkilo.store.js';
import { HenkiloTunnisteRepository, toHetuKey, toPassinumeroKey } from '../muutos/henkilo-tunniste.repository.js';
import { KoodiriviRepository } from '../../koodit/koodirivi.repository.js';
import type { LoadedHenkilo } from '../muutos/loaded-henkilo.model.js';
import { SamankaltaisuusRepository } from '../../hakuteksti/samankaltaisuus.repository.js';
import { toLoadedHenkilo, withoutNulls, type UusiHenkilo } from './uusi-henkilo.mapper.js';

/**
 * Advisory lock of the automatic identification: of persons who resemble each other and are created at once, only one is
 * identified.
 */
const IDENTIFICATION = 'hetuton yksilointi';

/** A person to be stored, who stores it, and what koodisto says of it. */
interface Tallennettava {
  readonly uusi: UusiHenkilo;
  readonly kasittelijaOid: string;
  readonly koodiErrors: readonly FieldError[];
}

/** Stores new persons that clients give. */
@Injectable()
export class HenkiloCreateService {
  private readonly groups: WriteGroups<Tallennettava, LoadedHenkilo>;

  constructor(
    private readonly db: Database,
    private readonly validator: HenkiloCreateValidator,
    private readonly koodirivit: KoodiriviRepository,
    private readonly writes: HenkiloWriteService,
    private readonly store: HenkiloStore,
    private readonly samankaltaisuus: SamankaltaisuusRepository,
    private readonly tunnisteet: HenkiloTunnisteRepository,
  ) {
    this.groups = new WriteGroups(
      db,
      (uudet, mayWait) => this.storeAll(uudet, mayWait),
      (henkilo) => writes.logNew(henkilo),
    );
  }

  /**
   * Stores the person (E17). One without hetu whose data are complete and whom nobody resembles is identified at once.
   * @param kasittelijaOid OID of the user
   * @returns its OID
   * @throws UnprocessableError with every broken rule; nothing is stored
   */
  async createAndIdentify(uusi: UusiHenkilo, kasittelijaOid: string): Promise<string> {
    if (!mayBeIdentified(uusi)) return this.create(uusi, kasittelijaOid);
    const write = await this.prepare(uusi, kasittelijaOid);
    return this.db.transaction(async () => {
      const henkilo = await write();
      await this.identifyIfUnique(henkilo);
      return henkilo.oidHenkilo;
    });
  }

  /**
   * Stores the person as it is (E59).
   * @param kasittelijaOid OID of the user
   * @returns its OID
   * @throws UnprocessableError with every broken rule; nothing is stored
   */
  async create(uusi: UusiHenkilo, kasittelijaOid: string): Promise<string> {
    const tallennettava = await this.toTallennettava(uusi, kasittelijaOid);
    const subject = uusi.hetu ? toHetuKey(uusi.hetu) : undefined;
    const henkilo = this.isForGroups(tallennettava)
      ? await this.groups.add(tallennettava, kasittelijaOid, subject)
      : await this.groups.addAlone(tallennettava);
    return henkilo.oidHenkilo;
  }

  /**
   * Asks koodisto about the person, before a transaction; the answer then checks the rest and stores it inside one
   * (docs/spec/henkilo.md#2.3, docs/spec/henkilo.md#2.4). @throws UnprocessableError from the answer
   */
  async prepare(uusi: UusiHenkilo, kasittelijaOid: string): Promise<() => Promise<LoadedHenkilo>> {
    const tallennettava = await this.toTallennettava(uusi, kasittelijaOid);
    return () => this.groups.addAlone(tallennettava);
  }

  private async toTallennettava(uusi: UusiHenkilo, kasittelijaOid: string): Promise<Tallennettava> {
    return { uusi, kasittelijaOid, koodiErrors: await this.validator.listKoodiErrors(uusi) };
  }

  /** Tells whether the person breaks no rule and its hetu is the only thing to be locked. */
  private isForGroups({ uusi, koodiErrors }: Tallennettava): boolean {
    const { hetu, passinumerot, identifications, eidasTunniste } = uusi;
    if (hetu && !hetu.trim()) return false;
    if (withoutNulls(passinumerot).length > 0 || identifications?.length || eidasTunniste != null) return false;
    return koodiErrors.length === 0 && this.validator.listOwnErrors(uusi).length === 0;
  }

  /**
   * Stores persons of one user. Inside a transaction.
   * @param mayWait whether there is time to wait for who stores the same hetu, and to say what is wrong; then it is one
   */
  private async storeAll(uudet: readonly Tallennettava[], mayWait: boolean): Promise<LoadedHenkilo[]> {
    if (mayWait) {
      for (const uusi of uudet) await this.check(uusi);
    } else {
      await this.reserveHetut(uudet.flatMap(({ uusi }) => uusi.hetu || []));
    }
    const { kasittelijaOid } = uudet[0]!;
    const henkilot: LoadedHenkilo[] = [];
    for (const { uusi } of uudet) henkilot.push(await toLoadedHenkilo(uusi, kasittelijaOid, this.koodirivit));
    await this.writes.createEach(henkilot, kasittelijaOid);
    return henkilot;
  }

  /** Others that store the same hetu or passport numbers wait for this transaction. @throws UnprocessableError */
  private async check({ uusi, koodiErrors }: Tallennettava): Promise<void> {
    const errors = [...(await this.validator.listRuleErrors(uusi)), ...koodiErrors];
    if (errors.length > 0) throw new UnprocessableError('henkiloCreate', errors);
    const passinumerot = withoutNulls(uusi.passinumerot);
    if (passinumerot.length > 1) await this.tunnisteet.lockTunnisteet(passinumerot.map(toPassinumeroKey));
  }

  /** @throws NotTogetherError one of them is taken, or is being taken by someone else */
  private async reserveHetut(hetut: readonly string[]): Promise<void> {
    if (hetut.length === 0) return;
    const [isLocked, holders] = await this.db.together(() =>
      Promise.all([this.tunnisteet.tryLockTunnisteet(hetut.map(toHetuKey)), this.tunnisteet.findOidsByHetut(hetut)]),
    );
    if (!isLocked || holders.size > 0) throw new NotTogetherError('A hetu is not free');
  }

  /** `modified` stays, nothing more is announced (docs/spec/henkilo.md#2.5). */
  private async identifyIfUnique(henkilo: LoadedHenkilo): Promise<void> {
    const { hetu, isYksiloity, duplicate, etunimet, kutsumanimi, sukunimi, sukupuoli, syntymaaika } = henkilo;
    if (hetu !== null || isYksiloity || duplicate || !etunimet || !kutsumanimi || !sukunimi) return;
    if (
      sukupuoli === null ||
      syntymaaika === null ||
      henkilo.aidinkieliId === null ||
      henkilo.kansalaisuusIds.size === 0
    )
      return;
    await this.tunnisteet.lockTunnisteet([IDENTIFICATION]);
    if (await this.samankaltaisuus.hasSimilar(henkilo)) return;
    henkilo.yksiloity = true;
    await this.store.save(henkilo);
  }
}

/** Could `identifyIfUnique` identify such a person? */
function mayBeIdentified({ hetu, sukupuoli, syntymaaika, aidinkieli, kansalaisuus }: UusiHenkilo): boolean {
  if (hetu || sukupuoli == null || syntymaaika == null) return false;
  return !!aidinkieli?.kieliKoodi && withoutNulls(kansalaisuus).length > 0;
}
