import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { HenkiloForceUpdateService, type HenkiloForceUpdate } from './henkilo-force-update.service.js';
import { ALKUPERA_VTJ } from '../yhteystiedot/yhteystieto-tyyppi.constants.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { KotikuntaHistoriaRepository } from '../kotikunta/kotikunta-historia.repository.js';
import { describeFailure, isCollision } from './vtj.errors.js';
import { korjaa } from './tietoryhmat/korjaukset.rules.js';
import { toAsumiset, toAsumismuutokset } from './tietoryhmat/kotikunnat.rules.js';
import { fromMuutostieto, fromPerustieto } from './tietoryhmat/tietoryhma.mapper.js';
import type { Tietoryhma } from './tietoryhmat/tietoryhma.model.js';
import type { Huoltaja, HuoltajaTiedot, VtjKohde, VtjMuutos } from './tietoryhmat/vtj-muutos.model.js';
import { VtjHenkiloRepository, type HenkilonTausta } from './vtj-henkilo.repository.js';
import type { VtjKoodit } from './vtj-koodistot.service.js';

/** Buckets of the change API. */
export const BUCKETS = 100;

/** Brings VTJ messages into locked persons. Inside a transaction; the code sets are loaded before. */
@Injectable()
export class VtjMuutosService {
  constructor(
    private readonly henkilot: VtjHenkiloRepository,
    private readonly store: HenkiloStore,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly forceUpdate: HenkiloForceUpdateService,
    private readonly kotikunnat: KotikuntaHistoriaRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * A change (docs/spec/yksilointi-vtj.md#5.6): the person, then its stays in municipalities.
   * @throws TietoryhmaError a group cannot be read
   * @throws UnprocessableError values that cannot be stored even after correction
   */
  async applyMuutostieto(henkilo: LoadedHenkilo, ryhmat: readonly Tietoryhma[], koodit: VtjKoodit): Promise<void> {
    const tausta = await this.henkilot.getTausta(henkilo);
    const muutos = fromMuutostieto(toKohde(henkilo, tausta), ryhmat, {
      today: this.clock.today(),
      findMaa: koodit.findMaa,
    });
    const asumiset = toAsumismuutokset(tausta.asumiset, ryhmat);
    await this.write(henkilo, korjaa(muutos, henkilo, koodit));
    await this.kotikunnat.save(henkilo.id, asumiset);
  }

  /** Base data (docs/spec/yksilointi-vtj.md#5.5): as `applyMuutostieto`, and the person enters its bucket. */
  async applyPerustieto(henkilo: LoadedHenkilo, ryhmat: readonly Tietoryhma[], koodit: VtjKoodit): Promise<void> {
    const kohde = toKohde(henkilo, await this.henkilot.getTausta(henkilo));
    const muutos = fromPerustieto(kohde, ryhmat, { today: this.clock.today(), findMaa: koodit.findMaa });
    const asumiset = toAsumiset(ryhmat);
    henkilo.vtjBucket = henkilo.id % BUCKETS;
    await this.write(henkilo, korjaa(muutos, henkilo, koodit));
    await this.kotikunnat.replace(henkilo.id, asumiset);
  }

  /**
   * What an error says to operators, without hetut and names. When an older person holds a hetu of this one, nothing
   * can be stored until they are made one: then it names both (docs/spec/yksilointi-vtj.md#oddity-32).
   * @param hetut of the message
   */
  async explain(error: unknown, henkiloOid: string | undefined, hetut: readonly string[]): Promise<string> {
    const what = describeFailure(error);
    if (henkiloOid === undefined || !isCollision(error)) return what;
    const older = await this.henkilot.findOlderHolder(henkiloOid, hetut);
    return older === undefined ? what : `${henkiloOid} and ${older} have the same hetu and must be made one (${what})`;
  }

  private async write(henkilo: LoadedHenkilo, muutos: VtjMuutos): Promise<void> {
    if (muutos.kuolinpaiva === null) henkilo.kuolinpaiva = null; // a forced update cannot clear: null means keep
    const huoltajat = muutos.huoltajat && (await this.toHuoltajat(muutos.huoltajat));
    await this.forceUpdate.forceUpdate(toForceUpdate(henkilo, muutos, huoltajat));
    await this.store.save(henkilo); // written to this person even when the update went to an older person with its hetu
  }

  /** Leaves out guardians without enough data for a person: VTJ withholds the names of a guardian under turvakielto. */
  private async toHuoltajat(huoltajat: readonly Huoltaja[]): Promise<NonNullable<HenkiloForceUpdate['huoltajat']>> {
    const tulos = [];
    for (const huoltaja of huoltajat) {
      if ('pysyva' in huoltaja) {
        const { huoltajaId, alkupvm, loppupvm } = huoltaja.pysyva;
        tulos.push({ huoltajaId, alkupvm, loppupvm });
      } else if (await this.isKnowable(huoltaja.tiedot)) tulos.push(toHuoltajaTieto(huoltaja.tiedot));
    }
    return tulos;
  }

  private async isKnowable({ hetu, etunimet, sukunimi }: HuoltajaTiedot): Promise<boolean> {
    if (etunimet && sukunimi) return true;
    return hetu !== null && (await this.tunnisteet.findOidByHetu(hetu)) !== undefined;
  }
}

function toKohde(henkilo: LoadedHenkilo, tausta: HenkilonTausta): VtjKohde {
  const { kotikunta, kuolinpaiva, turvakielto, yhteystiedotRyhma } = henkilo;
  return { kotikunta, kuolinpaiva, turvakielto, yhteystiedotRyhma, ...tausta };
}

function toHuoltajaTieto({ kansalaisuudet, alkupvm, loppupvm, ...tiedot }: HuoltajaTiedot) {
  return { ...tiedot, kansalaisuusKoodi: kansalaisuudet, huoltajuusAlku: alkupvm, huoltajuusLoppu: loppupvm };
}

function toForceUpdate(
  { oidHenkilo, kaikkiHetut }: LoadedHenkilo,
  { aidinkieli, kansalaisuudet, yhteystiedotRyhma, ...muutos }: VtjMuutos,
  huoltajat: HenkiloForceUpdate['huoltajat'],
): HenkiloForceUpdate {
  return {
    ...muutos,
    oidHenkilo,
    kaikkiHetut: [...kaikkiHetut],
    // protected addresses must not even reach the audit log
    yhteystiedotRyhma: yhteystiedotRyhma.filter((r) => !muutos.turvakielto || r.ryhmaAlkuperaTieto !== ALKUPERA_VTJ),
    aidinkieli: aidinkieli === undefined ? null : { kieliKoodi: aidinkieli },
    kansalaisuus: kansalaisuudet?.map((kansalaisuusKoodi) => ({ kansalaisuusKoodi })) ?? null,
    huoltajat: huoltajat ?? null,
  };
}
