import type { VtjHenkilo, VtjOsoite } from './vtj-henkilo.model.js';

/** A contact group made of VTJ's data, in the API's words. */
export interface VtjYhteystietoryhma {
  readonly ryhmaKuvaus: string;
  readonly ryhmaAlkuperaTieto: 'alkupera1';
  readonly readOnly: true;
  readonly yhteystieto: readonly { readonly yhteystietoTyyppi: string; readonly yhteystietoArvo: string | null }[];
}

/**
 * Contact groups of a person: one per address, and one for the e-mail; a group without any value is left out
 * (docs/spec/yksilointi-vtj.md#4.6).
 * @param asiointikieliKoodi `sv` takes the Swedish text where there is one
 */
export function toYhteystietoryhmat(
  { osoitteet, sahkoposti }: Pick<VtjHenkilo, 'osoitteet' | 'sahkoposti'>,
  asiointikieliKoodi: string | null,
): VtjYhteystietoryhma[] {
  const swedish = asiointikieliKoodi === 'sv';
  const groups = osoitteet.map((osoite) => toRyhma(osoite, swedish));
  if (hasText(sahkoposti)) groups.push(group('yhteystietotyyppi8', { YHTEYSTIETO_SAHKOPOSTI: sahkoposti }));
  return groups.filter(({ yhteystieto }) => yhteystieto.some(({ yhteystietoArvo }) => yhteystietoArvo));
}

function toRyhma(osoite: VtjOsoite, swedish: boolean): VtjYhteystietoryhma {
  const choose = (s: string | null, r: string | null) => (r !== null && swedish && (hasText(r) || !hasText(s)) ? r : s);
  return group(osoite.tyyppi, {
    YHTEYSTIETO_KATUOSOITE: choose(osoite.katuosoiteS, osoite.katuosoiteR),
    ...(osoite.postinumero !== null && { YHTEYSTIETO_POSTINUMERO: osoite.postinumero }),
    YHTEYSTIETO_KAUPUNKI: choose(osoite.kaupunkiS, osoite.kaupunkiR),
    YHTEYSTIETO_MAA: choose(osoite.maaS, osoite.maaR),
  });
}

function group(ryhmaKuvaus: string, values: Record<string, string | null>): VtjYhteystietoryhma {
  const yhteystieto = Object.entries(values).map(([yhteystietoTyyppi, yhteystietoArvo]) => ({
    yhteystietoTyyppi,
    yhteystietoArvo,
  }));
  return { ryhmaKuvaus, ryhmaAlkuperaTieto: 'alkupera1', readOnly: true, yhteystieto };
}

const hasText = (text: string | null): text is string => text !== null && text.trim() !== '';
