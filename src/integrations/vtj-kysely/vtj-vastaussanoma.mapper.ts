import { isTurvakielto } from '../../common/kylla-ei.js';
import type { VtjHenkilo, VtjHuoltaja, VtjOsoite } from './vtj-henkilo.model.js';
import { XmlElement, XmlError } from './vtj-xml.model.js';

const CODE_CHANGES: Readonly<Record<string, string>> = { '736': '729', '230': '231' };

/** Return code and person of an answer; `henkilo` is read only when asked for, since other codes come without one. */
export interface Vastaussanoma {
  /** `Paluukoodi/@koodi`; the text "null" without one, as the reference logs it. */
  readonly paluukoodi: string;
  /** Current henkilötunnus of the answer, '' when empty. */
  readonly hetu: string | null;
  /** @throws XmlError an element that VTJ always sends is missing */
  henkilo(): VtjHenkilo;
}

/** @throws XmlError the text is not an answer to TeeHenkilonTunnusKysely */
export function parseVastaussanoma(xml: string): Vastaussanoma {
  const body = XmlElement.parse(xml).get('Envelope').get('Body');
  if (body.find('Fault')) throw new XmlError('is a SOAP fault');
  const sanoma = body
    .get('TeeHenkilonTunnusKyselyResponse')
    .get('TeeHenkilonTunnusKyselyResult')
    .get('VTJHenkiloVastaussanoma');
  return {
    paluukoodi: sanoma.find('Paluukoodi')?.attribute('koodi') ?? 'null',
    hetu: sanoma.find('Henkilo')?.code('Henkilotunnus') ?? null,
    henkilo: () => toHenkilo(sanoma.get('Henkilo')),
  };
}

function toHenkilo(henkilo: XmlElement): VtjHenkilo {
  const etunimi = henkilo.get('NykyisetEtunimet').text('Etunimet');
  const aidinkieli = henkilo.get('Aidinkieli').code('Kielikoodi');
  const kansalaisuudet = henkilo.list('Kansalaisuus').map((k) => k.code('Kansalaisuuskoodi3') ?? '');
  return {
    hetu: henkilo.get('Henkilotunnus').content.trim(),
    etunimi,
    kutsumanimi: toKutsumanimi(henkilo.get('NykyinenKutsumanimi').text('Kutsumanimi'), etunimi),
    sukunimi: henkilo.get('NykyinenSukunimi').text('Sukunimi'),
    entisetNimet: henkilo
      .list('EntinenNimi')
      .map((n) => ({ laji: n.code('Nimilajikoodi') ?? '', nimi: n.text('Nimi') ?? '' })),
    sukupuoli: henkilo.get('Sukupuoli').code('Sukupuolikoodi'),
    turvakielto: isTurvakielto(henkilo.get('Turvakielto').text('TurvakieltoTieto')),
    sahkoposti: henkilo.code('Sahkopostiosoite'),
    aidinkieliKoodi: aidinkieli?.toLowerCase() === 'iw' ? 'he' : aidinkieli,
    kansalaisuusKoodit:
      kansalaisuudet.length === 0 ? null : kansalaisuudet.filter(hasText).map((koodi) => CODE_CHANGES[koodi] ?? koodi),
    osoitteet: [
      kotimainen(henkilo.find('VakinainenKotimainenOsoite')),
      ulkomainen(henkilo.find('VakinainenUlkomainenOsoite')),
    ].filter((o) => o !== null),
    kotikunta: blankToNull(henkilo.find('Kotikunta')?.code('Kuntanumero') ?? null),
    huoltajat: henkilo
      .list('Huoltaja')
      .map(toHuoltaja)
      .filter((h) => h !== null),
    huollettavat: henkilo.list('Huollettava').flatMap((h) => {
      const hetu = blankToNull(h.code('Henkilotunnus'));
      return hetu === null ? [] : [{ hetu, etunimi: h.text('Etunimet'), sukunimi: h.text('Sukunimi') }];
    }),
  };
}

/** Null unless it tells more than the first names do; '' for one without text. */
function toKutsumanimi(kutsumanimi: string | null, etunimi: string | null): string | null {
  if (kutsumanimi === null || kutsumanimi === etunimi || kutsumanimi.trim().includes(' ')) return null;
  return hasText(kutsumanimi) ? kutsumanimi : '';
}

/** Null without a kind of relation: VTJ sends empty elements where nobody is. */
function toHuoltaja(huoltaja: XmlElement): VtjHuoltaja | null {
  const etunimi = huoltaja.get('NykyisetEtunimet').text('Etunimet');
  const sukunimi = huoltaja.get('NykyinenSukunimi').text('Sukunimi');
  if (!hasText(huoltaja.get('Huoltotiedot').code('Henkilosuhdelajikoodi'))) return null;
  return { hetu: blankToNull(huoltaja.code('Henkilotunnus')), etunimi, sukunimi };
}

/**
 * Address in Finland (docs/spec/yksilointi-vtj.md#4.6). Unlike in the reference the Swedish street has the Swedish name,
 * missing parts leave no gaps, and an address without any value is none (docs/spec/yksilointi-vtj.md#9, items 3 and 4).
 */
function kotimainen(osoite: XmlElement | null): VtjOsoite | null {
  if (!osoite) return null;
  const number = [
    osoite.text('Katunumero'),
    osoite.text('Porraskirjain'),
    osoite.code('Huoneistonumero')?.replace(/^0+/, ''),
    osoite.text('Jakokirjain'),
  ];
  const street = (name: string | null) =>
    [name, ...number]
      .filter(hasText)
      .map((part) => part.trim())
      .join(' ');
  const katuR = osoite.text('KatuR');
  const result = {
    tyyppi: 'yhteystietotyyppi4',
    katuosoiteS: street(osoite.text('KatuS')),
    katuosoiteR: hasText(katuR) ? street(katuR) : null,
    postinumero: osoite.code('Postinumero'),
    kaupunkiS: osoite.text('PostitoimipaikkaS'),
    kaupunkiR: osoite.text('PostitoimipaikkaR'),
    maaS: 'Suomi',
    maaR: 'Finland',
  } as const;
  const { katuosoiteS, katuosoiteR, postinumero, kaupunkiS, kaupunkiR } = result;
  return [katuosoiteS, katuosoiteR, postinumero, kaupunkiS, kaupunkiR].some(hasText) ? result : null;
}

function ulkomainen(osoite: XmlElement | null): VtjOsoite | null {
  if (!osoite) return null;
  const result = {
    tyyppi: 'yhteystietotyyppi5',
    katuosoiteS: osoite.text('UlkomainenLahiosoite'),
    katuosoiteR: null,
    postinumero: null,
    kaupunkiS: osoite.text('UlkomainenPaikkakunta'),
    kaupunkiR: null,
    maaS: osoite.text('ValtioS'),
    maaR: osoite.text('ValtioR'),
  } as const;
  return [result.katuosoiteS, result.kaupunkiS, result.maaS, result.maaR].some(hasText) ? result : null;
}

const hasText = (text: string | null | undefined): text is string => text != null && text.trim() !== '';
const blankToNull = (text: string | null): string | null => (hasText(text) ? text : null);
