import { IsOptional } from 'class-validator';
import { IsIn, IsInt, IsString, LONGEST_SEARCH, MaxLength, Max, Min } from '../../http/binding/rules.js';

/** What a list of imports can be sorted by. */
export const TUONTIKOOSTE_FIELDS = [
  'id',
  'timestamp',
  'oid',
  'author',
  'total',
  'successful',
  'failures',
  'inProgress',
  'conflicts',
] as const;
export type TuontiKoosteField = (typeof TUONTIKOOSTE_FIELDS)[number];

/** Which imports, in which order. */
export class TuontiKoosteRequest {
  @IsOptional()
  @IsInt()
  id: number | null = null;

  /** Part of `sukunimi, etunimet` of the importing user, whatever the case; `%` and `_` are wildcards. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_SEARCH)
  author: string | null = null;

  /** From 1. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  page: number | null = 1;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  pageSize: number | null = 20;

  @IsOptional()
  @IsIn(['ASC', 'DESC'])
  sort: 'ASC' | 'DESC' | null = 'DESC';

  @IsOptional()
  @IsIn(TUONTIKOOSTE_FIELDS)
  field: TuontiKoosteField | null = 'timestamp';
}

/** An import and its counts. */
export class TuontiKooste {
  id!: number;

  /** OID of the importing user. */
  oid!: string | null;

  /** `sukunimi, etunimet` of that user; null when unknown here. */
  author!: string | null;

  /** Epoch milliseconds. */
  timestamp!: number;

  /** Number of rows. */
  total!: number;

  /** Rows that are not done yet. */
  inProgress!: number;

  /** Rows whose person is identified, passive or a duplicate. */
  successful!: number;

  /** All others, rows that are not done included. */
  failures!: number;

  /** Rows whose names are not those of the person. */
  conflicts!: number;

  /** Null for old imports. */
  api!: 'OPPIJA' | 'YLEISTUNNISTE' | null;
}

export class SortDto {
  sorted!: boolean;
  unsorted!: boolean;
  empty!: boolean;
}

export class PageableDto {
  /** From 0. */
  pageNumber!: number;
  pageSize!: number;
  offset!: number;
  paged!: boolean;
  unpaged!: boolean;
  sort!: SortDto;
}

/** One page of imports (docs/spec/api.md#1.6, "Spring Page"). */
export class TuontiKoostePage {
  content!: TuontiKooste[];
  pageable!: PageableDto;
  sort!: SortDto;
  /** From 0. */
  number!: number;
  size!: number;
  numberOfElements!: number;
  totalElements!: number;
  totalPages!: number;
  first!: boolean;
  last!: boolean;
  empty!: boolean;
}
