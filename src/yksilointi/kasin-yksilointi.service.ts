import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service.js';
import { ValidationError } from '../common/errors.js';
import { isKutsumanimiOf } from '../common/kutsumanimi.js';
import { Database } from '../database/database.js';
import { ALKUPERA_VTJ } from '../yhteystiedot/yhteystieto-tyyppi.constants.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import { HenkiloviiteRepository } from '../henkiloviite/henkiloviite.repository.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { YksilointijaljetRepository } from '../yksilointitieto/yksilointijaljet.repository.js';
import { HetuMuutosService } from './hetu-muutos.service.js';
import {
  YksilointitietoRepository,
  type YksilointitietoTiedot,
} from '../yksilointitieto/yksilointitieto.repository.js';

/** Identification by a virkailija's decision (docs/spec/yksilointi-vtj.md#3). */
@Injectable()
export class KasinYksilointiService {
  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly writes: HenkiloWriteService,
    private readonly viitteet: HenkiloviiteRepository,
    private readonly hetut: HetuMuutosService,
    private readonly tiedot: YksilointitietoRepository,
    private readonly jaljet: YksilointijaljetRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Marks a person without hetu as identified (E28); whoever is somebody's slave stays a duplicate. The database refuses one
   * identified with eIDAS.
   * @throws NotFoundError unknown OID
   * @throws ValidationError the person has a hetu
   */
  yksiloiHetuton(henkiloOid: string): Promise<void> {
    return this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(henkiloOid);
      if (henkilo.hetu?.trim())
        throw new ValidationError(`Henkilöllä ${henkiloOid} on hetu, yksilöintiä ei voida tehdä`);
      henkilo.yksiloity = true;
      const links = await this.viitteet.listByOids([henkiloOid]);
      henkilo.duplicate = links.some(({ slaveOid }) => slaveOid === henkiloOid);
      await this.writes.update(henkilo);
      this.audit.writeAfterCommit('HETUTTOMAN_YKSILOINTI', { henkiloOid, lisatieto: 'Yksilöidään hetuton henkilo.' });
    });
  }

  /**
   * Takes back what `yksiloiHetuton` did (E29).
   * @throws NotFoundError unknown OID
   * @throws ValidationError the person is not identified so, is identified strongly, or has a hetu
   */
  puraYksilointi(henkiloOid: string): Promise<void> {
    return this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(henkiloOid);
      if (!henkilo.yksiloity) throw new ValidationError(`Henkilöä ${henkiloOid} ei ole yksilöity`);
      if (henkilo.isYksiloityVahvasti) throw new ValidationError(`Henkilö ${henkiloOid} on vahvasti yksilöity`);
      if (henkilo.hetu?.trim()) throw new ValidationError(`Henkilöllä ${henkiloOid} on hetu`);
      henkilo.yksiloity = false;
      await this.writes.update(henkilo);
      this.audit.writeAfterCommit('PURA_HETUTTOMAN_YKSILOINTI', {
        henkiloOid,
        lisatieto: 'Puretaan hetuttoman henkilon yksilointi.',
      });
    });
  }

  /**
   * Accepts the data that were set aside because VTJ has other names: they replace the person's (E32).
   * @throws NotFoundError unknown OID
   * @throws ValidationError nothing is set aside, or VTJ has identified another person with that hetu and this one too
   */
  hyvaksyVtjTiedot(henkiloOid: string): Promise<void> {
    return this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(henkiloOid);
      const tiedot = await this.tiedot.find(henkilo.id);
      if (!tiedot) throw new ValidationError('No VTJ-data found for henkilo');
      const { isMaster, modified } = await this.hetut.apply(henkilo, tiedot.hetu);
      if (isMaster) accept(henkilo, tiedot);
      await this.jaljet.removeTieto(henkilo.id);
      for (const one of modified) await this.writes.update(one);
    });
  }
}

/**
 * Accepts VTJ's data (docs/spec/yksilointi-vtj.md#3.1). Contact groups that were set aside replace older ones of VTJ: the
 * reference kept both (docs/spec/yksilointi-vtj.md#9, item 23).
 */
function accept(henkilo: LoadedHenkilo, tiedot: YksilointitietoTiedot): void {
  if (tiedot.etunimet?.trim()) henkilo.etunimet = tiedot.etunimet;
  if (tiedot.sukunimi?.trim()) henkilo.sukunimi = tiedot.sukunimi;
  henkilo.sukupuoli = tiedot.sukupuoli;
  henkilo.kotikunta = tiedot.kotikunta;
  henkilo.turvakielto = tiedot.turvakielto;
  henkilo.yksiloityVTJ = true;
  henkilo.yksiloity = false;
  if (tiedot.kutsumanimi?.trim()) henkilo.kutsumanimi = tiedot.kutsumanimi;
  if (!isKutsumanimiOf(henkilo.kutsumanimi, henkilo.etunimet)) henkilo.kutsumanimi = henkilo.etunimet;
  henkilo.aidinkieliId = tiedot.aidinkieliId ?? henkilo.aidinkieliId;
  if (tiedot.kansalaisuusIds.size > 0) henkilo.kansalaisuusIds = new Set(tiedot.kansalaisuusIds);
  if (tiedot.yhteystiedotRyhma.length === 0) return;
  const omat = henkilo.yhteystiedotRyhma.filter((ryhma) => ryhma.ryhmaAlkuperaTieto !== ALKUPERA_VTJ);
  henkilo.yhteystiedotRyhma = [...omat, ...tiedot.yhteystiedotRyhma];
}
