import { Injectable } from '@nestjs/common';
import type { LocalDate } from '../common/clock.js';
import { UnprocessableError, type FieldError } from '../common/errors.js';
import { readHetu } from '../common/hetu.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { HenkiloWriteService } from '../henkilo/muutos/henkilo-write.service.js';
import { HenkiloStore } from '../henkilo/muutos/henkilo.store.js';
import { HenkiloTunnisteRepository } from '../henkilo/muutos/henkilo-tunniste.repository.js';
import { listKutsumanimiErrors } from '../henkilo/muutos/henkilo-update.validator.js';
import { KoodiValidator } from '../koodit/koodi.validator.js';
import { KoodiriviRepository } from '../koodit/koodirivi.repository.js';
import { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import { HuoltajaSuhdeRepository } from './huoltaja-suhde.repository.js';

/** A guardian as VTJ tells it. null or absent: not told. */
export interface HuoltajaTieto {
  readonly hetu?: string | null;
  readonly etunimet?: string | null;
  readonly kutsumanimi?: string | null;
  readonly sukunimi?: string | null;
  /** A hetu decides over it. */
  readonly syntymaaika?: LocalDate | null;
  /** true: these data come from VTJ and replace those of the person found. */
  readonly yksiloityVTJ?: boolean | null;
  readonly kansalaisuusKoodi?: readonly string[] | null;
  /** First day of the relation; null: unknown; absent: not told. */
  readonly huoltajuusAlku?: LocalDate | null;
  /** Day on which it ends, exclusive; null: open; absent: not told. */
  readonly huoltajuusLoppu?: LocalDate | null;
}

/** Persons that are guardians (docs/spec/henkilo.md#3.6, docs/spec/henkilo.md#3.9). */
@Injectable()
export class HuoltajaService {
  constructor(
    private readonly store: HenkiloStore,
    private readonly writes: HenkiloWriteService,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly suhteet: HuoltajaSuhdeRepository,
    private readonly koodirivit: KoodiriviRepository,
    private readonly koodit: KoodiValidator,
    @InjectConfig() private readonly config: Config,
  ) {}

  /**
   * Checks every guardian, not only the last one as the reference does (docs/spec/henkilo.md#O12). Asks koodisto: before the transaction.
   * @returns errors in the order of the guardians
   */
  async listErrors(huoltajat: readonly HuoltajaTieto[]): Promise<FieldError[]> {
    const errors: FieldError[] = [];
    for (const { hetu, kansalaisuusKoodi } of huoltajat) {
      if (hetu && !readHetu(hetu))
        errors.push({ code: 'invalid.hetu', arguments: null, message: null, field: 'hetu', rejectedValue: hetu });
      const check = {
        koodisto: 'kansalaisuus',
        field: 'kansalaisuusKoodi',
        code: 'invalid.kansalaisuusKoodi',
      } as const;
      errors.push(...(await this.koodit.listErrors([{ ...check, koodi: kansalaisuusKoodi }])));
    }
    return errors;
  }

  /**
   * Locks the hetut of guardians that are yet to be stored, then the child and its guardians in the order in which everybody
   * locks persons, so that changes of brothers and sisters do not wait for each other in a circle.
   */
  async lockAll(lapsiOid: string, huoltajat: readonly HuoltajaTieto[]): Promise<void> {
    const hetut = [...new Set(huoltajat.flatMap(({ hetu }) => hetu || []))];
    if (hetut.length === 0) return;
    let oids = await this.tunnisteet.findOidsByHetut(hetut);
    const unknown = hetut.filter((hetu) => !oids.has(hetu));
    if (unknown.length > 0) {
      await this.tunnisteet.lockHetut(unknown);
      oids = await this.tunnisteet.findOidsByHetut(hetut); // somebody may have stored one before
    }
    await this.store.lock([...new Set([lapsiOid, ...oids.values()])]);
  }

  /**
   * Finds the person that `tieto` means by its hetu, or, where no hetu is given, among the child's guardians by name. Nobody
   * found: a new person is made (docs/spec/henkilo.md#3.9). A person found is saved and announced even if nothing changes. Inside a transaction, after
   * `listErrors` has found nothing.
   * @throws UnprocessableError a new person without names, or without a hetu and with names that do not fit
   */
  async findOrCreate(tieto: HuoltajaTieto, lapsi: LoadedHenkilo): Promise<LoadedHenkilo> {
    const found = tieto.hetu ? await this.findByHetu(tieto.hetu) : await this.findByName(tieto, lapsi);
    if (!found) return this.create(tieto);
    if (!tieto.hetu || tieto.yksiloityVTJ) await this.copy(tieto, found);
    await this.writes.update(found);
    return found;
  }

  /** Others that look for the same hetu wait, so that two children get one and the same guardian. */
  private async findByHetu(hetu: string): Promise<LoadedHenkilo | undefined> {
    let henkiloOid = await this.tunnisteet.findOidByHetu(hetu);
    if (henkiloOid === undefined) {
      await this.tunnisteet.lockHetut([hetu]);
      henkiloOid = await this.tunnisteet.findOidByHetu(hetu);
    }
    return henkiloOid === undefined ? undefined : this.store.lockOne(henkiloOid);
  }

  /** Names are compared exactly; of several guardians the one made first. */
  private async findByName(
    { etunimet, sukunimi }: HuoltajaTieto,
    lapsi: LoadedHenkilo,
  ): Promise<LoadedHenkilo | undefined> {
    if (!etunimet || !sukunimi) return undefined;
    const henkiloOid = await this.suhteet.findHuoltajaOidByName(lapsi.id, etunimet, sukunimi);
    return henkiloOid === undefined ? undefined : this.store.lockOne(henkiloOid);
  }

  private async create(tieto: HuoltajaTieto): Promise<LoadedHenkilo> {
    const { hetu, etunimet, sukunimi } = tieto;
    const missing = Object.entries({ etunimet, sukunimi }).filter(([, name]) => name == null);
    const errors = missing.map(([field]) => ({
      code: `invalid.${field}.empty`,
      arguments: null,
      message: null,
      field,
      rejectedValue: null,
    }));
    if (errors.length > 0) throw new UnprocessableError('henkiloCreate', errors);
    const henkilo = LoadedHenkilo.create({ etunimet: etunimet!, kutsumanimi: etunimet!, sukunimi: sukunimi! });
    await this.copy(tieto, henkilo);
    const nameErrors = hetu ? [] : listKutsumanimiErrors(henkilo.kutsumanimi, henkilo.etunimet);
    if (nameErrors.length > 0) throw new UnprocessableError('henkiloCreate', nameErrors);
    return this.writes.create(henkilo, this.config.rootUserOid);
  }

  /** Nationalities without a row are left out, as the reference does. A former hetu never replaces the current one (docs/spec/henkilo.md#O13). */
  private async copy(tieto: HuoltajaTieto, huoltaja: LoadedHenkilo): Promise<void> {
    const { hetu, etunimet, kutsumanimi, sukunimi, syntymaaika, yksiloityVTJ, kansalaisuusKoodi } = tieto;
    if (etunimet != null) huoltaja.etunimet = etunimet;
    if (kutsumanimi != null) huoltaja.setKutsumanimi(kutsumanimi);
    if (sukunimi != null) huoltaja.sukunimi = sukunimi;
    if (syntymaaika != null) huoltaja.syntymaaika = syntymaaika;
    if (yksiloityVTJ != null) huoltaja.yksiloityVTJ = yksiloityVTJ;
    if (kansalaisuusKoodi) {
      const ids = await this.koodirivit.findKansalaisuusIds([...new Set(kansalaisuusKoodi)]);
      huoltaja.kansalaisuusIds = new Set(ids.values());
    }
    if (hetu != null && !huoltaja.kaikkiHetut.has(hetu)) huoltaja.hetu = hetu || null;
    const derived = huoltaja.hetu === null ? undefined : readHetu(huoltaja.hetu);
    if (derived) {
      huoltaja.syntymaaika = derived.birthDate;
      huoltaja.sukupuoli = derived.sukupuoli;
    }
  }
}
