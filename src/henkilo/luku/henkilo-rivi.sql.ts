import { SUOJATTU } from '../../auth/permissions/suojattu.sql.js';
import { columnsOf } from '../../database/entity-columns.js';
import { millisOf } from '../../database/millis.js';
import { Henkilo } from '../entities/henkilo.entity.js';

type Sarake = keyof Henkilo;

/** Columns of a person as they are read: instants are epoch milliseconds, and a flag that is not stored is false. */
export type HenkilonTiedot<Sarakkeet extends Sarake> = {
  readonly [S in Sarakkeet]: boolean extends Henkilo[S]
    ? boolean
    : Date extends Henkilo[S]
      ? number | Exclude<Henkilo[S], Date>
      : Henkilo[S];
};

/** Names and identifiers of a person, as every search result has them. */
const HAKU = ['id', 'oidHenkilo', 'hetu', 'etunimet', 'kutsumanimi', 'sukunimi'] as const satisfies Sarake[];

const PERUSTIETO = [
  ...HAKU, 'aidinkieliId', 'asiointikieliId', 'sukupuoli', 'syntymaaika', 'turvakielto', 'modified',
] as const satisfies Sarake[]; // prettier-ignore

/** What only the register itself looks at. */
const SISAISET = ['version', 'vtjRegister', 'kuolinsiivous', 'vtjBucket'] as const satisfies Sarake[];
type HenkiloSarake = Exclude<Sarake, (typeof SISAISET)[number]>;

const isSisainen = (sarake: string): boolean => (SISAISET as readonly string[]).includes(sarake);
/** Every other column. `kotikunta` is not masked: for the mapper only. */
const HENKILO = columnsOf(Henkilo)
  .map(({ property }) => property)
  .filter((sarake): sarake is HenkiloSarake => !isSisainen(sarake));

export type HenkiloHakuRivi = HenkilonTiedot<(typeof HAKU)[number]>;

/** What basic data needs. */
export interface PerustietoRivi extends HenkilonTiedot<(typeof PERUSTIETO)[number]> {
  /** See `SUOJATTU`. */
  readonly suojattu: boolean;
}

/** What the whole data needs. */
export interface HenkiloRivi extends PerustietoRivi, HenkilonTiedot<HenkiloSarake> {}

/** `isYksiloity` in SQL. @param h alias of the row of `henkilo` */
export const yksiloityEhto = (h: string): string =>
  `(${h}.yksiloity or ${h}.yksiloityvtj or coalesce(${h}.yksiloityeidas, false))`;

/** Persons whose data VTJ keeps: identified against VTJ, with a hetu, in use (docs/spec/yksilointi-vtj.md#5.4). */
export const VTJ_HENKILO = 'not passivoitu and hetu is not null and yksiloityvtj and yksiloityeidas = false';

/** The select list of `HenkilonTiedot`; the table is `henkilo h`. */
export function henkiloColumns(sarakkeet: readonly Sarake[]): string {
  const columns = new Map(columnsOf(Henkilo).map((column) => [column.property, column]));
  return sarakkeet
    .map((sarake) => {
      const { column, type, isNullable } = columns.get(sarake)!;
      const value = `h.${column}`;
      if (type.startsWith('timestamp')) return `${millisOf(value)} as "${sarake}"`;
      return `${type === 'boolean' && isNullable ? `coalesce(${value}, false)` : value} as "${sarake}"`;
    })
    .join(', ');
}

/** Select lists of the rows above. */
export const HAKU_COLUMNS = henkiloColumns(HAKU);
export const PERUSTIETO_COLUMNS = `${henkiloColumns(PERUSTIETO)}, ${SUOJATTU} as suojattu`;
export const HENKILO_COLUMNS = `${henkiloColumns(HENKILO)}, ${SUOJATTU} as suojattu`;
