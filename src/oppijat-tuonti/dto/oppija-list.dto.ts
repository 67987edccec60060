import { ApiProperty } from '@nestjs/swagger';
import { OppijaReadDto } from './oppija-tuonti.dto.js';

export const YKSILOINTI_TILAT = ['OK', 'VIRHE', 'KESKEN', 'HETU_PUUTTUU'] as const;
/** How far the identification of a person is (docs/spec/api.md#6.4). */
export type YksilointiTila = (typeof YKSILOINTI_TILAT)[number];

/** Counts of imported persons. */
export class OppijaTuontiYhteenvetoDto {
  /** Identified, passive or a duplicate. */
  onnistuneet!: number;

  /** Without hetu, or the identification has failed. */
  virheet!: number;

  /** The identification has not been tried yet. */
  keskeneraiset!: number;

  /** The sum. */
  yhteensa!: number;
}

/** An imported person whose identification fails. */
export class OppijaListDto {
  oid!: string;

  oppijanumero!: string | null;

  /** Epoch milliseconds. */
  luotu!: number;

  /** Epoch milliseconds. */
  muokattu!: number;

  /** `YYYY-MM-DD` */
  syntymaaika!: string | null;

  etunimet!: string;

  kutsumanimi!: string;

  sukunimi!: string;

  yksilointiTila!: YksilointiTila;

  /** User who first imported the person; null when unknown here. */
  serviceUserOid!: string | null;

  /** `sukunimi etunimet` of that user. */
  serviceUserName!: string | null;
}

/** An imported person with the data of its master. */
export class MasterHenkiloDto {
  /** The imported person's own OID. */
  oid!: string;

  /** Data of the master; of the person itself when it has none. */
  master!: OppijaReadDto;
}

/** A page, its number from 1; an empty first page is not the last (docs/spec/api.md#1.6, "Page"). */
class PageInfo {
  number!: number;
  size!: number;
  totalElements!: number;
  totalPages!: number;
  numberOfElements!: number;
  first!: boolean;
  last!: boolean;
}

/** One page of persons whose identification fails. */
export class OppijaListPage extends PageInfo {
  @ApiProperty({ type: [OppijaListDto] })
  results!: readonly OppijaListDto[];
}

/** One page of changed persons. */
export class MasterHenkiloPage extends PageInfo {
  @ApiProperty({ type: [MasterHenkiloDto] })
  results!: readonly MasterHenkiloDto[];
}
