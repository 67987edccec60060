import { Client } from 'pg';
import { importRows, rivi, rivit } from '../support/imports.js';
import { createHenkilo, newHetu } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { LaskuriJob } from '../../src/oppijat-tuonti/listaukset/laskuri.job.js';
import { MALLIKOULU, rekisterinpitaja, tuoja, YLIOPISTO } from '../support/users.js';

const app = useTestApp();
const molemmat = {
  sub: '1.2.246.562.24.99000000776',
  roles: {
    [YLIOPISTO]: ['OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI'],
    [MALLIKOULU]: ['OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI'],
  },
};

/** What GET /oppija/tuontikooste tells, in the order of its counts, beside what the rows themselves say. */
async function expectCountsToBeTrue(): Promise<void> {
  const expected = await app.query(
    'select distinct id::int, successful::int, failures::int from tuontikooste order by successful desc, id desc',
  );
  for (const [field, sort] of [
    ['successful', 'DESC'],
    ['failures', 'ASC'],
    ['id', 'ASC'],
  ]) {
    // prettier-ignore
    const { body } = await app.as(rekisterinpitaja).get(`/oppija/tuontikooste?field=${field}&sort=${sort}&pageSize=100`);
    const rows = (body.content as Record<string, unknown>[]).map(({ id, successful, failures }) => ({
      id,
      successful,
      failures,
    }));
    expect(rows).toHaveLength(expected.length);
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(
      new Set(expected.map((row) => JSON.stringify(row))),
    );
    if (field === 'successful') expect(rows).toEqual(expected);
  }
  for (const [user, organisaatiot] of [
    [rekisterinpitaja, null],
    [tuoja, [YLIOPISTO]],
    [molemmat, [YLIOPISTO, MALLIKOULU]],
  ] as const) {
    const [counts] = await app.query(
      `select count(*) filter (where ok)::int as onnistuneet, count(*) filter (where not ok and virhe)::int as virheet,
              count(*) filter (where not ok and not virhe)::int as keskeneraiset, count(*)::int as yhteensa
         from (select duplicate or passivoitu or yksiloity or yksiloityvtj or coalesce(yksiloityeidas, false) as ok,
                      hetu is null or yksilointi_yritetty as virhe
                 from henkilo h where id in (select henkilo_id from tuonti_rivi) and ($1::text[] is null or exists (
                   select 1 from henkilo_organisaatio x join organisaatio o on o.id = x.organisaatio_id
                    where x.henkilo_id = h.id and o.oid = any ($1)))) h`,
      [organisaatiot],
    );
    expect((await app.as(user).get('/oppija/yhteenveto')).body).toEqual(counts);
    const { body } = await app.as(user).get('/internal/oppijoidentuonti/virheet?count=1000');
    expect([body.totalElements, body.results.length]).toEqual([counts!.virheet, counts!.virheet]);
  }
}
const oids = async (id: number) =>
  (
    await app.query<{ oid: string }>(
      'select h.oidhenkilo as oid from tuonti_rivi r join henkilo h on h.id = r.henkilo_id where r.tuonti_id = $1 order by r.id',
      [id],
    )
  ).map(({ oid }) => oid);
const set = (columns: string, oid: string) => app.query(`update henkilo set ${columns} where oidhenkilo = $1`, [oid]);

it('counts of imports stay true whatever happens to rows and persons, before and after they are put together', async () => {
  const tunnettu = await createHenkilo(app, { hetu: newHetu() });
  await set('yksiloityvtj = true', tunnettu);
  const eka = await importRows(app.as(tuoja), [
    rivi('a', { oid: tunnettu }),
    rivi('b', { oid: tunnettu }),
    ...rivit(5, 'eka'),
  ]);
  const toka = await importRows(app.as(molemmat), [rivi('a', { oid: tunnettu }), ...rivit(5, 'eka')]);
  await expectCountsToBeTrue();

  const persons = await oids(eka);
  await set('yksiloity = true', persons[2]!);
  await set('passivoitu = true, duplicate = true', persons[3]!);
  await set('yksiloityeidas = true', persons[4]!);
  await set('duplicate = false', persons[3]!);
  await app.as(rekisterinpitaja).post(`/henkilo/${persons[2]}/link`, [persons[5]]);
  await expectCountsToBeTrue();
  await set('yksiloity = false', persons[2]!);
  await set(`hetu = '${newHetu()}'`, persons[6]!);
  await expectCountsToBeTrue();
  await set('yksilointi_yritetty = true', persons[6]!);
  const koulu = await createHenkilo(app, { hetu: newHetu() });
  await importRows(app.as(molemmat), [rivi('koulu', { oid: koulu })]);
  await app.query(
    `delete from henkilo_organisaatio where henkilo_id = (select id from henkilo where oidhenkilo = $1)
        and organisaatio_id = (select id from organisaatio where oid = $2)`,
    [koulu, YLIOPISTO],
  );
  await set('yksiloityvtj = false', tunnettu);
  await expectCountsToBeTrue();

  await app.nest.get(LaskuriJob).run();
  expect((await app.query('select 1 from onr_laskuri group by nimi, kohde having count(*) > 1')).length).toBe(0);
  await expectCountsToBeTrue();
  await app.query('update tuonti_rivi set tuonti_id = $2 where tuonti_id = $1 and tunniste = $3', [eka, toka, 'eka1']);
  await app.query('delete from tuonti_rivi where tuonti_id = $1 and tunniste = $2', [toka, 'a']);
  await expectCountsToBeTrue();

  const before = await app.query('select nimi, kohde, sum(maara)::bigint from onr_laskuri group by 1, 2 having sum(maara) <> 0 order by 1, 2'); // prettier-ignore
  const tilat = () => app.query('select henkilo_id, organisaatio_id, tila from onr_tuotu_organisaatio order by 1, 2');
  const ennen = await tilat();
  await app.query('select onr_laskuri_laske()');
  expect(await app.query('select nimi, kohde, maara as sum from onr_laskuri order by 1, 2')).toEqual(before);
  expect(await tilat()).toEqual(ennen);
});

it('a person who is identified while an import adds a row for it is counted once, whoever is first', async () => {
  const first = new Client({ connectionString: app.settings.DATABASE_URL });
  const second = new Client({ connectionString: app.settings.DATABASE_URL });
  await Promise.all([first.connect(), second.connect()]);
  const id = await importRows(app.as(tuoja), rivit(1, 'kilpailu'));
  const identify = (oid: string) => `update henkilo set yksiloity = true where oidhenkilo = '${oid}'`;
  const addRow = (oid: string) =>
    `insert into tuonti_rivi (id, version, tuonti_id, henkilo_id)
     select nextval('hibernate_sequence'), 0, ${id}, id from henkilo where oidhenkilo = '${oid}'`;
  for (const order of [
    [identify, addRow],
    [addRow, identify],
  ] as const) {
    const oid = await createHenkilo(app);
    await first.query('begin');
    await first.query(order[0](oid));
    const waiting = second.query(order[1](oid));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await first.query('commit');
    await waiting;
    await expectCountsToBeTrue();
  }
  const kooste = (await app.as(rekisterinpitaja).get(`/oppija/tuontikooste?id=${id}`)).body.content[0];
  expect(kooste.successful).toBe(2);
  await Promise.all([first.end(), second.end()]);
});

it('two writers who add rows for one person and change it afterwards wait for each other, without a deadlock', async () => {
  const [first, second] = [1, 2].map(() => new Client({ connectionString: app.settings.DATABASE_URL }));
  await Promise.all([first!.connect(), second!.connect()]);
  const id = await importRows(app.as(tuoja), rivit(1, 'samalla'));
  const [oid] = await oids(id);
  const addRow = `insert into tuonti_rivi (id, version, tuonti_id, henkilo_id)
    select nextval('hibernate_sequence'), 0, ${id}, id from henkilo where oidhenkilo = '${oid}'`;
  const change = `update henkilo set version = version + 1 where oidhenkilo = '${oid}'`;
  await first!.query('begin');
  await first!.query(addRow);
  await second!.query('begin');
  const waiting = second!.query(addRow);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await first!.query(change);
  await first!.query('commit');
  await waiting;
  await second!.query(change);
  await second!.query('commit');
  await expectCountsToBeTrue();
  await Promise.all([first!.end(), second!.end()]);
});
