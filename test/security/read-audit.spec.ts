import { importRows, rivi, startImport, untilHandled } from '../support/imports.js';
import { newHetu } from '../support/persons.js';
import { newOid, store, storeHenkilo, storeHuoltaja, storePlain, storeRyhma, storeViite, type StoredHenkilo } from '../support/stored-persons.js'; // prettier-ignore
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja, ROOT, tuoja, userWith, yleistunniste, type TestUser } from '../support/users.js';
import { OPERATIONS } from './operations.js';

const app = useTestApp();
const NAMES = { etunimet: 'Salla Salainen', kutsumanimi: 'Salla', sukunimi: 'Salasana' };
const HETU = newHetu();
const EIDAS = 'DE/FI/audit';
const KUNTA = '935';

/** Persons by the letters that the cases use. */
const oids: Record<string, string> = {};
let imports: Record<'oppija' | 'yleistunniste', number>;

beforeAll(async () => {
  const a = await storeHenkilo(app, {
    ...NAMES,
    hetu: HETU,
    kotikunta: KUNTA,
    syntymaaika: '2002-02-02',
    yksiloity: true,
  });
  const [slave, child, guardian] = [await storeHenkilo(app, { duplicate: true }), await storeHenkilo(app), await storeHenkilo(app)]; // prettier-ignore
  const [open, secret] = [
    await storeHenkilo(app, { modified: '2093-01-01' }),
    await storeHenkilo(app, { turvakielto: true }),
  ];
  const user = await storeHenkilo(app, { oidhenkilo: tuoja.sub });
  const self = await storeHenkilo(app, { oidhenkilo: rekisterinpitaja.sub, hetu: newHetu() });
  await storeViite(app, a, slave);
  await storeRyhma(app, a, [['SAHKOPOSTI', 'salla@audit.example.com']]);
  await storePlain(app, 'henkilo_passinumero', { henkilo_id: a.id, passinumero: 'AUDIT-1' });
  await store(app, 'identification', { version: 0, henkilo_id: a.id, idpentityid: 'google', identifier: 'salla' });
  await store(app, 'eidastunniste', { version: 0, henkilo_id: a.id, tunniste: EIDAS, createdby: rekisterinpitaja.sub });
  await store(app, 'yksilointitieto', { version: 0, henkiloid: a.id, etunimet: 'Vtj', sukunimi: 'Nimi' });
  await storeHuoltaja(app, child, guardian, { updated: '2093-01-01' });
  const [revision] = await app.query<{ rev: number }>(`insert into revinfo (rev, revtstmp) values (nextval('hibernate_sequence'), $1) returning rev`, [Date.parse('2093-01-01')]); // prettier-ignore
  await storePlain(app, 'henkilo_huoltaja_suhde_aud', { id: child.id, rev: revision!.rev, revtype: 0, lapsi_id: child.id, huoltaja_id: guardian.id }); // prettier-ignore
  for (const { id } of [open, open, secret]) await store(app, 'kotikunta_historia', { version: 0, henkilo_id: id, kotikunta: '091' }); // prettier-ignore
  await app.peers.state({ ataru: { [slave.oid]: [{ oid: 'x' }] } });

  imports = { oppija: await importRows(app.as(tuoja), [rivi('audit')]), yleistunniste: 0 };
  imports.yleistunniste = await startImport(
    app.as(yleistunniste),
    [{ tunniste: 'audit', henkilo: { ...NAMES, hetu: newHetu() } }],
    '/yleistunniste',
  );
  await untilHandled(app.as(tuoja), imports.yleistunniste);
  const imported = await app.query<{ oid: string }>(
    'select h.oidhenkilo as oid from tuonti_rivi r join henkilo h on h.id = r.henkilo_id where r.tuonti_id = any ($1) order by r.tuonti_id',
    [[imports.oppija, imports.yleistunniste]],
  );
  const persons: Record<string, Pick<StoredHenkilo, 'oid'>> = { a, slave, child, guardian, open, secret, user, self, imported: imported[0]!, numbered: imported[1]! }; // prettier-ignore
  for (const [name, { oid }] of Object.entries(persons)) oids[name] = oid;
  await app.query(`update henkilo set hetu = $2, yksilointi_yritetty = true where oidhenkilo = $1`, [
    oids.imported,
    newHetu(),
  ]);
  await storeViite(app, { id: 0, oid: oids.numbered! }, { id: 0, oid: oids.child! });
});

const CRITERIA = () => ({ henkiloOids: [oids.a!, oids.open!, newOid()] });
const LIST = () => [oids.a!, oids.open!, newOid()];
const existence = () => ({ ...NAMES, hetu: HETU });
const open = userWith(newOid(), ROOT, 'KOTIKUNTAHISTORIA');
const secret = userWith(newOid(), ROOT, 'TURVAKIELTOKOTIKUNTAHISTORIA');

type Case = [id: string, path: () => string, whose: string, body?: () => unknown, user?: TestUser];

/** One call of each operation that gives data of persons, and whose they are. */
const CASES: Case[] = [
  ['E03', () => `/henkilo?hetu=${HETU}`, 'a'],
  ['E04', () => `/henkilo/hakutermi=${HETU}`, 'a'],
  ['E05', () => '/henkilo/yhteystieto=salla@audit.example.com/oid', 'a'],
  ['E06', () => '/henkilo/yhteystiedot', 'open a', CRITERIA],
  ['E07', () => '/henkilo/current/hasHetu', 'self'],
  ['E08', () => `/henkilo/henkiloPerusByHetu/${HETU}`, 'a'],
  ['E09', () => '/henkilo/henkiloPerustietosByHenkiloOidList', 'a open', LIST],
  ['E11', () => `/henkilo/${oids.a}`, 'a'],
  ['E15', () => `/henkilo/${oids.slave}/master`, 'a'],
  ['E16', () => `/henkilo/hetu=${HETU}`, 'a'],
  ['E18', () => '/henkilo/exists', 'a', existence],
  ['E19', () => '/henkilo/henkilotByHenkiloOidList', 'a open', LIST],
  ['E20', () => '/henkilo/masterHenkilosByOidList', 'a open', () => [oids.slave, oids.open]],
  ['E21', () => `/henkilo/${oids.a}/passinumerot`, 'a'],
  ['E23', () => '/henkilo/identification?idp=google&id=salla', 'a'],
  ['E24', () => `/henkilo/${oids.a}/identification`, 'a'],
  ['E25', () => `/henkilo/${oids.a}/identification`, 'a', () => ({ idpEntityId: 'email', identifier: 'salla2' })],
  ['E26', () => `/henkilo/${oids.a}/identification/email/nothing`, 'a'],
  ['E31', () => `/henkilo/${oids.a}/yksilointitiedot`, 'a'],
  ['E34', () => `/henkilo/${oids.a}/slaves`, 'slave'],
  ['E35', () => `/henkilo/${oids.guardian}/duplicates`, 'child open secret user'],
  ['E36', () => `/henkilo/${oids.a}/hakemukset`, 'slave'],
  ['E37', () => `/henkilo/duplikaatit?etunimet=Salla%20Salainen&kutsumanimi=Salla&sukunimi=Salasana&syntymaaika=2002-02-02`, 'a numbered'],
  ['E41', () => `/henkilo/${oids.a}/asiointiKieli`, 'a'],
  ['E42', () => '/henkilo/current/asiointiKieli', 'self'],
  ['E43', () => '/henkilo/current/omattiedot', 'self'],
  ['E44', () => `/henkilo/${oids.a}/omattiedot`, 'a'],
  ['E45', () => '/henkilo/henkiloPerustietosByHenkiloHetuList', 'a', () => [HETU, '010190-900P']],
  ['E46', () => `/henkilo/${oids.child}/huoltajat`, 'guardian'],
  ['E47', () => '/henkilo/huoltajasuhdemuutokset?startdate=2093-01-01&enddate=2093-01-02', 'child'],
  ['E48', () => '/henkilo/huoltajasuhdemuutokset/alkaen/2092-12-31', 'child'],
  ['E49', () => `/s2s/oidByHetu/${HETU}`, 'a'],
  ['E50', () => '/s2s/oidByEidas', 'a', () => ({ eidasTunniste: EIDAS })],
  ['E51', () => '/s2s/duplicateHenkilos', 'slave a', CRITERIA],
  ['E52', () => '/s2s/changedSince/2092-12-31T00:00:00Z', 'open'],
  ['E53', () => '/s2s/changedSince/2092-12-31T00:00:00Z', 'open', CRITERIA],
  ['E54', () => '/s2s/findOrCreateHenkiloPerustieto', 'a', () => ({ oidHenkilo: oids.a })],
  ['E55', () => `/s2s/henkilo/list/${KUNTA}/1900-01-01`, 'a'],
  ['E56', () => '/s2s/henkilo/perustiedotAsAdmin', 'open a', CRITERIA],
  ['E57', () => '/s2s/henkilo/kotikuntahistoria', 'open', () => [oids.open, oids.secret], open],
  ['E58', () => '/s2s/henkilo/kotikuntahistoria/turvakielto', 'secret', () => [oids.open, oids.secret], secret],
  ['E61', () => `/oppija/tuonti=${imports.oppija}`, 'imported'],
  ['E65', () => `/oppija/tuontikooste?id=${imports.oppija}`, 'user'],
  ['E66', () => `/oppija/tuontidata/${imports.oppija}`, 'imported'],
  ['E67', () => `/oppija/muuttuneet?tuontiId=${imports.oppija}`, 'imported'],
  ['E71', () => `/yleistunniste/hae/${oids.slave}`, 'slave a', undefined, yleistunniste],
  ['E72', () => '/yleistunniste/hae', 'a', existence, yleistunniste],
  ['E74', () => `/yleistunniste/tuonti=${imports.yleistunniste}`, 'numbered child', undefined, yleistunniste],
  ['E77', () => '/internal/oppijoidentuonti/virheet?count=1', 'imported user'],
  ['E78', () => '/internal/oppijahaku', 'a', () => ({ query: HETU, page: 0 })],
  ['E33', () => '/henkilo/yksilointitiedot', 'a'],
]; // prettier-ignore

const reads = (from: number) =>
  app.audit
    .slice(from)
    .filter(({ operation }) => operation === 'READ')
    .map(({ target, user }) => ({ target, user }));

it('every operation that gives data of persons is called here', () => {
  const audited = OPERATIONS.filter(({ audit }) => audit !== null).map(({ id }) => id);
  expect(CASES.map(([id]) => id).sort()).toEqual(audited);
});

it.each(CASES.map((one) => ({ id: one[0], one })))('$id writes whose data it gave', async ({ one }) => {
  const [id, path, whose, body, user = rekisterinpitaja] = one;
  const { method } = OPERATIONS.find((operation) => operation.id === id)!;
  if (id === 'E03') await app.peers.state({ kayttooikeudet: { [user.sub]: { admin: true } } });
  const before = app.audit.length;
  const { status, text } = await app.as(user).send(method, path(), body?.());
  expect({ status, text }).toMatchObject({ status: 200 });
  const expected = whose.split(' ').map((name) => oids[name]!);
  const [entry, ...more] = reads(before) as { target: { oids: string }; user: { oid: string } }[];
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ target: { oids: expect.any(String) as string }, user: { oid: user.sub } });
  expect(entry!.target.oids.split(',').sort()).toEqual(expected.sort());
  const line = app.lines.findLast((one) => one.includes('"operation":"READ"'))!;
  for (const secretText of [HETU, NAMES.sukunimi, 'salla']) expect(line).not.toContain(secretText);
});

it.each([
  ['nobody is found', 'POST', '/henkilo/henkilotByHenkiloOidList', [newOid()], 200],
  ['the person is unknown', 'GET', `/henkilo/${newOid()}/passinumerot`, undefined, 404],
  ['the hetu is unknown', 'GET', '/s2s/oidByHetu/010190-901R', undefined, 404],
  ['there are no applications', 'GET', `/henkilo/${newOid()}/hakemukset`, undefined, 200],
])('nothing is written when %s', async (_, method, path, body, expected) => {
  const before = app.audit.length;
  const { status } = await app.as(rekisterinpitaja).send(method, path, body);
  expect(status).toBe(expected);
  expect(reads(before)).toEqual([]);
});

it('nothing is written of persons whom the caller may not see', async () => {
  await app.peers.state({ canAccess: [] });
  const before = app.audit.length;
  const reader = app.as(userWith(newOid(), '1.2.246.562.10.10000000001', 'READ'));
  expect(await reader.post('/henkilo/henkilotByHenkiloOidList', LIST())).toMatchObject({ status: 200, body: [] });
  expect(reads(before)).toEqual([]);
});

it('a long list is written in parts, each person once and in the order of the answer', async () => {
  await app.query(
    `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, passivoitu, duplicate)
     select nextval('hibernate_sequence'), 0, '1.2.246.562.24.' || (82000000000 + n), 'Pitka', 'Pitka', 'Lista', false, false
       from generate_series(1, 1201) n`,
  );
  const before = app.audit.length;
  const { body } = await app.as(rekisterinpitaja).post('/s2s/henkilo/perustiedotAsAdmin', { nameQuery: 'Lista' });
  const given = (body as { oidHenkilo: string }[]).map(({ oidHenkilo }) => oidHenkilo);
  expect(given).toHaveLength(1201);
  const parts = reads(before).map(({ target }) => (target as { oids: string }).oids.split(','));
  expect(parts.map(({ length }) => length)).toEqual([500, 500, 201]);
  expect(parts.flat()).toEqual(given);
  const longest = Math.max(...app.lines.filter((line) => line.includes('READ')).map(({ length }) => length));
  expect(longest).toBeLessThan(16_384);
});
