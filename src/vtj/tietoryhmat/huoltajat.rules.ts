import type { LocalDate } from '../../common/clock.js';
import { isKutsumanimiOf } from '../../common/kutsumanimi.js';
import { toNfc } from '../../common/nimen-merkit.js';
import {
  findDate,
  findKoodi,
  findPaiva,
  findText,
  isDataPaivitys,
  isObject,
  MAAKOODI,
  muutosattribuutti,
  TietoryhmaError,
  type Tietoryhma,
} from './tietoryhma.model.js';
import type { Huoltaja, HuoltajaTiedot, NykyinenHuoltaja } from './vtj-muutos.model.js';

/**
 * The guardians after one HUOLTAJA group (docs/spec/yksilointi-vtj.md#7.3). Relations that the group does not mean stay as
 * they are, dates included.
 * @param perustieto the group is base data: it is always in force
 */
export function paivitaHuoltajat(
  huoltajat: readonly Huoltaja[],
  ryhma: Tietoryhma,
  { today, perustieto }: { today: LocalDate; perustieto: boolean },
): Huoltaja[] {
  if (!perustieto && muutosattribuutti(ryhma) === 'POISTETTU') return ilman(huoltajat, toHenkilo(ryhma));
  if (!perustieto && !isDataPaivitys(ryhma, today)) return [...huoltajat];
  const voimassa = ryhma.voimassaolevatTiedot;
  const tiedot = !perustieto && Array.isArray(voimassa) ? (voimassa as unknown[]) : [ryhma];
  return tiedot.reduce<Huoltaja[]>((jaljella, tieto) => lisaaTaiPaivita(jaljella, tieto, ryhma, today), [...huoltajat]);
}

/**
 * Puts the guardian in place of what is stored of it; one whose guardianship is not in force today only goes. Of a day that is
 * known to the month or the year a beginning is unknown, an end the last day that it can be.
 */
function lisaaTaiPaivita(
  huoltajat: readonly Huoltaja[],
  tieto: unknown,
  ryhma: Tietoryhma,
  today: LocalDate,
): Huoltaja[] {
  if (!isObject(tieto)) throw new TietoryhmaError(ryhma, 'voimassaolevatTiedot', 'is not a list of objects');
  const henkilo = toHenkilo(tieto, ryhma);
  const jaljella = ilman(huoltajat, henkilo);
  const alku = findPaiva(tieto, 'huoltosuhteenAlkupv', ryhma);
  const alkupvm = findDate(tieto, 'huoltosuhteenAlkupv', ryhma) ?? null;
  const loppupvm = findPaiva(tieto, 'huoltosuhteenLoppupv', ryhma)?.viimeinen ?? null;
  if ((alku && alku.ensimmainen > today) || (loppupvm && loppupvm <= today)) return jaljella;
  const nykyinen = huoltajat.find((huoltaja) => isSama(huoltaja, henkilo));
  return [...jaljella, { tiedot: toTiedot(henkilo, nykyinen && tunnettu(nykyinen), { alkupvm, loppupvm }) }];
}

/** Fields of the guardian in the message. */
interface ViestinHuoltaja {
  readonly hetu: string | null;
  readonly etunimet: string | null;
  readonly sukunimi: string | null;
  readonly syntymaaika: LocalDate | null;
  readonly kansalaisuus: string | null;
}

function toHenkilo(tieto: Tietoryhma, ryhma = tieto): ViestinHuoltaja {
  const { huoltaja } = tieto;
  if (!isObject(huoltaja)) throw new TietoryhmaError(ryhma, 'huoltaja', 'is missing');
  return {
    hetu: findText(huoltaja, 'henkilotunnus') ?? null,
    etunimet: findText(huoltaja, 'etunimet') ?? null,
    sukunimi: findText(huoltaja, 'sukunimi') ?? null,
    syntymaaika: findDate(huoltaja, 'syntymapv', ryhma) ?? findDate(huoltaja, 'syntymaaika', ryhma) ?? null,
    kansalaisuus: findKoodi(huoltaja, 'kansalaisuuskoodi', MAAKOODI) ?? null,
  };
}

function toTiedot(
  { hetu, etunimet, sukunimi, syntymaaika, kansalaisuus }: ViestinHuoltaja,
  nykyinen: Pick<HuoltajaTiedot, 'kutsumanimi' | 'yksiloityVTJ'> | undefined,
  jakso: Pick<HuoltajaTiedot, 'alkupvm' | 'loppupvm'>,
): HuoltajaTiedot {
  const pysyy = nykyinen?.kutsumanimi && etunimet && isKutsumanimiOf(nykyinen.kutsumanimi, etunimet);
  return {
    hetu,
    etunimet,
    kutsumanimi: pysyy ? nykyinen.kutsumanimi : etunimet,
    sukunimi,
    syntymaaika,
    yksiloityVTJ: nykyinen?.yksiloityVTJ ?? false,
    kansalaisuudet: kansalaisuus === null ? null : [kansalaisuus],
    ...jakso,
  };
}

/** The guardian that a relation names, stored or of the same message. */
const tunnettu = (huoltaja: Huoltaja): NykyinenHuoltaja | HuoltajaTiedot =>
  'pysyva' in huoltaja ? huoltaja.pysyva : huoltaja.tiedot;

const ilman = (huoltajat: readonly Huoltaja[], henkilo: ViestinHuoltaja): Huoltaja[] =>
  huoltajat.filter((huoltaja) => !isSama(huoltaja, henkilo));

/** The same hetu, or the same names even when hetut differ (docs/spec/yksilointi-vtj.md#oddity-6 c). */
function isSama(huoltaja: Huoltaja, { hetu, etunimet, sukunimi }: ViestinHuoltaja): boolean {
  const toinen = tunnettu(huoltaja);
  if (hetu && toinen.hetu === hetu) return true;
  return isSamaNimi(toinen.etunimet, etunimet) && isSamaNimi(toinen.sukunimi, sukunimi);
}

const isSamaNimi = (toinen: string | null, nimi: string | null): boolean =>
  Boolean(toinen && nimi) && toNfc(toinen!) === toNfc(nimi!);
