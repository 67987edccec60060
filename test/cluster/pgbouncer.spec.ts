import { Database } from '../../src/database/database.js';
import { createDataSource, type DatabaseOptions } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { works, Patience } from '../../src/common/work.js';
import { findPgBouncer, startPgBouncer, type PgBouncer } from '../../scripts/lib/pgbouncer.ts';
import { newHetu } from '../support/persons.js';
import { SandboxPeers } from '../support/sandbox-peers.js';
import { ServiceProcess } from '../support/service-process.js';
import { createEmptyDatabase, createTestDatabase, withClient, type TestDatabase } from '../support/test-database.js';
import { rekisterinpitaja } from '../support/users.js';

jest.setTimeout(900_000);

const installed = findPgBouncer();
/** Fewer than the service has open: sessions of the server change hands all the time. */
const CONNECTIONS = { session: 60, transaction: 4 } as const;

if (!installed) it.todo('PgBouncer is not installed here: apt-get install pgbouncer');

(installed ? describe : describe.skip).each(['session', 'transaction'] as const)('PgBouncer in %s mode', (mode) => {
  let database: TestDatabase;
  let bouncer: PgBouncer;

  beforeAll(async () => {
    database = await createTestDatabase();
    bouncer = await startPgBouncer(installed!.program, database.url, mode, CONNECTIONS[mode]);
  });
  afterAll(async () => {
    await bouncer?.stop();
    await database?.drop();
  });

  const open = async (options: Partial<DatabaseOptions> = {}) => {
    const given = { url: bouncer.url, pgBouncer: mode, poolSize: 10, ...options };
    return new Database(await createDataSource(given).initialize());
  };

  it('without ONR_PGBOUNCER no connection comes about: the start fails rather than working half', async () => {
    await expect(open({ pgBouncer: 'none' })).rejects.toThrow('unsupported startup parameter: options');
  });

  it('statements alone, in transactions and named ones run with the settings of the service, whoever had the session before', async () => {
    await withClient(bouncer.url, (client) => client.query(`set timezone = 'Asia/Tokyo'`));
    const db = await open();
    const sql = `select current_setting('timezone') as timezone, current_setting('search_path') as path,
                        current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
                        current_setting('pg_trgm.similarity_threshold') as threshold, current_setting('jit') as jit`;
    const expected = {
      timezone: 'UTC',
      path: 'public',
      statement: '10min',
      lock: '1min',
      threshold: '0.5',
      jit: 'off',
    };
    const asked = Array.from({ length: 40 }, (_, i) => {
      if (i % 3 === 0) return db.query<object>(sql);
      if (i % 3 === 1) return db.prepared<object>('test-settings', sql, []);
      return db.transaction(async () => [await db.query<object>('select 1 as one'), await db.query<object>(sql)][1]!);
    });
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 40 }, () => [expected]));
    await db.onApplicationShutdown();
  });

  it('a statement that fails alone or in a transaction leaves nothing behind, and the next works', async () => {
    const db = await open({ poolSize: 2 });
    await db.execute('create table koe (luku int primary key)');
    await db.execute('insert into koe values (1)');
    await expect(db.execute('insert into koe values (1)')).rejects.toMatchObject({ code: '23505' });
    await expect(
      db.transaction(async () => {
        await db.execute('insert into koe values (2)');
        await db.execute('insert into koe values (1)');
      }),
    ).rejects.toMatchObject({ code: '23505' });
    expect(await db.query('select luku from koe')).toEqual([{ luku: 1 }]);
    await db.execute('drop table koe');
    await db.onApplicationShutdown();
  });

  it('a statement longer than three seconds is not taken for lost, one that nobody waits for is ended at the server', async () => {
    const requests = { statementMs: 300_000, lockMs: 5_000, connectionMs: 5_000 };
    const db = await open({ requests });
    const waits = (isAbandoned: () => boolean) => ({ patience: new Patience(300_000), isAbandoned, waits: () => '' });
    const long = works.run(
      waits(() => false),
      () => db.query<{ done: number }>('select 1 as done from pg_sleep(4.5)'),
    );
    let left = false;
    const abandoned = works.run(
      waits(() => left),
      () => db.query('select pg_sleep(200)'),
    );
    abandoned.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    left = true;
    await expect(abandoned).rejects.toThrow('Nobody waits');
    expect(await long).toEqual([{ done: 1 }]);
    const sleeping = await withClient(database.url, (client) =>
      client.query(`select from pg_stat_activity where query like 'select pg_sleep(200)%' and state = 'active'`),
    );
    expect(sleeping.rowCount).toBe(0);
    await db.onApplicationShutdown();
  });

  it('a snapshot for exports is one state, with COPY', async () => {
    const db = await open();
    const rows = await db.withSnapshot(60_000, async (snapshot) => {
      let text = '';
      for await (const chunk of snapshot.copy(`copy (select current_setting('timezone'), 1) to stdout`))
        text += String(chunk);
      return text;
    });
    expect(rows).toBe('UTC\t1\n');
    await db.onApplicationShutdown();
  });

  it('the service starts, writes and reads, many at once', async () => {
    const peers = await SandboxPeers.start();
    const service = await ServiceProcess.start(bouncer.url, peers, { ONR_PGBOUNCER: mode, ONR_POOL_SIZE: '10' });
    const headers = {
      authorization: `Bearer ${await peers.token(rekisterinpitaja)}`,
      'content-type': 'application/json',
    };
    const call = (path: string, body?: object) =>
      fetch(service.base + path, {
        method: body ? 'POST' : 'GET',
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
    const created = await Promise.all(
      Array.from({ length: 60 }, () =>
        call('/henkilo', { hetu: newHetu(), etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' }),
      ),
    );
    expect(created.map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => 201));
    const oids = await Promise.all(created.map((response) => response.text()));
    expect(new Set(oids).size).toBe(60);
    const read = await Promise.all([...oids, ...oids].map((oid) => call(`/henkilo/${oid}`)));
    expect(read.map(({ status }) => status)).toEqual(Array.from({ length: 120 }, () => 200));
    const found = await call(`/henkilo/${oids[0]!}/duplicates`);
    expect(found.status).toBe(200);
    service.kill('SIGKILL');
    await Promise.all([service.exited, peers.stop()]);
  });
});

(installed ? describe : describe.skip)('migrations behind PgBouncer', () => {
  it('need the database itself in transaction mode, where a session belongs to many, and get it by ONR_MIGRATION_DATABASE_URL', async () => {
    const database = await createEmptyDatabase();
    const bouncer = await startPgBouncer(installed!.program, database.url, 'transaction', 4);
    await expect(migrate({ url: bouncer.url, pgBouncer: 'transaction' })).rejects.toThrow('ONR_MIGRATION_DATABASE_URL');
    await migrate({ url: bouncer.url, pgBouncer: 'transaction', migrationUrl: database.url });
    await migrate({ url: bouncer.url, pgBouncer: 'transaction' }); // nothing to do
    await bouncer.stop();
    await database.drop();
  });
});
