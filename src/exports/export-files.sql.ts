import type { TableCopy } from '../database/snapshot.js';

/** Versions of the files of `Export`: v3 knows no eIDAS. */
export const VERSIONS = ['v3', 'v4'] as const;
export const FORMATS = ['csv', 'json'] as const;
export type Version = (typeof VERSIONS)[number];
export type Format = (typeof FORMATS)[number];

/** A table of schema `export` as the columns of its files. */
interface ExportTable {
  readonly name: 'henkilo' | 'yhteystieto';
  readonly columns: readonly string[];
  /** Columns that JSON says in another way. */
  readonly json: Readonly<Record<string, string>>;
}

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const flag = (column: string) => `coalesce(${column}, false)`;

/** In the order in which they are written. */
const TABLES: readonly ExportTable[] = [
  {
    name: 'henkilo',
    columns: [
      'henkilo_oid', 'hetu', 'eidas_tunnisteet', 'sukupuoli', 'syntymaaika', 'sukunimi', 'etunimet', 'aidinkieli',
      'turvakielto', 'kotikunta', 'yksiloityvtj', 'kansalaisuus', 'master_oid', 'linkitetyt_oidit', 'created', 'updated',
    ], // prettier-ignore
    json: {
      turvakielto: flag('turvakielto'),
      yksiloityvtj: flag('yksiloityvtj'),
      created: instant('created'),
      updated: instant('updated'),
    },
  },
  {
    name: 'yhteystieto',
    columns: ['henkilo_oid', 'yhteystietotyyppi', 'yhteystieto_arvo', 'yhteystieto_arvo_tyyppi', 'alkupera'],
    json: {},
  },
];

/** One file of `Export`. */
export interface ExportFile {
  readonly key: string;
  readonly format: Format;
  /** What gives its rows: one COPY, or those of a table that is complete, in steps. */
  readonly copy: string | TableCopy;
}

/** @returns the COPY of a CSV file, as the extension aws_s3 has PostgreSQL write it */
const csvCopy = (query: string, header = true): string => `copy (${query}) to stdout (format csv, header ${header})`;

const csvCopyOf = (table: string, columns: readonly string[]): TableCopy => ({
  table,
  sqlOf: (condition, isFirst) => csvCopy(`select ${columns.join(', ')} from ${table} where ${condition}`, isFirst),
});

/**
 * @param columns the first is never null; the others are left out where they are
 * @param valueOf value of a column, in SQL
 * @returns COPY of one JSON object a line, with a comma behind it (toJsonList). Neither character that would make CSV quote a line is
 *   ever in JSON, which writes control characters as escapes. Put together from values: `json_strip_nulls(row_to_json(…))` takes half as long again.
 */
function jsonCopyOf(table: string, columns: readonly string[], valueOf: (column: string) => string): TableCopy {
  const members = columns.map((column, n) =>
    n === 0
      ? `'{"${column}":' || to_json(${valueOf(column)})`
      : `coalesce(',"${column}":' || to_json(${valueOf(column)}), '')`,
  );
  return {
    table,
    sqlOf: (condition) => `copy (select ${members.join(' || ')} || '},' from ${table} where ${condition})
     to stdout (format csv, delimiter E'\\x02', quote E'\\x01')`,
  };
}

/** The folder of the files of one version and format. */
export const folderOf = (version: Version, format: Format): string =>
  `fulldump/oppijanumerorekisteri/${version}/${format}/`;

/** The files of one version and format, persons first. */
export function filesOf(version: Version, format: Format): ExportFile[] {
  return TABLES.map(({ name, columns, json }) => {
    const shown = columns.filter((column) => version !== 'v3' || column !== 'eidas_tunnisteet');
    const table = `export.${name}`;
    const copy =
      format === 'json' ? jsonCopyOf(table, shown, (column) => json[column] ?? column) : csvCopyOf(table, shown);
    return { key: `${folderOf(version, format)}${name}.${format}`, format, copy };
  });
}

/** CSV of `HenkiloExport`. */
export const HENKILO_OIDS_COPY = csvCopy('select oidhenkilo as henkilo_oid from henkilo order by oidhenkilo');

/** CSV of `DatantuontiExport`. */
export const DATANTUONTI_COPY = csvCopyOf('datantuonti_export.henkilo', [
  'oid', 'yksiloityvtj', 'aidinkieli', 'asiointikieli', 'kansalaisuus', 'master_oid', 'linkitetyt_oidit',
]); // prettier-ignore
