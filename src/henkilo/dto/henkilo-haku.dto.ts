/** A person as a search result. */
export class HenkiloHakuDto {
  oidHenkilo!: string;

  /** Current hetu. */
  hetu!: string | null;

  etunimet!: string;

  kutsumanimi!: string;

  sukunimi!: string;
}

/** A person as a search result with flags. */
export class HenkiloHakuPerustietoDto extends HenkiloHakuDto {
  yksiloityVTJ!: boolean;

  yksiloityEidas!: boolean;

  /** Always null. */
  eidasTunnisteet!: string[] | null;

  yksiloity!: boolean;

  passivoitu!: boolean;

  duplicate!: boolean;
}

/** A person found by home municipality and birth date. */
export class HenkiloMunicipalDobDto extends HenkiloHakuDto {
  /** `YYYY-MM-DD` */
  syntymaaika!: string;
}

/** One page of persons of a municipality, 5 000 a page. */
export class HenkiloMunicipalDobSliceDto {
  /** Requested page, from 1. */
  number!: number;

  size!: number;

  results!: HenkiloMunicipalDobDto[];

  /** There are no further rows. */
  last!: boolean;

  first!: boolean;

  numberOfElements!: number;
}
