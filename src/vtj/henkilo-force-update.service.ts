import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service.js';
import { UnprocessableError } from '../common/errors.js';
import { Database } from '../database/database.js';
import { LinkitysService } from '../duplicates/linkitys.service.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import {
  completeNames,
  copyKoodit,
  copyPlainFields,
  mergeYhteystiedot,
  toAuditText,
  type HenkiloMuutos,
} from '../henkilo/muutos/henkilo-muutos.rules.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { HenkiloUpdateValidator, listKutsumanimiErrors } from '../henkilo/muutos/henkilo-update.validator.js';
import { KoodiriviRepository } from '../koodit/koodirivi.repository.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { HuoltajaSuhdeRepository, type HuoltajaSuhdeTieto } from '../huoltajat/huoltaja-suhde.repository.js';
import { HuoltajaService, type HuoltajaTieto } from '../huoltajat/huoltaja.service.js';

/** New values for a person from VTJ: null or absent means "keep" (docs/spec/henkilo.md#3.5). */
export interface HenkiloForceUpdate extends HenkiloMuutos {
  readonly oidHenkilo: string;
  readonly turvakielto?: boolean | null;
  /** Replaces the set; a hetu that this update brings stays in it (docs/parity.md). */
  readonly kaikkiHetut?: readonly string[] | null;
  /** All guardians of the person: as VTJ tells them, or the relation that is to be, whose guardian is left alone. */
  readonly huoltajat?: readonly (HuoltajaTieto | HuoltajaSuhdeTieto)[] | null;
}

/** The update by VTJ: no field is protected. */
@Injectable()
export class HenkiloForceUpdateService {
  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly writes: HenkiloWriteService,
    private readonly validator: HenkiloUpdateValidator,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly koodirivit: KoodiriviRepository,
    private readonly linkitys: LinkitysService,
    private readonly huoltajat: HuoltajaService,
    private readonly suhteet: HuoltajaSuhdeRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Writes the values to the person, or to an older person that has one of its hetut (VTJ relies on it: docs/spec/henkilo.md#O34). If
   * somebody else has the new hetu now, that person becomes a duplicate of this one. Asks koodisto
   * before it opens a transaction; a running one it joins.
   * @returns the person written to
   * @throws NotFoundError unknown OID
   * @throws UnprocessableError values that koodisto does not know or names that do not fit; nothing is written
   */
  async forceUpdate(muutos: HenkiloForceUpdate): Promise<LoadedHenkilo> {
    const koodiErrors = await this.validator.listKoodiErrors(muutos);
    const huoltajat = (muutos.huoltajat ?? []).filter((h): h is HuoltajaTieto => !isSuhde(h));
    const huoltajaErrors = await this.huoltajat.listErrors(huoltajat);
    return this.db.transaction(async () => {
      await this.huoltajat.lockAll(muutos.oidHenkilo, huoltajat);
      const { henkilo, redirected } = await this.lockTarget(muutos);
      const names = redirected ? muutos : completeNames(muutos, henkilo);
      const own = [...listKutsumanimiErrors(names.kutsumanimi, names.etunimet), ...koodiErrors];
      const errors = own.length > 0 ? own : huoltajaErrors;
      if (errors.length > 0) throw new UnprocessableError('henkiloUpdateDto', errors);
      await this.write({ ...muutos, ...names, oidHenkilo: henkilo.oidHenkilo }, henkilo);
      return henkilo;
    });
  }

  private async write(muutos: HenkiloForceUpdate, henkilo: LoadedHenkilo): Promise<void> {
    const { hetu, huoltajat, kaikkiHetut, yhteystiedotRyhma, turvakielto } = muutos;
    const isHetuChanged = !!hetu && hetu !== henkilo.hetu;
    if (kaikkiHetut) henkilo.kaikkiHetut = new Set(kaikkiHetut);
    const modified = isHetuChanged ? await this.changeHetu(henkilo, hetu) : [henkilo];

    if (yhteystiedotRyhma) {
      henkilo.yhteystiedotRyhma = mergeYhteystiedot(henkilo.yhteystiedotRyhma, yhteystiedotRyhma, {
        overwriteReadOnly: true,
      });
    }
    await copyKoodit(muutos, henkilo, this.koodirivit);
    if (huoltajat) await this.replaceHuoltajat(henkilo, huoltajat);
    const plain = { ...muutos, hetu: isHetuChanged ? null : hetu };
    copyPlainFields(plain, henkilo);
    if (turvakielto != null) henkilo.turvakielto = turvakielto;
    await this.writes.updateAll(modified);
    this.logUpdate(plain, henkilo.turvakielto);
  }

  /**
   * The new hetu and, of a person identified by VTJ, also the former ones of whoever had it stay findable: the reference
   * lost them (docs/spec/yksilointi-vtj.md#9, docs/spec/yksilointi-vtj.md#7). Clearing `vtj_bucket` has the data of the new hetu fetched.
   * @returns whom to save, the person last
   */
  private async changeHetu(henkilo: LoadedHenkilo, hetu: string): Promise<readonly LoadedHenkilo[]> {
    const { modified } = await this.linkitys.removeDuplicateHetuAndLink(henkilo, hetu);
    if (henkilo.yksiloityVTJ) henkilo.kaikkiHetut.add(hetu);
    henkilo.hetu = hetu;
    henkilo.vtjBucket = null;
    return modified;
  }

  /** A guardian told twice is one relation; dates that are not told stay as stored (docs/spec/henkilo.md#O14). */
  private async replaceHuoltajat(
    henkilo: LoadedHenkilo,
    huoltajat: readonly (HuoltajaTieto | HuoltajaSuhdeTieto)[],
  ): Promise<void> {
    const stored = await this.suhteet.listByLapsi(henkilo.id);
    const kept = huoltajat.filter(isSuhde);
    const told = new Map<number, HuoltajaSuhdeTieto>();
    for (const tieto of huoltajat) {
      if (isSuhde(tieto)) continue;
      const { id: huoltajaId } = await this.huoltajat.findOrCreate(tieto, henkilo);
      const before = stored.find((suhde) => suhde.huoltajaId === huoltajaId);
      const { huoltajuusAlku = before?.alkupvm, huoltajuusLoppu = before?.loppupvm } = tieto;
      told.set(huoltajaId, { huoltajaId, alkupvm: huoltajuusAlku ?? null, loppupvm: huoltajuusLoppu ?? null });
    }
    const suhteet = [...kept.filter(({ huoltajaId }) => !told.has(huoltajaId)), ...told.values()];
    await this.suhteet.replace(henkilo.id, suhteet);
  }

  /** The oldest of all persons that share one of the hetut; else the person asked for. */
  private async lockTarget(muutos: HenkiloForceUpdate): Promise<{ henkilo: LoadedHenkilo; redirected: boolean }> {
    const henkilo = await this.store.lockOne(muutos.oidHenkilo);
    const hetut = [henkilo.hetu, muutos.hetu, ...(muutos.kaikkiHetut ?? []), ...henkilo.kaikkiHetut].filter(
      (hetu) => !!hetu,
    );
    const oldestOid = await this.tunnisteet.findOldestOidByKaikkiHetut(hetut as string[]);
    if (oldestOid === undefined || oldestOid === henkilo.oidHenkilo) return { henkilo, redirected: false };
    return { henkilo: (await this.lockTarget({ ...muutos, oidHenkilo: oldestOid })).henkilo, redirected: true };
  }

  private logUpdate(muutos: HenkiloForceUpdate, suojattu: boolean): void {
    const newValue = toAuditText({ ...muutos, huoltajat: null }, suojattu);
    const target = { henkiloOid: muutos.oidHenkilo, lisatieto: 'Muokattu väkisin olemassa olevaa henkilöä.' };
    this.audit.writeAfterCommit('FORCE_UPDATE_HENKILO', target, [{ fieldName: 'henkilo', oldValue: '', newValue }]);
  }
}

function isSuhde(huoltaja: HuoltajaTieto | HuoltajaSuhdeTieto): huoltaja is HuoltajaSuhdeTieto {
  return 'huoltajaId' in huoltaja;
}
