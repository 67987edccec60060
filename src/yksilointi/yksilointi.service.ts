import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service.js';
import { Clock } from '../common/clock.js';
import { DataInconsistencyError, ValidationError } from '../common/errors.js';
import { readHetu } from '../common/hetu.js';
import { Nimivertailu } from '../common/nimivertailu.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { YksilointijaljetRepository } from '../yksilointitieto/yksilointijaljet.repository.js';
import type { VtjHenkilo } from '../integrations/vtj-kysely/vtj-henkilo.model.js';
import { toKotikunta, VtjKopiointiService } from './vtj-kopiointi.service.js';
import { VtjHakuService, type VtjTiedot } from './vtj-haku.service.js';
import { EiYksiloitavissaError } from './yksilointi.errors.js';
import { YksilointitietoRepository } from '../yksilointitieto/yksilointitieto.repository.js';
import { toYksilointivirhe } from './yksilointivirhe.rules.js';

/** Outcome of an attempt; `skipped`: the person no longer needs identification. */
export type Yksilointitulos = 'identified' | 'linked' | 'namesDiffer' | 'skipped';

/** Names of this kind in VTJ are former surnames (docs/spec/yksilointi-vtj.md#2.4). */
const ENTISET_SUKUNIMET = ['05', '07', '10'];

/** Identifies persons that have a hetu against VTJ (docs/spec/yksilointi-vtj.md#2). */
@Injectable()
export class YksilointiService {
  private readonly log = new Logger(YksilointiService.name);
  private readonly vertailu: Nimivertailu;

  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly writes: HenkiloWriteService,
    private readonly haku: VtjHakuService,
    private readonly kopiointi: VtjKopiointiService,
    private readonly tiedot: YksilointitietoRepository,
    private readonly jaljet: YksilointijaljetRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    @InjectConfig() config: Config,
  ) {
    this.vertailu = new Nimivertailu(config.nimi);
  }

  /**
   * Identifies one person now (E27). Other names in VTJ are no error: its data are set aside for a decision.
   * @throws NotFoundError unknown OID
   * @throws ValidationError no hetu, or (EiYksiloitavissaError) VTJ cannot identify the person; nothing is stored
   * @throws PeerError VTJ or another system does not answer properly; nothing is stored
   */
  yksiloi(henkiloOid: string): Promise<void> {
    return this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(henkiloOid);
      if (!henkilo.hetu?.trim()) throw new ValidationError(`Henkilöllä ${henkiloOid} ei ole hetua`);
      await this.yksiloiHenkilo(henkilo, henkilo.hetu);
      this.audit.writeAfterCommit('MANUAALINEN_YKSILOINTI', {
        henkiloOid,
        lisatieto: 'Aloitettu henkilon yksilointi.',
      });
    });
  }

  /** As `yksiloi`, for the job: skips a person that no longer needs identification. */
  yksiloiAutomaattisesti(henkiloOid: string): Promise<Yksilointitulos> {
    return this.db.transaction(async () => {
      const henkilo = (await this.store.lock([henkiloOid])).get(henkiloOid);
      if (!henkilo?.hetu?.trim() || henkilo.yksiloityVTJ) return 'skipped';
      return this.yksiloiHenkilo(henkilo, henkilo.hetu);
    });
  }

  /** Stores why the job could not identify the person, and when it is to try again. `modified` stays (docs/spec/yksilointi-vtj.md#2.2). */
  saveVirhe(henkiloOid: string, error: unknown): Promise<void> {
    return this.db.transaction(async () => {
      const henkilo = (await this.store.lock([henkiloOid])).get(henkiloOid);
      if (!henkilo || henkilo.yksiloityVTJ) return;
      henkilo.yksilointiYritetty = true;
      await this.store.save(henkilo);
      const now = this.clock.now();
      const maara = await this.jaljet.findUudelleenyritysMaara(henkilo.id);
      await this.jaljet.saveVirhe(henkilo.id, toYksilointivirhe(error, maara, now), now);
    });
  }

  /**
   * Takes over what VTJ now says of a person that it has identified (E30).
   * @throws NotFoundError unknown OID
   * @throws ValidationError VTJ has not identified the person, or its new hetu belongs to another whom it has
   * @throws DataInconsistencyError no hetu, or VTJ does not know it any more
   */
  paivitaVtjTiedot(henkiloOid: string): Promise<void> {
    return this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(henkiloOid);
      if (!henkilo.yksiloityVTJ) throw new ValidationError(`Henkilöä ${henkiloOid} ei ole yksilöity`);
      if (!henkilo.hetu) throw new DataInconsistencyError(`Yksilöidyllä henkilöllä ${henkiloOid} ei ole hetua`);
      const tulos = this.haku.find(henkilo.hetu);
      if (tulos.kind !== 'found')
        throw new DataInconsistencyError(`Yksilöidyn henkilön ${henkiloOid} hetua ei löydy VTJ:stä`);
      const { modified } = await this.kopiointi.copy(henkilo, tulos);
      for (const one of modified) await this.writes.update(one);
      this.audit.writeAfterCommit('TUNNISTUSTIETOJEN_PAIVITYS', { henkiloOid, lisatieto: 'VTJ-tiedot päivitetty.' });
      this.audit.writeAfterCommit('YKSILOINTITIETOJEN_PAIVITYS', { henkiloOid, lisatieto: 'VTJ-tiedot päivitetty.' });
    });
  }

  private async yksiloiHenkilo(henkilo: LoadedHenkilo, hetu: string): Promise<Yksilointitulos> {
    const { oidHenkilo } = henkilo;
    if (henkilo.yksiloityEidas) throw new EiYksiloitavissaError('EIDAS', oidHenkilo);
    if (hetu.length < 8) throw new DataInconsistencyError(`Henkilön ${oidHenkilo} hetu on liian lyhyt`);
    if (hetu[7] === '9') throw new EiYksiloitavissaError('HETU_EI_OIKEA', hetu);
    const tulos = this.haku.find(hetu);
    if (tulos.kind !== 'found')
      throw new EiYksiloitavissaError(tulos.kind === 'notFound' ? 'HETU_EI_VTJ' : 'HETU_PASSIVOITU', hetu);

    await this.jaljet.removeVirhe(henkilo.id);
    henkilo.yksilointiYritetty = true;
    if (!this.isSame(henkilo, tulos.henkilo)) return this.setAside(henkilo, tulos);

    const { isMaster, modified } = await this.kopiointi.copy(henkilo, tulos);
    if (isMaster) {
      henkilo.yksiloityVTJ = true;
      henkilo.yksiloity = false;
      await this.jaljet.removeTieto(henkilo.id);
    } else await this.store.save(henkilo); // a slave: its master is announced
    for (const one of modified) await this.writes.update(one);
    return isMaster ? 'identified' : 'linked';
  }

  /** Nobody has named a person without any name otherwise; else its first names and surname are those of VTJ, swapped or not. */
  private isSame(henkilo: LoadedHenkilo, vtj: VtjHenkilo): boolean {
    if (!henkilo.sukunimi.trim() && !henkilo.etunimet.trim()) return true;
    const entiset = vtj.entisetNimet.filter(({ laji }) => ENTISET_SUKUNIMET.includes(laji)).map(({ nimi }) => nimi);
    const sukunimet = [vtj.sukunimi, ...entiset].filter((nimi) => nimi !== null);
    return this.vertailu.yksilointiMatches(henkilo, { etunimet: vtj.etunimi, sukunimet });
  }

  /** The person keeps its data; those of VTJ wait for a decision (docs/spec/yksilointi-vtj.md#2.6). */
  private async setAside(henkilo: LoadedHenkilo, { henkilo: vtj, koodistot }: VtjTiedot): Promise<Yksilointitulos> {
    const hasYhteystiedot = vtj.osoitteet.length > 0 || !!vtj.sahkoposti?.trim();
    const isOppija = hasYhteystiedot && this.haku.isOppija(henkilo.oidHenkilo);
    await this.tiedot.store(henkilo.id, {
      hetu: vtj.hetu,
      etunimet: vtj.etunimi,
      kutsumanimi: vtj.kutsumanimi,
      sukunimi: vtj.sukunimi,
      sukupuoli: vtj.sukupuoli?.trim() ? vtj.sukupuoli : ((vtj.hetu && readHetu(vtj.hetu)?.sukupuoli) ?? null),
      kotikunta: toKotikunta(vtj, koodistot),
      turvakielto: vtj.turvakielto,
      aidinkieliId: await this.kopiointi.findAidinkieliId(vtj, koodistot),
      kansalaisuusIds: await this.kopiointi.kansalaisuusIds(vtj, koodistot),
      yhteystiedotRyhma: isOppija ? await this.kopiointi.ryhmat(henkilo, vtj) : [],
    });
    await this.writes.update(henkilo);
    this.log.log(`Names of ${henkilo.oidHenkilo} differ from those in VTJ`);
    return 'namesDiffer';
  }
}
