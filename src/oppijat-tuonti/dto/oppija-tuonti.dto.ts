import { type YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';

/** Progress of an import. */
export class OppijaTuontiPerustiedotReadDto {
  id!: number;

  /** Number of rows. */
  kasiteltavia!: number;

  /** Rows done so far, failed ones included; never decreases. */
  kasiteltyja!: number;

  /** All rows are done. */
  kasitelty!: boolean;
}

/** Names of a code by language. */
export class KoodiNimetDto {
  FI!: string | null;
  SV!: string | null;
  EN!: string | null;
}

/** A code with its names, which are null for an unknown code. */
export class KoodiNimiReadDto {
  koodi!: string;

  nimi!: KoodiNimetDto;
}

/**
 * An imported person. In the result of an import there are but OIDs, times and `passivoitu` of a person who is not in the
 * caller's organisations: a row with other names does not bring one there.
 */
export class OppijaReadDto {
  oid!: string;

  /** OID of the person's identity; null when it is not identified. */
  oppijanumero!: string | null;

  /** Epoch milliseconds. */
  luotu!: number;

  /** Epoch milliseconds. */
  muokattu!: number;

  hetu!: string | null;

  etunimet!: string | null;

  kutsumanimi!: string | null;

  sukunimi!: string | null;

  /** `YYYY-MM-DD` */
  syntymaaika!: string | null;

  sukupuoli!: KoodiNimiReadDto | null;

  /** Code in upper case. */
  aidinkieli!: KoodiNimiReadDto | null;

  kansalaisuus!: KoodiNimiReadDto[];

  /** Null under turvakielto. */
  kotikunta!: KoodiNimiReadDto | null;

  /** Empty for a person under turvakielto where the caller's rights are by organisation. */
  yhteystiedotRyhma!: YhteystiedotRyhmaDto[];

  passivoitu!: boolean;

  /** OIDs of the same person; absent where it is not worked out. */
  linked?: string[];
}

/** A row of an import and the person it led to. */
export class OppijaTuontiRiviReadDto {
  tunniste!: string | null;

  henkilo!: OppijaReadDto;

  /** The names of the row are not those of the person; absent in old imports. */
  conflict?: boolean;
}

/** A row that could not be stored. */
export class TuontiVirheDto {
  /** Number of the row in the import, from 0. */
  rivi!: number;

  tunniste!: string | null;

  virhe!: string;
}

/** An import with its result so far. */
export class OppijaTuontiReadDto extends OppijaTuontiPerustiedotReadDto {
  henkilot!: OppijaTuontiRiviReadDto[];

  /** Rows that could not be stored; absent when there are none. */
  virheet?: TuontiVirheDto[];
}

/** A person without personal data. */
export class FilteredStudent {
  oid!: string;

  /** OID of the person's identity; null when it is not identified. */
  oppijanumero!: string | null;

  passivoitu!: boolean;

  /** OIDs of the same person. */
  linked?: string[];
}

/** A row of an import and the person it led to, without personal data. */
export class FilteredRow {
  tunniste!: string | null;

  henkilo!: FilteredStudent;

  /** The names of the row are not those of the person; absent in old imports. */
  conflict?: boolean;
}

/** An import with its result so far, without personal data. */
export class FilteredResult extends OppijaTuontiPerustiedotReadDto {
  henkilot!: FilteredRow[];

  /** Rows that could not be stored; absent when there are none. */
  virheet?: TuontiVirheDto[];
}

/** A row as it was sent, with what became of it; members that are null are absent. */
export class TuontiDataRiviDto {
  tunniste?: string;

  /** The person as sent; the last four characters of the hetu are hidden. */
  henkilo!: Record<string, unknown>;

  /** The person that the row led to. */
  henkiloOid?: string;

  /** `sukunimi, etunimet` of that person today; absent when it is not in the caller's organisations. */
  henkiloNimi?: string;

  conflict!: boolean;

  /** Why the row could not be stored. */
  virhe?: string;
}
