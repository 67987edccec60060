import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { Database } from '../database/database.js';
import { Kansalaisuus } from './kansalaisuus.entity.js';
import { Kielisyys } from './kielisyys.entity.js';
import { Organisaatio } from './organisaatio.entity.js';

/**
 * Rows of the shared code tables, made when first needed (docs/spec/schema.md#3.2). Two callers that need the same new code
 * at once get one row. Tables: `kielisyys` (code unique), `organisaatio` (oid unique), `kansalaisuus` (no constraint:
 * guarded by an advisory lock; of doubles left by others the lowest id counts, docs/spec/schema.md#12.6). Within a transaction
 * each code is asked for once.
 */
@Injectable()
export class KoodiriviRepository {
  constructor(private readonly db: Database) {}

  /** Id of the row of a language; null for no code. */
  async kieliId(kieliKoodi: string | null | undefined): Promise<number | null> {
    if (!kieliKoodi) return null;
    return (await this.kieliIds([kieliKoodi])).get(kieliKoodi)!;
  }

  /** Ids of the rows of languages, by code. */
  async kieliIds(kieliKoodit: Iterable<string>): Promise<Map<string, number>> {
    const wanted = [...new Set(kieliKoodit)].sort();
    if (wanted.length === 0) return new Map();
    return this.findOrMake('kielisyys', 'kielikoodi', wanted);
  }

  /** Code of the language with that id. */
  async findKieliKoodi(kieliId: number | null): Promise<string | undefined> {
    if (kieliId === null) return undefined;
    return (await this.db.repository(Kielisyys).findOneBy({ id: kieliId }))?.kieliKoodi ?? undefined;
  }

  /** Codes of the nationalities with these ids. */
  async findKansalaisuusKoodit(ids: Iterable<number>): Promise<Set<string>> {
    const rows = await this.db.repository(Kansalaisuus).findBy({ id: Any([...ids]) });
    return new Set(rows.map(({ kansalaisuusKoodi }) => kansalaisuusKoodi));
  }

  /** Ids of the rows of nationalities, one per distinct code. */
  async kansalaisuusIds(koodit: Iterable<string>): Promise<Set<number>> {
    return new Set((await this.kansalaisuusIdsByKoodi(koodit)).values());
  }

  /** Ids of the rows of nationalities by code, in the order of the codes. */
  async kansalaisuusIdsByKoodi(koodit: Iterable<string>): Promise<Map<string, number>> {
    const wanted = [...new Set(koodit)];
    const found = this.known('kansalaisuus');
    let missing = wanted.filter((koodi) => !found.has(koodi));
    if (missing.length > 0) {
      for (const [koodi, id] of await this.findKansalaisuusIds(missing)) found.set(koodi, id);
      missing = missing.filter((koodi) => !found.has(koodi));
    }
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
    return new Map(wanted.map((koodi) => [koodi, found.get(koodi)!]));
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

  /** Id of the row of an organisation; null when there is none. */
  async findOrganisaatioId(organisaatioOid: string): Promise<number | null> {
    return (await this.db.repository(Organisaatio).findOneBy({ oid: organisaatioOid }))?.id ?? null;
  }

  /** Ids of the rows of organisations, one per distinct OID; missing ones are made without asking anyone. */
  async organisaatioIds(oids: Iterable<string>): Promise<Set<number>> {
    return new Set((await this.organisaatioOidsById(oids)).keys());
  }

  /** As `organisaatioIds`, with the OID of each. */
  async organisaatioOidsById(oids: Iterable<string>): Promise<Map<number, string>> {
    const wanted = [...new Set(oids)].sort();
    if (wanted.length === 0) return new Map();
    const ids = await this.findOrMake('organisaatio', 'oid', wanted);
    return new Map([...ids].map(([oid, id]) => [id, oid]));
  }

  /** Ids by code of a table, as far as the running transaction has asked for them. */
  private known(table: string): Map<string, number> {
    if (!this.db.inTransaction) return new Map();
    const tables = this.db.transactionState(KoodiriviRepository, () => new Map<string, Map<string, number>>());
    if (!tables.has(table)) tables.set(table, new Map());
    return tables.get(table)!;
  }

  /** Ids by code; missing rows are made, by whoever comes first: `column` is unique. */
  private async findOrMake(table: string, column: string, koodit: readonly string[]): Promise<Map<string, number>> {
    const known = this.known(table);
    const wanted = koodit.filter((koodi) => !known.has(koodi));
    const find = () =>
      this.db.prepared<{ koodi: string; id: number }>(
        `${table}-ids`,
        `select ${column} as koodi, id from ${table} where ${column} = any ($1) order by ${column}`,
        [wanted],
      );
    let rows = wanted.length > 0 ? await find() : [];
    if (rows.length < wanted.length) {
      await this.db.execute(
        `insert into ${table} (id, version, ${column})
         select nextval('hibernate_sequence'), 0, k from unnest($1::text[]) k
          where not exists (select 1 from ${table} x where x.${column} = k) on conflict (${column}) do nothing`,
        [wanted],
      );
      rows = await find();
    }
    for (const { koodi, id } of rows) known.set(koodi, id);
    return new Map(koodit.map((koodi) => [koodi, known.get(koodi)!]));
  }
}
