import type { LocalDate } from '../../common/clock.js';
import type { LoadedYhteystiedotRyhma } from '../../yhteystiedot/loaded-yhteystiedot.model.js';

/** A guardian relation of a child as stored, with what is needed to recognise the guardian. */
export interface NykyinenHuoltaja {
  /** Row of `henkilo_huoltaja_suhde`. */
  readonly suhdeId: number;
  /** `henkilo.id` of the guardian. */
  readonly huoltajaId: number;
  readonly hetu: string | null;
  readonly etunimet: string;
  readonly kutsumanimi: string;
  readonly sukunimi: string;
  readonly yksiloityVTJ: boolean;
  readonly alkupvm: LocalDate | null;
  readonly loppupvm: LocalDate | null;
}

/** A guardian that the message gives, new or known. */
export interface HuoltajaTiedot {
  readonly hetu: string | null;
  readonly etunimet: string | null;
  readonly kutsumanimi: string | null;
  readonly sukunimi: string | null;
  readonly syntymaaika: LocalDate | null;
  /** Of the known guardian: only data of a VTJ-identified one are overwritten (docs/spec/yksilointi-vtj.md#7.2). */
  readonly yksiloityVTJ: boolean;
  /** Codes of code set maatjavaltiot2; null: not given. */
  readonly kansalaisuudet: readonly string[] | null;
  readonly alkupvm: LocalDate | null;
  readonly loppupvm: LocalDate | null;
}

/** One guardian after the change: a relation that stays as it is, or one that the message gives. */
export type Huoltaja = { readonly pysyva: NykyinenHuoltaja } | { readonly tiedot: HuoltajaTiedot };

/**
 * What a message makes of a person. A field that is not there is not changed. Contact groups are all groups after the
 * change; `kotikunta` and `turvakielto` begin with the person's own.
 */
export interface VtjMuutos {
  etunimet?: string;
  kutsumanimi?: string;
  sukunimi?: string;
  /** The person's new hetu. */
  hetu?: string;
  syntymaaika?: LocalDate;
  /** Code of code set `sukupuoli`. */
  sukupuoli?: '1' | '2';
  /** null: the person is not dead after all. */
  kuolinpaiva?: LocalDate | null;
  /** Lower-case code of code set `kieli`. */
  aidinkieli?: string;
  /** Codes of code set maatjavaltiot2. */
  kansalaisuudet?: string[];
  turvakielto: boolean;
  /** Code of code set `kunta`. */
  kotikunta: string | null;
  yhteystiedotRyhma: LoadedYhteystiedotRyhma[];
  /** All relations after the change; missing: the message says nothing of guardians. */
  huoltajat?: Huoltaja[];
}

/** What the mapping needs to know of the person. */
export interface VtjKohde {
  readonly kotikunta: string | null;
  readonly kuolinpaiva: LocalDate | null;
  readonly turvakielto: boolean;
  readonly yhteystiedotRyhma: readonly LoadedYhteystiedotRyhma[];
  /** Every relation in which the person is the child, past ones too. */
  readonly huoltajat: readonly NykyinenHuoltaja[];
  /** Language codes in lower case; null: unknown. */
  readonly asiointikieli: string | null;
  readonly aidinkieli: string | null;
}

/** What the mapping needs besides the person. */
export interface Ymparisto {
  readonly today: LocalDate;
  /** Name of a country in Finnish or Swedish by its code in maatjavaltiot2. */
  readonly findMaa: (koodi: string, kieli: 'FI' | 'SV') => string | undefined;
}
