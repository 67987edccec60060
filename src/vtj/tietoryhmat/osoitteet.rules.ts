import { ALKUPERA_VTJ, type YhteystietoTyyppi } from '../../yhteystiedot/yhteystieto-tyyppi.constants.js';
import { isTurvakielto } from '../../common/kylla-ei.js';
import { findKoodi, findLocalised, findText, MAAKOODI, POSTINUMERO, type Tietoryhma } from './tietoryhma.model.js';

/** Language of contact details and what names countries in it. */
export interface OsoiteKieli {
  /** Language code in lower case. */
  readonly kieli: string;
  readonly findMaa: (koodi: string, kieli: 'FI' | 'SV') => string | undefined;
}

type Arvot = Partial<Record<YhteystietoTyyppi, string>>;
type ToArvot = (ryhma: Tietoryhma, kieli: OsoiteKieli) => Arvot;

const SUOMI = '246';
/** Country that VTJ knows by name only. */
const MUU_MAA = '998';

/** Groups that bring contact details: their type in code set yhteystietotyypit and their values (docs/spec/yksilointi-vtj.md#5.8). */
export const YHTEYSTIETORYHMAT: Readonly<Record<string, { readonly kuvaus: string; readonly toArvot: ToArvot }>> = {
  SAHKOPOSTIOSOITE: { kuvaus: 'yhteystietotyyppi8', toArvot: toSahkoposti },
  KOTIMAINEN_POSTIOSOITE: { kuvaus: 'yhteystietotyyppi11', toArvot: toPostiosoite },
  VAKINAINEN_KOTIMAINEN_OSOITE: { kuvaus: 'yhteystietotyyppi4', toArvot: toKotimainen },
  TILAPAINEN_KOTIMAINEN_OSOITE: { kuvaus: 'yhteystietotyyppi9', toArvot: toKotimainen },
  VAKINAINEN_ULKOMAINEN_OSOITE: { kuvaus: 'yhteystietotyyppi5', toArvot: toUlkomainen },
  TILAPAINEN_ULKOMAINEN_OSOITE: { kuvaus: 'yhteystietotyyppi10', toArvot: toUlkomainen },
};

/** The group of contact values; a missing part is an empty text. */
export function toYhteystiedotRyhma(kuvaus: string, arvot: Arvot) {
  const yhteystieto = Object.entries(arvot).map(([tyyppi, arvo]) => ({
    yhteystietoTyyppi: tyyppi as YhteystietoTyyppi,
    yhteystietoArvo: arvo,
  }));
  return { id: null, ryhmaKuvaus: kuvaus, ryhmaAlkuperaTieto: ALKUPERA_VTJ, readOnly: true, yhteystieto };
}

/**
 * VTJ marks fields as protected: nothing of the group may be stored. An empty list of fields marks it too, and so does whatever
 * else is not a clear no.
 */
export const isTurvakiellonAlainen = ({ turvakiellonAlaisetKentat: kentat }: Tietoryhma): boolean =>
  kentat !== undefined && kentat !== null && isTurvakielto(kentat);

function toSahkoposti(ryhma: Tietoryhma): Arvot {
  return { YHTEYSTIETO_SAHKOPOSTI: findText(ryhma, 'sahkopostiosoite') ?? '' };
}

function toKotimainen(ryhma: Tietoryhma, { kieli, findMaa }: OsoiteKieli): Arvot {
  const osat = [
    findLocalised(ryhma, 'katunimi', kieli),
    findText(ryhma, 'katunumero'),
    findText(ryhma, 'huoneistokirjain'),
    findText(ryhma, 'huoneistonumero')?.replace(/^0+/, ''),
    findText(ryhma, 'jakokirjain'),
  ];
  return {
    YHTEYSTIETO_KATUOSOITE: osat.filter(Boolean).join(' '),
    YHTEYSTIETO_POSTINUMERO: findKoodi(ryhma, 'postinumero', POSTINUMERO) ?? '',
    YHTEYSTIETO_KAUPUNKI: findLocalised(ryhma, 'postitoimipaikka', kieli) ?? '',
    YHTEYSTIETO_MAA: toMaa(SUOMI, kieli, findMaa),
  };
}

function toPostiosoite(ryhma: Tietoryhma, { kieli, findMaa }: OsoiteKieli): Arvot {
  return {
    YHTEYSTIETO_KATUOSOITE: findLocalised(ryhma, 'postiosoite', kieli) ?? '',
    YHTEYSTIETO_POSTINUMERO: findKoodi(ryhma, 'postinumero', POSTINUMERO) ?? '',
    YHTEYSTIETO_KAUPUNKI: findLocalised(ryhma, 'postitoimipaikka', kieli) ?? '',
    YHTEYSTIETO_MAA: toMaa(SUOMI, kieli, findMaa),
  };
}

/** The city is YHTEYSTIETO_KUNTA here but YHTEYSTIETO_KAUPUNKI from the VTJ query: clients know both (docs/parity.md). */
function toUlkomainen(ryhma: Tietoryhma, { kieli, findMaa }: OsoiteKieli): Arvot {
  const maa = findKoodi(ryhma, 'valtiokoodi', MAAKOODI) ?? '';
  return {
    YHTEYSTIETO_KATUOSOITE: findText(ryhma, 'lahiosoite') ?? '',
    YHTEYSTIETO_KUNTA: findText(ryhma, 'paikkakunta') ?? '',
    YHTEYSTIETO_MAA: maa === MUU_MAA ? (findText(ryhma, 'valtionimi') ?? '') : toMaa(maa, kieli, findMaa),
  };
}

function toMaa(koodi: string, kieli: string, findMaa: OsoiteKieli['findMaa']): string {
  return findMaa(koodi, kieli === 'sv' ? 'SV' : 'FI') ?? '';
}
