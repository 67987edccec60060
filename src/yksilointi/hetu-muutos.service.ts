import { Injectable } from '@nestjs/common';
import { LinkitysService } from '../duplicates/linkitys.service.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';

export interface HetuMuutos {
  /** false: another person, whom VTJ has identified, has the hetu and is now the master. */
  readonly isMaster: boolean;
  /** Whom to save with HenkiloWriteService.update, in this order. */
  readonly modified: readonly LoadedHenkilo[];
}

/** Puts the hetut of a person right after VTJ has told its current one (docs/spec/yksilointi-vtj.md#2.5). */
@Injectable()
export class HetuMuutosService {
  constructor(
    private readonly store: HenkiloStore,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly linkitys: LinkitysService,
  ) {}

  /**
   * A new hetu that another person has makes one of the two the other's slave; the master gets both hetut. Inside a
   * transaction.
   * @param uusi the hetu that VTJ gave; null or '': it gave none
   * @throws ValidationError both persons are identified, or the master is a duplicate
   * @throws ForbiddenError the slave is identified by hand
   */
  async apply(henkilo: LoadedHenkilo, uusi: string | null): Promise<HetuMuutos> {
    const hetut = [henkilo.hetu, uusi].filter((hetu) => !!hetu) as string[];
    if (!uusi || (uusi === henkilo.hetu && !(await this.isOfAnother(henkilo, uusi)))) {
      if (henkilo.hetu) henkilo.kaikkiHetut.add(henkilo.hetu);
      return { isMaster: true, modified: [henkilo] };
    }
    const { master, modified, slaveOids } = await this.linkitys.linkWithHetu(henkilo, uusi);
    const isMaster = master === henkilo;
    for (const slave of (await this.store.lock(slaveOids)).values()) await this.removeHetut(slave, hetut);
    for (const hetu of hetut) master.kaikkiHetut.add(hetu);
    if (isMaster) henkilo.hetu = uusi;
    return { isMaster, modified };
  }

  private async isOfAnother(henkilo: LoadedHenkilo, hetu: string): Promise<boolean> {
    const otherOid = await this.tunnisteet.findOidByKaikkiHetut(hetu);
    return otherOid !== undefined && otherOid !== henkilo.oidHenkilo;
  }

  /** Saved at once: each hetu is unique, and the master is about to get them. */
  private async removeHetut(slave: LoadedHenkilo, hetut: readonly string[]): Promise<void> {
    for (const hetu of hetut) slave.kaikkiHetut.delete(hetu);
    await this.store.save(slave);
  }
}
