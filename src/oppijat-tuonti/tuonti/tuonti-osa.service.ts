import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { HenkiloWriteService } from '../../henkilo/muutos/henkilo-write.service.js';
import { HenkiloStore } from '../../henkilo/muutos/henkilo.store.js';
import {
  HenkiloTunnisteRepository,
  toHetuKey,
  toPassinumeroKey,
  toTunnisteKey,
} from '../../henkilo/muutos/henkilo-tunniste.repository.js';
import { KoodiriviRepository } from '../../koodit/koodirivi.repository.js';
import { LoadedHenkilo } from '../../henkilo/muutos/loaded-henkilo.model.js';
import { LiittaminenService } from './liittaminen.service.js';
import { tunnista, type Kohde } from './tunnistus.rules.js';
import { TunnistusRepository } from './tunnistus.repository.js';
import { findSisallonVirhe } from './rivin-tarkistus.rules.js';
import { RiviVirheellinenError, TuontiUnusableError } from './tuonti.errors.js';
import { TuontiRepository, type LukittuTuonti } from './tuonti.repository.js';
import type { TuontiHenkilo, TuontiRiviSisalto, TuontiSisalto } from './tuonti-sisalto.mapper.js';

/** Parsed requests kept in memory. When more imports than this take turns, their requests are read again for each part. */
const MAX_KEPT_REQUESTS = 4;

/** How far an import has got after a part; null: nothing was done, since it is finished or another process works on it. */
export type Edistyminen = { readonly kasiteltyja: number; readonly kasitelty: boolean } | null;

/** Handles one part of an import: a whole number of its next rows in one transaction. */
@Injectable()
export class TuontiOsaService {
  private readonly requests = new Map<number, readonly TuontiRiviSisalto[]>();

  constructor(
    private readonly db: Database,
    private readonly tuonnit: TuontiRepository,
    private readonly tunnistus: TunnistusRepository,
    private readonly store: HenkiloStore,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly writes: HenkiloWriteService,
    private readonly koodirivit: KoodiriviRepository,
    private readonly liittaminen: LiittaminenService,
    @InjectConfig() private readonly config: Config,
  ) {}

  /**
   * Handles at most `size` rows and stops before the first row whose content is invalid. If one row cannot be stored, none is.
   * @throws RiviVirheellinenError the content of the next row is invalid
   * @throws TuontiUnusableError the stored request cannot be read, or there is no organisation to put persons into
   */
  async handle(tuontiId: number, size: number): Promise<Edistyminen> {
    const edistyminen = await this.db.newTransaction(async () => {
      const tuonti = await this.tuonnit.lockForPart(tuontiId);
      if (!tuonti) return null;
      if (tuonti.organisaatiot.size === 0) throw new TuontiUnusableError('The import has no organisations');
      const rivit = await this.readRivit(tuonti);
      const loppu = Math.min(tuonti.kasiteltyja + size, tuonti.kasiteltavia);
      const kasiteltyja = endOfFaultless(rivit, tuonti.kasiteltyja, loppu);
      const osa = rivit.slice(tuonti.kasiteltyja, kasiteltyja);
      const henkilot = await this.saveHenkilot(osa, tuonti);
      const kasitellyt = osa.map(({ tunniste, henkilo }, i) => ({
        tunniste: tunniste ?? null,
        henkiloId: henkilot[i]!.id,
        conflict: !this.liittaminen.namesMatch({ nimet: henkilo, henkilo: henkilot[i]! }),
      }));
      await this.tuonnit.addRivit(tuontiId, tuonti.kasiteltyja, kasitellyt, kasiteltyja);
      return { kasiteltyja, kasitelty: kasiteltyja >= tuonti.kasiteltavia };
    });
    if (!edistyminen || edistyminen.kasitelty) this.requests.delete(tuontiId);
    return edistyminen;
  }

  /** Leaves the next row out. @param virhe why, without personal data */
  skip(tuontiId: number, virhe: string): Promise<Edistyminen> {
    return this.db.newTransaction(async () => {
      const tuonti = await this.tuonnit.lockForPart(tuontiId);
      if (!tuonti) return null;
      const { kasiteltyja: rivi, kasiteltavia } = tuonti;
      const tunniste = toTunniste((await this.readRivit(tuonti))[rivi]);
      await this.tuonnit.addVirhe(tuontiId, rivi, tunniste, virhe);
      return { kasiteltyja: rivi + 1, kasitelty: rivi + 1 >= kasiteltavia };
    });
  }

  private async readRivit({ id }: LukittuTuonti): Promise<readonly TuontiRiviSisalto[]> {
    const kept = this.requests.get(id);
    this.requests.delete(id);
    const rivit = kept ?? parseRivit(await this.tuonnit.getSisalto(id));
    this.requests.set(id, rivit);
    for (const oldest of this.requests.keys()) if (this.requests.size > MAX_KEPT_REQUESTS) this.requests.delete(oldest);
    return rivit;
  }

  /** Finds or makes the person of each row and adds those whom the row names rightly to the organisations of the import. */
  private async saveHenkilot(osa: readonly TuontiRiviSisalto[], tuonti: LukittuTuonti): Promise<LoadedHenkilo[]> {
    const kohteet = await this.tunnista(osa);
    const tunnetut = await this.store.lock(knownOids(kohteet));
    const uudet = await this.toUudet(
      kohteet.flatMap((kohde, i) => (isFirst(kohteet, kohde, i) ? osa[i]!.henkilo : [])),
      tuonti,
    );
    await this.writes.createAll(uudet, tuonti.kasittelijaOid ?? this.config.rootUserOid);
    const henkilot = kohteet.map((kohde) => ('uusi' in kohde ? uudet[kohde.uusi]! : tunnetut.get(kohde.henkiloOid)!));
    const osumat = osa
      .map(({ henkilo: nimet }, i) => ({ nimet, henkilo: henkilot[i]! }))
      .filter((_, i) => !isFirst(kohteet, kohteet[i]!, i));
    await this.liittaminen.attach(osumat, tuonti);
    await this.writes.updateAll(osumat.map(({ henkilo }) => henkilo));
    return henkilot;
  }

  /**
   * Whom each row means; the persons of the register are locked. What identifies a new person is locked after them, as
   * whoever else stores such a person does, and looked for once more (docs/adr/0041-concurrent-writes.md): no index keeps
   * an e-mail from being stored for two persons.
   */
  private async tunnista(osa: readonly TuontiRiviSisalto[]): Promise<Kohde[]> {
    const kohteet = tunnista(osa, await this.tunnistus.findKnown(osa));
    await this.store.lock(knownOids(kohteet));
    const uudet = osa.flatMap(({ henkilo }, i) => ('uusi' in kohteet[i]! ? henkilo : []));
    if (uudet.length === 0) return kohteet;
    await this.tunnisteet.lockTunnisteet(uudet.flatMap(toLockKeys));
    return tunnista(osa, await this.tunnistus.findKnown(osa));
  }

  /** New persons with what their rows tell (docs/spec/duplicates-tuonti-yleistunniste.md#6.5). */
  private async toUudet(tiedot: readonly TuontiHenkilo[], tuonti: LukittuTuonti): Promise<LoadedHenkilo[]> {
    const kieliOf = ({ aidinkieli }: TuontiHenkilo) => aidinkieli?.koodi.toLowerCase();
    const kansalaisuudetOf = ({ kansalaisuus }: TuontiHenkilo) => (kansalaisuus ?? []).map(({ koodi }) => koodi);
    const kielet = await this.koodirivit.kieliIds(tiedot.flatMap((henkilo) => kieliOf(henkilo) ?? []));
    const kansalaisuudet = await this.koodirivit.kansalaisuusIdsByKoodi(tiedot.flatMap(kansalaisuudetOf));
    return tiedot.map((tieto) => {
      const { etunimet, kutsumanimi, sukunimi, hetu, syntymaaika, sukupuoli, passinumero, sahkoposti } = tieto;
      return LoadedHenkilo.create({
        etunimet,
        kutsumanimi: kutsumanimi || etunimet,
        sukunimi,
        hetu: hetu || null,
        syntymaaika: syntymaaika ?? null,
        sukupuoli: sukupuoli?.koodi ?? null,
        aidinkieliId: kielet.get(kieliOf(tieto) ?? '') ?? null,
        kansalaisuusIds: new Set(kansalaisuudetOf(tieto).map((koodi) => kansalaisuudet.get(koodi)!)),
        organisaatioIds: new Set(tuonti.organisaatiot.keys()),
        passinumerot: new Set(passinumero?.trim() ? [passinumero] : []),
        identifications: sahkoposti ? [{ id: null, idpEntityId: 'email', identifier: sahkoposti }] : [],
      });
    });
  }
}

/**
 * The end of the rows from `alku` on that can be handled: `loppu`, or the first row whose content is invalid.
 * @throws RiviVirheellinenError the content of the row at `alku` is invalid
 */
function endOfFaultless(rivit: readonly unknown[], alku: number, loppu: number): number {
  for (let i = alku; i < loppu; i++) {
    const virhe = findSisallonVirhe(rivit[i]);
    if (virhe === null) continue;
    if (i === alku) throw new RiviVirheellinenError(virhe);
    return i;
  }
  return loppu;
}

/** The key of a row whose content may be anything, as text that the database takes. */
function toTunniste(rivi: TuontiRiviSisalto | null | undefined): string | null {
  const tunniste: unknown = rivi?.tunniste;
  return typeof tunniste === 'string' ? tunniste.replaceAll('\0', '') : null;
}

const knownOids = (kohteet: readonly Kohde[]): string[] => [
  ...new Set(kohteet.flatMap((kohde) => ('uusi' in kohde ? [] : kohde.henkiloOid))),
];

/** What identifies a person, as names of locks. */
const toLockKeys = ({ hetu, passinumero, sahkoposti }: TuontiHenkilo): string[] => [
  ...(hetu ? [toHetuKey(hetu)] : []),
  ...(passinumero ? [toPassinumeroKey(passinumero)] : []),
  ...(sahkoposti ? [toTunnisteKey({ idpEntityId: 'email', identifier: sahkoposti })] : []),
];

/** Is row `i` the one that makes the new person? */
const isFirst = (kohteet: readonly Kohde[], kohde: Kohde, i: number): boolean =>
  'uusi' in kohde && kohteet.indexOf(kohde) === i;

function parseRivit(text: string | null): readonly TuontiRiviSisalto[] {
  if (text === null) throw new TuontiUnusableError('The stored request is missing');
  let sisalto: Partial<TuontiSisalto> | null;
  try {
    sisalto = JSON.parse(text) as Partial<TuontiSisalto> | null;
  } catch {
    throw new TuontiUnusableError('The stored request is no JSON');
  }
  if (!Array.isArray(sisalto?.henkilot)) throw new TuontiUnusableError('The stored request has no rows');
  return sisalto.henkilot as TuontiRiviSisalto[];
}
