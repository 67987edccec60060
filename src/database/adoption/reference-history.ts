/** Newest migration of the reference that this service knows (docs/spec/schema.md). */
const REFERENCE_VERSION = '20260615120000000';

/** A row of the reference's migration history `schema_table_onr`; `version` is null for marks that are no migration. */
export interface HistoryRow {
  readonly version: string | null;
  readonly type: string;
  readonly success: boolean;
}

/** Every versioned migration of the reference, oldest first (docs/spec/schema.md#10.4). */
export const VERSIONS: readonly string[] = `
  20180418112325837 20180423104403142 20180430114349683 20180430150300000 20180502075535257
  20180511092120234 20180713150856534 20180912162716643 20180912173407992 20180913095545479
  20180913123305000 20180914155659023 20180920132655578 20181005130641693 20181024141425000
  20181031113859023 20181107143652304 20181120102450000 20181203141055000 20190108110102347
  20190108110102348 20190123091416023 20190415121754973 20190506143930206 20190924095801294
  20191007091035000 20191129064004483 20200123104943740 20200206110726043 20200311134626422
  20201013130251027 20201027160520749 20210421111951297 20210526140916229 20211115120000000
  20211120120000000 20221109120000000 20221125120000000 20221129000000000 20221215120000000
  20230102120000000 20230105120000000 20230207120000000 20230303120000000 20230425120000000
  20230608112233123 20230622112233123 20230711000000000 20230822112233123 20231004000000000
  20231005000000000 20231005000000001 20231121000000001 20231201000000001 20231215000000001
  20231218000000000 20240104000000000 20240116000000000 20240205000000000 20240418112233000
  20240605000000000 20240814112233000 20240819112233000 20240821112233000 20240903112233000
  20240904112233000 20241112112233000 20250303112233000 20250502000000000 20251010000000000
  20251017000000000 20251022112233000 20251117112233000 20260524000000000 20260615120000000`
  .trim()
  .split(/\s+/);

const after = (version: string) => VERSIONS.filter((v) => v > version);

/** The versions that a complete history has, by its first row (docs/spec/schema.md#10.1); undefined: no shape of the reference. */
function expectedVersions({ type, version }: HistoryRow): readonly string[] | undefined {
  if (type === 'SQL_BASELINE' && version === '20241112112233000') return [version, ...after(version)]; // shape B
  if (type === 'BASELINE' && version === '20180423104403142') return [version, ...after(version)]; // shape P
  if (type === 'SQL' && version === VERSIONS[0]) return VERSIONS; // shape V
  return undefined;
}

/**
 * Why the service cannot run on a database with this history, in the order of `installed_rank`; undefined if it can.
 * Rank and version may disagree: the reference migrates out of order.
 */
export function findHistoryProblem(rows: readonly HistoryRow[]): string | undefined {
  const failed = rows.find((row) => !row.success);
  if (failed) return `migration ${failed.version ?? failed.type} of the reference has failed; repair it there first`;
  const versioned = rows.filter((row) => row.version !== null);
  const first = versioned[0];
  if (!first) return 'the history of the reference is empty';
  const found = new Set(versioned.map((row) => row.version!));
  const newest = [...found].sort().at(-1)!;
  if (newest > REFERENCE_VERSION) {
    return `the reference has migrated it to ${newest}; this service knows ${REFERENCE_VERSION} and nothing newer`;
  }
  if (newest < REFERENCE_VERSION) {
    return `the reference has migrated it to ${newest} only; let it migrate to ${REFERENCE_VERSION} first`;
  }
  const expected = expectedVersions(first);
  if (!expected)
    return `its history begins with ${first.type} ${first.version}, which no version of the reference writes`;
  const missing = expected.filter((version) => !found.has(version));
  if (missing.length > 0) return `it is half migrated: ${missing.join(', ')} of the reference is missing`;
  const unknown = [...found].filter((version) => !expected.includes(version));
  if (unknown.length > 0) return `the reference has run migrations unknown to this service: ${unknown.join(', ')}`;
  return undefined;
}
