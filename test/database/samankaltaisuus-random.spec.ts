import { readConfig } from '../../src/config/config.js';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { DuplikaatitRepository } from '../../src/duplicates/duplikaatit.repository.js';
import { HakutekstiMuistissa } from '../../src/hakuteksti/hakuteksti-muistissa.store.js';
import { HakutekstiRepository, type Hakuteksti } from '../../src/hakuteksti/hakuteksti.repository.js';
import { TrigramIndex } from '../../src/hakuteksti/trigram-index.model.js';
import { SamankaltaisuusRepository } from '../../src/hakuteksti/samankaltaisuus.repository.js';
import type { LoadedHenkilo } from '../../src/henkilo/muutos/loaded-henkilo.model.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const config = (mostPersons: number) =>
  readConfig({ NODE_ENV: 'test', ONR_DUPLICATE_MEMORY_PERSONS: String(mostPersons) });

/** Numbers from 0 to 1, the same for one seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SEED = Number(process.env.ONR_TEST_SEED ?? 1);
const random = randomFrom(SEED);
const below = (n: number) => Math.floor(random() * n);
const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
const some = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make);

/** Letters and signs whose trigrams, case or unaccented form may surprise. */
const LETTERS = [
  ...'aaabbccddeeeiinoorstuxyzAOIEåäöÅÄÖéèüÿñçßẞæÆøØœđþłŁİıǅﬁ',
  ...['a\u0308', 'o\u0308', 'e\u0301', 'A\u030a', 'n\u0303', '\u0301', 'q\u0323'],
  ...'жЖёЁиййщЩάΣςσ中ا٣½²Ⅳ①™％＿०',
  ...['😀', '\u200d', '\u202e', '\u00a0', '\u2028', '\u00ad', '\ufeff', '\t', '\u0007'],
  ...[' ', ' ', ' ', '-', "'", '’', '.', ',', '%', '_', '\\', '*', '1', '9', '0'],
];
const PARTS = ['Aino', 'Maria', 'Eino', 'Matti', 'Korhonen', 'Virtanen', 'Mäkinen', 'Öhman', 'Straße', 'Иванов', 'Hämäläinen', 'Li', 'X', 'von', 'Ng', 'D’Arcy']; // prettier-ignore

const word = () => (random() < 0.6 ? pick(PARTS) : Array.from({ length: 1 + below(6) }, () => pick(LETTERS)).join(''));
const nimi = () => {
  if (random() < 0.05) return '';
  const words = random() < 0.05 ? Array.from({ length: 25 }, word) : [word(), ...some(2, word)];
  return [...words.join(pick([' ', ' ', '-', '  ']))].slice(0, 200).join('');
};
const paiva = () => (random() < 0.2 ? null : `${1940 + below(4)}-0${1 + below(3)}-1${below(3)}`);

interface Henkilo {
  readonly etunimet: string;
  readonly kutsumanimi: string;
  readonly sukunimi: string;
  readonly syntymaaika: string | null;
}
const newHenkilo = (): Henkilo => {
  const etunimet = nimi();
  const kutsumanimi = random() < 0.8 ? etunimet.split(' ')[0]! : nimi();
  return { etunimet, kutsumanimi, sukunimi: nimi(), syntymaaika: paiva() };
};
/** The same person with a slip or two. */
const alter = (text: string): string => {
  if (random() < 0.3) return text;
  const letters = [...text];
  const at = below(letters.length + 1);
  letters.splice(at, below(3), ...some(2, () => pick(LETTERS)));
  const altered = letters.join('');
  return random() < 0.2 ? altered.toUpperCase() : random() < 0.1 ? altered.normalize('NFD') : altered;
};
/** Longer than any name that fits a column. */
const long = (text: string): string => Array.from({ length: 60 }, () => `${text} ${word()}`).join(' ');
const near = ({ etunimet, kutsumanimi, sukunimi, syntymaaika }: Henkilo): Henkilo => ({
  etunimet: alter(etunimet),
  kutsumanimi: alter(kutsumanimi),
  sukunimi: alter(sukunimi),
  syntymaaika: random() < 0.3 ? paiva() : syntymaaika,
});
const textOf = ({ etunimet, kutsumanimi, sukunimi, syntymaaika }: Henkilo) =>
  [etunimet, kutsumanimi, sukunimi, syntymaaika ?? ''].join(' ');

const PERSONS = 1500;
const SEARCHES = 80;
const oidOf = (n: number) => `1.2.246.562.24.${10_000_000_000 + n}`;

describe(`persons who resemble one of random names (ONR_TEST_SEED=${SEED})`, () => {
  let testDatabase: TestDatabase;
  let db: Database;
  let muistissa: HakutekstiMuistissa;
  const henkilot: Henkilo[] = [];

  const insert = async (count: number) => {
    const first = henkilot.length;
    for (let n = 0; n < count; n++)
      henkilot.push(first + n > 20 && random() < 0.6 ? near(pick(henkilot)) : newHenkilo());
    const added = henkilot.slice(first);
    await db.execute(
      `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, syntymaaika, passivoitu, duplicate, yksiloityvtj, hetu)
       select n, 0, '1.2.246.562.24.' || (10000000000 + n), x.e, x.k, x.s, x.d::date, n % 13 = 0, n % 17 = 0, n % 3 = 0, case when n % 2 = 0 then 'h' || n end
         from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as x(e, k, s, d, o), lateral (select $5::int + o as n) y`,
      [added.map((h) => h.etunimet), added.map((h) => h.kutsumanimi), added.map((h) => h.sukunimi), added.map((h) => h.syntymaaika), first],
    ); // prettier-ignore
  };

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    db = new Database(await createDataSource({ url: testDatabase.url, poolSize: 3 }).initialize());
    await insert(PERSONS);
    await db.execute(
      `insert into henkiloviite (id, version, master_oid, slave_oid)
       select nextval('hibernate_sequence'), 0, m.oidhenkilo, s.oidhenkilo
         from henkilo s join henkilo m on m.id <> s.id and similarity(m.duplicate_search_str, s.duplicate_search_str) >= 0.5
        where s.id % 4 = 0 and m.id % 5 = 0`,
    );
    await db.execute('analyze');
    muistissa = new HakutekstiMuistissa(new HakutekstiRepository(db), config(100_000));
    muistissa.startLoading();
    await muistissa.whenLoaded();
    await insert(200); // taken in as changes
  });
  afterAll(async () => {
    await muistissa.onModuleDestroy();
    await db.onApplicationShutdown();
    await testDatabase.drop();
  });

  const oids = (rows: readonly { oidHenkilo: string }[]) => rows.map(({ oidHenkilo }) => oidHenkilo);
  const plain = async (text: string, condition = '', values: unknown[] = []) =>
    oids(
      await db.query<{ oidHenkilo: string }>(
        `select oidhenkilo as "oidHenkilo" from henkilo h
          where similarity(duplicate_search_str, duplicate_search_fmt($1)) >= 0.5::real and not passivoitu and not duplicate ${condition}
          order by duplicate_search_str <-> duplicate_search_fmt($1), id`,
        [text, ...values],
      ),
    );

  it('are those of the plain definition, in its order, from memory and by the index', async () => {
    const ways = [muistissa, new HakutekstiMuistissa(new HakutekstiRepository(db), config(0))].map((way) => ({
      duplikaatit: new DuplikaatitRepository(db, way),
      samankaltaisuus: new SamankaltaisuusRepository(db, way),
    }));
    let [hits, exactlyHalf] = [0, 0];
    for (let n = 0; n < SEARCHES; n++) {
      const given = n < 10 ? newHenkilo() : near(pick(henkilot));
      const henkilo = n % 10 === 3 ? { ...given, sukunimi: long(given.sukunimi) } : given;
      const text = textOf(henkilo);
      const caller = oidOf(1 + below(PERSONS));
      const expected = await plain(text, 'and oidhenkilo <> $2', [caller]);
      hits += expected.length;
      const [row] = await db.query<{ half: number }>(
        'select count(*)::int as half from henkilo where similarity(duplicate_search_str, duplicate_search_fmt($1)) = 0.5::real',
        [text],
      );
      exactlyHalf += row!.half;
      for (const { duplikaatit, samankaltaisuus } of ways) {
        expect({ text, found: oids(await duplikaatit.listByHakuteksti(text, caller)) }).toEqual({ text, found: expected }); // prettier-ignore
        const asked = { ...henkilo, oidHenkilo: caller } as unknown as LoadedHenkilo;
        expect(await samankaltaisuus.hasSimilar(asked)).toBe(expected.length > 0);
      }
    }
    expect(hits).toBeGreaterThan(SEARCHES);
    expect(exactlyHalf).toBeGreaterThan(0);
  });

  it.each([50, 400, 10_000])(
    'are found in memory by trigrams alone, in blocks of %s persons',
    async (personsOfBlock) => {
      const index = new TrigramIndex(personsOfBlock);
      const rows = await db.query<Hakuteksti>('select id, duplicate_search_str as teksti from henkilo order by id');
      rows.forEach(({ id, teksti }, n) => {
        index.add(id, teksti);
        if (n === 1200) index.settle();
      });
      let hits = 0;
      for (let n = 0; n < SEARCHES; n++) {
        const [row] = await db.query<{ teksti: string; ids: number[] }>(
          `with haku as materialized (select duplicate_search_fmt($1) as teksti)
         select teksti, array(select id::int from henkilo where similarity(duplicate_search_str, teksti) >= 0.5::real and duplicate_search_str !~ '[^\\x01-\\x7f]' order by id) as ids
           from haku`,
          [textOf(near(pick(henkilot)))],
        );
        const found = index.find(row!.teksti);
        if (found === null) continue; // beyond ASCII: the database's index answers
        const plain = new Set(rows.filter(({ teksti }) => /^[\x01-\x7f]*$/.test(teksti)).map(({ id }) => id));
        expect({ row, found: found.filter((id) => plain.has(id)).sort((a, b) => a - b) }).toEqual({
          row,
          found: row!.ids,
        });
        hits += row!.ids.length;
      }
      expect(hits).toBeGreaterThan(SEARCHES / 8);
    },
  );

  it('without oneself, masters, those whom VTJ knows as somebody else and the caller, for every person', async () => {
    const ways = [muistissa, new HakutekstiMuistissa(new HakutekstiRepository(db), config(0))].map(
      (way) => new DuplikaatitRepository(db, way),
    );
    const others = `and oidhenkilo not in ($2, $3)
      and oidhenkilo not in (select master_oid from henkiloviite where slave_oid = $2)
      and not (yksiloityvtj and (select p.yksiloityvtj and p.hetu is not null from henkilo p where p.oidhenkilo = $2))`;
    let hits = 0;
    for (let n = 0; n < SEARCHES; n++) {
      const id = 1 + below(henkilot.length);
      const caller = oidOf(1 + below(henkilot.length));
      const expected = await plain(textOf(henkilot[id - 1]!), others, [oidOf(id), caller]);
      hits += expected.length;
      for (const way of ways) {
        const haettava = await way.getKohde(oidOf(id));
        expect({ id, found: oids(await way.listByHenkilo(haettava, caller)) }).toEqual({ id, found: expected });
      }
    }
    expect(hits).toBeGreaterThan(SEARCHES);
  });
});
