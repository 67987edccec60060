import { importRows } from '../support/imports.js';
import { newHetu, sahkoposti } from '../support/persons.js';
import {
  store,
  storeHenkilo,
  storeHuoltaja,
  storeRyhma,
  storeViite,
  type StoredHenkilo,
} from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { lukija, rekisterinpitaja, ROOT, userWith, YLIOPISTO, type TestUser } from '../support/users.js';

const app = useTestApp();

/** Every right that has to do with persons, in one school. */
const koulu = userWith(
  '1.2.246.562.24.99000000761',
  YLIOPISTO,
  'READ',
  'HENKILON_RU',
  'REKISTERINPITAJA',
  'REKISTERINPITAJA_READ',
  'OPPIJOIDENTUONTI',
  'TUONTIDATA_READ',
  'DUPLIKAATTINAKYMA',
  'YLEISTUNNISTE_LUONTI',
);
/** Rights over everyone. */
const kaikki: readonly TestUser[] = [
  rekisterinpitaja,
  lukija,
  userWith('1.2.246.562.24.99000000762', ROOT, 'READ'),
  userWith('1.2.246.562.24.99000000763', ROOT, 'HENKILON_RU'),
];

const NIMET = { etunimet: 'Suoja Aurora', kutsumanimi: 'Suoja', sukunimi: 'Salattu' };
/** What nobody of a school may learn; all parts occur nowhere else. */
const SALAISUUDET = /Salatie|00990|0409990001|salattu@|tunnus@|tuotu@|vanha@|hakemus@|"kotikunta":(?!null)/;

let hetu: string;
let suojattu: StoredHenkilo;
let slave: StoredHenkilo;
let avoin: StoredHenkilo;
let tuontiId: number;

beforeAll(async () => {
  await app.peers.state({ canAccess: ['*>*'] });
  hetu = newHetu();
  const common = { ...NIMET, kotikunta: '091', syntymaaika: '1990-01-01' };
  suojattu = await storeHenkilo(app, { ...common, hetu, turvakielto: true });
  slave = await storeHenkilo(app, { ...common, duplicate: true });
  avoin = await storeHenkilo(app, { ...NIMET, syntymaaika: '1990-01-01' });
  await storeViite(app, suojattu, slave);
  await storeRyhma(app, suojattu, [['SAHKOPOSTI', 'salattu@example.fi'], ['PUHELINNUMERO', '0409990001']]); // prettier-ignore
  await storeRyhma(app, slave, [['SAHKOPOSTI', 'vanha@example.fi']]);
  await storeRyhma(app, avoin, [['SAHKOPOSTI', 'avoin@example.fi']]);
  const tunniste = { version: 0, idpentityid: 'email', identifier: 'tunnus@example.fi', henkilo_id: suojattu.id };
  await store(app, 'identification', tunniste);
  await store(app, 'identification', { ...tunniste, idpentityid: 'oppijaToken', identifier: 'TOKEN-1' });
  const hakemus = { oid: 'h1', haku: 'haku-1', state: 'active', kansalaisuus: ['246'], email: 'hakemus@example.fi', answers: { henkilotiedot: { Sukunimi: 'Salattu', lahiosoite: 'Salatie 1' } } }; // prettier-ignore
  await app.peers.state({ canAccess: ['*>*'], ataru: { [suojattu.oid]: [hakemus] } });
  tuontiId = await importRows(app.as(koulu), [
    { tunniste: 's', henkilo: { ...NIMET, oid: suojattu.oid, sahkoposti: 'tuotu@example.fi', kansalaisuus: [{ koodi: '752' }] } }, // prettier-ignore
    { tunniste: 'd', henkilo: { ...NIMET, oid: slave.oid, kansalaisuus: [{ koodi: '752' }] } },
  ]);
  // Every change of such a person deletes its groups of VTJ: this one stands for what an old database still has.
  await storeRyhma(app, suojattu, [['KATUOSOITE', 'Salatie 1'], ['POSTINUMERO', '00990']], { ryhmakuvaus: 'yhteystietotyyppi4', ryhma_alkuperatieto: 'alkupera1', read_only: true }); // prettier-ignore
});

const OPERATIONS: readonly [id: string, method: string, path: () => string, body?: () => unknown][] = [
  ['E06 POST /henkilo/yhteystiedot', 'POST', () => '/henkilo/yhteystiedot', () => ({ henkiloOids: [suojattu.oid, slave.oid] })], // prettier-ignore
  ['E11 GET /henkilo/{oid}', 'GET', () => `/henkilo/${suojattu.oid}`],
  ['E11 GET /henkilo/{oid} of a duplicate', 'GET', () => `/henkilo/${slave.oid}`],
  ['E15 GET /henkilo/{oid}/master', 'GET', () => `/henkilo/${slave.oid}/master`],
  ['E16 GET /henkilo/hetu={hetu}', 'GET', () => `/henkilo/hetu=${hetu}`],
  ['E19 POST /henkilo/henkilotByHenkiloOidList', 'POST', () => '/henkilo/henkilotByHenkiloOidList', () => [suojattu.oid, slave.oid]], // prettier-ignore
  ['E20 POST /henkilo/masterHenkilosByOidList', 'POST', () => '/henkilo/masterHenkilosByOidList', () => [slave.oid]],
  ['E23 GET /henkilo/identification', 'GET', () => '/henkilo/identification?idp=oppijaToken&id=TOKEN-1'],
  ['E34 GET /henkilo/{oid}/slaves', 'GET', () => `/henkilo/${suojattu.oid}/slaves`],
  ['E61 GET /oppija/tuonti={id}', 'GET', () => `/oppija/tuonti=${tuontiId}`],
  ['E67 GET /oppija/muuttuneet', 'GET', () => `/oppija/muuttuneet?tuontiId=${tuontiId}`],
  ['E66 GET /oppija/tuontidata/{id}', 'GET', () => `/oppija/tuontidata/${tuontiId}`],
  ['E35 GET /henkilo/{oid}/duplicates', 'GET', () => `/henkilo/${avoin.oid}/duplicates`],
  ['E37 GET /henkilo/duplikaatit', 'GET', () => '/henkilo/duplikaatit?etunimet=Suoja%20Aurora&kutsumanimi=Suoja&sukunimi=Salattu&syntymaaika=1990-01-01'], // prettier-ignore
  ['E36 GET /henkilo/{oid}/hakemukset', 'GET', () => `/henkilo/${slave.oid}/hakemukset`],
  ['E09 POST /henkilo/henkiloPerustietosByHenkiloOidList', 'POST', () => '/henkilo/henkiloPerustietosByHenkiloOidList', () => [suojattu.oid]], // prettier-ignore
  ['E45 POST /henkilo/henkiloPerustietosByHenkiloHetuList', 'POST', () => '/henkilo/henkiloPerustietosByHenkiloHetuList', () => [hetu]], // prettier-ignore
  ['E24 GET /henkilo/{oid}/identification', 'GET', () => `/henkilo/${suojattu.oid}/identification`],
  ['E54 POST /s2s/findOrCreateHenkiloPerustieto', 'POST', () => '/s2s/findOrCreateHenkiloPerustieto', () => ({ oidHenkilo: suojattu.oid })], // prettier-ignore
];

describe.each(OPERATIONS)('%s', (id, method, path, body) => {
  it('shows no contact details of a protected person to callers with rights in one organisation', async () => {
    const { status, text } = await app.as(koulu).send(method, path(), body?.());
    expect(status).toBe(200);
    expect(text).toMatch(id.startsWith('E36') ? /"oid":"h1"/ : /Salattu|TOKEN-1/);
    expect(text).not.toMatch(SALAISUUDET);
  });

  it('shows them as before to callers with rights over everyone', async () => {
    const { status, text } = await app.as(rekisterinpitaja).send(method, path(), body?.());
    expect(status).toBe(200);
    expect(text).toMatch(SALAISUUDET);
  });
});

it('E25, E26 identifiers answered after a change are those that the caller may see', async () => {
  const henkilo = await storeHenkilo(app, { ...NIMET, turvakielto: true });
  const path = `/henkilo/${henkilo.oid}/identification`;
  await app.as(rekisterinpitaja).post(path, { idpEntityId: 'oppijaToken', identifier: 'TOKEN-2' });
  await app.as(rekisterinpitaja).post(path, { idpEntityId: 'email', identifier: 'tunnus@kolmas.fi' });
  const added = await app.as(koulu).post(path, { idpEntityId: 'email', identifier: 'tunnus@toinen.fi' });
  const removed = await app.as(koulu).delete(`${path}/email/tunnus@toinen.fi`);
  expect([added.body, removed.body]).toEqual([
    [{ idpEntityId: 'oppijaToken', identifier: 'TOKEN-2' }],
    [{ idpEntityId: 'oppijaToken', identifier: 'TOKEN-2' }],
  ]);
  expect((await app.as(rekisterinpitaja).get(path)).body).toHaveLength(2);
});

it('whoever has rights over everyone sees them', async () => {
  for (const user of kaikki) {
    const { text } = await app.as(user).get(`/henkilo/${suojattu.oid}`);
    expect(text).toContain('salattu@example.fi');
  }
});

it('contact details of others are shown as before', async () => {
  const { text } = await app.as(koulu).get(`/henkilo/${avoin.oid}`);
  expect(text).toContain('avoin@example.fi');
});

it('the person itself sees its own', async () => {
  const { status, text } = await app.as({ sub: suojattu.oid, roles: {} }).get(`/henkilo/${suojattu.oid}`);
  expect({ status, own: text.includes('salattu@example.fi') }).toEqual({ status: 200, own: true });
});

it.each([
  ['E05 the e-mail', () => '/henkilo/yhteystieto=salattu@example.fi/oid'],
  ['E05 the address', () => '/henkilo/yhteystieto=Salatie%201/oid'],
  ['E05 what is left on a duplicate', () => '/henkilo/yhteystieto=vanha@example.fi/oid'],
  ['E55 the municipality', () => '/s2s/henkilo/list/091/1990-01-01'],
])('%s does not find a protected person for callers with rights in one organisation', async (_, path) => {
  const found = (text: string) => text.includes(suojattu.oid) || text.includes(slave.oid);
  expect(found((await app.as(koulu).get(path())).text)).toBe(false);
  expect(found((await app.as(rekisterinpitaja).get(path())).text)).toBe(true);
});

it('E46 shows to nobody where a protected guardian, or a duplicate of one, is reached', async () => {
  const lapsi = await storeHenkilo(app);
  await storeHuoltaja(app, lapsi, suojattu);
  await storeHuoltaja(app, lapsi, slave);
  await storeHuoltaja(app, lapsi, avoin);
  for (const user of [koulu, ...kaikki]) {
    const { body } = await app.as(user).get(`/henkilo/${lapsi.oid}/huoltajat`);
    expect(body).toMatchObject([
      { oidHenkilo: suojattu.oid, kotikunta: null, yhteystiedotRyhma: [] },
      { oidHenkilo: slave.oid, kotikunta: null, yhteystiedotRyhma: [] },
      { oidHenkilo: avoin.oid, yhteystiedotRyhma: [{ yhteystieto: [{ yhteystietoArvo: 'avoin@example.fi' }] }] },
    ]);
  }
});

it('E57 tells no municipality of a protected person or a duplicate of one; E58 tells both', async () => {
  for (const [henkilo, kotikunta] of [[suojattu, '091'], [slave, '049'], [avoin, '092']] as const)
    await store(app, 'kotikunta_historia', { version: 0, henkilo_id: henkilo.id, kotikunta, kuntaan_muuttopv: '2020-01-01' });
  const oids = [suojattu.oid, slave.oid, avoin.oid];
  const kunnat = async (path: string, right: string) => {
    const { body } = await app.as(userWith('1.2.246.562.24.99000000764', YLIOPISTO, right)).post(`/s2s/henkilo/kotikuntahistoria${path}`, oids);
    return (body as { kotikunta: string }[]).map(({ kotikunta }) => kotikunta);
  };
  expect(await kunnat('', 'KOTIKUNTAHISTORIA')).toEqual(['092']);
  expect(await kunnat('/turvakielto', 'TURVAKIELTOKOTIKUNTAHISTORIA')).toEqual(['091', '049']);
}); // prettier-ignore

describe('PUT /henkilo', () => {
  const groups = (henkilo: StoredHenkilo) =>
    app.query(
      `select g.id, g.ryhmakuvaus, y.yhteystieto_arvo from yhteystiedotryhma g join yhteystiedot y on y.yhteystiedotryhma_id = g.id
        where g.henkilo_id = $1 order by g.id, y.id`,
      [henkilo.id],
    );

  it.each([
    ['a protected person', true],
    ['a duplicate of one', false],
  ])('keeps the hidden contact groups of %s when a record is sent back as it was read', async (_, turvakielto) => {
    const henkilo = await storeHenkilo(app, { ...NIMET, turvakielto, duplicate: !turvakielto });
    if (!turvakielto) await storeViite(app, suojattu, henkilo);
    await storeRyhma(app, henkilo, [['SAHKOPOSTI', 'salattu@example.fi']]);
    const before = await groups(henkilo);
    const { body } = await app.as(koulu).get(`/henkilo/${henkilo.oid}`);
    expect(body.yhteystiedotRyhma).toEqual([]);
    const { oidHenkilo, etunimet, kutsumanimi, sukunimi, yhteystiedotRyhma } = body;
    const same = { oidHenkilo, etunimet, kutsumanimi, sukunimi, yhteystiedotRyhma };
    expect((await app.as(koulu).put('/henkilo', same)).status).toBe(200);
    expect(await groups(henkilo)).toEqual(before);
  });

  it('adds a new group once and shows nothing of it', async () => {
    const henkilo = await storeHenkilo(app, { ...NIMET, turvakielto: true });
    await storeRyhma(app, henkilo, [['SAHKOPOSTI', 'salattu@example.fi']]);
    const uusi = { oidHenkilo: henkilo.oid, yhteystiedotRyhma: [sahkoposti('salattu@uusi.fi')] };
    for (let i = 0; i < 2; i++) expect((await app.as(koulu).put('/henkilo', uusi)).status).toBe(200);
    expect((await groups(henkilo)).map((row) => row.yhteystieto_arvo).sort()).toEqual([
      'salattu@example.fi',
      'salattu@uusi.fi',
    ]);
    expect((await app.as(koulu).get(`/henkilo/${henkilo.oid}`)).text).not.toContain('salattu@');
  });

  it('replaces them for whoever sees them', async () => {
    const henkilo = await storeHenkilo(app, { ...NIMET, turvakielto: true });
    await storeRyhma(app, henkilo, [['SAHKOPOSTI', 'salattu@example.fi']]);
    const tyhja = { oidHenkilo: henkilo.oid, yhteystiedotRyhma: [] };
    expect((await app.as(rekisterinpitaja).put('/henkilo', tyhja)).status).toBe(200);
    expect(await groups(henkilo)).toEqual([]);
  });
});

it('the audit log does not tell them, whoever changes them', async () => {
  const before = app.lines.length;
  const uusi = { ...NIMET, turvakielto: true, kotikunta: '049', yhteystiedotRyhma: [sahkoposti('salattu@uusi.fi', { ryhmaKuvaus: 'yhteystietotyyppi2' })] }; // prettier-ignore
  const { text: oid } = await app.as(rekisterinpitaja).post('/henkilo', uusi);
  await app.as(rekisterinpitaja).put('/henkilo', { oidHenkilo: oid, kotikunta: '091' });
  await app.as(rekisterinpitaja).post(`/henkilo/${oid}/identification`, { idpEntityId: 'email', identifier: 'tunnus@uusi.fi' }); // prettier-ignore
  await app.as(rekisterinpitaja).delete(`/henkilo/${oid}/identification/email/tunnus@uusi.fi`);
  await app.as(rekisterinpitaja).delete(`/henkilo/${oid}/access`);
  const audit = app.lines.slice(before).filter((line) => line.includes('"operation"') && line.includes(oid)).join('\n'); // prettier-ignore
  expect(audit.match(/"operation":"(?!READ)\w+"/g)).toEqual([
    '"operation":"CREATE_HENKILO"',
    '"operation":"UPDATE_HENKILO"',
    '"operation":"TUNNISTUSTIETOJEN_PAIVITYS"',
    '"operation":"TUNNISTUSTIETOJEN_PAIVITYS"',
    '"operation":"UPDATE_HENKILO"',
  ]);
  expect(audit).not.toMatch(/salattu@|tunnus@|kotikunta\\*":\\*"0/);
});
