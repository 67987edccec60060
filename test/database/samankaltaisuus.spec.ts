import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { systemClock } from '../../src/common/clock.js';
import { readConfig, type Config } from '../../src/config/config.js';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { DuplikaatitRepository } from '../../src/duplicates/duplikaatit.repository.js';
import { HakutekstiCleanupJob } from '../../src/hakuteksti/hakuteksti-cleanup.job.js';
import { HakutekstiMuistissa } from '../../src/hakuteksti/hakuteksti-muistissa.store.js';
import { HakutekstiRepository } from '../../src/hakuteksti/hakuteksti.repository.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/test-database.js';

const config = (mostPersons: number, mostMb?: number): Config => {
  const read = readConfig({ NODE_ENV: 'test', ONR_DUPLICATE_MEMORY_PERSONS: String(mostPersons) });
  return mostMb === undefined ? read : { ...read, duplicates: { ...read.duplicates, mostMemoryMb: mostMb } };
};

const ETUNIMET = [
  'Aino',
  'Anna-Liisa',
  'Örjan',
  'Eino',
  'Jean-Luc',
  'Li',
  'Ö',
  'Nguyễn',
  'Maximiliana',
  "D'Arcy",
  'Åke',
  'Renée',
];
const SUKUNIMET = [
  'Korhonen',
  'Korholainen',
  'Mäki-Korho',
  'Åkerman',
  'Akerman',
  'Ng',
  'Ólafsdóttir',
  'Иванов',
  'Virtanen',
  'Virta',
  'von Wright',
];

/** Invented persons: few names in many combinations, with and without birth dates, passivated ones and duplicates. */
const PERSONS = 6000;
const persons = `
  insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, syntymaaika, passivoitu, duplicate)
  select n, 0, '1.2.246.562.24.' || (10000000000 + n), e[n * 7 % 12 + 1] || coalesce(' ' || e[n / 12 % 13 + 1], ''), e[n * 7 % 12 + 1],
         s[n * 3 % 11 + 1] || case when n % 50 = 0 then '-' || s[n % 7 + 1] when n % 333 = 0 then repeat(' de la Torre', 18) else '' end,
         case when n % 9 <> 0 then date '1950-01-01' + n * 37 % 20000 end, n % 40 = 0, n % 40 = 1
    from generate_series($3::int, $4::int) n, (select $1::text[] as e, $2::text[] as s) x`;

describe('persons who resemble a text', () => {
  let testDatabase: TestDatabase;
  let db: Database;
  let muistissa: HakutekstiMuistissa;
  let fromMemory: DuplikaatitRepository;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    db = new Database(await createDataSource({ url: testDatabase.url, poolSize: 3 }).initialize());
    await db.execute(persons, [ETUNIMET, SUKUNIMET, 1, PERSONS]);
    await db.execute('analyze henkilo');
    muistissa = new HakutekstiMuistissa(new HakutekstiRepository(db), config(100_000));
    fromMemory = new DuplikaatitRepository(db, muistissa);
    muistissa.startLoading();
    await muistissa.whenLoaded();
  });
  afterAll(async () => {
    await muistissa.onModuleDestroy();
    await db.onApplicationShutdown();
    await testDatabase.drop();
  });

  /** The plain definition, without any index. */
  const listPlain = async (text: string) =>
    (
      await db.query<{ oid: string }>(
        `select oidhenkilo as oid from henkilo
          where similarity(duplicate_search_str, duplicate_search_fmt($1)) >= 0.5::real and not passivoitu and not duplicate
          order by duplicate_search_str <-> duplicate_search_fmt($1), id`,
        [text],
      )
    ).map(({ oid }) => oid);
  const list = async (text: string, repository = fromMemory) =>
    (await repository.listByHakuteksti(text, null)).map(({ oidHenkilo }) => oidHenkilo);
  const candidates = (text: string) => muistissa.findCandidates(text);

  it('are the same in the same order, from memory, by the index and by definition', async () => {
    const byIndex = new DuplikaatitRepository(db, new HakutekstiMuistissa(new HakutekstiRepository(db), config(0)));
    const texts = await db.query<{ text: string }>(
      `select concat_ws(' ', etunimet, kutsumanimi, sukunimi, date_to_char(syntymaaika)) as text from henkilo where id % 97 = 0 order by id`,
    );
    const all = [
      ...texts.map(({ text }) => text),
      ...[
        '',
        ' ',
        '   1961-09-05',
        'Aino Aino Korhonen ',
        'korhonen aino',
        'AINO AINO KORHÖNEN',
        'Li Li Ng ',
        'Ö Ö Ng 1961-01-01',
      ],
      ...[
        'Renee Renee Akerman',
        'Иванов',
        'Aino Aino Иванов',
        'x',
        '%',
        '1',
        `Aino Aino Virta${' de la Torre'.repeat(18)}`,
      ],
      ...['Aino Eino Åke '.repeat(20), Array.from({ length: 300 }, (_, i) => `a${i}`).join(' ')],
    ];
    let hits = 0;
    for (const text of all) {
      const plain = await listPlain(text);
      hits += plain.length;
      expect({ text, oids: await list(text) }).toEqual({ text, oids: plain });
      expect({ text, oids: await list(text, byIndex) }).toEqual({ text, oids: plain });
    }
    expect(hits).toBeGreaterThan(300);
  });

  it('are hardly more than the hits when they come from memory', async () => {
    const text = 'Eino Eino Virtanen 1961-09-05';
    const ids = (await candidates(text))!;
    const cyrillic = await db.query('select 1 from henkilo where sukunimi ~ $1', ['Иванов']);
    const near = await db.query(
      'select 1 from henkilo where similarity(duplicate_search_str, duplicate_search_fmt($1)) >= 0.5::real and duplicate_search_str !~ $2',
      [text, '[^ -~]'],
    );
    expect(near.length).toBeGreaterThan(0);
    // Told twice when a transaction of another database of the server ran while the texts were read.
    expect(new Set(ids).size).toBe(near.length + cyrillic.length);
  });

  it('are found at once when they are new or renamed by anyone, and not before the commit', async () => {
    const text = 'Zebulon Zebulon Quxx 2001-02-03';
    expect(await list(text)).toEqual([]);
    await withClient(testDatabase.url, async (other) => {
      await other.query('begin');
      await other.query(
        `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, syntymaaika, passivoitu, duplicate)
         values (900001, 0, '1.2.246.562.24.90000000001', 'Zebulon', 'Zebulon', 'Quxx', '2001-02-03', false, false)`,
      );
      expect(await list(text)).toEqual([]);
      await db.execute(
        `update henkilo set etunimet = 'Zebulon', kutsumanimi = 'Zebulon', sukunimi = 'Quxx', syntymaaika = '2001-02-04' where id = 2`,
      );
      expect(await list(text)).toEqual(['1.2.246.562.24.10000000002']); // while the older transaction is still open
      await other.query('commit');
    });
    expect(await list(text)).toEqual(['1.2.246.562.24.90000000001', '1.2.246.562.24.10000000002']);

    await db.execute(`update henkilo set sukunimi = 'Aivanmuu', syntymaaika = '1955-05-15' where id = 900001`);
    expect(await list(text)).toEqual(['1.2.246.562.24.10000000002']);
    await db.execute('delete from henkilo where id = 2');
    expect(await list(text)).toEqual([]);
  });

  it('of the own transaction are found before its commit', async () => {
    const text = 'Yrmy Yrmy Öttiäinen 1999-09-09';
    await db.transaction(async () => {
      await db.execute(
        `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, syntymaaika, passivoitu, duplicate)
         values (900002, 0, '1.2.246.562.24.90000000002', 'Yrmy', 'Yrmy', 'Öttiäinen', '1999-09-09', false, false)`,
      );
      expect(await list(text)).toEqual(['1.2.246.562.24.90000000002']);
    });
  });

  it('are found whoever writes while the texts are being read', async () => {
    const late = new HakutekstiMuistissa(new HakutekstiRepository(db), config(100_000));
    const repository = new DuplikaatitRepository(db, late);
    await withClient(testDatabase.url, async (other) => {
      await other.query('begin');
      await other.query(
        `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi)
         values (900003, 0, '1.2.246.562.24.90000000003', 'Hilavitkutin', 'Hilavitkutin', 'Xylander')`,
      );
      late.startLoading();
      await late.whenLoaded();
      await other.query('commit');
    });
    const text = 'Hilavitkutin Hilavitkutin Xylander';
    expect(await late.findCandidates(text)).not.toBeNull();
    expect(await list(text, repository)).toEqual(['1.2.246.562.24.90000000003']);
  });

  it('come from the index while there are more persons than allowed', async () => {
    const small = new HakutekstiMuistissa(new HakutekstiRepository(db), config(100));
    small.startLoading();
    await small.whenLoaded();
    expect(await small.findCandidates('Aino')).toBeNull();
  });

  it('come from the index for an hour while they need more memory than allowed, then are read anew', async () => {
    const warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const small = new HakutekstiMuistissa(new HakutekstiRepository(db), config(100_000, 0.01));
    small.startLoading();
    await small.whenLoaded();
    expect(await small.findCandidates('Aino')).toBeNull();
    await small.whenLoaded();
    expect(warnings).toHaveBeenCalledTimes(1);
    expect(String(warnings.mock.calls[0]![0])).toContain('more than ONR_DUPLICATE_MEMORY_PERSONS or _MB allow');
    const now = systemClock.millis();
    const clock = jest.spyOn(systemClock, 'millis').mockReturnValue(now + 59 * 60_000);
    await small.findCandidates('Aino');
    await small.whenLoaded();
    expect(warnings).toHaveBeenCalledTimes(1);
    clock.mockReturnValue(now + 61 * 60_000);
    await small.findCandidates('Aino');
    await small.whenLoaded();
    expect(warnings).toHaveBeenCalledTimes(2);
    clock.mockRestore();
    warnings.mockRestore();
  });

  /** In memory until then; read anew by the first question afterwards, which the index answers. */
  const expectReadAnew = async (muisti: HakutekstiMuistissa, text: string, oid: string) => {
    const repository = new DuplikaatitRepository(db, muisti);
    expect(await muisti.findCandidates(text)).toBeNull();
    expect(await list(text, repository)).toEqual([oid]);
    await muisti.whenLoaded();
    expect(await muisti.findCandidates(text)).not.toBeNull();
    expect(await list(text, repository)).toEqual([oid]);
  };
  const loaded = async (mostPersons: number, mostMb?: number) => {
    const muisti = new HakutekstiMuistissa(new HakutekstiRepository(db), config(mostPersons, mostMb));
    muisti.startLoading();
    await muisti.whenLoaded();
    expect(await muisti.findCandidates('Aino')).not.toBeNull();
    return muisti;
  };
  const rename = async (id: number, nimi: string) => {
    await db.execute(
      `update henkilo set etunimet = $2, kutsumanimi = $2, sukunimi = $2, syntymaaika = null, passivoitu = false, duplicate = false where id = $1`,
      [id, nimi],
    );
    return { text: `${nimi} ${nimi} ${nimi}`, oid: `1.2.246.562.24.${10_000_000_000 + id}` };
  };

  /** While a transaction of another test file runs that began before a change, the change is taken once more after texts are read. */
  const olderTransactionsEnd = async () => {
    const [{ next }] = (await db.query<{ next: string }>(
      'select pg_snapshot_xmax(pg_current_snapshot())::text as next',
    )) as [{ next: string }];
    for (;;) {
      const [{ ended }] = (await db.query<{ ended: boolean }>(
        'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as ended',
        [next],
      )) as [{ ended: boolean }];
      if (ended) return;
      await sleep(50);
    }
  };

  it('are read anew after more changes than are worth taking one by one', async () => {
    const muisti = await loaded(100_000);
    const { text, oid } = await rename(201, 'Wxyzqvist');
    await db.execute(
      `insert into onr_hakuteksti_muutos (tapahtuma, henkilo_id) select pg_current_xact_id(), 5 from generate_series(1, 100000)`,
    );
    await olderTransactionsEnd(); // else they are too many to take after texts are read, too
    await expectReadAnew(muisti, text, oid);
    await db.execute('delete from onr_hakuteksti_muutos where henkilo_id = 5');
  });

  it('are read anew when nobody has asked for longer than changes are kept', async () => {
    const muisti = await loaded(100_000);
    const { text, oid } = await rename(202, 'Kvadrtzen');
    const now = systemClock.millis();
    const clock = jest.spyOn(systemClock, 'millis').mockReturnValue(now + 25 * 3_600_000);
    await expectReadAnew(muisti, text, oid);
    clock.mockRestore();
  });

  it('are read anew when former texts have made the memory larger than allowed', async () => {
    const [{ n }] = (await db.query<{ n: number }>('select count(*) as n from henkilo')) as [{ n: number }];
    const muisti = await loaded(n);
    const { text, oid } = await rename(203, 'Fjolgmund');
    await db.execute(`update henkilo set sukunimi = sukunimi || 'x' where id between 300 and 340`);
    await olderTransactionsEnd();
    await expectReadAnew(muisti, text, oid);
  });

  it('are recorded for two days, and only when the text changes', async () => {
    await db.execute('delete from onr_hakuteksti_muutos');
    await db.execute(
      `update henkilo set modified = now(), kotikunta = '091', etunimet = etunimet where id between 100 and 110`,
    );
    const count = async () => (await db.query<{ n: number }>('select count(*) as n from onr_hakuteksti_muutos'))[0]!.n;
    expect(await count()).toBe(0);
    await db.execute(`update henkilo set sukunimi = 'Uusi' where id in (100, 101, 102)`);
    await db.execute(`update onr_hakuteksti_muutos set aika = aika - interval '49 hours' where henkilo_id = 100`);
    const job = new HakutekstiCleanupJob(new HakutekstiRepository(db));
    expect(await job.run(new AbortController().signal)).toEqual({ seen: 1, changed: 1, failed: 0 });
    expect(await count()).toBe(2);
  });
});
