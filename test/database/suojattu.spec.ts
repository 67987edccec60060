import { SUOJATTU } from '../../src/auth/permissions/suojattu.sql.js';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('who is protected', () => {
  let testDatabase: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    db = new Database(await createDataSource({ url: testDatabase.url, poolSize: 1 }).initialize());
    await db.execute(
      `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, passivoitu, duplicate)
       select n, 0, '1.2.246.562.24.' || (10000000000 + n), 'Aino', 'Aino', 'Esimerkki', n % 2 = 0, n % 2 = 0 from generate_series(1, 4000) n`,
    );
    await db.execute(
      `insert into henkiloviite (id, version, master_oid, slave_oid)
       select id, 0, '1.2.246.562.24.' || (10000000000 + id - 1), oidhenkilo from henkilo where duplicate`,
    );
    for (const table of ['henkilo', 'henkiloviite', 'onr_henkilo_dokumentti']) await db.execute(`analyze ${table}`);
  });
  afterAll(async () => {
    await db.onApplicationShutdown();
    await testDatabase.drop();
  });

  it.each(['henkilo', 'onr_henkilo_dokumentti'])(
    'is found by the links of a person of %s, not by reading all',
    async (table) => {
      const plan = await db.query<{ 'QUERY PLAN': string }>(
        `explain select ${SUOJATTU} from ${table} h where h.oidhenkilo = '1.2.246.562.24.10000000008'`,
      );
      const links = plan.map((row) => row['QUERY PLAN']).filter((line) => line.includes('on henkiloviite sv'));
      expect(links).toHaveLength(1);
      expect(links[0]).toMatch(/Index Scan using \w*henkiloviite_slave\w* on henkiloviite sv/);
    },
  );
});
