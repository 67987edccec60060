import { type Client } from 'pg';
import { newHetu } from '../support/persons.js';
import { store, storeHenkilo } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja, ROOT, userWith } from '../support/users.js';

/** On a slow machine forty requests on five connections wait long; that is no failure here. */
const app = useTestApp({
  ONR_CONNECTION_TIMEOUT_MS: '300000',
  ONR_LOCK_TIMEOUT_MS: '300000',
  ONR_STATEMENT_TIMEOUT_MS: '300000',
});
const admin = () => app.as(rekisterinpitaja);

describe('dates and instants that only the database itself can be made to hold', () => {
  it.each([
    ['0044-03-15 BC', '0044-03-15 12:00:00 BC', -63_517_780_800_000],
    ['10000-01-01', '10000-01-01 00:00:00', 253_402_300_800_000],
    ['infinity', 'infinity', 253_402_300_799_999],
    ['-infinity', '-infinity', -210_863_520_000_000],
  ])('%s leaves every list and every other person readable', async (date, instant, modified) => {
    const hetu = newHetu();
    const odd = await storeHenkilo(app, {
      hetu,
      syntymaaika: date,
      kuolinpaiva: date,
      created: instant,
      modified: instant,
      vtjsync_timestamp: instant,
      kotikunta: '091',
      sukunimi: 'Omituinen',
    });
    const other = await storeHenkilo(app);
    await store(app, 'kotikunta_historia', {
      version: 0,
      henkilo_id: odd.id,
      kotikunta: '091',
      kuntaan_muuttopv: date,
    });
    const whole = await admin().get(`/henkilo/${odd.oid}`);
    expect([whole.status, whole.body.syntymaaika, whole.body.modified]).toEqual([200, date, modified]);
    const both = [odd.oid, other.oid];
    for (const path of ['/henkilo/henkilotByHenkiloOidList', '/henkilo/henkiloPerustietosByHenkiloOidList']) {
      const list = await admin().post(path, both);
      expect([path, list.status, list.body.length]).toEqual([path, 200, 2]);
      expect(list.body.find((x: { oidHenkilo: string }) => x.oidHenkilo === odd.oid)).toMatchObject({
        syntymaaika: date,
      });
    }
    for (const [method, path, body] of [
      ['GET', `/henkilo/${odd.oid}/master`],
      ['GET', `/henkilo/hetu=${hetu}`],
      ['GET', `/henkilo/hakutermi=omituinen`],
      ['GET', `/henkilo/${odd.oid}/omattiedot`],
      ['GET', `/henkilo/${odd.oid}/duplicates`],
      ['GET', `/henkilo/${odd.oid}/yksilointitiedot`],
      ['GET', `/s2s/henkilo/list/091/1900-01-01`],
      ['GET', `/s2s/changedSince/0`],
      ['POST', '/henkilo/masterHenkilosByOidList', both],
      ['POST', '/henkilo/henkiloPerustietosByHenkiloHetuList', [hetu]],
      ['POST', '/s2s/henkilo/perustiedotAsAdmin', { henkiloOids: both }],
      ['POST', '/internal/oppijahaku', { query: 'omituinen', page: 0 }],
    ] as const) {
      const answer = await admin().send(method, path, body);
      expect([path, answer.status]).toEqual([path, 200]);
    }
    const reader = app.as(userWith('1.2.246.562.24.99000000011', ROOT, 'KOTIKUNTAHISTORIA'));
    const historia = await reader.post('/s2s/henkilo/kotikuntahistoria', both);
    expect([historia.status, historia.body]).toMatchObject([200, [{ oid: odd.oid, kuntaanMuuttopv: date }]]);
    await app.query('delete from kotikunta_historia where henkilo_id = $1', [odd.id]);
    await app.query(`update henkilo set passivoitu = true, kotikunta = null where id = $1`, [odd.id]);
  });
});

describe('what is stored and cannot be calculated with', () => {
  it('is 500 and logged, not the fault of who asks', async () => {
    const henkilo = await storeHenkilo(app);
    await app.query(`alter table henkilo rename to henkilo_taulu`);
    await app.query(`create view henkilo as select * from henkilo_taulu where ('x' || id)::date is not null`);
    try {
      const before = app.lines.length;
      const answer = await admin().get(`/henkilo/${henkilo.oid}`);
      expect([answer.status, answer.body.exception]).toEqual([500, undefined]);
      expect(app.lines.slice(before).filter((line) => line.includes('SQLSTATE 22007'))).toHaveLength(1);
    } finally {
      await app.query('drop view henkilo');
      await app.query('alter table henkilo_taulu rename to henkilo');
    }
  });
});

describe('tables altered while the service runs', () => {
  it('cost no request: neither reads nor writes', async () => {
    const henkilot = await Promise.all(Array.from({ length: 10 }, () => storeHenkilo(app)));
    const round = () =>
      Promise.all(
        henkilot.flatMap(({ oid }) => [
          admin().get(`/henkilo/${oid}`),
          admin().post('/henkilo/henkilotByHenkiloOidList', [oid]),
          admin().put('/henkilo', { oidHenkilo: oid, kutsumanimi: 'Eevert' }),
          admin().put('/henkilo', { oidHenkilo: oid, kutsumanimi: 'Aatu' }),
        ]),
      );
    for (let i = 0; i < 3; i++) await round();
    const failures: number[] = [];
    for (const type of ['varchar(300)', 'text', 'varchar(255)']) {
      await app
        .query(`alter table henkilo alter column kotikunta type ${type}, alter column huoltaja_oid type ${type}`)
        .catch(() => app.query(`alter table henkilo alter column kotikunta type ${type}`));
      for (const answer of await round()) if (answer.status !== 200) failures.push(answer.status);
    }
    expect(failures).toEqual([]);
  });
});

describe('a database that takes no writes any more', () => {
  it('is 503 with Retry-After, and is left for one that does', async () => {
    const { oid } = await storeHenkilo(app);
    const put = () => admin().put('/henkilo', { oidHenkilo: oid, kutsumanimi: 'Eevert' });
    const name = new URL(app.settings.DATABASE_URL!).pathname.slice(1);
    const admins: Client = app.adminClient();
    await admins.connect();
    try {
      await admins.query(`alter database ${name} set default_transaction_read_only = on`);
      await admins.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like 'oppija%'`,
        [name],
      );
      const answer = await put();
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      await admins.query(`alter database ${name} reset default_transaction_read_only`);
      expect((await put()).status).toBe(200);
    } finally {
      await admins.end();
    }
  });
});
