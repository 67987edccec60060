/** By which methods a person is identified. */
export interface YksilointiTavat {
  /** By hand, without a hetu. */
  readonly yksiloity: boolean;
  readonly yksiloityVTJ: boolean;
  readonly yksiloityEidas: boolean | null;
}

/** Identified against VTJ or with eIDAS. */
export const isYksiloityVahvasti = ({ yksiloityVTJ, yksiloityEidas }: YksilointiTavat): boolean =>
  yksiloityVTJ || yksiloityEidas === true;

/** Identified by any method; then its OID is its oppijanumero. In SQL: `yksiloityEhto`. */
export const isYksiloity = (henkilo: YksilointiTavat): boolean => henkilo.yksiloity || isYksiloityVahvasti(henkilo);

/** Null: not identified. */
export const oppijanumeroOf = (henkilo: YksilointiTavat & { readonly oidHenkilo: string }): string | null =>
  isYksiloity(henkilo) ? henkilo.oidHenkilo : null;
