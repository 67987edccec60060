import type { LocalDate } from '../../common/clock.js';
import { paivitaHuoltajat } from './huoltajat.js';
import { isTurvakiellonAlainen, toYhteystiedotRyhma, YHTEYSTIETORYHMAT } from './osoitteet.js';
import {
  assertGiven,
  findDate,
  findKoodi,
  findPaiva,
  findText,
  getKyllaEi,
  getList,
  isDataPaivitys,
  isGiven,
  isObject,
  KUNTAKOODI,
  MAAKOODI,
  muutosattribuutti,
  TietoryhmaError,
  type Paiva,
  type Tietoryhma,
} from './tietoryhma.js';
import type { VtjKohde, VtjPaivitys, Ymparisto } from './vtj-paivitys.js';
import { isTurvakielto } from '../../common/kylla-ei.js';
import { ALKUPERA_VTJ } from '../../yhteystiedot/yhteystieto-tyyppi.js';

interface Tilanne extends Ymparisto {
  /** Base data instead of a change. */
  readonly perustieto: boolean;
  /** Language of contact details. */
  readonly kieli: string;
  readonly kohde: VtjKohde;
  /** The group's data are to be taken: base data always, a change by its attribute and end date. */
  readonly isPaivitys: (ryhma: Tietoryhma) => boolean;
}

type Vaikutus = (paivitys: VtjPaivitys, ryhma: Tietoryhma, tilanne: Tilanne) => void;

/** Effect that a change has only when it brings data in force. */
const tiedosta =
  (vaikutus: Vaikutus): Vaikutus =>
  (paivitys, ryhma, tilanne) => {
    if (tilanne.isPaivitys(ryhma)) vaikutus(paivitys, ryhma, tilanne);
  };

/** Codes that VTJ still uses and the code sets do not (docs/spec/yksilointi-vtj.md#5.8). */
const VANHAT_MAAT: Readonly<Record<string, string>> = { '736': '729', '230': '231' };
const SUKUPUOLET: Readonly<Record<string, '1' | '2'>> = { MIES: '1', '1': '1', NAINEN: '2', '2': '2' };

/** The groups that change a person; every other one is of no interest. */
const VAIKUTUKSET: ReadonlyMap<unknown, Vaikutus> = new Map<string, Vaikutus>(
  Object.entries({
    HENKILON_NIMI: tiedosta((paivitys, ryhma) => {
      paivitys.etunimet = findText(ryhma, 'etunimi') ?? paivitys.etunimet;
      paivitys.sukunimi = findText(ryhma, 'sukunimi') ?? paivitys.sukunimi;
    }),
    KUTSUMANIMI: tiedosta((paivitys, ryhma) => {
      if (findText(ryhma, 'nimilaji') === 'NYKYINEN_KUTSUMANIMI') {
        paivitys.kutsumanimi = findText(ryhma, 'nimi') ?? paivitys.kutsumanimi;
      }
    }),
    HENKILOTUNNUS_KORJAUS: tiedosta((paivitys, ryhma, { perustieto }) => {
      if (!perustieto) paivitys.hetu = findText(ryhma, 'aktiivinenHenkilotunnus') ?? paivitys.hetu;
    }),
    SYNTYMAPAIVA: tiedosta((paivitys, ryhma) => {
      paivitys.syntymaaika = findDate(ryhma, 'syntymapv') ?? paivitys.syntymaaika;
    }),
    SUKUPUOLI: tiedosta((paivitys, ryhma) => {
      paivitys.sukupuoli = SUKUPUOLET[findText(ryhma, 'sukupuoli')?.toUpperCase() ?? ''] ?? paivitys.sukupuoli;
    }),
    KUOLINPAIVA: kuolinpaiva,
    KANSALAISUUS: (paivitys, ryhma) => {
      const lista = getList(ryhma, 'henkilonKansalaisuudet');
      const koodit = lista.flatMap((kansalaisuus) => {
        if (!isObject(kansalaisuus) || !isGiven(kansalaisuus, 'kansalaisuuskoodi'))
          throw new TietoryhmaError(ryhma, 'kansalaisuuskoodi', 'is missing');
        const koodi = findKoodi(kansalaisuus, 'kansalaisuuskoodi', MAAKOODI);
        return koodi === undefined ? [] : [VANHAT_MAAT[koodi] ?? koodi];
      });
      if (koodit.length > 0 || lista.length === 0) paivitys.kansalaisuudet = koodit;
    },
    AIDINKIELI: tiedosta((paivitys, ryhma) => {
      assertGiven(ryhma, 'kielikoodi');
      const koodi = findText(ryhma, 'kielikoodi')?.toLowerCase() ?? paivitys.aidinkieli;
      paivitys.aidinkieli = koodi === 'iw' ? 'he' : koodi;
    }),
    TURVAKIELTO: (paivitys, ryhma) => {
      paivitys.turvakielto = isTurvakielto(ryhma.turvakieltoAktiivinen);
    },
    KOTIKUNTA: kotikunta,
    HUOLTAJA: (paivitys, ryhma, tilanne) => {
      paivitys.huoltajat ??= tilanne.kohde.huoltajat.map((pysyva) => ({ pysyva }));
      paivitys.huoltajat = paivitaHuoltajat(paivitys.huoltajat, ryhma, tilanne);
    },
    ...Object.fromEntries(
      Object.entries(YHTEYSTIETORYHMAT).map(([nimi, { kuvaus, toArvot }]) => [nimi, yhteystiedot(kuvaus, toArvot)]),
    ),
  }),
);

/**
 * What a change (muutostieto) makes of the person; groups in their order, a later one wins.
 * @throws TietoryhmaError a group of interest cannot be read
 */
export function toMuutos(kohde: VtjKohde, ryhmat: readonly Tietoryhma[], ymparisto: Ymparisto): VtjPaivitys {
  return toPaivitys(kohde, ryhmat, ymparisto, false);
}

/** What base data (perustieto) make of the person; as `toMuutos`. */
export function toPerustieto(kohde: VtjKohde, ryhmat: readonly Tietoryhma[], ymparisto: Ymparisto): VtjPaivitys {
  return toPaivitys(kohde, ryhmat, ymparisto, true);
}

/**
 * The group that forbids to store base data because VTJ now knows the person by another hetu.
 * @returns whether there is one; a group without a hetu counts as another
 */
export function isHetuKorjattu(ryhmat: readonly Tietoryhma[], hetu: string): boolean {
  return ryhmat.some(
    (ryhma) => ryhma.tietoryhma === 'HENKILOTUNNUS_KORJAUS' && findText(ryhma, 'aktiivinenHenkilotunnus') !== hetu,
  );
}

function toPaivitys(
  kohde: VtjKohde,
  ryhmat: readonly Tietoryhma[],
  ymparisto: Ymparisto,
  perustieto: boolean,
): VtjPaivitys {
  const isPaivitys = perustieto ? () => true : (ryhma: Tietoryhma) => isDataPaivitys(ryhma, ymparisto.today);
  const tilanne: Tilanne = { ...ymparisto, perustieto, isPaivitys, kohde, kieli: osoitekieli(kohde, ryhmat) };
  const paivitys: VtjPaivitys = {
    turvakielto: kohde.turvakielto,
    kotikunta: kohde.kotikunta,
    yhteystiedotRyhma: [...kohde.yhteystiedotRyhma],
  };
  for (const ryhma of ryhmat) VAIKUTUKSET.get(ryhma.tietoryhma)?.(paivitys, ryhma, tilanne);
  return paivitys;
}

/** The person's service language, else its mother tongue, else that of the message, else Finnish. */
function osoitekieli({ asiointikieli, aidinkieli }: VtjKohde, ryhmat: readonly Tietoryhma[]): string {
  if (asiointikieli ?? aidinkieli) return (asiointikieli ?? aidinkieli)!;
  const viestissa = ryhmat.find((ryhma) => ryhma.tietoryhma === 'AIDINKIELI');
  return viestissa && findText(viestissa, 'kielikoodiISO6392') === 'swe' ? 'sv' : 'fi';
}

/**
 * A death counts whatever the attribute, except the old value of a correction, which its pair follows. Taking the entry
 * away, or data that say the person lives, remove the day (docs/spec/yksilointi-vtj.md#oddity-9).
 */
function kuolinpaiva(paivitys: VtjPaivitys, ryhma: Tietoryhma, { today, isPaivitys, kohde }: Tilanne): void {
  const attribuutti = muutosattribuutti(ryhma);
  if (attribuutti === 'KORJATTAVA') return;
  const kuollut = getKyllaEi(ryhma, 'kuollut');
  if (attribuutti === 'POISTETTU') {
    if (kuollut) paivitys.kuolinpaiva = null;
  } else if (kuollut) paivitys.kuolinpaiva = toKuolinpaiva(findPaiva(ryhma, 'kuolinpv'), kohde.kuolinpaiva, today);
  else if (isPaivitys(ryhma)) paivitys.kuolinpaiva = null;
}

/**
 * The day of death: today when nothing is known of it. Of a month or a year its last day, not after today, unless the day
 * that is stored lies in it (ADR 87).
 */
function toKuolinpaiva(paiva: Paiva | undefined, nykyinen: LocalDate | null, today: LocalDate): LocalDate {
  if (!paiva) return today;
  const { ensimmainen, viimeinen } = paiva;
  if (ensimmainen === viimeinen) return ensimmainen;
  if (nykyinen !== null && nykyinen >= ensimmainen && nykyinen <= viimeinen) return nykyinen;
  return viimeinen < today ? viimeinen : today;
}

function kotikunta(paivitys: VtjPaivitys, ryhma: Tietoryhma, { perustieto }: Tilanne): void {
  const attribuutti = muutosattribuutti(ryhma);
  if (perustieto || attribuutti === 'LISATTY') {
    assertGiven(ryhma, 'kuntakoodi');
    paivitys.kotikunta = findKoodi(ryhma, 'kuntakoodi', KUNTAKOODI) ?? paivitys.kotikunta;
  } else if (attribuutti === 'POISTETTU') {
    const [voimassa] = getList(ryhma, 'voimassaolevatTiedot');
    if (voimassa === undefined) return;
    if (!isObject(voimassa) || !isGiven(voimassa, 'kuntakoodi'))
      throw new TietoryhmaError(ryhma, 'kuntakoodi', 'is missing');
    paivitys.kotikunta = findKoodi(voimassa, 'kuntakoodi', KUNTAKOODI) ?? paivitys.kotikunta;
  }
}

/** Replaces the VTJ group of the type; a group under protection only goes. */
function yhteystiedot(kuvaus: string, toArvot: (typeof YHTEYSTIETORYHMAT)[string]['toArvot']): Vaikutus {
  return (paivitys, ryhma, tilanne) => {
    const suojattu = isTurvakiellonAlainen(ryhma);
    if (!suojattu && !tilanne.isPaivitys(ryhma)) return;
    if (tilanne.perustieto && ryhma.tietoryhma === 'SAHKOPOSTIOSOITE' && !isGiven(ryhma, 'sahkopostiosoite')) return;
    const muut = paivitys.yhteystiedotRyhma.filter(
      (r) => r.ryhmaAlkuperaTieto !== ALKUPERA_VTJ || r.ryhmaKuvaus !== kuvaus,
    );
    paivitys.yhteystiedotRyhma = suojattu ? muut : [...muut, toYhteystiedotRyhma(kuvaus, toArvot(ryhma, tilanne))];
  };
}
