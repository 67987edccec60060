import { setTimeout as sleep } from 'node:timers/promises';
import { useTestApp, type TestAnswer } from '../support/test-app.js';
import { lukija, organisaatiorekisteri, rekisterinpitaja } from '../support/users.js';

const app = useTestApp();
const REGISTRAR = '1.2.246.562.24.00000000001';
const RIGHTS = ['ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_1.2.246.562.10.00000000001'];
const HTML = { accept: 'text/html' };
const JOB = 'cas client session cleaner';

/** A session of the registrar, opened by CAS. */
async function session(): Promise<Record<string, string>> {
  const ticket = await app.peers.ticket(REGISTRAR, RIGHTS);
  const answer = await app.anonymous.get(`/cas/prequel?ticket=${ticket}`);
  return { cookie: answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ') }; // prettier-ignore
}

const post = (fields: Record<string, string>, headers: Record<string, string>): Promise<TestAnswer> =>
  app.anonymous.post('/internal/tila/ajo', new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  });

async function tokenFor(job: string, cookies: Record<string, string>): Promise<string> {
  const { text } = await app.anonymous.get(`/internal/tila/ajo?nimi=${encodeURIComponent(job)}`, {
    ...HTML,
    ...cookies,
  });
  return /name="token"\s+value="([^"]+)"/.exec(text)![1]!;
}

describe('GET /internal/tila', () => {
  it('gives the status as JSON, with every part', async () => {
    await app.query(
      `insert into tuonti (id, version, kasiteltavia, kasiteltyja, kasittelija_oid, ilmoitustarve_kasitelty, api)
       values (-11, 0, 400, 100, '${REGISTRAR}', false, 'OPPIJA'), (-12, 0, 2, 2, '${REGISTRAR}', true, 'OPPIJA')`,
    );
    await app.query(`insert into onr_tuonti_virhe (tuonti_id, rivi, virhe) values (-11, 3, 'no'), (-11, 7, 'no')`);
    const { status, body, headers } = await app.as(rekisterinpitaja).get('/internal/tila');

    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(Object.keys(body)).toEqual([
      'aika', 'kunto', 'palvelu', 'tietokanta', 'ajot', 'tuonnit', 'jonot', 'jarjestelmat', 'vtj', 'varmenteet', 'dokumentit',
    ]); // prettier-ignore
    expect(body.palvelu).toMatchObject({ kunto: 'ok', tiedot: { version: '0.1.0', node: process.version } });
    expect(body.tietokanta.tiedot).toMatchObject({ readOnly: false, replicas: [], version: expect.stringMatching(/^\d+/) as string }); // prettier-ignore
    expect(body.tietokanta.tiedot.bytes).toBeGreaterThan(1_000_000);
    expect(body.tietokanta.tiedot.pools.map((pool: { name: string; most: number }) => [pool.name, pool.most])).toEqual([
      ['requests', 5],
      ['jobs', 10],
      ['reserved', 4],
    ]);
    expect(body.ajot.tiedot.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['EmailRetryTask', 'DokumenttiTaytto', JOB]),
    );
    expect(body.tuonnit.tiedot.waiting).toBe(1);
    expect(body.tuonnit.tiedot.underWay).toMatchObject([{ id: -11, virheita: 2, progress: { done: 100, total: 400 } }]);
    expect(body.tuonnit.tiedot.latest).toMatchObject([{ id: -12, virheita: 0, progress: { done: 2, total: 2 } }]);
    expect(body.jonot.tiedot.map(({ name }: { name: string }) => name)).toEqual(['outbox', 'email']);
    expect(body.jarjestelmat.tiedot.map(({ peer }: { peer: string }) => peer)).toEqual(
      expect.arrayContaining(['cas', 'kayttooikeus', 'koodisto', 'organisaatio', 'slack', 'viestinvalitys']),
    );
    expect(body.vtj.tiedot).toMatchObject({ muutoksia: 0, virheita: 0, perustiedotta: 0 });
    expect(body.varmenteet).toEqual({ kunto: 'ok', tiedot: [] });
    expect(body.dokumentit.tiedot).toMatchObject({ enabled: true, changes: 0 });
    await app.query('delete from onr_tuonti_virhe where tuonti_id = -11');
    await app.query('delete from tuonti where id in (-11, -12)');
  });

  it.each([
    ['fi', 'text/html,application/xhtml+xml,*/*;q=0.8', '', 'Oppijanumerorekisterin tila', 'Tausta-ajot'],
    ['en', 'text/html', '?lang=en', 'Status of the learner-number register', 'Background jobs'],
  ])('gives a page in %s to whoever likes HTML best', async (lang, accept, query, title, jobs) => {
    const { status, text, headers } = await app.as(rekisterinpitaja).get(`/internal/tila${query}`, { accept });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8']);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-[^' ]+'; style-src 'sha256-/); // prettier-ignore
    expect(text).toContain(`<html lang="${lang}">`);
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(text).toContain(jobs);
    expect(text).not.toMatch(/undefined|\[object/);
  });

  it('takes the language of the browser where the address names none', async () => {
    const languages = { ...HTML, 'accept-language': 'sv, en-US;q=0.8, fi;q=0.5' };
    expect((await app.as(rekisterinpitaja).get('/internal/tila', languages)).text).toContain('<html lang="en">');
  });

  it('is for the registrar of the root organisation only', async () => {
    expect((await app.as(lukija).get('/internal/tila')).status).toBe(401);
    expect((await app.as(organisaatiorekisteri).get('/internal/tila')).status).toBe(401);
    const anonymous = await app.anonymous.get('/internal/tila', HTML);
    expect([anonymous.status, anonymous.headers.get('location')]).toEqual([302, expect.stringContaining('/cas/login')]);
  });

  it('shows what others have written as text', async () => {
    await app.query(
      `insert into onr_job_run (task_name, host, started, ended, succeeded, reason)
       values ('${JOB}', 'x', now(), now(), false, '<script>alert(1)</script>')`,
    );
    await app.query(`insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version, last_failure, consecutive_failures)
                     values ('${JOB}', 'recurring', now(), false, 1, now(), 2)`); // prettier-ignore
    await sleep(1_100); // an answer is believed for a second
    const { text } = await app.as(rekisterinpitaja).get('/internal/tila', HTML);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script>alert');
    expect((await app.as(rekisterinpitaja).get('/internal/tila')).body.ajot.kunto).toBe('attention');
  });

  it('comes also when a part fails, which says so', async () => {
    await app.query('alter table queuedemail rename to gone');
    await sleep(1_100);
    try {
      const { status, body } = await app.as(rekisterinpitaja).get('/internal/tila');
      expect(status).toBe(200);
      expect(body).toMatchObject({ kunto: 'failed', jonot: { kunto: 'failed' }, vtj: { kunto: 'ok' } });
      expect((await app.as(rekisterinpitaja).get('/internal/tila', HTML)).text).toContain('Tätä osaa ei saatu');
    } finally {
      await app.query('alter table gone rename to queuedemail');
    }
  });

  it('waits for no lock longer than its limit', async () => {
    await app.query('begin');
    await app.query('lock table onr_outbox in access exclusive mode');
    await sleep(1_100);
    try {
      const { status, body } = await app.as(rekisterinpitaja).get('/internal/tila');
      expect([status, body.jonot.kunto, body.palvelu.kunto]).toEqual([200, 'failed', 'ok']);
    } finally {
      await app.query('rollback');
    }
  });

  it('tells which systems outside do not answer, and since when', async () => {
    await app.peers.state({ fail: { kayttooikeus: 503 } });
    for (let i = 0; i < 3; i++) await app.as(rekisterinpitaja).delete(`/henkilo/${REGISTRAR}/access`);
    await sleep(1_100);
    const { body } = await app.as(rekisterinpitaja).get('/internal/tila');
    const peer = (name: string) =>
      body.jarjestelmat.tiedot.find((one: { peer: string }) => one.peer === name) as object;
    expect(body.jarjestelmat.kunto).toBe('attention');
    expect(peer('kayttooikeus')).toMatchObject({
      lastReason: '503',
      failures: 3,
      failuresInARow: 3,
      lastSuccess: null,
    });
    expect(peer('oauth2')).toMatchObject({ failures: 0, failuresInARow: 0 });
    await app.peers.reset();
  });
});

describe('POST /internal/tila/ajo', () => {
  const started = () => app.audit.filter(({ operation }) => operation === 'AJON_KAYNNISTYS');

  it('runs a job now, says so in the audit log, and goes back to the status', async () => {
    await app.query(`insert into cas_client_session (mapping_id, session_id) values ('ST-gone', 'gone')`);
    const cookies = await session();
    const token = await tokenFor(JOB, cookies);
    const { status, headers } = await post({ nimi: JOB, token }, cookies);

    expect([status, headers.get('location')]).toEqual([
      303,
      '/oppijanumerorekisteri-service/internal/tila?lang=fi&ajettu=cas%20client%20session%20cleaner',
    ]);
    expect(started()).toMatchObject([{ user: { oid: REGISTRAR }, target: { ajo: JOB }, changes: [] }]);
    const left = () => app.query(`select 1 from cas_client_session where mapping_id = 'ST-gone'`);
    while ((await left()).length > 0) await sleep(20);
    const run = () => app.query(`select succeeded from onr_job_run where task_name = $1 and ended is not null and summary is not null`, [JOB]); // prettier-ignore
    while ((await run()).length === 0) await sleep(20);
    expect(await run()).toEqual([{ succeeded: true }]);
  });

  it('refuses a form without the token, with that of another job or of another session', async () => {
    const before = started().length;
    const cookies = await session();
    const others = await tokenFor(JOB, await session());
    for (const token of [undefined, '', 'x', others, await tokenFor('EmailRetryTask', cookies)]) {
      const { status, text } = await post(
        { nimi: JOB, ...(token !== undefined && { token }) },
        { ...HTML, ...cookies },
      );
      expect([status, text]).toEqual([403, expect.stringContaining('Lomake ei ole tästä istunnosta')]);
    }
    expect(started().length).toBe(before);
  });

  it('refuses callers without a session, and those who are no registrar', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const token = await tokenFor(JOB, await session());
    const body = new URLSearchParams({ nimi: JOB, token }).toString();
    expect((await app.as(rekisterinpitaja).post('/internal/tila/ajo', body, form)).status).toBe(403);
    expect((await app.as(lukija).post('/internal/tila/ajo', body, form)).status).toBe(401);
    expect((await app.anonymous.post('/internal/tila/ajo', body, form)).status).toBe(302);
  });

  it('says that a job is running already', async () => {
    const cookies = await session();
    const token = await tokenFor('EmailRetryTask', cookies);
    await app.query(`insert into scheduled_tasks (task_name, task_instance, execution_time, picked, picked_by, last_heartbeat, version)
                     values ('EmailRetryTask', 'recurring', now(), true, 'another', now(), 1)`); // prettier-ignore
    const { status, text } = await post({ nimi: 'EmailRetryTask', token }, cookies);
    expect([status, text]).toEqual([409, expect.stringContaining('Ajo on jo käynnissä')]);
  });

  it.each([['nothing'], ['vtjkyselyCertificationCheck']])('knows no job %s to run', async (name) => {
    const answer = await app.anonymous.get(`/internal/tila/ajo?nimi=${name}`, { ...HTML, ...(await session()) });
    expect(answer.status).toBe(404);
  });
});
