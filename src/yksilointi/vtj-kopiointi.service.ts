import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DataInconsistencyError } from '../common/errors.js';
import { readHetu } from '../common/hetu.js';
import { isKutsumanimiOf } from '../common/kutsumanimi.js';
import { ALKUPERA_VTJ } from '../yhteystiedot/yhteystieto-tyyppi.constants.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { TUNTEMATON_KUNTA } from '../kotikunta/kotikunta.constants.js';
import { KoodiriviRepository } from '../koodit/koodirivi.repository.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import type { LoadedYhteystiedotRyhma } from '../yhteystiedot/loaded-yhteystiedot.model.js';
import { HuoltajaSuhdeRepository } from '../huoltajat/huoltaja-suhde.repository.js';
import { HuoltajaService } from '../huoltajat/huoltaja.service.js';
import type { Koodistot } from '../integrations/koodisto/koodisto.client.js';
import type { VtjHenkilo, VtjHuoltaja } from '../integrations/vtj-kysely/vtj-henkilo.model.js';
import { toYhteystietoryhmat } from '../integrations/vtj-kysely/vtj-yhteystiedot.mapper.js';
import { HetuMuutosService, type HetuMuutos } from './hetu-muutos.service.js';
import { VtjHakuService, type VtjTiedot } from './vtj-haku.service.js';

/** Makes a person what VTJ says of it (docs/spec/yksilointi-vtj.md#2.5). */
@Injectable()
export class VtjKopiointiService {
  constructor(
    private readonly haku: VtjHakuService,
    private readonly hetut: HetuMuutosService,
    private readonly koodirivit: KoodiriviRepository,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly huoltajat: HuoltajaService,
    private readonly suhteet: HuoltajaSuhdeRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Copies VTJ's data onto the person; nothing of them when another person turns out to be the master. Inside a
   * transaction; the caller saves the result. Errors: see HetuMuutosService.
   * @throws DataInconsistencyError a guardian's hetu is none
   * @throws PeerError käyttöoikeuspalvelu does not say whether the person is an oppija (docs/parity.md, 20)
   */
  async copy(henkilo: LoadedHenkilo, { henkilo: vtj, koodistot }: VtjTiedot): Promise<HetuMuutos> {
    const muutos = await this.hetut.apply(henkilo, vtj.hetu);
    if (!muutos.isMaster) return muutos;

    copyNimet(henkilo, vtj);
    const tiedot = henkilo.hetu === null ? undefined : readHetu(henkilo.hetu);
    if (tiedot) henkilo.syntymaaika = tiedot.birthDate;
    henkilo.sukupuoli = vtj.sukupuoli?.trim() ? vtj.sukupuoli : (tiedot?.sukupuoli ?? henkilo.sukupuoli);
    henkilo.turvakielto = vtj.turvakielto;
    henkilo.kotikunta = toKotikunta(vtj, koodistot);
    henkilo.aidinkieliId = (await this.findAidinkieliId(vtj, koodistot)) ?? henkilo.aidinkieliId;
    if (vtj.kansalaisuusKoodit?.length) henkilo.kansalaisuusIds = await this.kansalaisuusIds(vtj, koodistot);
    henkilo.yhteystiedotRyhma = henkilo.yhteystiedotRyhma.filter((r) => r.ryhmaAlkuperaTieto !== ALKUPERA_VTJ);
    if (this.haku.isOppija(henkilo.oidHenkilo)) henkilo.yhteystiedotRyhma.push(...(await this.ryhmat(henkilo, vtj)));
    await this.replaceHuoltajat(henkilo, vtj.huoltajat);
    henkilo.vtjsynced = this.clock.now();
    return muutos;
  }

  /** Contact groups of VTJ in the person's language of contact; none under turvakielto. */
  async ryhmat(henkilo: LoadedHenkilo, vtj: VtjHenkilo): Promise<LoadedYhteystiedotRyhma[]> {
    if (vtj.turvakielto) return [];
    const kieli = await this.koodirivit.findKieliKoodi(henkilo.asiointikieliId);
    return toYhteystietoryhmat(vtj, kieli ?? null).map((ryhma) => ({ id: null, ...ryhma }) as LoadedYhteystiedotRyhma);
  }

  /** Row of the mother tongue; null for none or an unknown one. Inside a transaction. */
  async findAidinkieliId({ aidinkieliKoodi }: VtjHenkilo, { hasKieli }: Koodistot): Promise<number | null> {
    return aidinkieliKoodi && hasKieli(aidinkieliKoodi) ? this.koodirivit.kieliId(aidinkieliKoodi) : null;
  }

  /** Rows of the nationalities, unknown ones left out. Inside a transaction. */
  kansalaisuusIds({ kansalaisuusKoodit }: VtjHenkilo, { hasMaa }: Koodistot): Promise<Set<number>> {
    return this.koodirivit.kansalaisuusIds((kansalaisuusKoodit ?? []).filter(hasMaa));
  }

  /** Exactly VTJ's guardians; VTJ gives no dates for the relations (docs/spec/yksilointi-vtj.md#7.2). */
  private async replaceHuoltajat(lapsi: LoadedHenkilo, huoltajat: readonly VtjHuoltaja[]): Promise<void> {
    const ids = new Set<number>();
    for (const huoltaja of huoltajat) {
      if (!(await this.isKnowable(lapsi, huoltaja))) continue;
      const { hetu, etunimi, sukunimi } = huoltaja;
      const nimet = { etunimet: etunimi ?? '', kutsumanimi: etunimi ?? '', sukunimi: sukunimi ?? '' };
      ids.add((await this.huoltajat.findOrCreate({ hetu, ...nimet }, lapsi)).id);
    }
    await this.suhteet.replace(
      lapsi.id,
      [...ids].map((huoltajaId) => ({ huoltajaId, alkupvm: null, loppupvm: null })),
    );
  }

  /** Without any name only a guardian who is in the register already (docs/parity.md, 33). */
  private async isKnowable(lapsi: LoadedHenkilo, { hetu, etunimi, sukunimi }: VtjHuoltaja): Promise<boolean> {
    if (hetu && !readHetu(hetu))
      throw new DataInconsistencyError(`VTJ gave a malformed hetu of a guardian of ${lapsi.oidHenkilo}`);
    if (etunimi?.trim() || sukunimi?.trim()) return true;
    return hetu !== null && (await this.tunnisteet.findOidByHetu(hetu)) !== undefined;
  }
}

/** A name that VTJ does not give stays; a kutsumanimi that is not among the first names is replaced by all of them. */
function copyNimet(henkilo: LoadedHenkilo, { etunimi, sukunimi, kutsumanimi }: VtjHenkilo): void {
  henkilo.etunimet = etunimi || henkilo.etunimet;
  henkilo.sukunimi = sukunimi || henkilo.sukunimi;
  henkilo.kutsumanimi = kutsumanimi || henkilo.kutsumanimi;
  if (!isKutsumanimiOf(henkilo.kutsumanimi, henkilo.etunimet)) henkilo.kutsumanimi = henkilo.etunimet;
}

/** Code of the home municipality; null: VTJ tells none (docs/parity.md, 18). */
export function toKotikunta({ kotikunta }: VtjHenkilo, { hasKunta }: Koodistot): string | null {
  return kotikunta === null || hasKunta(kotikunta) ? kotikunta : TUNTEMATON_KUNTA;
}
