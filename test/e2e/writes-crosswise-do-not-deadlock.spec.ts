import { HenkiloForceUpdateService } from '../../src/vtj/henkilo-force-update.service.js';
import { TuontiOsaService } from '../../src/oppijat-tuonti/tuonti/tuonti-osa.service.js';
import { rivi, startImport, storeImport, untilHandled } from '../support/imports.js';
import { createHenkilo, newHetu, newVtjHetu } from '../support/persons.js';
import { useTestApp, type TestAnswer } from '../support/test-app.js';
import { rekisterinpitaja, tuoja, yleistunniste } from '../support/users.js';

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);
const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const at = <T>(list: readonly T[], n: number): T => list[((n % list.length) + list.length) % list.length]!;
const persons = (count: number, values: (n: number) => object = () => ({})) =>
  Promise.all(Array.from({ length: count }, (_, n) => createHenkilo(app, { ...NIMET, ...values(n) })));
const statuses = (answers: readonly TestAnswer[]) => [...new Set(answers.map(({ status }) => status))].sort();
/** Deadlocks of this database so far; PostgreSQL tells with a delay. */
async function deadlocks(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [row] = await app.query<{ n: number }>(
    `select deadlocks::int as n from pg_stat_database where datname = current_database()`,
  );
  return row!.n;
}

it('passport numbers that persons exchange are held by one each, and nobody waits for each other', async () => {
  const oids = await persons(4);
  const numbers = Array.from({ length: 6 }, (_, n) => `CROSS${n}`);
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => {
      const some = [at(numbers, n), at(numbers, n + 2), at(numbers, n * 5 + 1)];
      return keeper().post(`/henkilo/${at(oids, n)}/passinumerot`, n % 2 === 0 ? some : some.reverse());
    }),
  );
  expect([200, 400]).toEqual(expect.arrayContaining(statuses(answers)));
  const held = await app.query('select passinumero from henkilo_passinumero where passinumero = any ($1)', [numbers]);
  expect(new Set(held.map(({ passinumero }) => passinumero)).size).toBe(held.length);
  const created = await Promise.all(
    Array.from({ length: 40 }, (_, n) => {
      const some = [0, 1, 2, 3].map((k) => `NEW${(n + k) % 5}`);
      return keeper().post('/henkilo', { ...NIMET, passinumerot: n % 2 === 0 ? some : some.reverse() });
    }),
  );
  expect([201, 400]).toEqual(expect.arrayContaining(statuses(created)));
  expect(await deadlocks()).toBe(0);
});

it('login identifiers given in any order lead to one person', async () => {
  const identifications = Array.from({ length: 4 }, (_, n) => ({ idpEntityId: 'google', identifier: `cross-${n}` }));
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => {
      const some = [at(identifications, n), at(identifications, n + 1), at(identifications, n + 3)];
      return keeper().post('/s2s/findOrCreateHenkiloPerustieto', {
        ...NIMET,
        identifications: n % 2 === 0 ? some : some.reverse(),
      });
    }),
  );
  for (const status of statuses(answers)) expect([200, 201, 400]).toContain(status);
  const owners = await app.query(
    `select identifier from identification where identifier like 'cross-_' group by 1 having count(*) > 1`,
  );
  expect(owners).toEqual([]);
});

it('an e-mail that processes bring at once, by imports and otherwise, belongs to one person', async () => {
  const emails = Array.from({ length: 60 }, (_, n) => `cross${n}@example.fi`);
  const osat = app.nest.get(TuontiOsaService);
  const ids = await Promise.all([emails, [...emails].reverse(), emails].map((list) => storedImport(list)));
  const parts = ids.map((id) => osat.handle(id, 100));
  const answers = await Promise.all(
    emails.map((identifier) =>
      keeper().post('/s2s/findOrCreateHenkiloPerustieto', {
        ...NIMET,
        identifications: [{ idpEntityId: 'email', identifier }],
      }),
    ),
  );
  for (const status of statuses(answers)) expect([200, 201]).toContain(status);
  await Promise.all(parts);
  for (const id of ids) await untilHandled(app.as(tuoja), id);
  const owners = await app.query<{ count: number }>(
    `select count(*)::int as count from identification where identifier like 'cross%@example.fi' group by identifier`,
  );
  expect(owners.map(({ count }) => count)).toEqual(emails.map(() => 1));
});

it('a new hetu that comes by every way at once belongs to one person', async () => {
  const hetu = newVtjHetu();
  await app.peers.state({ vtj: { [hetu]: NIMET } });
  const targets = await persons(8);
  const ids = await Promise.all([1, 2].map(() => storedImport(['one@example.fi'], { hetu, sahkoposti: undefined })));
  const parts = ids.map((id) =>
    app.nest
      .get(TuontiOsaService)
      .handle(id, 100)
      .catch(() => null),
  );
  const ways: ((n: number) => Promise<TestAnswer>)[] = [
    () => keeper().post('/henkilo', { ...NIMET, hetu }),
    () => keeper().post('/s2s/findOrCreateHenkiloPerustieto', { ...NIMET, hetu }),
    () => app.as(yleistunniste).post('/yleistunniste/hae', { ...NIMET, hetu }),
    (n) => keeper().put('/henkilo', { oidHenkilo: at(targets, n + 1), hetu }),
  ];
  const guardians = Array.from({ length: 8 }, (_, n) => forceUpdate(at(targets, n), [hetu]));
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => at(ways, n)(n)));
  for (const status of statuses(answers)) expect([200, 201, 400, 409]).toContain(status);
  await Promise.all([...parts, ...guardians]);
  for (const id of ids) await untilHandled(app.as(tuoja), id);
  expect(await app.query('select 1 from henkilo where hetu = $1', [hetu])).toHaveLength(1);
  expect(await app.query('select henkilo_id from henkilo_hetu where hetu = $1 group by 1', [hetu])).not.toHaveLength(2);
  const virheet = await app.query('select * from onr_tuonti_virhe where tuonti_id = any ($1)', [ids]);
  expect(virheet).toEqual([]);
});

/** What VTJ tells of guardians, known by hetu. */
const forceUpdate = (oidHenkilo: string, hetut: string[]) =>
  app.nest.get(HenkiloForceUpdateService).forceUpdate({
    oidHenkilo,
    huoltajat: [...new Set(hetut)].map((hetu) => ({ hetu, ...NIMET })),
  });

/** An import of persons by e-mail, before anybody has worked on it. */
const storedImport = (emails: string[], values: object = {}) =>
  storeImport(
    app,
    emails.map((sahkoposti) => rivi(sahkoposti, { sahkoposti, ...values })),
  );

it('guardians that are each other’s wards are stored without waiting in a circle', async () => {
  const hetut = Array.from({ length: 4 }, () => newHetu());
  const oids = await persons(4, (n) => ({ hetu: hetut[n] }));
  const before = await deadlocks();
  await Promise.all(
    Array.from({ length: 48 }, (_, n) => forceUpdate(at(oids, n), [at(hetut, n + 1), at(hetut, n * 3 + 2)])),
  );
  expect(await deadlocks()).toBe(before);
});

it('updates, links, imports, look-ups and removals of the same persons all come to an end', async () => {
  const hetut = Array.from({ length: 6 }, () => newHetu());
  const withHetu = await persons(6, (n) => ({ hetu: hetut[n] }));
  const without = await persons(6);
  const oids = [...withHetu, ...without];
  const imports = [0, 1, 2].map((k) =>
    startImport(
      app.as(tuoja),
      Array.from({ length: 120 }, (_, n) =>
        rivi(
          `x${k}-${n}`,
          n % 2 === 0 ? { hetu: at(hetut, k === 1 ? -n : n) } : { oid: at(oids, k === 1 ? -n : n * 5) },
        ),
      ),
    ),
  );
  const answers = await Promise.all(
    Array.from({ length: 150 }, (_, n) => {
      switch (n % 10) {
        case 0:
        case 5:
          return keeper().put('/henkilo', { oidHenkilo: at(oids, n * 7), sukunimi: `Uusi${String.fromCharCode(97 + (n % 20))}` });
        case 1:
          return keeper().post(`/henkilo/${at(oids, n)}/link`, [at(without, n), at(without, n + 1)]);
        case 2:
          return keeper().delete(`/henkilo/${at(oids, n)}/unlink/${at(without, n)}`);
        case 3:
          return app.as(yleistunniste).post('/yleistunniste/hae', { ...NIMET, hetu: at(hetut, n) });
        case 4:
          return keeper().post(`/henkilo/${at(oids, n)}/identification`, { idpEntityId: 'google', identifier: `mix-${n % 7}` });
        case 6:
          return keeper().delete(`/henkilo/${at(without, n)}`);
        case 7:
          return keeper().post(`/henkilo/${at(oids, n)}/passinumerot`, [`MIX${n % 3}`, `MIX${n % 5}`]);
        case 8:
          return keeper().put('/henkilo', { oidHenkilo: at(without, n), hetu: at(hetut, n) });
        default:
          return keeper().delete(`/henkilo/${at(oids, n)}/access`);
      }
    }),
  ); // prettier-ignore
  for (const status of statuses(answers)) expect([200, 400, 403, 404, 409]).toContain(status);
  for (const id of await Promise.all(imports)) {
    await untilHandled(app.as(tuoja), id);
    const { body } = await app.as(tuoja).get(`/oppija/tuonti=${id}`);
    expect((body as { virheet?: unknown }).virheet).toBeUndefined();
    expect((body as { henkilot: unknown[] }).henkilot).toHaveLength(120);
  }
  expect(
    await app.query(
      `select 1 from henkilo where hetu = any ($1) group by hetu having count(*) > 1
       union all select 1 from henkiloviite group by slave_oid having count(*) > 1
       union all select 1 from henkiloviite a join henkiloviite b on b.master_oid = a.slave_oid`,
      [hetut],
    ),
  ).toEqual([]);
  expect(await deadlocks()).toBe(0);
});
