/* eslint-disable @typescript-eslint/no-explicit-any -- the tests look inside answers */
import { Client } from 'pg';
import { importRows, rivi, rivit } from '../support/imports.js';
import { createHenkilo, newHetu } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import {
  MALLIKOULU,
  organisaatiorekisteri,
  rekisterinpitaja,
  TIEDEKUNTA,
  tuoja,
  userWith,
  YLIOPISTO,
} from '../support/users.js';

const app = useTestApp();
const koulu = userWith('1.2.246.562.24.99000000777', MALLIKOULU, 'OPPIJOIDENTUONTI');
const molemmat = {
  sub: '1.2.246.562.24.99000000776',
  roles: {
    [YLIOPISTO]: ['OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI'],
    [MALLIKOULU]: ['OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI'],
  },
};
const set = (columns: string, oid: string) => app.query(`update henkilo set ${columns} where oidhenkilo = $1`, [oid]);
const importedOids = async (id: number) =>
  (
    await app.query<{ oid: string }>(
      'select h.oidhenkilo as oid from tuonti_rivi r join henkilo h on h.id = r.henkilo_id where r.tuonti_id = $1 order by r.id',
      [id],
    )
  ).map(({ oid }) => oid);

describe('counts and failures', () => {
  let id: number;
  let oids: string[];
  const states = ['hetuton', 'yksiloity', 'kesken', 'virhe', 'vtj', 'passivoitu', 'duplicate'];

  beforeAll(async () => {
    id = await importRows(app.as(tuoja), states.map((state) => rivi(state, { passinumero: `S-${state}`, sukunimi: `Tila_${state}` }))); // prettier-ignore
    oids = await importedOids(id);
    await set('yksiloity = true', oids[1]!);
    for (const n of [2, 3, 4]) await set(`hetu = '${newHetu()}'`, oids[n]!);
    await set('yksilointi_yritetty = true', oids[3]!);
    await set('yksiloityvtj = true, yksilointi_yritetty = true', oids[4]!);
    await set('passivoitu = true', oids[5]!);
    await set('duplicate = true', oids[6]!);
  });

  const yhteenveto = async (query: string) =>
    (await app.as(tuoja).get(`/oppija/yhteenveto?tuontiId=${id}${query}`)).body;
  const virheet = async (query: string, as = tuoja) =>
    (await app.as(as).get(`/internal/oppijoidentuonti/virheet?tuontiId=123456789${query}`)).body;

  it('tell the states apart; of failures all are listed, whatever import is asked for', async () => {
    expect(await yhteenveto('')).toEqual({ onnistuneet: 4, virheet: 2, keskeneraiset: 1, yhteensa: 7 });
    expect(await yhteenveto('&vainVirheet=true')).toEqual({
      onnistuneet: 0,
      virheet: 2,
      keskeneraiset: 0,
      yhteensa: 2,
    });
    expect(await yhteenveto('&organisaatioOids=1.2.246.562.10.1')).toMatchObject({ yhteensa: 0 });
    expect(await yhteenveto('&muokattuJalkeen=2100-01-01')).toMatchObject({ yhteensa: 0 });
    expect(await yhteenveto('&nimiHaku=tila_v')).toEqual({ onnistuneet: 1, virheet: 1, keskeneraiset: 0, yhteensa: 2 });
    const all = { onnistuneet: 4, virheet: 2, keskeneraiset: 1, yhteensa: 7 };
    expect((await app.as(molemmat).get(`/oppija/yhteenveto?tuontiId=${id}`)).body).toEqual(all);
    expect((await app.as(rekisterinpitaja).get(`/oppija/yhteenveto?tuontiId=${id}`)).body).toEqual(all);
    expect((await app.as(koulu).get(`/oppija/yhteenveto?tuontiId=${id}`)).body).toMatchObject({ yhteensa: 0 });
    expect((await app.as(rekisterinpitaja).get(`/oppija/muuttuneet?tuontiId=${id}`)).body.totalElements).toBe(7);
    expect((await app.as(molemmat).get(`/oppija/muuttuneet?tuontiId=${id}&vainVirheet=true`)).body).toMatchObject({
      totalElements: 2,
      numberOfElements: 2,
    });
    const list = await virheet('');
    expect(list.results.map((r: any) => [r.oid, r.yksilointiTila])).toEqual([[oids[3], 'VIRHE'], [oids[0], 'HETU_PUUTTUU']]); // prettier-ignore
  });

  it.each([
    ['tila_HET', ['hetuton']],
    ['Tila_', ['virhe', 'hetuton']],
    ['Tila%', []],
    ['tila_virhe uu', ['virhe']],
    ['uuno kalervo tila_v', ['virhe']],
    ['Tila_virhe Uuno Kalervo', ['virhe']],
    ['uuno kalervo', ['virhe', 'hetuton']],
    ['ila_', []],
  ])('search names: %p', async (nimiHaku, found) => {
    const { results } = await virheet(`&nimiHaku=${encodeURIComponent(nimiHaku)}`);
    expect(results.map((r: any) => r.sukunimi)).toEqual(found.map((state) => `Tila_${state}`));
  });

  it('search OID and hetu exactly', async () => {
    const [{ hetu }] = (await app.query('select hetu from henkilo where oidhenkilo = $1', [oids[3]])) as [
      { hetu: string },
    ];
    for (const nimiHaku of [hetu, oids[3]!])
      expect((await virheet(`&nimiHaku=${nimiHaku}`)).results.map((r: any) => r.oid)).toEqual([oids[3]]);
  });

  it('page a person in several organisations and imports once, with the user who imported it first', async () => {
    await createHenkiloWithOid(koulu.sub);
    await importRows(app.as(koulu), [rivi('taas', { oid: oids[0] })]);
    const pages = [await virheet('&count=1', molemmat), await virheet('&count=1&page=2', molemmat)];
    expect(pages.map((p) => [p.results[0].oid, p.totalElements, p.last])).toEqual([
      [oids[3], 2, false],
      [oids[0], 2, true],
    ]);
    expect(pages[1]!.results[0]).toMatchObject({ serviceUserOid: koulu.sub, serviceUserName: 'Tuoja Taina' });
    expect((await virheet('&page=0')).status).toBe(400);
  });

  it('need an organisation', async () => {
    for (const path of ['/oppija/yhteenveto', '/oppija/muuttuneet', '/internal/oppijoidentuonti/virheet'])
      expect((await app.as(organisaatiorekisteri).get(path)).status).toBe(400);
    expect((await app.as(organisaatiorekisteri).get('/oppija/tuontikooste')).body).toMatchObject({
      content: [],
      empty: true,
    });
  });

  async function createHenkiloWithOid(oid: string): Promise<void> {
    const made = await createHenkilo(app, { etunimet: 'Taina', kutsumanimi: 'Taina', sukunimi: 'Tuoja' });
    await app.query('update henkilo set oidhenkilo = $2 where oidhenkilo = $1', [made, oid]);
  }
});

describe('GET /oppija/tuontikooste', () => {
  const kooste = async (query: string, as = rekisterinpitaja) =>
    (await app.as(as).get(`/oppija/tuontikooste?${query}`)).body;

  it('gives what the view gives, in every order, each import once', async () => {
    const id = await importRows(app.as(molemmat), rivit(3, 'kooste'));
    await app.query('update tuonti_rivi set conflict = true where tuonti_id = $1 and tunniste = $2', [id, 'kooste1']);
    const columns = { id: 'id', timestamp: 'timestamp', oid: 'oid', author: 'author', total: 'total', inProgress: 'inprogress', successful: 'successful', failures: 'failures', conflicts: 'conflicts' }; // prettier-ignore
    for (const [field, column] of Object.entries(columns)) {
      for (const sort of ['ASC', 'DESC']) {
        const rows = await app.query(
          `select distinct id::int, oid, author, timestamp, total, inprogress as "inProgress", successful::int, failures::int, conflicts::int, api
             from tuontikooste order by ${column === 'id' ? 'id' : `${column} ${sort}, id`} ${sort}`,
        );
        const expected = rows.map((row) => ({ ...row, timestamp: (row.timestamp as Date).getTime() }));
        expect((await kooste(`field=${field}&sort=${sort}&pageSize=100`)).content).toEqual(expected);
      }
    }
    expect((await kooste(`id=${id}`)).content).toMatchObject([{ id, total: 3, conflicts: 1 }]);
    expect((await kooste('pageSize=1&page=2')).pageable).toMatchObject({ pageNumber: 1, offset: 1 });
  });

  it('takes empty parameters as absent and refuses wrong ones', async () => {
    expect(await kooste('field=&sort=&page=&pageSize=&id=')).toEqual(await kooste(''));
    for (const query of ['field=x', 'sort=asc', 'page=0', 'pageSize=0', 'id=x'])
      expect((await app.as(rekisterinpitaja).get(`/oppija/tuontikooste?${query}`)).status).toBe(400);
  });

  it('finds by part of the author, and nothing of other organisations', async () => {
    expect((await kooste('author=TUOJA, t')).content.length).toBeGreaterThan(0);
    expect((await kooste('author=%25a, %25')).content.length).toBeGreaterThan(0);
    expect((await kooste('author=%5C%25')).content).toEqual([]);
    expect((await kooste('author=', koulu)).content.every((row: any) => row.author !== null)).toBe(true);
    const own = (await kooste('pageSize=100', koulu)).content.map((row: any) => row.id).sort();
    const [{ ids }] = (await app.query(
      `select array_agg(x.tuonti_id::int order by x.tuonti_id) as ids from tuonti_organisaatio x join organisaatio o on o.id = x.organisaatio_id where o.oid = $1`,
      [MALLIKOULU],
    )) as [{ ids: number[] }];
    expect(own).toEqual(ids.sort());
  });
});

describe('GET /oppija/muuttuneet', () => {
  const reader = userWith('1.2.246.562.24.99000000775', MALLIKOULU, 'OPPIJOIDENTUONTI');
  const page = async (n: number, query = '') => (await app.as(reader).get(`/oppija/muuttuneet?page=${n}&count=3${query}`)).body; // prettier-ignore
  const oidsOf = (body: any): string[] => body.results.map((r: any) => r.oid as string);
  let oids: string[];

  beforeAll(async () => {
    await app.query('delete from henkilo_organisaatio where organisaatio_id = (select id from organisaatio where oid = $1)', [MALLIKOULU]); // prettier-ignore
    oids = await importedOids(await importRows(app.as(reader), rivit(10, 'm')));
    for (const [n, oid] of oids.entries())
      await set(`modified = timestamp '2020-01-01' + interval '${n} minutes'`, oid);
  });

  it('pages quietly as ever', async () => {
    const pages = [await page(1), await page(2), await page(3), await page(4), await page(5)];
    expect(pages.flatMap(oidsOf)).toEqual(oids);
    expect(pages.map((p) => [p.totalElements, p.totalPages, p.numberOfElements, p.last])).toEqual([
      [10, 4, 3, false],
      [10, 4, 3, false],
      [10, 4, 3, false],
      [10, 4, 1, true],
      [10, 4, 0, false],
    ]);
    expect(oidsOf(await page(3))).toEqual(oids.slice(6, 9));
    expect(oidsOf(await page(1, '&muokattuJalkeen=2020-01-01T00:08:00Z'))).toEqual(oids.slice(8));
  });

  it('loses nobody to a reader who follows the pages while persons change', async () => {
    const seen: string[] = [];
    for (let n = 1, last = false; !last; n++) {
      const body = await page(n);
      seen.push(...oidsOf(body));
      last = body.totalPages <= n;
      if (n > 3) continue;
      for (const oid of [seen.at(-1)!, seen.at(-2)!]) await set(`modified = now() at time zone 'UTC'`, oid);
    }
    expect(new Set(seen)).toEqual(new Set(oids));
    for (const oid of [oids[1]!, oids[2]!, oids[4]!, oids[5]!]) expect(seen.lastIndexOf(oid)).toBeGreaterThan(seen.indexOf(oid)); // prettier-ignore
  });

  it('ends the reading of a reader that follows `last`, though the changes made more pages than there were', async () => {
    const lasts: [number, boolean][] = [];
    const seen: string[] = [];
    for (let n = 1; lasts.at(-1)?.[1] !== true && n < 20; n++) {
      const body = (await app.as(reader).get(`/oppija/muuttuneet?page=${n}&count=4`)).body;
      seen.push(...oidsOf(body));
      lasts.push([body.totalPages, body.last]);
      if (n < 3) for (const oid of oidsOf(body)) await set(`modified = now() at time zone 'UTC'`, oid);
    }
    expect(seen).toHaveLength(18);
    expect(lasts).toEqual([[3, false], [3, false], [4, false], [5, false], [5, true]]); // prettier-ignore
  });

  it('begins anew with page 1, exactly, once the reading before has come to its end', async () => {
    const sweep = async () => {
      const pages: string[][] = [];
      for (let n = 1, last = false; !last; n++) {
        const { body } = await app.as(reader).get(`/oppija/muuttuneet?page=${n}&count=5`);
        pages.push(oidsOf(body));
        last = body.last;
      }
      return pages;
    };
    const order = (await sweep()).flat();
    for (const oid of order.slice(0, 3)) await set(`modified = now() at time zone 'UTC'`, oid);
    const moved = [...order.slice(3), ...order.slice(0, 3)];
    expect(await sweep()).toEqual([moved.slice(0, 5), moved.slice(5)]);
  });

  it('loses nobody to a slow reader whom a second one of the same user overtakes', async () => {
    const read = async (n: number) => oidsOf((await app.as(reader).get(`/oppija/muuttuneet?page=${n}&count=2`)).body);
    const order = oidsOf((await app.as(reader).get('/oppija/muuttuneet?count=100')).body);
    const slow = await read(1);
    for (const oid of order.slice(0, 2)) await set(`modified = now() at time zone 'UTC'`, oid);
    const fast = [...(await read(1)), ...(await read(2)), ...(await read(3))];
    expect(fast).toEqual([...order.slice(2, 4), ...order.slice(2, 6)]);
    for (let n = 2; n < 7; n++) slow.push(...(await read(n)));
    expect(slow).toEqual([...order, ...order.slice(0, 2)]);
    for (let n = 4; n < 7; n++) fast.push(...(await read(n)));
    expect(new Set(fast)).toEqual(new Set(order));
  });

  it('goes on where it was when an organisation below becomes known meanwhile', async () => {
    const user = userWith('1.2.246.562.24.99000000671', YLIOPISTO, 'OPPIJOIDENTUONTI');
    await importRows(app.as(user), rivit(6, 'alla'));
    const read = async (n: number) => oidsOf((await app.as(user).get(`/oppija/muuttuneet?page=${n}&count=2`)).body);
    const order = oidsOf((await app.as(user).get('/oppija/muuttuneet?count=100')).body);
    expect(await read(1)).toEqual(order.slice(0, 2));
    for (const oid of order.slice(0, 2)) await set(`modified = now() at time zone 'UTC'`, oid);
    const known = 'select 1 from organisaatio where oid = $1';
    expect(await app.query(known, [TIEDEKUNTA])).toEqual([]);
    await app.query(`insert into organisaatio (id, version, oid) values (nextval('hibernate_sequence'), 0, $1)`, [TIEDEKUNTA]); // prettier-ignore
    expect(await read(2)).toEqual(order.slice(2, 4));
  });

  it.each([1, 2, 3, 4])(
    'shows every reader the last state of everyone, whoever else reads and writes (%i)',
    async (seed) => {
      const user = userWith(`1.2.246.562.24.9900000066${seed}`, MALLIKOULU, 'OPPIJOIDENTUONTI');
      const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
      const modified = new Map<string, number>();
      const change = async (oid: string, hetki = `clock_timestamp() at time zone 'UTC'`) => {
        const [row] = await app.query<{ at: number }>(
          `update henkilo set modified = ${hetki} where oidhenkilo = $1
         returning floor(extract(epoch from modified) * 1000)::float8 as at`,
          [oid],
        );
        modified.set(oid, row!.at);
      };
      for (const [n, oid] of oids.entries()) await change(oid, `timestamp '2020-01-01' + interval '${n} minutes'`);
      const untilLast = (body: any) => body.last === true;
      const untilTotal = (body: any) => body.number >= body.totalPages;
      const untilEmpty = (body: any) => body.results.length === 0;
      const readers = [untilLast, untilTotal, untilEmpty, untilLast].map((isEnd, i) => ({
        isEnd,
        startsAt: i * random(8),
        speed: 1 + random(4),
        next: 1,
        seen: new Map<string, number>(),
        missed: null as string[] | null,
      }));
      const size = 2 + random(3);
      for (let step = 0; step < 500 && readers.some(({ missed }) => missed === null); step++) {
        if (step < 60 && random(3) === 0) await change(oids[random(oids.length)]!);
        const r = readers[random(readers.length)]!;
        if (r.missed !== null || step < r.startsAt || random(r.speed) > 0) continue;
        const expected = new Map(modified);
        const path = `/oppija/muuttuneet?page=${r.next}&count=${size}`;
        if (random(10) === 0) await app.as(user).get(path);
        const { body } = await app.as(user).get(path);
        for (const { oid, master } of body.results) r.seen.set(oid, master.muokattu);
        if (r.isEnd(body)) r.missed = oids.filter((oid) => (r.seen.get(oid) ?? 0) < expected.get(oid)!);
        r.next++;
      }
      expect(readers.map(({ missed }) => missed)).toEqual([[], [], [], []]);
    },
  );

  it('loses nobody to readers of one user and a writer who go on at the same time', async () => {
    const user = userWith('1.2.246.562.24.99000000670', MALLIKOULU, 'OPPIJOIDENTUONTI');
    const modified = new Map<string, number>();
    let writing = true;
    const write = async () => {
      for (let n = 0; n < 150; n++) {
        const oid = oids[(n * 7) % oids.length]!;
        const [row] = await app.query<{ at: number }>(
          `update henkilo set modified = clock_timestamp() at time zone 'UTC' where oidhenkilo = $1
           returning floor(extract(epoch from modified) * 1000)::float8 as at`,
          [oid],
        );
        modified.set(oid, row!.at);
      }
      writing = false;
    };
    const read = async () => {
      for (let again = true; again;) {
        again = writing;
        const seen = new Map<string, number>();
        for (let n = 1, last = false; !last; n++) {
          const expected = new Map(modified);
          const { body } = await app.as(user).get(`/oppija/muuttuneet?page=${n}&count=3`);
          for (const { oid, master } of body.results) seen.set(oid, master.muokattu);
          last = body.last;
          if (last) expect(oids.filter((oid) => (seen.get(oid) ?? 0) < (expected.get(oid) ?? 1))).toEqual([]);
        }
      }
    };
    await Promise.all([write(), read(), read(), read(), read()]);
  });

  it('waits for a change that is older than what the reader has seen and not committed yet', async () => {
    const [hidas, nopea] = [oids[0]!, oids[3]!];
    const writer = new Client({ connectionString: app.settings.DATABASE_URL });
    await writer.connect();
    await writer.query('begin');
    await writer.query(`update henkilo set modified = now() at time zone 'UTC' where oidhenkilo = $1`, [hidas]);
    await set(`modified = now() at time zone 'UTC'`, nopea);

    const seen: string[] = [];
    let n = 1;
    for (let body = await page(n); body.results.length > 0; body = await page(++n)) seen.push(...oidsOf(body));
    expect(seen).not.toContain(nopea);
    expect((await page(n)).totalPages).toBeGreaterThan(n);
    const before = seen.length;
    await writer.query('commit');
    await writer.end();
    for (let body = await page(n); body.results.length > 0; body = await page(++n)) seen.push(...oidsOf(body));
    expect(seen.slice(before)).toEqual([hidas, nopea]);
  });

  it('is not held up by somebody who only reads for long', async () => {
    const other = new Client({ connectionString: app.settings.DATABASE_URL });
    await other.connect();
    await other.query('begin');
    await other.query('select 1');
    await new Promise((resolve) => setTimeout(resolve, 5_200));
    await set(`modified = now() at time zone 'UTC'`, oids[6]!);
    const { results } = (await app.as(reader).get('/oppija/muuttuneet?count=100')).body;
    await other.query('rollback');
    await other.end();
    expect(results.at(-1).oid).toBe(oids[6]);
  });

  it('gives a reader who stops at the end also what was being written when it asked', async () => {
    const writer = new Client({ connectionString: app.settings.DATABASE_URL });
    await writer.connect();
    await writer.query('begin');
    await writer.query(`update henkilo set modified = now() at time zone 'UTC' where oidhenkilo = $1`, [oids[7]]);
    const answer = app.as(reader).get('/oppija/muuttuneet?count=100');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await writer.query('commit');
    await writer.end();
    expect((await answer).body.results.at(-1).oid).toBe(oids[7]);
  });

  it('gives a slave with the data of its master', async () => {
    const [slave, master] = [oids[8]!, oids[9]!];
    await app.query(`insert into henkiloviite (id, version, master_oid, slave_oid) values (nextval('hibernate_sequence'), 0, $1, $2)`, [master, slave]); // prettier-ignore
    const { results } = (await app.as(reader).get('/oppija/muuttuneet?count=100')).body;
    expect(results.find((r: any) => r.oid === slave).master).toMatchObject({ oid: master });
    expect(results.find((r: any) => r.oid === slave).master).not.toHaveProperty('linked');
  });
});

it('imported persons and their organisations are known whoever writes or removes the rows', async () => {
  const oid = await createHenkilo(app);
  const id = await importRows(app.as(tuoja), [rivi('oma')]);
  const known = () =>
    app.query(
      `select o.oid from onr_tuotu_henkilo t join henkilo h on h.id = t.henkilo_id
         left join onr_tuotu_organisaatio x using (henkilo_id) left join organisaatio o on o.id = x.organisaatio_id
        where h.oidhenkilo = $1 order by 1`,
      [oid],
    );
  const addOrganisaatio = (organisaatio: string) =>
    app.query(
      `insert into henkilo_organisaatio (henkilo_id, organisaatio_id)
       select h.id, o.id from henkilo h, organisaatio o where h.oidhenkilo = $1 and o.oid = $2`,
      [oid, organisaatio],
    );
  await addOrganisaatio(YLIOPISTO);
  expect(await known()).toEqual([]);
  await app.query(
    `insert into tuonti_rivi (id, version, tuonti_id, henkilo_id) select nextval('hibernate_sequence'), 0, $1, id from henkilo where oidhenkilo = $2`,
    [id, oid],
  );
  expect(await known()).toEqual([{ oid: YLIOPISTO }]);
  await addOrganisaatio(MALLIKOULU);
  expect(await known()).toEqual([{ oid: YLIOPISTO }, { oid: MALLIKOULU }]);
  const henkilo = '(select id from henkilo where oidhenkilo = $1)';
  await app.query(`delete from henkilo_organisaatio where henkilo_id = ${henkilo} and organisaatio_id = (select id from organisaatio where oid = $2)`, [oid, YLIOPISTO]); // prettier-ignore
  expect(await known()).toEqual([{ oid: MALLIKOULU }]);
  await app.query(`delete from tuonti_rivi where henkilo_id = ${henkilo}`, [oid]);
  expect(await known()).toEqual([]);
});
