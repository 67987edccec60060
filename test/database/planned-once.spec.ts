import type { Database } from '../../src/database/database.js';
import type { Config } from '../../src/config/config.js';
import { HakutekstiMuistissa } from '../../src/hakuteksti/hakuteksti-muistissa.store.js';
import { HakutekstiRepository } from '../../src/hakuteksti/hakuteksti.repository.js';
import { HenkiloHakuRepository } from '../../src/henkilo/haku/henkilo-haku.repository.js';
import { HakutermiRepository } from '../../src/henkilo/haku/hakutermi.repository.js';
import { useDatabase } from '../support/use-database.js';

/** PostgreSQL plans a statement anew each time while a plan for the values at hand looks cheaper than one for any. */
describe('statements of searches', () => {
  let db: Database;
  let muistissa: HakutekstiMuistissa;
  useDatabase((opened) => (db = opened), { poolSize: 1 });
  beforeAll(async () => {
    await db.execute(
      `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, modified, passivoitu, duplicate)
       select n, 0, '1.2.246.562.24.' || (10000000000 + n), 'Aino' || n % 7 || ' Liisa', 'Aino' || n % 7, 'Meri' || n % 9973,
              timestamp '2026-01-01' + n * interval '1 minute', false, false
         from generate_series(1, 40000) n`,
    );
    await db.execute('vacuum analyze henkilo');
    await db.execute('vacuum analyze onr_hakuteksti_muutos');
    const config = { duplicates: { mostPersonsInMemory: 100_000, mostMemoryMb: 100 } } as Config;
    muistissa = new HakutekstiMuistissa(new HakutekstiRepository(db), config);
    muistissa.startLoading();
    await muistissa.whenLoaded();
  });
  afterAll(() => muistissa.onModuleDestroy());

  it('are planned for the first five calls of a connection, and no more', async () => {
    const haku = new HenkiloHakuRepository(db);
    const hakutermi = new HakutermiRepository(db, muistissa);
    const CALLS = 12;
    for (let n = 1; n <= CALLS; n++) {
      const at = new Date(Date.UTC(2026, 0, n));
      expect(await haku.listChangedSince(at, {}, { offset: n, limit: 100 })).toHaveLength(100);
      expect(await hakutermi.findFirst(`meri${9000 + n}`)).toBeDefined();
    }
    const plans = await db.query<{ name: string; custom: number; generic: number }>(
      `select name, custom_plans::int as custom, generic_plans::int as generic from pg_prepared_statements
        where name ~ '^(changed-since|hakuteksti-muutokset|hakutermi)' order by name`,
    );
    expect(plans).toEqual([
      { name: 'changed-since-128', custom: 5, generic: CALLS - 5 },
      { name: 'hakuteksti-muutokset', custom: 5, generic: CALLS - 5 },
      { name: 'hakutermi-ids', custom: 5, generic: CALLS - 5 },
    ]);
  });
});
