import { DokumenttiKokoaja } from '../../src/henkilo/dokumentti/dokumentti-kokoaja.service.js';
import { KayttooikeusClient } from '../../src/integrations/kayttooikeus/kayttooikeus.client.js';
import { newHetu } from '../support/persons.js';
import { watchRequestStatements } from '../support/request-statements.js';
import { newOid, store, storeHenkilo, storePlain, storeRyhma, storeViite } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { lukija, oikeudeton, rekisterinpitaja, virkailija } from '../support/users.js';

const app = useTestApp();
const admin = () => app.as(rekisterinpitaja);
beforeEach(() => app.peers.reset());

const kieliId = async (koodi: string): Promise<number> => {
  const [found] = await app.query<{ id: string }>('select id from kielisyys where kielikoodi = $1', [koodi]);
  return found
    ? Number(found.id)
    : store(app, 'kielisyys', { version: 0, kielikoodi: koodi, kielityyppi: `${koodi}-nimi` });
};
const kansalaisuusId = (koodi: string) => store(app, 'kansalaisuus', { version: 0, kansalaisuuskoodi: koodi });

describe('GET /henkilo/{oid}', () => {
  it('gives every member of a person with everything', async () => {
    const hetu = newHetu();
    const henkilo = await storeHenkilo(app, {
      hetu,
      etunimet: 'Äitee "Lainaus" \\ Öö',
      aidinkieli_id: await kieliId('fi'),
      asiointikieli_id: await kieliId('sv'),
      syntymaaika: '1985-03-15',
      kuolinpaiva: '2020-02-29',
      sukupuoli: '2',
      kotikunta: '091',
      kasittelija: '1.2.3',
      yksiloityvtj: true,
      yksilointi_yritetty: true,
      created: '1970-12-06 20:53:20.0009',
      modified: '2024-07-01 10:00:00.123',
      vtjsync_timestamp: '2024-01-15 10:00:00+02',
    });
    for (const value of [`${hetu.slice(0, -1)}b`, `${hetu.slice(0, -1)}a`])
      await storePlain(app, 'henkilo_hetu', { henkilo_id: henkilo.id, hetu: value });
    for (const koodi of ['752', '246'])
      await storePlain(app, 'henkilo_kansalaisuus', {
        henkilo_id: henkilo.id,
        kansalaisuus_id: await kansalaisuusId(koodi),
      });
    await storePlain(app, 'henkilo_passinumero', { henkilo_id: henkilo.id, passinumero: `P${henkilo.id}` });
    await store(app, 'eidastunniste', {
      version: 0,
      henkilo_id: henkilo.id,
      tunniste: `DE/FI/${henkilo.id}`,
      createdby: 'x',
    });
    const empty = await storeRyhma(app, henkilo, []);
    const full = await storeRyhma(app, henkilo, [['SAHKOPOSTI', 'a@x.fi'], ['KATUOSOITE', null], ['MAA', '']], { read_only: true }); // prettier-ignore
    await store(app, 'yksilointivirhe', {
      version: 0,
      aikaleima: '2024-01-01 10:00:00',
      poikkeus: 'fi.vm.sade.oppijanumerorekisteri.exceptions.SuspendableIdentificationException',
      viesti: 'Henkilön hetu ei ole oikea: x',
      henkilo_id: henkilo.id,
      uudelleenyritys_aikaleima: '2024-01-01 18:00:00',
    });

    const ryhma = { ryhmaKuvaus: 'yhteystietotyyppi1', ryhmaAlkuperaTieto: 'alkupera2' };
    expect((await admin().get(`/henkilo/${henkilo.oid}`)).body).toEqual({
      oidHenkilo: henkilo.oid,
      hetu,
      kaikkiHetut: [`${hetu.slice(0, -1)}a`, `${hetu.slice(0, -1)}b`],
      passivoitu: false,
      etunimet: 'Äitee "Lainaus" \\ Öö',
      kutsumanimi: 'Aatu',
      sukunimi: 'Testilä',
      aidinkieli: { kieliKoodi: 'fi', kieliTyyppi: 'fi-nimi' },
      asiointiKieli: { kieliKoodi: 'sv', kieliTyyppi: 'sv-nimi' },
      kansalaisuus: [{ kansalaisuusKoodi: '246' }, { kansalaisuusKoodi: '752' }],
      kasittelijaOid: '1.2.3',
      syntymaaika: '1985-03-15',
      kuolinpaiva: '2020-02-29',
      sukupuoli: '2',
      kotikunta: '091',
      oppijanumero: henkilo.oid,
      turvakielto: false,
      eiSuomalaistaHetua: false,
      yksiloity: false,
      yksiloityVTJ: true,
      yksilointiYritetty: true,
      yksiloityEidas: false,
      eidasTunnisteet: [{ tunniste: `DE/FI/${henkilo.id}` }],
      duplicate: false,
      created: 29_364_800_000,
      modified: 1_719_828_000_123,
      vtjsynced: 1_705_305_600_000,
      yhteystiedotRyhma: [
        { id: empty, ...ryhma, readOnly: false, yhteystieto: [] },
        {
          id: full,
          ...ryhma,
          readOnly: true,
          yhteystieto: [
            { yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: 'a@x.fi' },
            { yhteystietoTyyppi: 'YHTEYSTIETO_KATUOSOITE', yhteystietoArvo: null },
            { yhteystietoTyyppi: 'YHTEYSTIETO_MAA', yhteystietoArvo: '' },
          ],
        },
      ],
      yksilointivirheet: [{ yksilointivirheTila: 'HETU_EI_OIKEA', uudelleenyritysAikaleima: 1_704_132_000_000 }],
      passinumerot: [`P${henkilo.id}`],
      createdAt: '1970-12-06T22:53:20.000+02:00',
      modifiedAt: '2024-07-01T13:00:00.123+03:00',
      kielisyys: [],
    });
  });

  it('never gives the home municipality of a person under turvakielto, by any address', async () => {
    const hetu = newHetu();
    const master = await storeHenkilo(app, { hetu, turvakielto: true, kotikunta: '091' });
    const slave = await storeHenkilo(app, { turvakielto: true, kotikunta: '049', duplicate: true });
    await storeViite(app, master, slave);
    const answers = [
      await admin().get(`/henkilo/${master.oid}`),
      await admin().get(`/henkilo/${slave.oid}/master`),
      await admin().get(`/henkilo/${master.oid}/slaves`),
      await admin().get(`/henkilo/hetu=${hetu}`),
      await admin().post('/henkilo/henkilotByHenkiloOidList', [master.oid, slave.oid]),
      await admin().post('/henkilo/masterHenkilosByOidList', [master.oid, slave.oid]),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(200);
      expect(text).toContain('"turvakielto":true');
      expect(text).not.toMatch(/"kotikunta":"/);
    }
  });

  it('reads a row whose yksiloityeidas is null', async () => {
    const { oid } = await storeHenkilo(app, { yksiloityeidas: null });
    expect(await admin().get(`/henkilo/${oid}`)).toMatchObject({
      status: 200,
      body: { yksiloityEidas: false, oppijanumero: null },
    });
  });

  it('answers HEAD without a body, 404 for an unknown person', async () => {
    const { oid } = await storeHenkilo(app);
    expect(await admin().send('HEAD', `/henkilo/${oid}`)).toMatchObject({ status: 200, text: '' });
    expect(await admin().send('HEAD', `/henkilo/${newOid()}`)).toMatchObject({ status: 404, text: '' });
  });

  it('asks käyttöoikeuspalvelu about a person before it looks, with the service of the header', async () => {
    const oid = newOid();
    const denied = await app.as(virkailija).get(`/henkilo/${oid}`, { 'External-Permission-Service': 'ATARU' });
    expect(denied.status).toBe(401);
    await app.peers.state({ canAccess: [`${virkailija.sub}>${oid}`] });
    expect((await app.as(virkailija).get(`/henkilo/${oid}`)).status).toBe(404);
    const asked = (await app.peers.traffic()).filter(({ path }) => path.endsWith('/canUserAccessUser'));
    expect(asked.map(({ body }) => body)).toMatchObject([
      { userOid: oid, externalPermissionService: 'ATARU' },
      { userOid: oid, externalPermissionService: null },
    ]);
  });
});

describe('GET /henkilo/{oid}/master', () => {
  it('gives the master of a slave, and the person itself otherwise', async () => {
    const [master, slave] = [await storeHenkilo(app), await storeHenkilo(app, { duplicate: true })];
    await storeViite(app, master, slave);
    expect((await admin().get(`/henkilo/${slave.oid}/master`)).body.oidHenkilo).toBe(master.oid);
    expect((await admin().get(`/henkilo/${master.oid}/master`)).body.oidHenkilo).toBe(master.oid);
    expect((await admin().get(`/henkilo/${newOid()}/master`)).status).toBe(404);
  });

  it('checks the permission on the person asked for, not on the master', async () => {
    const [master, slave] = [await storeHenkilo(app), await storeHenkilo(app, { duplicate: true })];
    await storeViite(app, master, slave);
    await app.peers.state({ canAccess: [`${virkailija.sub}>${slave.oid}`] });
    expect((await app.as(virkailija).get(`/henkilo/${slave.oid}/master`)).body.oidHenkilo).toBe(master.oid);
    expect((await app.as(virkailija).get(`/henkilo/${master.oid}/master`)).status).toBe(401);
  });

  it('gives the person itself when its master is no person', async () => {
    const slave = await storeHenkilo(app, { duplicate: true });
    await storeViite(app, { id: 0, oid: newOid() }, slave);
    expect((await admin().get(`/henkilo/${slave.oid}/master`)).body.oidHenkilo).toBe(slave.oid);
  });
});

describe('a person by hetu', () => {
  it('is the one who has it now, else the one who had it', async () => {
    const [now, before] = [newHetu(), newHetu()];
    const henkilo = await storeHenkilo(app, { hetu: now });
    await storePlain(app, 'henkilo_hetu', { henkilo_id: henkilo.id, hetu: before });
    for (const hetu of [now, before]) {
      expect((await admin().get(`/henkilo/hetu=${hetu}`)).body).toMatchObject({ oidHenkilo: henkilo.oid, hetu: now });
      const { body } = await admin().get(`/henkilo/henkiloPerusByHetu/${hetu}`);
      expect(body).toEqual({
        oidHenkilo: henkilo.oid,
        hetu: now,
        etunimet: 'Aatu Eevert',
        kutsumanimi: 'Aatu',
        sukunimi: 'Testilä',
      });
      const text = await admin().get(`/s2s/oidByHetu/${hetu}`);
      expect([text.text, text.headers.get('content-type')]).toEqual([henkilo.oid, 'text/plain;charset=UTF-8']);
    }
    const list = await admin().post('/henkilo/henkiloPerustietosByHenkiloHetuList', [before, now, null, now]);
    expect(list.body).toHaveLength(1);
    expect((await admin().post('/henkilo/henkiloPerustietosByHenkiloHetuList', [before])).body).toEqual([]);
  });

  it('may have a plus sign', async () => {
    const henkilo = await storeHenkilo(app, { hetu: '010190+901A' });
    expect((await admin().get('/henkilo/hetu=010190+901A')).body.oidHenkilo).toBe(henkilo.oid);
    expect((await admin().get('/s2s/oidByHetu/010190%2B901A')).text).toBe(henkilo.oid);
  });

  it('is 404 before the permission, 401 only for one that exists', async () => {
    const hetu = newHetu();
    await storeHenkilo(app, { hetu });
    for (const path of ['/henkilo/hetu=', '/henkilo/henkiloPerusByHetu/']) {
      expect((await app.as(oikeudeton).get(`${path}${newHetu()}`)).status).toBe(404);
      expect((await app.as(oikeudeton).get(`${path}${hetu}`)).status).toBe(401);
    }
    expect((await admin().get('/henkilo/hetu=')).status).toBe(404);
  });

  it('is audited only when it is given', async () => {
    const hetu = newHetu();
    const { oid } = await storeHenkilo(app, { hetu });
    const before = app.audit.length;
    await app.as(oikeudeton).get(`/henkilo/hetu=${hetu}`);
    await admin().get(`/henkilo/hetu=${newHetu()}`);
    expect(app.audit).toHaveLength(before);
    await admin().get(`/henkilo/hetu=${hetu}`);
    expect(app.audit.slice(before)).toMatchObject([{ operation: 'READ', target: { oids: oid } }]);
  });
});

describe('lists by OID', () => {
  const PATHS = ['henkiloPerustietosByHenkiloOidList', 'henkilotByHenkiloOidList', 'masterHenkilosByOidList'];
  const oidsOf = (body: { oidHenkilo: string }[]) =>
    Object.values(body)
      .map(({ oidHenkilo }) => oidHenkilo)
      .sort();

  it('leave out the unknown and the repeated', async () => {
    const [a, b] = [await storeHenkilo(app), await storeHenkilo(app)];
    for (const path of PATHS) {
      const { status, body } = await admin().post(`/henkilo/${path}`, [a.oid, 'foo', null, b.oid, a.oid]);
      expect([status, oidsOf(body)]).toEqual([200, [a.oid, b.oid].sort()]);
    }
  });

  it('leave out whom the caller may not read', async () => {
    const [seen, hidden] = [await storeHenkilo(app), await storeHenkilo(app)];
    await app.peers.state({ canAccess: [`${virkailija.sub}>${seen.oid}`] });
    for (const path of PATHS) {
      const { body } = await app.as(virkailija).post(`/henkilo/${path}`, [hidden.oid, seen.oid]);
      expect(oidsOf(body)).toEqual([seen.oid]);
    }
  });

  it('check masters on the master and key them by what was asked', async () => {
    const [master, slave] = [await storeHenkilo(app), await storeHenkilo(app, { duplicate: true })];
    await storeViite(app, master, slave);
    await app.peers.state({ canAccess: [`${virkailija.sub}>${slave.oid}`] });
    expect((await app.as(virkailija).post('/henkilo/masterHenkilosByOidList', [slave.oid])).body).toEqual({});
    const { body } = await admin().post('/henkilo/masterHenkilosByOidList', [slave.oid, master.oid]);
    expect(Object.keys(body).sort()).toEqual([slave.oid, master.oid].sort());
    expect(oidsOf(body)).toEqual([master.oid, master.oid]);
  });

  it('take who is somebody’s master for itself, though it has a master too', async () => {
    const [master, middle, slave] = [await storeHenkilo(app), await storeHenkilo(app), await storeHenkilo(app)];
    await storeViite(app, master, middle);
    await storeViite(app, middle, slave);
    const mastersOf = async (...henkilot: { oid: string }[]) => {
      const asked = henkilot.map(({ oid }) => oid);
      const { body } = await app.as(rekisterinpitaja).post('/henkilo/masterHenkilosByOidList', asked);
      return asked.map((oid) => (body as Record<string, { oidHenkilo: string }>)[oid]!.oidHenkilo);
    };
    expect(await mastersOf(middle)).toEqual([master.oid]);
    expect(await mastersOf(slave, middle)).toEqual([middle.oid, middle.oid]);
  });

  it('give the External-Permission-Service to the question, except basic data by OID', async () => {
    const { oid } = await storeHenkilo(app);
    const header = { 'External-Permission-Service': 'SURE' };
    for (const path of PATHS) await app.as(virkailija).post(`/henkilo/${path}`, [oid], header);
    const asked = (await app.peers.traffic()).filter(({ path }) => path.endsWith('/canUserAccessUser'));
    expect(asked.map(({ body }) => body)).toMatchObject([
      { allowedPalveluRooli: { OPPIJANUMEROREKISTERI: ['HENKILON_RU'] }, externalPermissionService: null },
      { allowedPalveluRooli: { OPPIJANUMEROREKISTERI: ['READ', 'HENKILON_RU'] }, externalPermissionService: 'SURE' },
      { allowedPalveluRooli: { OPPIJANUMEROREKISTERI: ['READ', 'HENKILON_RU'] }, externalPermissionService: 'SURE' },
    ]);
  });

  it('do not wait for the service that is asked about the rights of another caller', async () => {
    const { oid } = await storeHenkilo(app);
    const many = [oid, ...Array.from({ length: 4999 }, (_, i) => `1.2.246.562.24.${i}`)];
    let answer!: (allowed: boolean) => void;
    const asked = new Promise<void>((isAsked) => {
      jest.spyOn(app.nest.get(KayttooikeusClient), 'canUserAccessUser').mockImplementationOnce(() => {
        isAsked();
        return new Promise((resolve) => (answer = resolve));
      });
    });
    const slow = app.as(virkailija).post('/henkilo/henkilotByHenkiloOidList', many);
    await asked;
    for (const path of PATHS) expect((await admin().post(`/henkilo/${path}`, [oid])).status).toBe(200);
    answer(true);
    expect((await slow).status).toBe(200);
  });

  it('take 5 000 and refuse 5 001; masters count different ones', async () => {
    const many = Array.from({ length: 5001 }, (_, i) => `1.2.246.562.24.${i}`);
    for (const path of PATHS) {
      expect((await admin().post(`/henkilo/${path}`, many.slice(1))).status).toBe(200);
      expect(await admin().post(`/henkilo/${path}`, many)).toMatchObject({
        status: 400,
        body: { message: 'Maximum amount of henkilös to be fetched is 5000. Tried to fetch:5001' },
      });
    }
    const same = Array.from({ length: 5001 }, () => many[0]);
    expect((await admin().post('/henkilo/masterHenkilosByOidList', same)).status).toBe(200);
    expect((await admin().post('/henkilo/henkilotByHenkiloOidList', same)).status).toBe(400);
  });

  it('ask the database as often for many persons as for two', async () => {
    const oids: string[] = [];
    for (let i = 0; i < 40; i++) {
      const henkilo = await storeHenkilo(app, { aidinkieli_id: await kieliId(i % 2 ? 'fi' : 'sv') });
      await storeRyhma(app, henkilo, [['SAHKOPOSTI', `a${i}@x.fi`]]);
      oids.push(henkilo.oid);
    }
    await app.query('delete from onr_henkilo_dokumentti'); // who has no document is read from the tables
    const build = jest.spyOn(app.nest.get(DokumenttiKokoaja), 'add').mockReturnValue();
    const asked = watchRequestStatements(app);
    const statements = async (path: string, list: string[]) => {
      asked.texts.length = 0;
      expect((await admin().post(path, list)).status).toBe(200);
      return [...asked.texts];
    };
    for (const path of [...PATHS.map((p) => `/henkilo/${p}`), '/s2s/henkilo/kotikuntahistoria']) {
      if (path.startsWith('/s2s')) continue;
      const few = await statements(path, oids.slice(0, 2));
      expect(few).not.toEqual([]);
      expect(await statements(path, oids)).toEqual(few);
    }
    asked.stop();
    build.mockRestore();
  });

  it('write one audit entry each', async () => {
    const [a, b] = [await storeHenkilo(app), await storeHenkilo(app)];
    const before = app.audit.length;
    for (const path of PATHS) await admin().post(`/henkilo/${path}`, [a.oid, b.oid]);
    const entries = app.audit.slice(before) as { operation: string; target: { oids: string } }[];
    expect(entries.map(({ operation, target }) => [operation, ...target.oids.split(',').sort()])).toEqual(
      PATHS.map(() => ['READ', a.oid, b.oid]),
    );
  });
});

it('operations without an external permission service do not look at the header', async () => {
  const hetu = newHetu();
  const { oid } = await storeHenkilo(app, { hetu });
  const bad = { 'External-Permission-Service': 'koski' };
  const caller = app.as(rekisterinpitaja);
  expect((await caller.get(`/henkilo/henkiloPerusByHetu/${hetu}`, bad)).status).toBe(200);
  expect((await caller.get('/henkilo/identification?idp=email&id=nobody', bad)).status).toBe(404);
  expect((await caller.post('/henkilo/henkiloPerustietosByHenkiloOidList', [oid], bad)).status).toBe(200);
  expect((await caller.get(`/henkilo/${oid}`, bad)).status).toBe(400);
});

describe('identifications and passport numbers', () => {
  it('find the one person who has the identifier; several are a conflict', async () => {
    const [a, b] = [await storeHenkilo(app), await storeHenkilo(app)];
    const identifier = `user${a.id}@example.fi`;
    const add = (henkilo: { id: number }, idpentityid: string) =>
      store(app, 'identification', { version: 0, henkilo_id: henkilo.id, idpentityid, identifier });
    const query = `idp=email&id=${encodeURIComponent(identifier)}`;
    expect((await app.as(oikeudeton).get(`/henkilo/identification?${query}`)).status).toBe(404);
    await add(a, 'email');
    await add(b, 'google');
    expect((await admin().get(`/henkilo/identification?${query}`)).body.oidHenkilo).toBe(a.oid);
    expect((await app.as(oikeudeton).get(`/henkilo/identification?${query}`)).status).toBe(401);
    await add(b, 'email');
    expect(await admin().get(`/henkilo/identification?${query}`)).toMatchObject({
      status: 409,
      body: { httpQuery: query },
    });
    expect((await app.as(lukija).get(`/henkilo/${b.oid}/identification`)).body).toEqual([
      { identifier, idpEntityId: 'google' },
      { identifier, idpEntityId: 'email' },
    ]);
    expect((await admin().get('/henkilo/identification?idp=sposti&id=x')).status).toBe(400);
    expect((await admin().get('/henkilo/identification?idp=email')).status).toBe(400);
  });

  it('list passport numbers for the registrar only', async () => {
    const henkilo = await storeHenkilo(app);
    for (const passinumero of [`B${henkilo.id}`, `A${henkilo.id}`])
      await storePlain(app, 'henkilo_passinumero', { henkilo_id: henkilo.id, passinumero });
    const path = `/henkilo/${henkilo.oid}/passinumerot`;
    expect((await admin().get(path)).body).toEqual([`A${henkilo.id}`, `B${henkilo.id}`]);
    expect((await app.as(lukija).get(path)).status).toBe(401);
    expect((await admin().get(`/henkilo/${newOid()}/passinumerot`)).status).toBe(404);
  });
});

describe("the caller's own data", () => {
  it('needs no rights', async () => {
    const caller = app.as(oikeudeton);
    expect((await caller.get('/henkilo/current/hasHetu')).body).toBe(false);
    expect((await caller.get('/henkilo/current/omattiedot')).status).toBe(404);
    expect((await caller.get('/henkilo/current/asiointiKieli')).status).toBe(404);
    await storeHenkilo(app, { oidhenkilo: oikeudeton.sub, hetu: newHetu(), asiointikieli_id: await kieliId('SV') });
    expect((await caller.get('/henkilo/current/hasHetu')).body).toBe(true);
    const own = { asiointikieli: 'SV', kutsumanimi: 'Aatu', sukunimi: 'Testilä' };
    expect((await caller.get('/henkilo/current/omattiedot')).body).toEqual(own);
    expect((await caller.get('/henkilo/current/asiointiKieli')).text).toBe('SV');
    expect((await caller.get(`/henkilo/${oikeudeton.sub}/asiointiKieli`)).text).toBe('SV');
    expect((await caller.get(`/henkilo/${oikeudeton.sub}/omattiedot`)).status).toBe(401);
  });

  it('has fi as language when none is stored, bare even where JSON is asked for', async () => {
    const { oid } = await storeHenkilo(app);
    const answer = await admin().get(`/henkilo/${oid}/asiointiKieli`, { Accept: 'application/json' });
    expect([answer.text, answer.headers.get('content-type')]).toEqual(['fi', 'application/json']);
  });
});

describe('GET /yleistunniste/hae/{oid}', () => {
  it('gives oppijanumero and all other OIDs of the person, nothing else', async () => {
    const partner = app.as({
      sub: newOid(),
      roles: { '1.2.246.562.10.1': ['OPPIJANUMEROREKISTERI_YLEISTUNNISTE_LUONTI'] },
    });
    const master = await storeHenkilo(app, { yksiloityvtj: true, hetu: newHetu() });
    const [first, second] = [
      await storeHenkilo(app, { duplicate: true, passivoitu: true }),
      await storeHenkilo(app, { duplicate: true }),
    ];
    await storeViite(app, master, first);
    await storeViite(app, master, second);
    const lone = await storeHenkilo(app, { hetu: newHetu() });
    const hae = async (oid: string) => (await partner.get(`/yleistunniste/hae/${oid}`)).body;
    const common = { oppijanumero: master.oid, passivoitu: false };
    expect(await hae(master.oid)).toEqual({ oid: master.oid, ...common, linked: [first.oid, second.oid] });
    expect(await hae(second.oid)).toEqual({ oid: second.oid, ...common, linked: [master.oid, first.oid].sort() });
    expect(await hae(first.oid)).toEqual({
      oid: first.oid,
      ...common,
      passivoitu: true,
      linked: [master.oid, second.oid].sort(),
    });
    expect(await hae(lone.oid)).toEqual({ oid: lone.oid, oppijanumero: null, passivoitu: false, linked: [] });
    expect((await partner.get(`/yleistunniste/hae/${newOid()}`)).status).toBe(404);
    expect((await admin().get(`/yleistunniste/hae/${master.oid}`)).status).toBe(401);
  });
});
