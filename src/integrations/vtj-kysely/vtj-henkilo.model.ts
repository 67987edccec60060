/** What the VTJ query tells of a person (docs/spec/yksilointi-vtj.md#4.3, docs/spec/yksilointi-vtj.md#4.5). Names are as sent, other texts without the space around them: '' where VTJ sent an empty element or a blank one, null where none. */
export interface VtjHenkilo {
  /** Current henkilötunnus. */
  readonly hetu: string | null;
  readonly etunimi: string | null;
  /** Null unless it differs from the first names and is one name. */
  readonly kutsumanimi: string | null;
  readonly sukunimi: string | null;
  readonly entisetNimet: readonly VtjEntinenNimi[];
  readonly sukupuoli: string | null;
  readonly turvakielto: boolean;
  readonly sahkoposti: string | null;
  /** Lower case as VTJ sends it; the old code `iw` comes as `he`. */
  readonly aidinkieliKoodi: string | null;
  /** Code in maatjavaltiot2, 736 and 230 replaced by 729 and 231; null when VTJ sent no element. */
  readonly kansalaisuusKoodit: readonly string[] | null;
  readonly osoitteet: readonly VtjOsoite[];
  /** Three digits; null when there is none. */
  readonly kotikunta: string | null;
  readonly huoltajat: readonly VtjHuoltaja[];
  readonly huollettavat: readonly VtjHuollettava[];
}

export interface VtjEntinenNimi {
  /** Nimilajikoodi: 05 former surname, 06 former first names, 07 …; other codes occur. */
  readonly laji: string;
  readonly nimi: string;
}

/** An address in Finnish (S) and Swedish (R); `street` and so on may be ''. */
export interface VtjOsoite {
  /** `yhteystietotyyppi4` in Finland, `yhteystietotyyppi5` abroad. */
  readonly tyyppi: 'yhteystietotyyppi4' | 'yhteystietotyyppi5';
  readonly katuosoiteS: string | null;
  readonly katuosoiteR: string | null;
  readonly postinumero: string | null;
  readonly kaupunkiS: string | null;
  readonly kaupunkiR: string | null;
  readonly maaS: string | null;
  readonly maaR: string | null;
}

export interface VtjHuoltaja {
  /** Null for a guardian without one. */
  readonly hetu: string | null;
  readonly etunimi: string | null;
  readonly sukunimi: string | null;
}

/** A ward; parsed for completeness, used nowhere. */
export interface VtjHuollettava {
  readonly hetu: string;
  readonly etunimi: string | null;
  readonly sukunimi: string | null;
}

/** Outcome of one query (docs/spec/yksilointi-vtj.md#4.4). */
export type VtjVastaus =
  | { readonly kind: 'found'; readonly henkilo: VtjHenkilo }
  /** VTJ knows no such henkilötunnus. */
  | { readonly kind: 'notFound' }
  /** The henkilötunnus is no longer in use and VTJ gives no new one. */
  | { readonly kind: 'passivated' };
