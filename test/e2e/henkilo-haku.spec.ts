import { newHetu } from '../support/persons.js';
import {
  newOid,
  store,
  storeHenkilo,
  storeHuoltaja,
  storePlain,
  storeRyhma,
  storeViite,
} from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { lukija, oikeudeton, rekisterinpitaja, ROOT, tuoja, userWith, virkailija } from '../support/users.js';

const app = useTestApp();
const admin = () => app.as(rekisterinpitaja);
const oidsOf = (list: { oidHenkilo: string }[]) => list.map(({ oidHenkilo }) => oidHenkilo);
beforeEach(() => app.peers.reset());

describe('GET /henkilo', () => {
  const sees = (oids: string[] | null, rest: object = { admin: false }) =>
    app.peers.state({ kayttooikeudet: { [virkailija.sub]: { ...rest, ...(oids && { oids }) } } });

  it('shows only whom käyttöoikeuspalvelu names', async () => {
    const [seen, hidden] = [await storeHenkilo(app), await storeHenkilo(app)];
    await sees([seen.oid]);
    expect(oidsOf((await app.as(virkailija).get('/henkilo')).body.results)).toEqual([seen.oid]);
    const both = await app.as(virkailija).get(`/henkilo?henkiloOids=${hidden.oid},${seen.oid}`);
    expect(oidsOf(both.body.results)).toEqual([seen.oid]);
  });

  it('shows nobody when none of the asked ones may be seen', async () => {
    const [seen, hidden] = [await storeHenkilo(app), await storeHenkilo(app)];
    await sees([seen.oid]);
    expect((await app.as(virkailija).get(`/henkilo?henkiloOids=${hidden.oid}`)).body).toEqual({
      number: 1, size: 20, results: [], last: true, first: true, numberOfElements: 0,
    }); // prettier-ignore
    await sees([]);
    expect((await app.as(virkailija).get('/henkilo')).body.results).toEqual([]);
  });

  it('refuses an answer that names nobody for a caller who is no administrator', async () => {
    await storeHenkilo(app);
    await sees(null);
    const answer = await app.as(virkailija).get('/henkilo');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('oidHenkilo');
    await sees(null, { admin: true });
    expect((await app.as(virkailija).get('/henkilo?count=1')).body).toMatchObject({ numberOfElements: 1 });
  });

  it('pages by surname, kutsumanimi and OID', async () => {
    const names = [['Bb', 'B'], ['Aa', 'C'], ['Ää', 'A'], ['Aa', 'B'], ['aa', 'A']]; // prettier-ignore
    const made: Record<string, string> = {};
    for (const [sukunimi, kutsumanimi] of names)
      made[`${sukunimi} ${kutsumanimi}`] = (await storeHenkilo(app, { sukunimi, kutsumanimi })).oid;
    await sees(Object.values(made));
    const page = async (n: number) => (await app.as(virkailija).get(`/henkilo?page=${n}&count=2`)).body;
    const order = ['Aa B', 'Aa C', 'Bb B', 'aa A', 'Ää A'].map((name) => made[name]);
    const pages = [await page(1), await page(2), await page(3), await page(4)];
    expect(pages.flatMap(({ results }) => oidsOf(results))).toEqual(order);
    expect(pages.map(({ last, first, number, numberOfElements }) => [number, first, last, numberOfElements])).toEqual([
      [1, true, false, 2],
      [2, false, false, 2],
      [3, false, true, 1],
      [4, false, true, 0],
    ]);
    expect((await app.as(virkailija).get('/henkilo?page=0')).status).toBe(400);
    expect((await app.as(oikeudeton).get('/henkilo?page=0')).status).toBe(401);
  });
});

describe('GET /henkilo/hakutermi={x}', () => {
  const find = async (term: string) =>
    (await admin().get(`/henkilo/hakutermi=${encodeURIComponent(term)}`)).body.oidHenkilo;

  it('finds by part of a name, hetu and OID, and takes wildcards literally', async () => {
    const hetu = newHetu();
    const { oid } = await storeHenkilo(app, { hetu, sukunimi: 'Xylo_100%fon', etunimet: 'Qwerty' });
    for (const term of ['xylo_', 'WERT', hetu, oid]) expect([term, await find(term)]).toEqual([term, oid]);
    for (const term of ['xyloo', '100_', 'ylo1']) expect([term, await find(term)]).toEqual([term, undefined]);
  });

  it('passes over the passivated and the duplicates', async () => {
    await storeHenkilo(app, { sukunimi: 'Aavekulma', passivoitu: true });
    await storeHenkilo(app, { sukunimi: 'Aavekulma', duplicate: true });
    expect((await admin().get('/henkilo/hakutermi=aavekul')).status).toBe(404);
    const { oid } = await storeHenkilo(app, { sukunimi: 'Bavekulma', etunimet: 'Aavekulma' });
    expect(await find('aavekul')).toBe(oid);
  });

  it('is 401 for a person whom the caller may not read; a second one is not tried', async () => {
    const first = await storeHenkilo(app, { sukunimi: 'Toisarvo', kutsumanimi: 'A' });
    const second = await storeHenkilo(app, { sukunimi: 'Toisarvo', kutsumanimi: 'B' });
    await app.peers.state({ canAccess: [`${virkailija.sub}>${second.oid}`] });
    expect((await app.as(virkailija).get('/henkilo/hakutermi=Toisarvo')).status).toBe(401);
    await app.peers.state({ canAccess: [`${virkailija.sub}>${first.oid}`] });
    expect((await app.as(virkailija).get('/henkilo/hakutermi=Toisarvo')).body.oidHenkilo).toBe(first.oid);
  });

  it('takes the empty term for every name', async () => {
    await storeHenkilo(app);
    expect((await admin().get('/henkilo/hakutermi=')).status).toBe(200);
  });
});

describe('searches by criteria', () => {
  it('contact details leave out empty values and keep their group', async () => {
    const [a, b] = [await storeHenkilo(app, { sukunimi: 'Ya' }), await storeHenkilo(app, { sukunimi: 'Yb' })];
    const id = await storeRyhma(app, a, [['SAHKOPOSTI', ''], ['MAA', null], ['KUNTA', 'Salo']]); // prettier-ignore
    const { body } = await admin().post('/henkilo/yhteystiedot', { henkiloOids: [b.oid, a.oid] });
    const common = { hetu: null, etunimet: 'Aatu Eevert', kutsumanimi: 'Aatu', asiointikieli: null };
    expect(body).toEqual([
      {
        ...common,
        oidHenkilo: a.oid,
        sukunimi: 'Ya',
        yhteystiedotRyhma: [
          {
            id,
            ryhmaKuvaus: 'yhteystietotyyppi1',
            ryhmaAlkuperaTieto: 'alkupera2',
            readOnly: false,
            yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_KUNTA', yhteystietoArvo: 'Salo' }],
          },
        ],
      },
      { ...common, oidHenkilo: b.oid, sukunimi: 'Yb', yhteystiedotRyhma: [] },
    ]);
    const none = await admin().post('/henkilo/yhteystiedot', { henkiloOids: [a.oid], nameQuery: 'foo' });
    expect(none.body).toEqual([]);
    expect((await admin().post('/henkilo/yhteystiedot', { hetu: 'x' })).status).toBe(400);
  });

  it('contact values are found exactly, each person once', async () => {
    const henkilo = await storeHenkilo(app);
    const arvo = `a b/${henkilo.id}+ä@x.fi`;
    await storeRyhma(app, henkilo, [['SAHKOPOSTI', arvo], ['MAA', arvo]]); // prettier-ignore
    const path = (value: string) => `/henkilo/yhteystieto=${encodeURIComponent(value).replace('%2F', '/')}/oid`;
    expect((await admin().get(path(`a b${henkilo.id}+ä@x.fi`))).body).toEqual([]);
    await app.query('update yhteystiedot set yhteystieto_arvo = $2 where yhteystieto_arvo = $1', [
      arvo,
      `ä+${henkilo.id}@x.fi`,
    ]);
    expect((await admin().get(path(`ä+${henkilo.id}@x.fi`))).body).toEqual([henkilo.oid]);
    expect((await admin().get(path(`Ä+${henkilo.id}@x.fi`))).body).toEqual([]);
  });

  it('every part of a name query must be in the first names or the surname', async () => {
    const { oid } = await storeHenkilo(app, { etunimet: 'Örkki Tapio', kutsumanimi: 'Kutsu', sukunimi: 'Zed%_ström' });
    const found = async (nameQuery: string) =>
      oidsOf((await admin().post('/s2s/henkilo/perustiedotAsAdmin', { nameQuery })).body).includes(oid);
    for (const query of ['örkki', 'ÖRKKI zed', 'zed  tapio', 'ed%_str', '%_', 'ö z t'])
      expect([query, await found(query)]).toEqual([query, true]);
    for (const query of ['kutsu', 'örkki foo', 'z_d', 'orkki'])
      expect([query, await found(query)]).toEqual([query, false]);
  });

  it('persons for administrators come by name, in parts', async () => {
    const oids: string[] = [];
    for (const n of [3, 1, 2]) oids.push((await storeHenkilo(app, { sukunimi: `Osa${n}`, yksiloity: n === 1 })).oid);
    const criteria = { henkiloOids: oids, passivoitu: false, duplikaatti: false };
    const part = async (query: string) =>
      oidsOf((await admin().post(`/s2s/henkilo/perustiedotAsAdmin${query}`, criteria)).body);
    const [third, first, second] = oids;
    expect(await part('')).toEqual([first, second, third]);
    expect(await part('?offset=1&limit=1')).toEqual([second]);
    for (const bad of ['?offset=-1', '?limit=0', '?limit=x'])
      expect((await admin().post(`/s2s/henkilo/perustiedotAsAdmin${bad}`, {})).status).toBe(400);
    expect((await admin().post('/s2s/henkilo/perustiedotAsAdmin', { henkiloOids: [first] })).body).toEqual([
      {
        oidHenkilo: first, hetu: null, etunimet: 'Aatu Eevert', kutsumanimi: 'Aatu', sukunimi: 'Osa1', yksiloityVTJ: false,
        yksiloityEidas: false, eidasTunnisteet: null, yksiloity: true, passivoitu: false, duplicate: false,
      },
    ]); // prettier-ignore
  });

  it('persons of a municipality are those born that day or later, by id', async () => {
    const born = async (syntymaaika: string, kotikunta = '999', turvakielto = false) =>
      (await storeHenkilo(app, { syntymaaika, kotikunta, turvakielto })).oid;
    const [late, same] = [await born('2001-01-01'), await born('2000-02-29', '999', true)]; // the protected, too (ADR 44)
    await born('2000-02-28');
    await born('2001-01-01', '998');
    const { body } = await admin().get('/s2s/henkilo/list/999/2000-02-29');
    expect({ ...body, results: oidsOf(body.results) }).toEqual({
      number: 1, size: 5000, results: [late, same], last: true, first: true, numberOfElements: 2,
    }); // prettier-ignore
    expect(body.results[0].syntymaaika).toBe('2001-01-01');
    expect((await admin().get('/s2s/henkilo/list/999/juhannus')).status).toBe(400);
    expect((await admin().get('/s2s/henkilo/list/999/2000-02-29?page=0')).status).toBe(400);
    expect((await app.as(lukija).get('/s2s/henkilo/list/999/2000-02-29')).status).toBe(401);
  });
});

describe('changes since an instant', () => {
  it('come in order of change, with offset and amount, whatever the form of the instant', async () => {
    const at = (n: number) => `2124-01-01 10:00:0${n}`;
    const oids: string[] = [];
    for (const n of [2, 1, 3]) oids.push((await storeHenkilo(app, { modified: at(n), passivoitu: n === 3 })).oid);
    const [second, first, third] = oids;
    const since = async (path: string) => (await admin().get(`/s2s/changedSince/${path}`)).body;
    expect(await since('2124-01-01T10:00:01Z')).toEqual([first, second, third]);
    expect(await since('2124-01-01T12:00:02+02:00')).toEqual([second, third]);
    expect(await since(String(Date.UTC(2124, 0, 1, 10, 0, 3)))).toEqual([third]);
    expect(await since('2124-01-01')).toEqual([first, second, third]);
    expect(await since('2124-01-01?offset=1&amount=1')).toEqual([second]);
    expect(await since('2125-01-01')).toEqual([]);
    const posted = await admin().post('/s2s/changedSince/2124-01-01', {
      passivoitu: false,
      henkiloOids: [third, first],
    });
    expect(posted.body).toEqual([first]);
    for (const bad of ['juhannus', '2124-01-01?offset=-1', '2124-01-01?amount=0', '300000-01-01'])
      expect((await admin().get(`/s2s/changedSince/${bad}`)).status).toBe(400);
  });
});

it('passivation and passport numbers are no change in the feed', async () => {
  const { oid } = await storeHenkilo(app, { modified: '2131-01-01' });
  const since = async () => (await admin().get('/s2s/changedSince/2131-01-02')).body;
  expect((await admin().post(`/henkilo/${oid}/passinumerot`, [`P${oid}`])).status).toBe(200);
  expect((await admin().delete(`/henkilo/${oid}`)).status).toBe(200);
  expect((await admin().get(`/henkilo/${oid}`)).body).toMatchObject({ passivoitu: true, passinumerot: [`P${oid}`] });
  expect(await since()).toEqual([]);
  expect((await admin().get('/s2s/changedSince/2131-01-01')).body).toEqual([oid]);
});

describe('POST /s2s/duplicateHenkilos', () => {
  it('gives the whole group of every person, each link once', async () => {
    const [master, a, b, other] = [
      await storeHenkilo(app),
      await storeHenkilo(app),
      await storeHenkilo(app),
      await storeHenkilo(app),
    ];
    for (const slave of [b, a, a]) await storeViite(app, master, slave);
    const links = [a.oid, b.oid].map((henkiloOid) => ({ henkiloOid, masterOid: master.oid }));
    const post = async (body: object) => (await admin().post('/s2s/duplicateHenkilos', body)).body;
    for (const henkiloOids of [[master.oid], [a.oid], [a.oid, b.oid, master.oid, other.oid]])
      expect(await post({ henkiloOids })).toEqual(links);
    const strangers = Array.from({ length: 5_000 }, (_, i) => `1.2.3.${i}`);
    expect(await post({ henkiloOids: [a.oid, ...strangers, b.oid] })).toEqual(links);
    expect(await post({ henkiloOids: [other.oid] })).toEqual([]);
    expect(await post({ henkiloOids: [] })).toEqual([]);
    expect(await post({})).toEqual(expect.arrayContaining(links));
  });
});

describe('guardians', () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

  it('are those of today; where one under turvakielto lives is not told', async () => {
    const lapsi = await storeHenkilo(app);
    const [open, secret, ended, future] = [
      await storeHenkilo(app, { kotikunta: '091' }),
      await storeHenkilo(app, { kotikunta: '049', turvakielto: true }),
      await storeHenkilo(app),
      await storeHenkilo(app),
    ];
    await storeRyhma(app, open, [['KUNTA', 'Helsinki']]);
    await storeRyhma(app, secret, [['KATUOSOITE', 'Salainen kuja 1']]);
    await storeHuoltaja(app, lapsi, open, { alkupvm: day(-2), loppupvm: day(2) });
    await storeHuoltaja(app, lapsi, secret);
    await storeHuoltaja(app, lapsi, ended, { loppupvm: day(-1) });
    await storeHuoltaja(app, lapsi, future, { alkupvm: day(2) });
    const { body, text } = await admin().get(`/henkilo/${lapsi.oid}/huoltajat`);
    expect(oidsOf(body)).toEqual([open.oid, secret.oid]);
    expect(body[0]).toMatchObject({
      kotikunta: '091',
      yhteystiedotRyhma: [{ yhteystieto: [{ yhteystietoArvo: 'Helsinki' }] }],
    });
    expect(body[1]).toEqual({
      hetu: null, oidHenkilo: secret.oid, etunimet: 'Aatu Eevert', kutsumanimi: 'Aatu', sukunimi: 'Testilä', kotikunta: null,
      aidinkieli: null, yhteystiedotRyhma: [],
    }); // prettier-ignore
    expect(text).not.toMatch(/049|Salainen/);
    expect((await admin().get(`/henkilo/${newOid()}/huoltajat`)).body).toEqual([]);
  });

  it('changes by day come from the history, removals apart, also for a child without history of its own', async () => {
    const [added, removed, late] = [await storeHenkilo(app), await storeHenkilo(app), await storeHenkilo(app)];
    const revision = async (lapsi: { id: number }, revtype: number, at: string) => {
      const [row] = await app.query<{ rev: number }>(
        `insert into revinfo (rev, revtstmp) values (nextval('hibernate_sequence'), $1) returning rev`,
        [Date.parse(at)],
      );
      const values = { id: lapsi.id, rev: row!.rev, revtype, lapsi_id: lapsi.id, huoltaja_id: lapsi.id };
      await storePlain(app, 'henkilo_huoltaja_suhde_aud', values);
    };
    await revision(added, 0, '2090-01-31T23:59:59.999Z');
    await revision(removed, 2, '2090-01-15T00:00:00Z');
    await revision(late, 1, '2090-02-01T00:00:00Z');
    await revision({ id: -77 }, 0, '2090-01-15T00:00:00Z');
    const path = (start: string, end: string) => `/henkilo/huoltajasuhdemuutokset?startdate=${start}&enddate=${end}`;
    expect((await admin().get(path('2090-01-31', '2090-01-31'))).body).toEqual([added.oid]);
    expect((await admin().get(path('2090-01-01', '2090-02-01'))).body).toEqual([added.oid, late.oid].sort());
    expect((await admin().get(path('juhannus', '2090-02-01'))).status).toBe(400);
    expect((await admin().get('/henkilo/huoltajasuhdemuutokset?startdate=2090-01-01')).status).toBe(400);
  });

  it('changes since an instant come in order of the latest change, each child once, in stable pages', async () => {
    const children = [await storeHenkilo(app), await storeHenkilo(app), await storeHenkilo(app)] as const;
    const huoltaja = await storeHenkilo(app);
    const at = (n: number) => ({ updated: `2091-01-01 10:00:0${n}` });
    await storeHuoltaja(app, children[0], huoltaja, at(1));
    await storeHuoltaja(app, children[1], huoltaja, at(2));
    await storeHuoltaja(app, children[2], huoltaja, at(2));
    await storeHuoltaja(app, children[0], huoltaja, at(3));
    const since = async (query = '') =>
      (await admin().get(`/henkilo/huoltajasuhdemuutokset/alkaen/2091-01-01T10:00:01Z${query}`)).body;
    const order = [children[1].oid, children[2].oid, children[0].oid];
    expect(await since()).toEqual(order);
    expect([...(await since('?amount=2')), ...(await since('?offset=2&amount=2'))]).toEqual(order);
    for (const bad of ['2091-01-01?amount=0', '2091-01-01?offset=-1', 'juhannus'])
      expect((await admin().get(`/henkilo/huoltajasuhdemuutokset/alkaen/${bad}`)).status).toBe(400);
  });

  it('changes are for those who may read everyone; nobody is asked about nobody', async () => {
    await app.peers.state({ canAccess: ['*>*'] });
    const path = '/henkilo/huoltajasuhdemuutokset/alkaen/2091-01-01';
    expect((await app.as(lukija).get(path)).status).toBe(200);
    for (const user of [virkailija, tuoja, oikeudeton]) expect((await app.as(user).get(path)).status).toBe(401);
    expect(await app.peers.traffic()).toEqual([]);
  });
});

describe('home municipalities', () => {
  it('are apart for persons under turvakielto; the registrar sees neither', async () => {
    const open = app.as(userWith(newOid(), ROOT, 'KOTIKUNTAHISTORIA'));
    const secret = app.as(userWith(newOid(), ROOT, 'TURVAKIELTOKOTIKUNTAHISTORIA'));
    const [a, b] = [await storeHenkilo(app), await storeHenkilo(app, { turvakielto: true })];
    const stay = (henkilo: { id: number }, kotikunta: string, kuntaan_muuttopv: string | null) =>
      store(app, 'kotikunta_historia', { version: 0, henkilo_id: henkilo.id, kotikunta, kuntaan_muuttopv });
    await stay(a, '564', null);
    await stay(a, '091', '2011-01-01');
    await stay(b, '049', '1999-01-01');
    const row = (oid: string, kotikunta: string, kuntaanMuuttopv: string | null) => ({
      oid,
      kotikunta,
      kuntaanMuuttopv,
      kunnastaPoisMuuttopv: null,
    });
    const path = '/s2s/henkilo/kotikuntahistoria';
    const oids = [b.oid, a.oid, 'foo'];
    expect((await open.post(path, oids)).body).toEqual([row(a.oid, '091', '2011-01-01'), row(a.oid, '564', null)]);
    expect((await secret.post(`${path}/turvakielto`, oids)).body).toEqual([row(b.oid, '049', '1999-01-01')]);
    expect(await open.post(path, [null])).toMatchObject({ status: 200, body: [] });
    expect((await open.post(path, [null, a.oid])).body).toHaveLength(2);
    expect((await open.post(`${path}/turvakielto`, oids)).status).toBe(401);
    expect((await secret.post(path, oids)).status).toBe(401);
    for (const p of [path, `${path}/turvakielto`]) expect((await admin().post(p, oids)).status).toBe(401);
    await app.query('update henkilo set turvakielto = true where id = $1', [a.id]);
    expect((await open.post(path, oids)).body).toEqual([]);
  });
});

describe('VTJ data that waits for a decision', () => {
  it('is shown beside the register, and listed for active persons with a hetu', async () => {
    const henkilo = await storeHenkilo(app, { hetu: newHetu() });
    const [passive, plain] = [await storeHenkilo(app, { hetu: newHetu(), passivoitu: true }), await storeHenkilo(app)];
    for (const { id } of [henkilo, passive])
      await store(app, 'yksilointitieto', {
        version: 0,
        henkiloid: id,
        etunimet: 'Vtj',
        kutsumanimi: 'V',
        sukunimi: 'Nimi',
        sukupuoli: '2',
      });
    const of = async (oid: string) => (await admin().get(`/henkilo/${oid}/yksilointitiedot`)).body;
    expect(await of(henkilo.oid)).toEqual({
      etunimet: 'Vtj',
      kutsumanimi: 'V',
      sukunimi: 'Nimi',
      sukupuoli: '2',
      yhteystiedot: null,
    });
    expect(await of(plain.oid)).toEqual({
      etunimet: null,
      kutsumanimi: null,
      sukunimi: null,
      sukupuoli: null,
      yhteystiedot: null,
    });
    expect((await admin().get(`/henkilo/${newOid()}/yksilointitiedot`)).status).toBe(404);
    const { body } = await admin().get('/henkilo/yksilointitiedot');
    expect(body).toMatchObject({
      number: 1, size: 20, totalElements: 1, totalPages: 1, numberOfElements: 1, first: true, last: true,
      results: [{ oppijanumerorekisteri: { oidHenkilo: henkilo.oid }, vaestotietojarjestelma: { etunimet: 'Vtj', kutsumanimi: 'V', sukunimi: 'Nimi' } }],
    }); // prettier-ignore
    expect((await admin().get('/henkilo/yksilointitiedot?page=2')).body).toMatchObject({
      results: [],
      first: false,
      last: false,
    });
    expect((await admin().get('/henkilo/yksilointitiedot?count=0')).status).toBe(400);
  });
});
