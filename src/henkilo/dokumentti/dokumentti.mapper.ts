import type { HenkiloPerustietoDto } from '../dto/henkilo-perustieto.dto.js';
import type { HenkiloDto } from '../dto/henkilo.dto.js';
import type { IdentificationDto } from '../dto/identification.dto.js';
import { isNoSahkoposti } from '../henkilo-koodit.constants.js';

/**
 * Form of the texts. A process uses and replaces only documents of its own form, so that two versions may run side by side:
 * raise it with every change of `HenkiloDto`, `HenkiloPerustietoDto`, how they are made, or this file.
 */
export const MUOTO = 1;

/** Members of the answer `GET /henkilo/{oid}`, in order. */
const HENKILO = [
  'oidHenkilo',
  'hetu',
  'kaikkiHetut',
  'passivoitu',
  'etunimet',
  'kutsumanimi',
  'sukunimi',
  'aidinkieli',
  'asiointiKieli',
  'kansalaisuus',
  'kasittelijaOid',
  'syntymaaika',
  'kuolinpaiva',
  'sukupuoli',
  'kotikunta',
  'oppijanumero',
  'turvakielto',
  'eiSuomalaistaHetua',
  'yksiloity',
  'yksiloityVTJ',
  'yksilointiYritetty',
  'yksiloityEidas',
  'eidasTunnisteet',
  'duplicate',
  'created',
  'modified',
  'vtjsynced',
  'yhteystiedotRyhma',
  'yksilointivirheet',
  'passinumerot',
  'createdAt',
  'modifiedAt',
  'kielisyys',
] as const satisfies readonly (keyof HenkiloDto)[];

/** Members of the basic data, in order. All but `identifications` have the value that `HENKILO` has. */
const PERUSTIETO = [
  'oidHenkilo',
  'identifications',
  'hetu',
  'eidasTunnisteet',
  'etunimet',
  'kutsumanimi',
  'sukunimi',
  'syntymaaika',
  'turvakielto',
  'aidinkieli',
  'asiointiKieli',
  'kansalaisuus',
  'sukupuoli',
  'modified',
  'modifiedAt',
] as const satisfies readonly (keyof HenkiloPerustietoDto)[];

/** JSON text holds no raw control characters: they are free for our own use. */
const SEPARATOR = '\x1f';

/** The members of `HENKILO` that basic data has not. */
const MUUT = HENKILO.filter((name) => !(PERUSTIETO as readonly string[]).includes(name));
const IDENTIFICATIONS = PERUSTIETO.indexOf('identifications');
const YHTEYSTIEDOT = MUUT.indexOf('yhteystiedotRyhma');
const KOTIKUNTA = MUUT.indexOf('kotikunta');

const headsOf = (members: readonly string[]) => members.map((name, i) => `${i === 0 ? '{' : ','}"${name}":`);
const PERUSTIETO_HEADS = headsOf(PERUSTIETO);
/** Where the value of each member of `HENKILO` is: in the basic data, or after its end in `MUUT`. */
const HENKILO_MEMBERS = headsOf(HENKILO).map((head, i) => {
  const place = (PERUSTIETO as readonly string[]).indexOf(HENKILO[i]!);
  return { head, place: place < 0 ? PERUSTIETO.length + MUUT.indexOf(HENKILO[i]!) : place };
});

/** Frequent pieces of contact details by the character that stands for each, the longer ones first where they overlap. */
const PIECES = [
  ['\x01', '"}]},{"id":'],
  ['\x02', ',"ryhmaKuvaus":"yhteystietotyyppi'],
  ['\x03', '","ryhmaAlkuperaTieto":"alkupera'],
  ['\x04', '","readOnly":false,"yhteystieto":[{"yhteystietoTyyppi":"YHTEYSTIETO_'],
  ['\x05', '","readOnly":true,"yhteystieto":[{"yhteystietoTyyppi":"YHTEYSTIETO_'],
  ['\x06', '","yhteystietoArvo":"'],
  ['\x07', '"},{"yhteystietoTyyppi":"YHTEYSTIETO_'],
] as const;
const PIECE_BY_CODE: Readonly<Record<string, string>> = Object.fromEntries(PIECES);
const CODES = /[\x01-\x07]/g;

function shortened(yhteystiedot: string): string {
  return PIECES.reduce((text, [code, piece]) => text.replaceAll(piece, code), yhteystiedot);
}

function expanded(yhteystiedot: string): string {
  return yhteystiedot === '[]' ? yhteystiedot : yhteystiedot.replace(CODES, (code) => PIECE_BY_CODE[code]!);
}

/** Values without their names, as JSON texts with separators between. */
export interface Arvot {
  /** Of basic data. */
  readonly perustieto: string;
  /** Of the whole person, those that basic data has not. */
  readonly muut: string;
}

/**
 * What is stored.
 * @param henkilo nothing hidden from it
 * @param perustieto of the same snapshot
 * @throws Error the answers could not be made of it byte for byte
 */
export function toArvot(henkilo: HenkiloDto, perustieto: HenkiloPerustietoDto): Arvot {
  const muut = MUUT.map((name) => JSON.stringify(henkilo[name]));
  muut[YHTEYSTIEDOT] = shortened(muut[YHTEYSTIEDOT]!);
  const arvot = {
    perustieto: PERUSTIETO.map((name) => JSON.stringify(perustieto[name])).join(SEPARATOR),
    muut: muut.join(SEPARATOR),
  };
  if (toHenkiloJson(arvot, false) !== JSON.stringify(henkilo)) throw new Error('The document is not the answer');
  if (toPerustietoJson(arvot, false) !== JSON.stringify(perustieto))
    throw new Error('The document is not the basic data');
  return arvot;
}

/** @param hidden contact details and municipality are not for the caller (ADR 84) */
export function toHenkiloJson({ perustieto, muut }: Arvot, hidden: boolean): string {
  const values = perustieto.split(SEPARATOR);
  for (const value of muut.split(SEPARATOR)) values.push(value);
  const yhteystiedot = PERUSTIETO.length + YHTEYSTIEDOT;
  values[yhteystiedot] = hidden ? '[]' : expanded(values[yhteystiedot]!);
  if (hidden) values[PERUSTIETO.length + KOTIKUNTA] = 'null';
  let json = '';
  for (const { head, place } of HENKILO_MEMBERS) json += head + values[place]!;
  return `${json}}`;
}

/** @param hidden identifiers that are e-mail addresses are not for the caller (ADR 84) */
export function toPerustietoJson({ perustieto }: Pick<Arvot, 'perustieto'>, hidden: boolean): string {
  const values = perustieto.split(SEPARATOR);
  if (hidden) {
    const identifications = JSON.parse(values[IDENTIFICATIONS]!) as IdentificationDto[];
    values[IDENTIFICATIONS] = JSON.stringify(identifications.filter(isNoSahkoposti));
  }
  let json = '';
  for (let i = 0; i < PERUSTIETO_HEADS.length; i++) json += PERUSTIETO_HEADS[i]! + values[i]!;
  return `${json}}`;
}
