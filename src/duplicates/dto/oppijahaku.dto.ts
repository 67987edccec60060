import type { LocalDate } from '../../common/clock.js';
import {
  IsDefined,
  IsInt,
  IsPrimitiveBoolean,
  IsString,
  LONGEST_SEARCH,
  Length,
  Min,
} from '../../http/binding/rules.js';

/** What to look for (docs/spec/duplicates-tuonti-yleistunniste.md#8). */
export class OppijahakuCriteria {
  /** An OID, a hetu, or the beginnings of names; at least three characters. */
  @IsString()
  @IsDefined()
  @Length(3, LONGEST_SEARCH)
  query!: string;

  /** True: passivated persons too. */
  @IsPrimitiveBoolean()
  passive!: boolean;

  /** Page of fifty persons, from 0. */
  @IsInt()
  @IsDefined()
  @Min(0)
  page!: number;
}

/** One person found. */
export class OppijahakuResult {
  oid!: string;
  etunimet!: string;
  sukunimi!: string;
  syntymaaika!: LocalDate | null;
}

/** Where the page is among all persons found; counted from 0. */
export class OppijahakuPageMetadata {
  size!: number;
  number!: number;
  totalElements!: number;
  totalPages!: number;
}

export class OppijahakuPage {
  content!: OppijahakuResult[];
  page!: OppijahakuPageMetadata;
}
