import type { Piilotus } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import type { HenkiloPerustietoDto } from '../dto/henkilo-perustieto.dto.js';
import type { HenkiloDto } from '../dto/henkilo.dto.js';
import type { IdentificationDto } from '../dto/identification.dto.js';
import { isNoSahkoposti } from '../henkilo-koodit.constants.js';
import { toHenkiloDto, toHenkiloPerustietoDto } from '../luku/henkilo.mapper.js';
import type { HenkiloRivi } from '../luku/henkilo-rivi.sql.js';
import type { Osat } from '../luku/osat.repository.js';

/**
 * Form of the texts. A process uses and replaces only documents of its own form, so that two versions may run side by side:
 * raise it with every change of `HenkiloDto`, `HenkiloPerustietoDto`, how they are made, or this file.
 */
export const MUOTO = 2;

/** Nobody, of whom nothing is known: what is made of it has every member. */
const EI_KUKAAN = { created: 0, modified: 0 } as HenkiloRivi;
const EI_OSIA = { of: () => ({ identifications: [] }), kieli: () => null } as unknown as Osat;
const membersOf = <Dto extends object>(toDto: (henkilo: HenkiloRivi, osat: Osat, hides: Piilotus) => Dto) =>
  Object.keys(toDto(EI_KUKAAN, EI_OSIA, () => false)) as (string & keyof Dto)[];

/** Members of the answer `GET /henkilo/{oid}`, in order. */
const HENKILO = membersOf(toHenkiloDto);
/** Members of the basic data after `oidHenkilo`, in order. All but `identifications` have the value that `HENKILO` has. */
const PERUSTIETO = membersOf(toHenkiloPerustietoDto).slice(1);

/** JSON text holds no raw control characters: they are free for our own use. */
const SEPARATOR = '\x1f';

const isPerustieto = (name: string) => (PERUSTIETO as readonly string[]).includes(name);
const placeOf = (name: string) => (HENKILO as readonly string[]).indexOf(name);

/** Heads of basic data at which it is cut: those whose members do not follow the one before in `HENKILO` too. */
const CUTS = PERUSTIETO.slice(1).filter((name, i) => placeOf(name) !== placeOf(PERUSTIETO[i]!) + 1);
const CUT_HEADS = CUTS.map((name) => `,"${name}":`);
const HETU = CUTS.indexOf('hetu');

/** The members of `HENKILO` that basic data has not. */
const MUUT = HENKILO.filter((name) => name !== 'oidHenkilo' && !isPerustieto(name));
const KAIKKI_HETUT = MUUT.indexOf('kaikkiHetut');
const KOTIKUNTA = MUUT.indexOf('kotikunta');
const OPPIJANUMERO = MUUT.indexOf('oppijanumero');
const YHTEYSTIEDOT = MUUT.indexOf('yhteystiedotRyhma');

/** What follows `oidHenkilo` in the whole person: which piece of basic data, or the head and number of another value. */
const HENKILO_PIECES: readonly { readonly piece: number; readonly head: string; readonly muu: number }[] = HENKILO.map(
  (name) => ({
    piece: (CUTS as readonly string[]).indexOf(name),
    head: `,"${name}":`,
    muu: (MUUT as readonly string[]).indexOf(name),
  }),
).filter(({ piece, muu }) => piece >= 0 || muu >= 0);

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
  return yhteystiedot === 'e' ? yhteystiedot : yhteystiedot.replace(CODES, (code) => PIECE_BY_CODE[code]!);
}

/** Frequent values, which no JSON text is, by what stands for them. */
const SHORT: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null', e: '[]' };
const SHORT_OF: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SHORT).map(([short, value]) => [value, short]),
);
/** Stands for what the OID or the hetu tells: most have one hetu, and are their own learner number. */
const SAME = '=';

/** What is stored of a person. */
export interface Arvot {
  /** The JSON text of basic data after `oidHenkilo`. */
  readonly perustieto: string;
  /** Of the whole person, the values that basic data has not, as JSON texts without names. */
  readonly muut: string;
}
type Perustieto = Pick<Arvot, 'perustieto'> & { readonly oidHenkilo: string };

const opening = (henkiloOid: string) => `{"oidHenkilo":${JSON.stringify(henkiloOid)}`;

/**
 * What is stored.
 * @param henkilo nothing hidden from it
 * @param perustieto of the same snapshot
 * @throws Error the answers could not be made of it byte for byte
 */
export function toArvot(henkilo: HenkiloDto, perustieto: HenkiloPerustietoDto): Arvot {
  const { oidHenkilo } = henkilo;
  const muut = MUUT.map((name) => {
    const value = JSON.stringify(henkilo[name]);
    return SHORT_OF[value] ?? value;
  });
  if (henkilo.oppijanumero === oidHenkilo) muut[OPPIJANUMERO] = SAME;
  if (muut[KAIKKI_HETUT] === `[${JSON.stringify(henkilo.hetu)}]`) muut[KAIKKI_HETUT] = SAME;
  muut[YHTEYSTIEDOT] = shortened(muut[YHTEYSTIEDOT]!);
  const perustietoJson = JSON.stringify(perustieto);
  const arvot = { perustieto: perustietoJson.slice(opening(oidHenkilo).length + 1), muut: muut.join(SEPARATOR) };
  const dokumentti = { oidHenkilo, ...arvot };
  if (toHenkiloJson(dokumentti, false) !== JSON.stringify(henkilo)) throw new Error('The document is not the answer');
  if (toPerustietoJson(dokumentti, false) !== perustietoJson) throw new Error('The document is not the basic data');
  return arvot;
}

/** @param hidden contact details and municipality are not for the caller (ADR 84) */
export function toHenkiloJson({ oidHenkilo, perustieto, muut }: Perustieto & Arvot, hidden: boolean): string {
  const values = muut.split(SEPARATOR);
  const pieces = cut(perustieto);
  const oid = JSON.stringify(oidHenkilo);
  if (values[OPPIJANUMERO] === SAME) values[OPPIJANUMERO] = oid;
  if (values[KAIKKI_HETUT] === SAME) values[KAIKKI_HETUT] = `[${pieces[HETU]!.slice(CUT_HEADS[HETU]!.length)}]`;
  values[YHTEYSTIEDOT] = hidden ? '[]' : expanded(values[YHTEYSTIEDOT]!);
  if (hidden) values[KOTIKUNTA] = 'null';
  let json = `{"oidHenkilo":${oid}`;
  for (const { piece, head, muu } of HENKILO_PIECES) {
    if (piece >= 0) json += pieces[piece]!;
    else {
      const value = values[muu]!;
      json += head + (value.length === 1 ? (SHORT[value] ?? value) : value);
    }
  }
  return `${json}}`;
}

/** Basic data from each of `CUTS` to the next, the last without what ends the text. */
function cut(perustieto: string): string[] {
  const pieces: string[] = [];
  let from = perustieto.indexOf(CUT_HEADS[0]!);
  for (let i = 1; i < CUT_HEADS.length; i++) {
    const to = perustieto.indexOf(CUT_HEADS[i]!, from);
    pieces.push(perustieto.slice(from, to));
    from = to;
  }
  pieces.push(perustieto.slice(from, -1));
  return pieces;
}

/** @param hidden identifiers that are e-mail addresses are not for the caller (ADR 84) */
export function toPerustietoJson({ oidHenkilo, perustieto }: Perustieto, hidden: boolean): string {
  const json = `${opening(oidHenkilo)},${perustieto}`;
  return hidden ? withoutSahkopostit(json) : json;
}

function withoutSahkopostit(json: string): string {
  const perustieto = JSON.parse(json) as { identifications: IdentificationDto[] };
  return JSON.stringify({ ...perustieto, identifications: perustieto.identifications.filter(isNoSahkoposti) });
}
