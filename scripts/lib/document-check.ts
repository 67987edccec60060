import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './command.ts';

/** Persons who are looked at in one round: more than any scenario has. */
const MAX_PERSONS = 2_000;
const PAUSE_MS = 50;
/** Somebody empties the tables: the next round comes. */
const MAY_HAPPEN = /^(55P03|40P01|42P01|57014)$/;

/** What the comparison has found so far. */
export interface DocumentCheck {
  /** Documents that counted and were compared. */
  compared(): number;
  /** OIDs of persons whose documents counted and were not what the tables said in the same snapshot. */
  wrong(): string[];
  stop(): Promise<void>;
}

interface Db {
  query<Row>(sql: string, values: readonly unknown[]): Promise<Row[]>;
}
/** What is used of the built service. */
interface Built {
  readonly createDataSource: (options: object) => { initialize(): Promise<unknown>; destroy(): Promise<void> };
  readonly Database: new (dataSource: object) => Db;
  readonly DokumenttiRepository: new (db: Db) => object;
  readonly HenkiloReadRepository: new (db: Db) => object;
  readonly OsatRepository: new (db: Db) => object;
  readonly DokumenttiKokoaja: new (
    db: Db,
    ...repositories: object[]
  ) => {
    build(henkiloOids: readonly string[]): Promise<number>;
    check(henkiloOids: readonly string[]): Promise<{ counting: number; wrong: readonly { oid: string }[] }>;
  };
}

/**
 * Builds documents of all persons of a database (ADR 120), so that whoever reads gets those, and compares with the tables each
 * that counts, over and over, until it is stopped. Of the built service.
 */
export async function checkDocuments(url: string): Promise<DocumentCheck> {
  const load = createRequire(join(root, 'dist', 'any.js')) as (file: string) => Built;
  const { createDataSource } = load('./database/data-source.js');
  const { Database } = load('./database/database.js');
  const { DokumenttiRepository } = load('./henkilo/dokumentti/dokumentti.repository.js');
  const { DokumenttiKokoaja } = load('./henkilo/dokumentti/dokumentti-kokoaja.service.js');
  const { HenkiloReadRepository } = load('./henkilo/luku/henkilo-read.repository.js');
  const { OsatRepository } = load('./henkilo/luku/osat.repository.js');

  const limits = { statementMs: 5_000, lockMs: 200, connectionMs: 5_000, poolSize: 2 };
  const dataSource = createDataSource({ url, poolSize: 2, requests: limits, jobs: limits });
  await dataSource.initialize();
  const db = new Database(dataSource);
  const dokumentit = new DokumenttiRepository(db);
  const kokoaja = new DokumenttiKokoaja(db, dokumentit, new HenkiloReadRepository(db), new OsatRepository(db));

  const found = new Set<string>();
  let compared = 0;
  const ending = new AbortController();
  const round = async () => {
    const persons = await db.query<{ oid: string }>('select oidhenkilo as oid from henkilo order by id limit $1', [
      MAX_PERSONS,
    ]);
    const oids = persons.map(({ oid }) => oid);
    const { counting, wrong } = await kokoaja.check(oids);
    compared += counting;
    for (const { oid } of wrong) found.add(oid);
    if (counting < oids.length) await kokoaja.build(oids);
  };
  const work = (async () => {
    while (!ending.signal.aborted) {
      await round().catch((error: unknown) => {
        const code = (error as { code?: unknown }).code;
        if (typeof code !== 'string' || !MAY_HAPPEN.test(code)) throw error;
      });
      await sleep(PAUSE_MS);
    }
    await dataSource.destroy();
  })();
  return {
    compared: () => compared,
    wrong: () => [...found],
    stop: () => {
      ending.abort();
      return work;
    },
  };
}
