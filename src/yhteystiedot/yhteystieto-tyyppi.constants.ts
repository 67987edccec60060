/** Kinds of contact values (docs/spec/api.md#6.3). */
export const YHTEYSTIETO_TYYPIT = [
  'YHTEYSTIETO_SAHKOPOSTI',
  'YHTEYSTIETO_PUHELINNUMERO',
  'YHTEYSTIETO_MATKAPUHELINNUMERO',
  'YHTEYSTIETO_KATUOSOITE',
  'YHTEYSTIETO_KUNTA',
  'YHTEYSTIETO_POSTINUMERO',
  'YHTEYSTIETO_KAUPUNKI',
  'YHTEYSTIETO_MAA',
] as const;
export type YhteystietoTyyppi = (typeof YHTEYSTIETO_TYYPIT)[number];

/** Origin of contact details that come from VTJ; removed from a person under turvakielto. */
export const ALKUPERA_VTJ = 'alkupera1';
