import { type HenkiloHakuDto } from '../henkilo/dto/henkilo-haku.dto.js';

/** What VTJ said about a person whose names did not match; every member null when there is nothing. */
export class YksilointitietoDto {
  etunimet!: string | null;

  sukunimi!: string | null;

  kutsumanimi!: string | null;

  /** Code in code set `sukupuoli`. */
  sukupuoli!: string | null;

  /** Always null. */
  yhteystiedot!: string[] | null;
}

/** Names in VTJ. */
export class NimiDto {
  etunimet!: string | null;

  kutsumanimi!: string | null;

  sukunimi!: string | null;
}

/** A failed identification: the register's data beside VTJ's. */
export class YksilointiVertailuDto {
  oppijanumerorekisteri!: HenkiloHakuDto;

  vaestotietojarjestelma!: NimiDto;
}

/** One page of failed identifications (docs/spec/api.md#1.6). */
export class YksilointiVertailuPageDto {
  /** Requested page, from 1. */
  number!: number;

  /** Requested size. */
  size!: number;

  results!: YksilointiVertailuDto[];

  totalElements!: number;

  totalPages!: number;

  numberOfElements!: number;

  first!: boolean;

  /** False for an empty result and past the end. */
  last!: boolean;
}
