import type { LocalDate } from '../../common/clock.js';
import { paivitaHuoltajat } from './huoltajat.rules.js';
import { isTurvakiellonAlainen, toYhteystiedotRyhma, YHTEYSTIETORYHMAT } from './osoitteet.rules.js';
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
} from './tietoryhma.model.js';
import type { VtjKohde, VtjMuutos, Ymparisto } from './vtj-muutos.model.js';
import { isTurvakielto } from '../../common/kylla-ei.js';
import { ALKUPERA_VTJ } from '../../yhteystiedot/yhteystieto-tyyppi.constants.js';

interface Tilanne extends Ymparisto {
  /** Base data instead of a change. */
  readonly perustieto: boolean;
  /** Language of contact details. */
  readonly kieli: string;
  readonly kohde: VtjKohde;
  /** The group's data are to be taken: base data always, a change by its attribute and end date. */
  readonly isPaivitys: (ryhma: Tietoryhma) => boolean;
}

type Vaikutus = (muutos: VtjMuutos, ryhma: Tietoryhma, tilanne: Tilanne) => void;

/** Effect that a change has only when it brings data in force. */
const tiedosta =
  (vaikutus: Vaikutus): Vaikutus =>
  (muutos, ryhma, tilanne) => {
    if (tilanne.isPaivitys(ryhma)) vaikutus(muutos, ryhma, tilanne);
  };

/** Codes that VTJ still uses and the code sets do not (docs/spec/yksilointi-vtj.md#5.8). */
const VANHAT_MAAT: Readonly<Record<string, string>> = { '736': '729', '230': '231' };
const SUKUPUOLET: Readonly<Record<string, '1' | '2'>> = { MIES: '1', '1': '1', NAINEN: '2', '2': '2' };

/** The groups that change a person; every other one is of no interest. */
const VAIKUTUKSET: ReadonlyMap<unknown, Vaikutus> = new Map<string, Vaikutus>(
  Object.entries({
    HENKILON_NIMI: tiedosta((muutos, ryhma) => {
      muutos.etunimet = findText(ryhma, 'etunimi') ?? muutos.etunimet;
      muutos.sukunimi = findText(ryhma, 'sukunimi') ?? muutos.sukunimi;
    }),
    KUTSUMANIMI: tiedosta((muutos, ryhma) => {
      if (findText(ryhma, 'nimilaji') === 'NYKYINEN_KUTSUMANIMI') {
        muutos.kutsumanimi = findText(ryhma, 'nimi') ?? muutos.kutsumanimi;
      }
    }),
    HENKILOTUNNUS_KORJAUS: tiedosta((muutos, ryhma, { perustieto }) => {
      if (!perustieto) muutos.hetu = findText(ryhma, 'aktiivinenHenkilotunnus') ?? muutos.hetu;
    }),
    SYNTYMAPAIVA: tiedosta((muutos, ryhma) => {
      muutos.syntymaaika = findDate(ryhma, 'syntymapv') ?? muutos.syntymaaika;
    }),
    SUKUPUOLI: tiedosta((muutos, ryhma) => {
      muutos.sukupuoli = SUKUPUOLET[findText(ryhma, 'sukupuoli')?.toUpperCase() ?? ''] ?? muutos.sukupuoli;
    }),
    KUOLINPAIVA: kuolinpaiva,
    KANSALAISUUS: (muutos, ryhma) => {
      const lista = getList(ryhma, 'henkilonKansalaisuudet');
      const koodit = lista.flatMap((kansalaisuus) => {
        if (!isObject(kansalaisuus) || !isGiven(kansalaisuus, 'kansalaisuuskoodi'))
          throw new TietoryhmaError(ryhma, 'kansalaisuuskoodi', 'is missing');
        const koodi = findKoodi(kansalaisuus, 'kansalaisuuskoodi', MAAKOODI);
        return koodi === undefined ? [] : [VANHAT_MAAT[koodi] ?? koodi];
      });
      if (koodit.length > 0 || lista.length === 0) muutos.kansalaisuudet = koodit;
    },
    AIDINKIELI: tiedosta((muutos, ryhma) => {
      assertGiven(ryhma, 'kielikoodi');
      const koodi = findText(ryhma, 'kielikoodi')?.toLowerCase() ?? muutos.aidinkieli;
      muutos.aidinkieli = koodi === 'iw' ? 'he' : koodi;
    }),
    TURVAKIELTO: (muutos, ryhma) => {
      muutos.turvakielto = isTurvakielto(ryhma.turvakieltoAktiivinen);
    },
    KOTIKUNTA: kotikunta,
    HUOLTAJA: (muutos, ryhma, tilanne) => {
      muutos.huoltajat ??= tilanne.kohde.huoltajat.map((pysyva) => ({ pysyva }));
      muutos.huoltajat = paivitaHuoltajat(muutos.huoltajat, ryhma, tilanne);
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
export function fromMuutostieto(kohde: VtjKohde, ryhmat: readonly Tietoryhma[], ymparisto: Ymparisto): VtjMuutos {
  return toPaivitys(kohde, ryhmat, ymparisto, false);
}

/** What base data (perustieto) make of the person; as `fromMuutostieto`. */
export function fromPerustieto(kohde: VtjKohde, ryhmat: readonly Tietoryhma[], ymparisto: Ymparisto): VtjMuutos {
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
): VtjMuutos {
  const isPaivitys = perustieto ? () => true : (ryhma: Tietoryhma) => isDataPaivitys(ryhma, ymparisto.today);
  const tilanne: Tilanne = { ...ymparisto, perustieto, isPaivitys, kohde, kieli: osoitekieli(kohde, ryhmat) };
  const muutos: VtjMuutos = {
    turvakielto: kohde.turvakielto,
    kotikunta: kohde.kotikunta,
    yhteystiedotRyhma: [...kohde.yhteystiedotRyhma],
  };
  for (const ryhma of ryhmat) VAIKUTUKSET.get(ryhma.tietoryhma)?.(muutos, ryhma, tilanne);
  return muutos;
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
function kuolinpaiva(muutos: VtjMuutos, ryhma: Tietoryhma, { today, isPaivitys, kohde }: Tilanne): void {
  const attribuutti = muutosattribuutti(ryhma);
  if (attribuutti === 'KORJATTAVA') return;
  const kuollut = getKyllaEi(ryhma, 'kuollut');
  if (attribuutti === 'POISTETTU') {
    if (kuollut) muutos.kuolinpaiva = null;
  } else if (kuollut) muutos.kuolinpaiva = toKuolinpaiva(findPaiva(ryhma, 'kuolinpv'), kohde.kuolinpaiva, today);
  else if (isPaivitys(ryhma)) muutos.kuolinpaiva = null;
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

function kotikunta(muutos: VtjMuutos, ryhma: Tietoryhma, { perustieto }: Tilanne): void {
  const attribuutti = muutosattribuutti(ryhma);
  if (perustieto || attribuutti === 'LISATTY') {
    assertGiven(ryhma, 'kuntakoodi');
    muutos.kotikunta = findKoodi(ryhma, 'kuntakoodi', KUNTAKOODI) ?? muutos.kotikunta;
  } else if (attribuutti === 'POISTETTU') {
    const [voimassa] = getList(ryhma, 'voimassaolevatTiedot');
    if (voimassa === undefined) return;
    if (!isObject(voimassa) || !isGiven(voimassa, 'kuntakoodi'))
      throw new TietoryhmaError(ryhma, 'kuntakoodi', 'is missing');
    muutos.kotikunta = findKoodi(voimassa, 'kuntakoodi', KUNTAKOODI) ?? muutos.kotikunta;
  }
}

/** Replaces the VTJ group of the type; a group under protection only goes. */
function yhteystiedot(kuvaus: string, toArvot: (typeof YHTEYSTIETORYHMAT)[string]['toArvot']): Vaikutus {
  return (muutos, ryhma, tilanne) => {
    const suojattu = isTurvakiellonAlainen(ryhma);
    if (!suojattu && !tilanne.isPaivitys(ryhma)) return;
    if (tilanne.perustieto && ryhma.tietoryhma === 'SAHKOPOSTIOSOITE' && !isGiven(ryhma, 'sahkopostiosoite')) return;
    const muut = muutos.yhteystiedotRyhma.filter(
      (r) => r.ryhmaAlkuperaTieto !== ALKUPERA_VTJ || r.ryhmaKuvaus !== kuvaus,
    );
    muutos.yhteystiedotRyhma = suojattu ? muut : [...muut, toYhteystiedotRyhma(kuvaus, toArvot(ryhma, tilanne))];
  };
}
