import { Client } from 'pg';
import { ANNOUNCING, announced, createHenkilo, newHetu, rowOf, sahkoposti } from '../support/persons.js';
import { useTestApp, type TestAnswer } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

const app = useTestApp(ANNOUNCING);
const keeper = () => app.as(rekisterinpitaja);
const AT_ONCE = 50;
const fifty = <T>(make: (n: number) => Promise<T>) => Promise.all(Array.from({ length: AT_ONCE }, (_, n) => make(n)));
const nimet = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const letters = (n: number) => String.fromCharCode(97 + Math.floor(n / 26), 97 + (n % 26));
const agent = (n: number) => ({ 'user-agent': `agent ${n}` });

interface Revision {
  rev: number;
  revtype: number;
  sukunimi: string;
}
const revisionsOf = (henkiloOid: string) =>
  app.query<Revision>('select rev, revtype, sukunimi from henkilo_aud where oidhenkilo = $1 order by rev', [
    henkiloOid,
  ]);

/** Audit entries of a person: operation and who called with what. */
const auditOf = (henkiloOid: string) =>
  app.audit
    .filter(({ target }) => (target as { henkiloOid?: string } | undefined)?.henkiloOid === henkiloOid)
    .map(({ operation, user }) => [operation, (user as { userAgent: string }).userAgent]);

it('stores fifty persons in few transactions: each whole, in history, logged as its own request, announced once', async () => {
  const answers = await fifty((n) =>
    keeper().post('/henkilo', { ...nimet, sukunimi: `Uusi${'abcde'.charAt(n % 5)}`, yhteystiedotRyhma: [sahkoposti(`n${n}@example.fi`)] }, agent(n)),
  ); // prettier-ignore
  expect(answers.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(201));
  const oids = answers.map(({ text }) => text);
  expect(new Set(oids).size).toBe(AT_ONCE);
  const revisions = new Set<number>();
  for (const [n, henkiloOid] of oids.entries()) {
    const rows = await revisionsOf(henkiloOid);
    expect(rows).toEqual([{ rev: expect.any(Number), revtype: 0, sukunimi: `Uusi${'abcde'.charAt(n % 5)}` }]);
    revisions.add(rows[0]!.rev);
    const arvot = await app.query(
      `select y.yhteystieto_arvo as arvo from yhteystiedot y join yhteystiedotryhma g on g.id = y.yhteystiedotryhma_id
         join henkilo h on h.id = g.henkilo_id where h.oidhenkilo = $1`,
      [henkiloOid],
    );
    expect(arvot).toEqual([{ arvo: `n${n}@example.fi` }]);
    expect(auditOf(henkiloOid)).toEqual([['CREATE_HENKILO', `agent ${n}`]]);
  }
  expect(revisions.size).toBeLessThan(AT_ONCE / 2);
  expect((await announced(app)).sort()).toEqual([...oids].sort());
});

it('updates fifty persons in few transactions: each once, with a version of its own, slaves included', async () => {
  const oids = await fifty(() => createHenkilo(app));
  const slaveOid = await createHenkilo(app);
  await keeper().post(`/henkilo/${oids[0]}/link`, [slaveOid]);
  const before = await rowOf(app, slaveOid);
  await app.peers.reset();
  const answers = await fifty((n) =>
    keeper().put('/henkilo', { oidHenkilo: oids[n], sukunimi: `Muutettu${'abcde'.charAt(n % 5)}` }, agent(n)),
  );
  expect(answers.map(({ text }) => text)).toEqual(oids);
  const revisions = new Set<number>();
  for (const [n, henkiloOid] of oids.entries()) {
    const last = (await revisionsOf(henkiloOid)).at(-1)!;
    expect(last).toMatchObject({ revtype: 1, sukunimi: `Muutettu${'abcde'.charAt(n % 5)}` });
    revisions.add(last.rev);
    expect(auditOf(henkiloOid).at(-1)).toEqual(['UPDATE_HENKILO', `agent ${n}`]);
  }
  expect(revisions.size).toBeLessThan(AT_ONCE / 2);
  expect(await rowOf(app, slaveOid)).toMatchObject({ version: (before.version as number) + 1 });
  expect((await announced(app)).sort()).toEqual([...oids, slaveOid].sort());
});

it('refuses those updates that are wrong, and them alone', async () => {
  const oids = await fifty(() => createHenkilo(app));
  const kinds = ['fine', 'names that do not fit', 'nobody', 'fine', 'unknown code'] as const;
  const answers = await fifty((n) => {
    const kind = kinds[n % 5]!;
    if (kind === 'nobody') return keeper().put('/henkilo', { oidHenkilo: `1.2.246.562.24.404${n}`, sukunimi: 'Uusi' });
    if (kind === 'unknown code') return keeper().put('/henkilo', { oidHenkilo: oids[n], sukupuoli: '7' });
    return keeper().put('/henkilo', { oidHenkilo: oids[n], kutsumanimi: kind === 'fine' ? 'Kalervo' : 'Outo' });
  });
  const wanted = { fine: 200, 'names that do not fit': 400, nobody: 404, 'unknown code': 400 };
  expect(answers.map(({ status }) => status)).toEqual(answers.map((_, n) => wanted[kinds[n % 5]!]));
  for (const [n, henkiloOid] of oids.entries()) {
    const fine = kinds[n % 5] === 'fine';
    expect(await rowOf(app, henkiloOid)).toMatchObject({
      kutsumanimi: fine ? 'Kalervo' : 'Uuno',
      version: fine ? 1 : 0,
    });
    expect(await revisionsOf(henkiloOid)).toHaveLength(fine ? 2 : 1);
    expect(auditOf(henkiloOid)).toHaveLength(fine ? 2 : 1);
  }
});

it('stores persons with hetut, each hetu once, and says of which one that it is taken', async () => {
  const taken = newHetu();
  await createHenkilo(app, { hetu: taken });
  const shared = newHetu();
  const answers = await fifty((n) => {
    const hetu = n === 20 ? taken : n % 10 === 3 ? shared : newHetu();
    return keeper()
      .post('/henkilo', { ...nimet, hetu })
      .then((answer) => ({ ...answer, hetu }));
  });
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused.map(({ status, hetu }) => [status, hetu])).toEqual(
    expect.arrayContaining([[400, taken], ...Array(4).fill([400, shared])]),
  );
  expect(refused).toHaveLength(5);
  for (const { text } of refused) expect(text).toContain('socialsecuritynr.already.exists');
  const hetut = [...new Set(answers.map(({ hetu }) => hetu))];
  const rows = await app.query<{ hetu: string }>('select hetu from henkilo where hetu = any ($1)', [hetut]);
  expect(rows.map(({ hetu }) => hetu).sort()).toEqual([...hetut].sort());
  for (const { status, text, hetu } of answers.filter((answer) => answer.status === 201)) {
    expect([status, await rowOf(app, text)]).toMatchObject([201, { hetu }]);
  }
});

it('says of a person all that is wrong, the hetu first, as of one that comes alone', async () => {
  const hetu = newHetu();
  await createHenkilo(app, { hetu });
  const body = { ...nimet, hetu, kutsumanimi: 'Outo', sukupuoli: '7' };
  const alone = await keeper().post('/henkilo', body);
  const answers = await fifty((n) => keeper().post('/henkilo', n % 5 === 0 ? body : { ...nimet, hetu: newHetu() }));
  const codes = ({ body: { fieldErrors } }: TestAnswer) => (fieldErrors as { code: string }[]).map(({ code }) => code);
  expect(codes(alone)).toContain('kutsumanimi.must.exist.in.etunimet');
  for (const [n, answer] of answers.entries()) {
    expect(answer.status).toBe(n % 5 === 0 ? 400 : 201);
    if (n % 5 === 0) expect(codes(answer)).toEqual(codes(alone));
  }
});

it('updates persons whose hetu is repeated, and gives a new one to one person only', async () => {
  const free = newHetu();
  const persons = await fifty(async () => {
    const hetu = newHetu();
    return { hetu, henkiloOid: await createHenkilo(app, { hetu }) };
  });
  const answers = await fifty((n) => {
    const { hetu, henkiloOid } = persons[n]!;
    return keeper().put('/henkilo', { oidHenkilo: henkiloOid, hetu: n % 10 === 7 ? free : hetu, sukunimi: 'Muutettu' });
  });
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  expect(await app.query('select 1 from henkilo where hetu = $1', [free])).toHaveLength(1);
  for (const [n, { status }] of answers.entries()) {
    const row = { sukunimi: status === 200 ? 'Muutettu' : 'Uusi', version: status === 200 ? 1 : 0 };
    expect(await rowOf(app, persons[n]!.henkiloOid)).toMatchObject(row);
  }
});

it('updates one person fifty times, one after the other', async () => {
  const henkiloOid = await createHenkilo(app);
  const answers = await fifty((n) =>
    keeper().put('/henkilo', { oidHenkilo: henkiloOid, kotikunta: n % 2 ? '091' : '049' }),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(200));
  expect(await rowOf(app, henkiloOid)).toMatchObject({ version: AT_ONCE });
  expect(await revisionsOf(henkiloOid)).toHaveLength(AT_ONCE + 1);
});

it('lets a person that someone else has locked hold up nobody else', async () => {
  const [lockedOid, ...oids] = (await fifty(() => createHenkilo(app))) as [string, ...string[]];
  const other = new Client({ connectionString: app.settings.DATABASE_URL });
  await other.connect();
  const ended: string[] = [];
  const update = (henkiloOid: string): Promise<TestAnswer> =>
    keeper()
      .put('/henkilo', { oidHenkilo: henkiloOid, sukunimi: 'Muutettu' })
      .finally(() => ended.push(henkiloOid));
  try {
    await other.query('begin');
    await other.query('select 1 from henkilo where oidhenkilo = $1 for update', [lockedOid]);
    const locked = update(lockedOid);
    const others = await Promise.all(oids.map(update));
    expect(others.map(({ status }) => status)).toEqual(oids.map(() => 200));
    expect(ended).not.toContain(lockedOid);
    await other.query('commit');
    expect((await locked).status).toBe(200);
    expect(await rowOf(app, lockedOid)).toMatchObject({ sukunimi: 'Muutettu', version: 1 });
  } finally {
    await other.end();
  }
});

it('stores nobody twice and loses nobody while connections to the database break', async () => {
  const admin = app.adminClient();
  await admin.connect();
  const [{ name } = { name: '' }] = await app.query<{ name: string }>('select current_database() as name');
  let ended = false;
  const breaking = (async () => {
    while (!ended) {
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = $1 and state = 'active'`,
        [name],
      );
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  })();
  const answers: [sukunimi: string, answer: TestAnswer][] = [];
  for (let round = 0; round < 10; round++) {
    answers.push(
      ...(await fifty(async (n) => {
        const sukunimi = `Katko${letters(round)}${letters(n)}`;
        return [sukunimi, await keeper().post('/henkilo', { ...nimet, sukunimi })] as [string, TestAnswer];
      })),
    );
  }
  ended = true;
  await breaking;
  await admin.end();
  const rows = await app.query<{ sukunimi: string; oid: string }>(
    `select sukunimi, oidhenkilo as oid from henkilo where sukunimi like 'Katko%'`,
  );
  expect(new Set(rows.map(({ sukunimi }) => sukunimi)).size).toBe(rows.length);
  const stored = new Map(rows.map(({ sukunimi, oid }) => [sukunimi, oid]));
  const fine = answers.filter(([, { status }]) => status === 201);
  expect(fine.filter(([sukunimi, { text }]) => stored.get(sukunimi) !== text)).toEqual([]);
  const failed = answers.filter(([, { status }]) => status !== 201);
  expect([...new Set(failed.map(([, { status }]) => status))]).toEqual([503]);
  expect(fine.length).toBeGreaterThan(0);
});
