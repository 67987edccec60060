import type { OppijaTuontiCreateDto } from '../dto/oppija-tuonti-create.dto.js';
import type { YleistunnisteInput } from '../dto/yleistunniste-input.dto.js';

/** Code of code set `maatjavaltiot2` that persons of a yleistunniste import get: nationality unknown. */
const KANSALAISUUS_TUNTEMATON = '999';

interface TuontiRivinKoodi {
  readonly koodi: string;
}

/** The person of a row as stored: members that are null are left out. Old rows hold explicit nulls. */
export interface TuontiHenkilo {
  readonly oid?: string | null;
  readonly hetu?: string | null;
  readonly passinumero?: string | null;
  readonly sahkoposti?: string | null;
  readonly etunimet: string;
  readonly kutsumanimi: string;
  readonly sukunimi: string;
  readonly syntymaaika?: string | null;
  readonly sukupuoli?: TuontiRivinKoodi | null;
  readonly aidinkieli?: TuontiRivinKoodi | null;
  readonly kansalaisuus?: readonly TuontiRivinKoodi[] | null;
}

/** A row of an import as stored. */
export interface TuontiRiviSisalto {
  readonly tunniste?: string | null;
  readonly henkilo: TuontiHenkilo;
  /** Always false in imports of this service. */
  readonly conflict?: boolean | null;
}

/** The request of an import as stored in `tuonti_data` (docs/spec/schema.md#6.5). */
export interface TuontiSisalto {
  readonly sahkoposti: string | null;
  readonly henkilot: readonly TuontiRiviSisalto[];
}

export function toSisalto({ sahkoposti, henkilot }: OppijaTuontiCreateDto): TuontiSisalto {
  return { sahkoposti, henkilot: henkilot.map(({ tunniste, henkilo }) => toRivi(tunniste, henkilo)) };
}

/** The hetu alone identifies; nationality is unknown (docs/spec/duplicates-tuonti-yleistunniste.md#9). */
export function yleistunnisteToSisalto({ sahkoposti, henkilot }: YleistunnisteInput): TuontiSisalto {
  const kansalaisuus = [{ koodi: KANSALAISUUS_TUNTEMATON }];
  return {
    sahkoposti,
    henkilot: henkilot.map(({ tunniste, henkilo }) => toRivi(tunniste, { ...henkilo, kansalaisuus })),
  };
}

function toRivi(tunniste: string | null, henkilo: TuontiHenkilo): TuontiRiviSisalto {
  const { oid, hetu, passinumero, sahkoposti, etunimet, kutsumanimi, sukunimi } = henkilo;
  const { syntymaaika, sukupuoli, aidinkieli, kansalaisuus } = henkilo;
  return {
    ...withoutNulls({ tunniste }),
    henkilo: withoutNulls({
      oid,
      hetu,
      passinumero,
      sahkoposti,
      etunimet,
      kutsumanimi,
      sukunimi,
      syntymaaika,
      sukupuoli,
      aidinkieli,
      kansalaisuus,
    }),
    conflict: false,
  };
}

/** The same object without its members that are null. */
export function withoutNulls<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined)) as T;
}

/** Keys under which a row is looked for, most telling first; an empty or blank value identifies nobody (docs/spec/duplicates-tuonti-yleistunniste.md#O-8). */
export function tunnisteetOf({ oid, hetu, passinumero, sahkoposti }: TuontiHenkilo): string[] {
  const given = Object.entries({ oid, hetu, passinumero, sahkoposti });
  return given.flatMap(([laji, arvo]) => (arvo?.trim() ? [tunnisteKey(laji as TunnisteLaji, arvo)] : []));
}

export type TunnisteLaji = 'oid' | 'hetu' | 'passinumero' | 'sahkoposti';
export const tunnisteKey = (laji: TunnisteLaji, arvo: string): string => `${laji} ${arvo}`;
