import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/**
 * Rows of the shared code tables, made when first needed (spec schema 3.2). Two callers that need the same new code
 * at once get one row. Tables: `kielisyys` (code unique), `organisaatio` (oid unique), `kansalaisuus` (no constraint:
 * guarded by an advisory lock; of doubles left by others the lowest id counts, spec schema 12.6).
 */
@Injectable()
export class Koodirivit {
  constructor(private readonly db: Database) {}

  /** Id of the row of a language; null for no code. */
  async kieliId(kieliKoodi: string | null | undefined): Promise<number | null> {
    if (!kieliKoodi) return null;
    const find = () =>
      this.db.prepared<{ id: number }>('kieli-id', 'select id from kielisyys where kielikoodi = $1', [kieliKoodi]);
    const insert = `insert into kielisyys (id, version, kielikoodi) values (nextval('hibernate_sequence'), 0, $1)
      on conflict (kielikoodi) do nothing returning id`;
    const [row] = await find();
    if (row) return row.id;
    const [made] = await this.db.query<{ id: number }>(insert, [kieliKoodi]);
    return (made ?? (await find())[0]!).id;
  }

  /** Ids of the rows of nationalities, one per distinct code. */
  async kansalaisuusIds(koodit: Iterable<string>): Promise<Set<number>> {
    const wanted = [...new Set(koodit)];
    if (wanted.length === 0) return new Set();
    const found = await this.findKansalaisuusIds(wanted);
    let missing = wanted.filter((koodi) => !found.has(koodi));
    if (missing.length > 0) {
      await this.db.transaction(async () => {
        await this.db.query(`select pg_advisory_xact_lock(hashtext('onr kansalaisuus'))`);
        for (const [koodi, id] of await this.findKansalaisuusIds(missing)) found.set(koodi, id);
        missing = missing.filter((koodi) => !found.has(koodi));
        const made = await this.db.query<{ koodi: string; id: number }>(
          `insert into kansalaisuus (id, version, kansalaisuuskoodi)
           select nextval('hibernate_sequence'), 0, k from unnest($1::text[]) k returning kansalaisuuskoodi as koodi, id`,
          [missing],
        );
        for (const { koodi, id } of made) found.set(koodi, id);
      });
    }
    return new Set(wanted.map((koodi) => found.get(koodi)!));
  }

  /** Ids of those nationalities that have a row already, by code. */
  async findKansalaisuusIds(koodit: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.db.prepared<{ koodi: string; id: number }>(
      'kansalaisuus-ids',
      `select kansalaisuuskoodi as koodi, min(id) as id from kansalaisuus
        where kansalaisuuskoodi = any ($1) group by 1 order by 1`,
      [koodit],
    );
    return new Map(rows.map(({ koodi, id }) => [koodi, id]));
  }

  /** Ids of the rows of organisations, one per distinct OID; missing ones are made without asking anyone. */
  async organisaatioIds(oids: Iterable<string>): Promise<Set<number>> {
    const wanted = [...new Set(oids)].sort();
    if (wanted.length === 0) return new Set();
    const find = () =>
      this.db.query<{ id: number }>('select id from organisaatio where oid = any ($1) order by oid', [wanted]);
    let rows = await find();
    if (rows.length < wanted.length) {
      await this.db.execute(
        `insert into organisaatio (id, version, oid)
         select nextval('hibernate_sequence'), 0, o from unnest($1::text[]) o
          where not exists (select 1 from organisaatio x where x.oid = o) on conflict (oid) do nothing`,
        [wanted],
      );
      rows = await find();
    }
    return new Set(rows.map(({ id }) => id));
  }
}
