import { AuditCleanupService } from '../../src/cleanup/audit-cleanup.service.js';
import { DeathCleanupService } from '../../src/cleanup/death-cleanup.service.js';
import { YhteystietoCleanupService } from '../../src/cleanup/yhteystieto-cleanup.service.js';
import { VtjApp } from '../vtj/vtj-app.js';

const ROOT_USER = '1.2.246.562.24.00000000001';
const DAY_MS = 86_400_000;

let app: VtjApp;
beforeAll(async () => {
  app = await VtjApp.startNew({ 'oppijanumerorekisteri.tasks.audit-cleanup.batch-size': '2' });
});
afterAll(() => app.stop());
beforeEach(() => app.clear());

const { signal } = new AbortController();
const day = (offset: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki' }).format(new Date(Date.now() + offset * DAY_MS));
const passivoinnit = async () =>
  (await app.peers.traffic()).filter(({ method }) => method === 'DELETE').map(({ path }) => path);

describe('after a death', () => {
  const run = () => app.nest.get(DeathCleanupService).run(signal);

  it('a person who died yesterday goes out of use in three steps, without a word', async () => {
    const kalle = await app.henkilo({ kuolinpaiva: day(-1), kotikunta: '091' });
    await app.ryhma(kalle, 'yhteystietotyyppi1', 'alkupera2', { PUHELINNUMERO: '0501234567' });
    await app.asuminen(kalle, '091', '2011-01-01');
    expect(await run()).toEqual({ seen: 3, changed: 3, failed: 0 });
    expect(await app.row(kalle)).toMatchObject({
      passivoitu: true,
      kotikunta: null,
      kuolinsiivous: 'REMOVE_ACCESS_RIGHTS',
      kasittelija: ROOT_USER,
      hetu: kalle.hetu,
    });
    expect(await app.query('select 1 from yhteystiedotryhma')).toEqual([]);
    expect(await app.asumiset(kalle)).toHaveLength(1);
    expect(await passivoinnit()).toEqual([
      `/kayttooikeus-service/henkilo/${kalle.oid}/passivoi?kasittelijaOid=${ROOT_USER}`,
    ]);
    expect(await app.query('select kuolinsiivous, passivoitu from henkilo_aud order by rev')).toEqual([
      { kuolinsiivous: 'INITIATED', passivoitu: false },
      { kuolinsiivous: 'CLEAR_ONR_DATA', passivoitu: true },
      { kuolinsiivous: 'REMOVE_ACCESS_RIGHTS', passivoitu: true },
    ]);
    expect(await app.announced()).toEqual([]);
    expect(app.audit.filter(({ type }) => type === 'log')).toEqual([]);
    expect(await run()).toEqual({ seen: 0, changed: 0, failed: 0 });
  });

  it('who died today or lives is left alone', async () => {
    await app.henkilo({ kuolinpaiva: day(0) });
    await app.henkilo();
    expect(await run()).toMatchObject({ seen: 0 });
  });

  it('a person goes on from where it stands; who fails waits for the next day and holds nobody back', async () => {
    const valmis = await app.henkilo({ kuolinpaiva: day(-9), kuolinsiivous: 'REMOVE_ACCESS_RIGHTS' });
    const kesken = await app.henkilo({ kuolinpaiva: day(-9), kuolinsiivous: 'INITIATED' });
    await app.peers.state({ fail: { kayttooikeus: 500 } });
    expect(await run()).toEqual({ seen: 2, changed: 1, failed: 1 });
    expect(await app.row(kesken)).toMatchObject({ kuolinsiivous: 'CLEAR_ONR_DATA', passivoitu: true });
    expect((await app.row(valmis)).version).toBe(0);
    await app.peers.reset();
    expect(await run()).toEqual({ seen: 1, changed: 1, failed: 0 });
    expect((await app.row(kesken)).kuolinsiivous).toBe('REMOVE_ACCESS_RIGHTS');
  });
});

describe('old history', () => {
  const run = () => app.nest.get(AuditCleanupService).run(signal);
  const before = (days: number) => Date.now() - days * DAY_MS;

  it('goes when it is older than 1825 days, in batches, whatever table it is in', async () => {
    for (const [rev, days] of [[-9, 1830], [-8, 1829], [-7, 1828], [-6, 1827], [-5, 1825.01], [-4, 1824.9], [-3, 1]] as const) {
      await app.query('insert into revinfo (rev, revtstmp) values ($1, $2)', [rev, Math.round(before(days))]);
      for (const table of ['henkilo_aud', 'henkilo_huoltaja_suhde_aud']) await app.query(`insert into ${table} (id, rev, revtype) values (1, $1, 1)`, [rev]);
      for (const element of ['kansalaisuus', 'organisaatio', 'kielisyys']) await app.query(`insert into henkilo_${element}_aud (henkilo_id, ${element}_id, rev) values (1, 1, $1)`, [rev]);
      await app.query(`insert into henkilo_passinumero_aud (henkilo_id, passinumero, rev) values (1, 'P', $1)`, [rev]);
    } // prettier-ignore
    expect(await run()).toEqual({ seen: 35, changed: 35, failed: 0 });
    for (const table of ['henkilo_aud', 'henkilo_huoltaja_suhde_aud', 'henkilo_kansalaisuus_aud', 'henkilo_organisaatio_aud', 'henkilo_passinumero_aud', 'henkilo_kielisyys_aud', 'revinfo']) {
      expect(await app.query(`select rev from ${table} order by rev`)).toEqual([{ rev: -4 }, { rev: -3 }]);
    } // prettier-ignore
    expect(app.lines.join('')).toContain('Oppijanumerorekisteri audit cleanup task completed');
  });

  it('that is young stays, and the text that the alarm waits for is there all the same', async () => {
    await app.query('insert into revinfo (rev, revtstmp) values (-1, $1)', [Math.round(before(1800))]);
    expect(await run()).toMatchObject({ changed: 0 });
    expect(await app.query('select 1 from revinfo')).toHaveLength(1);
    expect(app.lines.join('')).toContain('Oppijanumerorekisteri audit cleanup task completed');
  });
});

it('contact details that the reference left without an owner are deleted, those of persons and of VTJ data stay', async () => {
  const aino = await app.henkilo();
  await app.ryhma(null, 'yhteystietotyyppi4', 'alkupera1', { KATUOSOITE: 'Salainen katu 1', MAA: 'Suomi' });
  await app.ryhma(null, 'yhteystietotyyppi8', 'alkupera1', { SAHKOPOSTI: 'salainen@example.com' });
  await app.ryhma(aino, 'yhteystietotyyppi1', 'alkupera2', { PUHELINNUMERO: '0501234567' });
  await app.query(`insert into yksilointitieto (id, version, henkiloid, turvakielto) values (1, 0, $1, false)`, [
    aino.id,
  ]);
  await app.ryhma(null, 'yhteystietotyyppi5', 'alkupera1', { MAA: 'Ruotsi' });
  await app.query(`update yhteystiedotryhma set yksilointitieto_id = 1 where ryhmakuvaus = 'yhteystietotyyppi5'`);

  expect(await app.nest.get(YhteystietoCleanupService).run(signal)).toEqual({ seen: 2, changed: 2, failed: 0 });
  expect(await app.query('select yhteystieto_arvo as arvo from yhteystiedot order by id')).toEqual([
    { arvo: '0501234567' },
    { arvo: 'Ruotsi' },
  ]);
  expect(await app.query('select 1 from yhteystiedotryhma')).toHaveLength(2);
});
