import type { Database } from '../../src/database/database.js';
import type { Config } from '../../src/config/config.js';
import { BEFORE_ALL } from '../../src/hakuteksti/first-places.model.js';
import { HakutekstiMuistissa } from '../../src/hakuteksti/hakuteksti-muistissa.store.js';
import { HakutekstiRepository } from '../../src/hakuteksti/hakuteksti.repository.js';
import { HakutermiRepository } from '../../src/henkilo/haku/hakutermi.repository.js';
import { useDatabase } from '../support/use-database.js';

describe.each([
  ['by the search texts in memory', 100_000],
  ["by the database's index", 0],
])('the person found by a search term, %s', (_by, mostPersonsInMemory) => {
  let db: Database;
  let muistissa: HakutekstiMuistissa;
  let haku: HakutermiRepository;
  useDatabase((opened) => (db = opened), { poolSize: 2 });
  beforeAll(async () => {
    const config = { duplicates: { mostPersonsInMemory, mostMemoryMb: 100 } } as Config;
    muistissa = new HakutekstiMuistissa(new HakutekstiRepository(db), config);
    haku = new HakutermiRepository(db, muistissa);
    await db.execute(
      `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, hetu, passivoitu, duplicate)
       select n, 0, '1.2.246.562.24.' || (10000000000 + n), 'Aino' || n % 7 || ' Liisa', 'Aino' || n % 7, 'Meri' || lpad((n % 9973)::text, 4, '0'), null, n % 50 = 0, n % 50 = 1
         from generate_series(1, 20000) n`,
    );
    const special = `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, hetu, passivoitu, duplicate) values `;
    await db.execute(`${special}
      (990001, 0, '1.2.246.562.24.90000000001', 'Örjan Zacharias', 'Örjan', 'Öster', '010190-900P', false, false),
      (990002, 0, '1.2.246.562.24.90000000002', 'Zacharias', 'Zacharias', 'Zorn', null, false, false),
      (990003, 0, '1.2.246.562.24.90000000003', 'Zacharias', 'Zacharias', 'Aalto', null, true, false),
      (990004, 0, '1.2.246.562.24.90000000004', 'Zacharias', 'Zacharias', 'Aalto', null, false, true),
      (990005, 0, '1.2.246.562.24.90000000005', 'Zulu', 'Zulu', 'Zorn_50%', null, false, false),
      (990007, 0, '1.2.246.562.24.90000000007', 'Eva', 'Eva', 'Osterman', null, false, false),
      (990008, 0, '1.2.246.562.24.90000000008', 'Östermanni', 'Östermanni', '-', null, false, false),
      (990009, 0, '1.2.246.562.24.90000000009', 'Eva', 'Eva', E'Zo\\u0308sterman', null, false, false),
      (990010, 0, '1.2.246.562.24.90000000012', 'Tapio', 'Tapio', 'Tasatilanne', null, false, false),
      (990011, 0, '1.2.246.562.24.90000000011', 'Tapio', 'Tapio', 'Tasatilanne', null, false, false),
      (990006, 0, '1.2.246.562.24.90000000006', 'A\\B', 'A\\B', 'Zzz', null, false, false)`);
    await db.execute('vacuum analyze henkilo');
    muistissa.startLoading();
    await muistissa.whenLoaded();
    expect((await muistissa.findMatching('%zacharias%', BEFORE_ALL, 32)) === null).toBe(mostPersonsInMemory === 0);
  });
  afterAll(() => muistissa.onModuleDestroy());

  const find = async (term: string) => (await haku.findFirst(term))?.oidHenkilo.slice(-11);

  it.each([
    ['a rare name, first in the order of surnames', 'zacharias', '90000000002'],
    ['letters beyond ASCII in another case', 'ÖRJA', '90000000001'],
    ['a hetu', '010190-900P', '90000000001'],
    ['an OID', '1.2.246.562.24.90000000005', '90000000005'],
    ['the OID of a passivated person', '1.2.246.562.24.90000000003', undefined],
    ['letters beyond ASCII that others have without accents', 'österman', '90000000008'],
    ['and in another form of Unicode', 'zösterman', '90000000009'],
    ['of persons with the same names the one with the lower OID', 'tasatil', '90000000011'],
    ['a percent sign, literally', '50%', '90000000005'],
    ['an underscore, literally', '_', '90000000005'],
    ['a backslash, literally', 'a\\b', '90000000006'],
    ['two words as one text', 'örjan zach', '90000000001'],
    ['a name with its accents left out', 'orjan', undefined],
    ['words in the wrong order', 'zacharias örjan', undefined],
    ['nobody', 'xyzzy', undefined],
    ['a hetu in lower case', '010190-900p', undefined],
  ])('%s', async (_, term, expected) => expect(await find(term)).toBe(expected));

  it('is the one of a plain scan, for frequent and rare terms', async () => {
    for (const term of ['', 'a', 'meri', 'meri05', 'MERI9960', 'aino6 l', '99', 'z']) {
      const [row] = await db.query<{ oid: string }>(
        `select oidhenkilo as oid from henkilo
          where not passivoitu and not duplicate and position($1 in lower(etunimet || '|' || kutsumanimi || '|' || sukunimi)) > 0
          order by sukunimi, kutsumanimi limit 1`,
        [term.toLowerCase()],
      );
      const found = (await haku.findFirst(term))!;
      const [names, expected] = await Promise.all(
        [found.oidHenkilo, row!.oid].map((oid) =>
          db.query('select sukunimi, kutsumanimi from henkilo where oidhenkilo = $1', [oid]),
        ),
      );
      expect({ term, names }).toEqual({ term, names: expected });
    }
  });

  it('is found by the names of this moment', async () => {
    await db.execute(`update henkilo set sukunimi = 'Kuunsirppi' where id = 990005`);
    expect(await find('uunsirp')).toBe('90000000005');
    await db.execute(`update henkilo set sukunimi = 'Zorn_50%' where id = 990005`);
    expect(await find('uunsirp')).toBeUndefined();
  });

  it('is the first by the names of this moment, whoever was first when the texts were read', async () => {
    const insert = (id: number, etunimet: string, sukunimi: string) =>
      db.execute(
        `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, passivoitu, duplicate)
         values ($1, 0, '1.2.246.562.24.' || (90000000000 + $1), $2, $2, $3, false, false)`,
        [id, etunimet, sukunimi],
      );
    const rename = (id: number, names: object) =>
      db.execute(
        `update henkilo set sukunimi = coalesce($2::jsonb->>'sukunimi', sukunimi), etunimet = coalesce($2::jsonb->>'etunimet', etunimet),
                kutsumanimi = coalesce($2::jsonb->>'kutsumanimi', kutsumanimi), passivoitu = coalesce(($2::jsonb->>'passivoitu')::boolean, passivoitu) where id = $1`,
        [id, JSON.stringify(names)],
      );
    const first = async () => {
      const [row] = await db.query<{ oid: string }>(
        `select oidhenkilo as oid from henkilo where not passivoitu and not duplicate and lower(sukunimi) like '%meri0%'
          order by sukunimi, kutsumanimi, oidhenkilo limit 1`,
      );
      expect(await find('MERI0')).toBe(row!.oid.slice(-11));
      return row!.oid.slice(-11);
    };
    expect(await first()).toBe('10000019946');
    await insert(800001, 'Aino', 'Aameri0'); // came later
    expect(await first()).toBe('90000800001');
    await rename(800001, { sukunimi: 'aameri0' }); // the same search text, another place in a database that orders by bytes
    await first();
    await rename(5003, { etunimet: 'Aina', kutsumanimi: 'Aina', sukunimi: 'A Meri0' });
    expect(await first()).toBe('10000005003');
    await rename(5003, { etunimet: 'Aina A', sukunimi: 'Meri0000' }); // the same words
    await first();
    await rename(19946, { passivoitu: true });
    await first();
    for (let id = 800002; id < 800060; id++) {
      await insert(id, 'Eino', 'Bmeri0');
      if (id % 2) await rename(id, { passivoitu: true });
    }
    await rename(800001, { passivoitu: true });
    await first();
    await db.execute('delete from henkilo where id between 800000 and 800999');
    await rename(19946, { passivoitu: false });
    await first();
  });

  it('is found behind many who are passivated or have only the letters of the term', async () => {
    expect(await find('eri1111')).toBe('10000011084');
    await db.execute(`update henkilo set passivoitu = true where sukunimi like 'Meri1%' and sukunimi < 'Meri1990'`);
    const [row] = await db.query<{ oid: string }>(
      `select oidhenkilo as oid from henkilo where not passivoitu and not duplicate and sukunimi like 'Meri1%' order by sukunimi, kutsumanimi, oidhenkilo limit 1`,
    );
    expect(await find('meri1')).toBe(row!.oid.slice(-11));
    expect(await find('o3 liisa')).toBe('10000019946');
  });

  it('is found without reading the whole table', async () => {
    const ids = await muistissa.findMatching('%zacharias%', BEFORE_ALL, 32);
    const plan: string[] = [];
    const spy = {
      prepared: async (_name: string, sql: string, values: unknown[]) => {
        const rows = await db.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, values);
        plan.push(...rows.map((row) => row['QUERY PLAN']));
        return [];
      },
    };
    const asMemory = { findMatching: async () => ids } as unknown as HakutekstiMuistissa;
    await new HakutermiRepository(spy as unknown as Database, asMemory).findFirst('zacharias');
    const text = plan.join('\n');
    const indexes = ids === null ? ['henkilo_name_similarity', 'henkilo_sukunimi_idx'] : ['henkilo_pkey'];
    for (const index of indexes) expect(text).toContain(index);
    expect(text).not.toContain('Seq Scan');
  });
});
