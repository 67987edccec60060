import { DokumenttiKokoaja } from '../../src/henkilo/dokumentti/dokumentti-kokoaja.service.js';
import { DokumenttiTayttoJob } from '../../src/henkilo/dokumentti/dokumentti.jobs.js';
import { storeHenkilo, storeRyhma, type StoredHenkilo } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

/** A later migration of the reference on the database of a running service. */

jest.setTimeout(180_000);
// However long a slow machine takes to alter a table: how requests wait for it is another test's.
const app = useTestApp({ ONR_LOCK_TIMEOUT_MS: '60000', ONR_STATEMENT_TIMEOUT_MS: '60000' });

const CHANGES = [
  'alter table henkilo alter column hetu type text',
  'alter table henkilo alter column kotikunta type varchar(10)',
  'alter table henkilo alter column sukupuoli type text',
  'alter table henkilo alter column vtjsync_timestamp type timestamp',
  `alter table henkilo add column uusi_tieto varchar(255)`,
  `alter table henkilo add column uusi_pakollinen boolean not null default false`,
  'alter table henkilo_aud add column uusi_tieto varchar(255)',
  'alter table henkilo_aud alter column hetu type text',
  'create index uusi_indeksi on henkilo (kotikunta)',
  'alter table yhteystiedot alter column yhteystieto_arvo type text',
  'alter table yhteystiedot alter column yhteystieto_tyyppi type text',
  'alter table yhteystiedotryhma alter column ryhmakuvaus type text',
  'alter table henkilo_hetu drop constraint uk_henkilo_hetu_01',
  'alter table henkilo_hetu add constraint uk_henkilo_hetu_uusi unique (hetu)',
  'alter table tuonti_rivi drop constraint tuonti_rivi_pkey',
  'alter table tuonti_rivi add primary key (id)',
  'alter table henkiloviite alter column slave_oid type text',
  'alter table henkiloviite alter column master_oid type text',
  'alter table kjhh_2422_invalid_identification rename to kjhh_vanha',
  'drop table henkilo_kielisyys',
  'alter table henkilo drop column if exists query_hetu',
];

/** A statement of Flyway; one that PostgreSQL ended to solve a deadlock is repeated, as whoever updates the reference would. */
async function migrate(change: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await app.query(change);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '40P01' || tries === 5) throw error;
    }
  }
}

it('fails no request, and no document or count goes wrong', async () => {
  const oma: StoredHenkilo = await storeHenkilo(app, { hetu: '010190-900P' });
  await storeRyhma(app, oma, [['SAHKOPOSTI', 'a@example.fi']]);
  await app.nest.get(DokumenttiKokoaja, { strict: false }).build([oma.oid]);
  const caller = app.as(rekisterinpitaja);
  const statuses = new Map<string, number>();
  const bodies: string[] = [];
  let stopped = false;
  let n = 0;
  const requests: Record<string, () => Promise<{ status: number; text: string }>> = {
    read: () => caller.get(`/henkilo/${oma.oid}`),
    byHetu: () => caller.get('/henkilo/hetu=010190-900P'),
    list: () => caller.post('/henkilo/masterHenkilosByOidList', [oma.oid]),
    base: () => caller.post('/henkilo/henkiloPerustietosByHenkiloOidList', [oma.oid]),
    search: () => caller.get('/henkilo/hakutermi=010190-900P'),
    update: () => caller.put('/henkilo', { oidHenkilo: oma.oid, kotikunta: n++ % 2 ? '091' : '049' }),
    create: () =>
      caller.post('/henkilo', {
        etunimet: 'Aino',
        kutsumanimi: 'Aino',
        sukunimi: `Uusi${n++}`,
        henkiloTyyppi: 'OPPIJA',
      }),
    duplicates: () => caller.get(`/henkilo/${oma.oid}/slaves`),
  };
  const loops = Object.entries(requests).map(async ([name, send]) => {
    while (!stopped) {
      const { status, text } = await send();
      statuses.set(`${name} ${status}`, (statuses.get(`${name} ${status}`) ?? 0) + 1);
      if (status >= 400) bodies.push(`${name}: ${text}`);
    }
  });
  const rounds = async () => {
    const before = [...statuses.values()].reduce((sum, count) => sum + count, 0);
    while ([...statuses.values()].reduce((sum, count) => sum + count, 0) < before + 24)
      await new Promise((r) => setTimeout(r, 20));
  };
  try {
    await rounds();
    for (const change of CHANGES) {
      await migrate(change);
      await rounds();
    }
  } finally {
    stopped = true;
    await Promise.all(loops);
  }

  expect(bodies).toEqual([]);
  const oids = (await app.query<{ oid: string }>('select oidhenkilo as oid from henkilo order by id')).map(
    ({ oid }) => oid,
  );
  const kokoaja = app.nest.get(DokumenttiKokoaja, { strict: false });
  await kokoaja.build(oids);
  expect(await kokoaja.check(oids)).toMatchObject({ counting: oids.length, wrong: [] });
  expect(oids.length).toBeGreaterThan(20);
  const [row] = await app.query<{ kotikunta: string }>('select kotikunta from henkilo where id = $1', [oma.id]);
  expect((await caller.get(`/henkilo/${oma.oid}`)).body).toMatchObject({
    hetu: '010190-900P',
    kotikunta: row!.kotikunta,
  });
});

it('documents follow what a migration does to the rows', async () => {
  const henkilo = await storeHenkilo(app, { kotikunta: '091' });
  const kokoaja = app.nest.get(DokumenttiKokoaja, { strict: false });
  await kokoaja.build([henkilo.oid]);
  const read = async () => (await app.as(rekisterinpitaja).get(`/henkilo/${henkilo.oid}`)).body.kotikunta as string;
  expect(await read()).toBe('091');
  await app.query(`alter table henkilo alter column kotikunta type text`);
  await app.query(`update henkilo set kotikunta = '049' where kotikunta = '091'`);
  expect(await read()).toBe('049');
  // No trigger sees this; the job that fills documents does, within a minute.
  await kokoaja.build([henkilo.oid]);
  await app.query(`alter table henkilo alter column kotikunta type text using '020'`);
  await app.nest.get(DokumenttiTayttoJob, { strict: false }).run(new AbortController().signal);
  expect(await read()).toBe('020');
});
