import { createHenkilo, newHetu, sahkoposti } from '../support/persons.js';
import { storeHenkilo, storeRyhma } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { organisaatiorekisteri, rekisterinpitaja, tuoja, userWith, virkailija, YLIOPISTO } from '../support/users.js';

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);
const set = (columns: string, henkiloOid: string) =>
  app.query(`update henkilo set ${columns} where oidhenkilo = $1`, [henkiloOid]);
const oidsOf = (answer: { body: { oidHenkilo: string }[] }) => answer.body.map(({ oidHenkilo }) => oidHenkilo);
const duplicatesOf = async (henkiloOid: string) => oidsOf(await keeper().get(`/henkilo/${henkiloOid}/duplicates`));
const duplikaatit = (etunimet: string, kutsumanimi: string, sukunimi: string, syntymaaika?: string) =>
  keeper().get(
    `/henkilo/duplikaatit?${new URLSearchParams({ etunimet, kutsumanimi, sukunimi, ...(syntymaaika && { syntymaaika }) }).toString()}`,
  );
const errors = (text: string) => app.lines.filter((line) => line.includes('ERROR') && line.includes(text));

beforeEach(() => app.peers.reset());

describe('GET /henkilo/{oid}/duplicates', () => {
  const eino = { etunimet: 'Eino Ilmari', kutsumanimi: 'Eino', sukunimi: 'Testiäinen', syntymaaika: '1911-11-11' };

  it('gives everything about who resembles, with applications, and is audited', async () => {
    const asked = await createHenkilo(app, eino);
    const other = await createHenkilo(app, {
      ...eino,
      sukupuoli: '1',
      aidinkieli: { kieliKoodi: 'fi' },
      kansalaisuus: [{ kansalaisuusKoodi: '246' }],
      passinumerot: ['D-1'],
      yhteystiedotRyhma: [sahkoposti('eino@example.fi'), sahkoposti('eino.t@example.fi')],
    });
    await app.query(
      `insert into eidastunniste (id, version, tunniste, henkilo_id, createdby, created) select nextval('hibernate_sequence'), 0, 'DE/FI/e', id, 'test', now() from henkilo where oidhenkilo = $1`,
      [other],
    );
    await set('yksiloityeidas = true, kuolinpaiva = current_date', other);
    await app.peers.state({
      ataru: { [other]: [{ oid: 'a', nested: { x: [1] } }] },
      hakuapp: { [other]: [{ oid: 'b', service: 'other' }] },
    });

    const answer = await keeper().get(`/henkilo/${asked}/duplicates`);

    const [kansalaisuus] = await app.query(`select id from kansalaisuus where kansalaisuuskoodi = '246'`);
    const [kieli] = await app.query(`select kielityyppi from kielisyys where kielikoodi = 'fi'`);
    expect(answer).toMatchObject({
      status: 200,
      body: [
        {
          ...eino,
          oidHenkilo: other,
          hetu: null,
          sukupuoli: '1',
          passivoitu: false,
          email: null,
          emails: ['eino@example.fi', 'eino.t@example.fi'],
          yksiloity: true,
          yksiloityVTJ: false,
          yksiloityEidas: true,
          eidasTunnisteet: [{ tunniste: 'DE/FI/e' }],
          aidinkieli: { kieliKoodi: 'fi', kieliTyyppi: kieli!.kielityyppi },
          asiointiKieli: null,
          kansalaisuus: [{ id: Number(kansalaisuus!.id), kansalaisuusKoodi: '246' }],
          passinumerot: ['D-1'],
          hakemukset: [
            { hakemusData: { oid: 'b', service: 'haku-app' } },
            { hakemusData: { henkiloOid: other, oid: 'a', nested: { x: [1] }, service: 'ataru' } },
          ],
        },
      ],
    });
    expect(app.audit.at(-1)).toMatchObject({ operation: 'READ', target: { oids: other } });
  });

  it('gives every e-mail address, repeated ones too, but no blank one', async () => {
    const names = { etunimet: 'Meeri', kutsumanimi: 'Meeri', sukunimi: 'Meilaaja' };
    const asked = await createHenkilo(app, names);
    const other = await storeHenkilo(app, { ...names, passivoitu: false, duplicate: false });
    await storeRyhma(app, other, [
      ['SAHKOPOSTI', 'm@example.fi'],
      ['SAHKOPOSTI', ' '],
      ['SAHKOPOSTI', null],
      ['PUHELINNUMERO', '040'],
    ]);
    await storeRyhma(app, other, [['SAHKOPOSTI', 'm@example.fi']]);
    const { body } = await keeper().get(`/henkilo/${asked}/duplicates`);
    expect(body).toMatchObject([{ oidHenkilo: other.oid, emails: ['m@example.fi', 'm@example.fi'], email: null }]);
  });

  it('leaves out the person, its masters, passivated ones, duplicates and the caller', async () => {
    const names = { etunimet: 'Kaarlo', kutsumanimi: 'Kaarlo', sukunimi: 'Kaltainen', syntymaaika: '1950-01-02' };
    const [asked, master, passive, duplicate, caller, other] = await Promise.all(
      Array.from({ length: 6 }, () => createHenkilo(app, names)),
    );
    await app.query(
      `insert into henkiloviite (id, version, master_oid, slave_oid) values (nextval('hibernate_sequence'), 0, $1, $2)`,
      [master, asked],
    );
    await set('passivoitu = true', passive!);
    await set('duplicate = true', duplicate!);

    const answer = await app.as({ ...rekisterinpitaja, sub: caller! }).get(`/henkilo/${asked}/duplicates`);
    expect(oidsOf(answer)).toEqual([other]);
  });

  it('leaves out those whom VTJ knows as somebody else', async () => {
    const names = { etunimet: 'Veijo', kutsumanimi: 'Veijo', sukunimi: 'Vahva', syntymaaika: '1980-08-08' };
    const [asked, vtj, eidas] = await Promise.all(Array.from({ length: 3 }, () => createHenkilo(app, names)));
    await set('yksiloityvtj = true', vtj!);
    await set('yksiloityeidas = true', eidas!);
    expect(await duplicatesOf(asked!)).toEqual(expect.arrayContaining([vtj, eidas]));

    await set('yksiloityvtj = true', asked!);
    expect(await duplicatesOf(asked!)).toEqual(expect.arrayContaining([vtj, eidas]));

    await set(`hetu = '${newHetu()}'`, asked!);
    expect(await duplicatesOf(asked!)).toEqual([eidas]);
  });

  it('sees a person, a name and a link at once', async () => {
    const names = { etunimet: 'Tuore', kutsumanimi: 'Tuore', sukunimi: 'Tulokas', syntymaaika: '1991-01-09' };
    const asked = await createHenkilo(app, names);
    expect(await duplicatesOf(asked)).toEqual([]);
    const other = await createHenkilo(app, names);
    expect(await duplicatesOf(asked)).toEqual([other]);
    await keeper().put('/henkilo', { oidHenkilo: other, etunimet: 'Aivan', kutsumanimi: 'Aivan', sukunimi: 'Muu' });
    expect(await duplicatesOf(asked)).toEqual([]);
    const third = await createHenkilo(app, names);
    await keeper().post(`/henkilo/${asked}/link`, [third]);
    expect(await duplicatesOf(asked)).toEqual([]);
  });

  it('answers 404 for an unknown person, 401 without the right', async () => {
    const asked = await createHenkilo(app);
    expect((await keeper().get('/henkilo/1.2.246.562.24.99999999999/duplicates')).status).toBe(404);
    expect((await app.as(virkailija).get(`/henkilo/${asked}/duplicates`)).status).toBe(401);
    await app.peers.state({ canAccess: [`${virkailija.sub}>${asked}`] });
    expect((await app.as(virkailija).get(`/henkilo/${asked}/duplicates`)).status).toBe(200);
  });

  it.each(['duplicates', 'hakemukset'])('asks about %s with its right and the service of the header', async (what) => {
    const asked = await createHenkilo(app);
    await app.peers.reset();
    await app.peers.state({ canAccess: [`${virkailija.sub}>${asked}`] });
    const path = `/henkilo/${asked}/${what}`;
    expect((await app.as(virkailija).get(path, { 'External-Permission-Service': 'ATARU' })).status).toBe(200);
    const questions = (await app.peers.traffic()).filter(({ peer }) => peer === 'kayttooikeus');
    expect(questions.map(({ body }) => body)).toMatchObject([
      {
        callingUserOid: virkailija.sub,
        userOid: asked,
        allowedPalveluRooli: { OPPIJANUMEROREKISTERI: ['DUPLIKAATTINAKYMA'] },
        externalPermissionService: 'ATARU',
      },
    ]);
    await app.peers.state({ canAccess: [] });
    expect((await app.as(virkailija).get(path)).status).toBe(401);
  });

  it.each([
    ['ataru', 500, ['haku-app']],
    ['hakuapp', 404, ['ataru']],
  ])('shows what the other service has when %s answers %d', async (peer, status, services) => {
    const names = { etunimet: `Oskari ${peer}`, kutsumanimi: 'Oskari', sukunimi: `Osittainen${peer}` };
    const [asked, other] = [await createHenkilo(app, names), await createHenkilo(app, names)];
    await app.peers.state({
      ataru: { [other]: [{ oid: 'a' }] },
      hakuapp: { [other]: [{ oid: 'b' }] },
      fail: { [peer]: status },
    });
    const before = errors(`${peer}: `).length;

    const answer = await keeper().get(`/henkilo/${asked}/duplicates`);

    expect(answer).toMatchObject({ status: 200, body: [{ oidHenkilo: other }] });
    const [row] = answer.body as { hakemukset: { hakemusData: { service: string } }[] }[];
    expect(row!.hakemukset.map(({ hakemusData }) => hakemusData.service)).toEqual(services);
    expect(errors(`${peer}: `).length).toBe(before + 1);
  });

  it('asks both services at once', async () => {
    const names = { etunimet: 'Rinna', kutsumanimi: 'Rinna', sukunimi: 'Rinnakkainen' };
    const [asked] = [await createHenkilo(app, names), await createHenkilo(app, names)];
    await duplicatesOf(asked); // logs in
    await app.peers.state({ delay: { ataru: 4_000, hakuapp: 4_000 } });
    const began = Date.now();
    expect(await duplicatesOf(asked)).toHaveLength(1);
    expect(Date.now() - began).toBeLessThan(8_000); // one after the other takes longer
  });

  it('asks no service for nobody', async () => {
    const asked = await createHenkilo(app, { etunimet: 'Ypö', kutsumanimi: 'Ypö', sukunimi: 'Yxinäinen' });
    await app.peers.reset();
    expect(await duplicatesOf(asked)).toEqual([]);
    const calls = await app.peers.traffic();
    expect(calls.filter(({ peer }) => peer === 'ataru' || peer === 'hakuapp')).toEqual([]);
  });
});

describe('GET /henkilo/duplikaatit', () => {
  it('finds without accents, in any case and order, the most alike first', async () => {
    const names = { kutsumanimi: 'Åke', sukunimi: 'Österström', syntymaaika: '1933-03-13' };
    const long = await createHenkilo(app, { ...names, etunimet: 'Åke Örjan Valdemar' });
    const exact = await createHenkilo(app, { ...names, etunimet: 'Åke' });

    expect(oidsOf(await duplikaatit('AKE', 'ake', 'osterstrom', '1933-03-13'))).toEqual([exact, long]);
    expect(oidsOf(await duplikaatit('Österström', '', 'Åke', '1933-03-13'))).toEqual([exact, long]);
    expect(oidsOf(await duplikaatit('Åke', 'Åke', 'Österström'))).toEqual([exact]);
    expect(oidsOf(await duplikaatit('', '', ''))).toEqual([]);
    expect(oidsOf(await duplikaatit('', '', '', '1933-03-13'))).toEqual([]);
  });

  it('wants half of the trigrams, half included', async () => {
    const vanha = { etunimet: 'Eelis Olavi', kutsumanimi: 'Eelis', sukunimi: 'Wirtanen', syntymaaika: '1990-07-03' };
    const found = await createHenkilo(app, vanha);
    await createHenkilo(app, { etunimet: 'qabcd', kutsumanimi: 'qabcd', sukunimi: 'qabcd' });

    expect(oidsOf(await duplikaatit('Eelis', 'Eelis', 'Wirtanen'))).toEqual([]);
    expect(oidsOf(await duplikaatit('Eelis Olavi', 'Eelis', 'Wirtanen'))).toEqual([found]);
    expect(oidsOf(await duplikaatit('Eelis Olavi', 'Eelis', 'Wirtanen', '1911-11-11'))).toEqual([found]);
    const [row] = await app.query(`select similarity('qabc', 'qabcd') as exactly, similarity('qab', 'qabcd') as less`);
    expect(row).toMatchObject({ exactly: expect.any(Number) as number });
    expect(oidsOf(await duplikaatit('qabc', '', ''))).toHaveLength(Number(row!.exactly) >= 0.5 ? 1 : 0);
    expect(oidsOf(await duplikaatit('qab', '', ''))).toHaveLength(Number(row!.less) >= 0.5 ? 1 : 0);
  });

  it('is for importers too and leaves out the caller only; 400 without a name or with a bad date', async () => {
    const names = { etunimet: 'Irja', kutsumanimi: 'Irja', sukunimi: 'Itsekäs' };
    const oids = [await createHenkilo(app, names), await createHenkilo(app, names)];
    const path = '/henkilo/duplikaatit?etunimet=Irja&kutsumanimi=Irja&sukunimi=Itsek%C3%A4s';
    expect(oidsOf(await app.as(tuoja).get(path))).toEqual(oids);
    expect(oidsOf(await app.as(userWith(oids[0]!, YLIOPISTO, 'OPPIJOIDENTUONTI')).get(path))).toEqual([oids[1]]);
    expect(app.audit.at(-1)).toMatchObject({ operation: 'READ', target: { oids: oids[1] } });
    expect((await app.as(virkailija).get(path)).status).toBe(401);
    expect((await keeper().get('/henkilo/duplikaatit?etunimet=a&kutsumanimi=b')).status).toBe(400);
    expect((await keeper().get(`${path}&syntymaaika=1.1.2000`)).status).toBe(400);
  });
});

describe('GET /henkilo/{oid}/hakemukset', () => {
  it('gives applications of the person and of everyone linked; an unknown OID is asked for too', async () => {
    const create = () => createHenkilo(app, { etunimet: 'Linda', kutsumanimi: 'Linda', sukunimi: 'Linkki' });
    const [master, slave, sibling] = [await create(), await create(), await create()];
    await keeper().post(`/henkilo/${master}/link`, [slave, sibling]);
    await app.peers.state({
      ataru: { [master]: [{ oid: 'am' }], [slave]: [{ oid: 'as1' }, { oid: 'as2' }], nobody: [{ oid: 'an' }] },
      hakuapp: { [slave]: [{ oid: 'bs' }] },
    });

    const answer = await keeper().get(`/henkilo/${slave}/hakemukset`);

    const rows = (answer.body as { hakemusData: { oid: string } }[]).map(({ hakemusData }) => hakemusData.oid);
    expect(answer.status).toBe(200);
    expect([...rows].sort()).toEqual(['am', 'as1', 'as2', 'bs']);
    expect(rows.indexOf('bs')).toBeLessThan(rows.indexOf('as1'));
    const asked = (await app.peers.traffic()).filter(({ path }) => path.endsWith('/byPersonOid')).at(-1)!;
    expect([...(asked.body as string[]).slice(0, 2)].sort()).toEqual([master, sibling].sort());
    expect((asked.body as string[])[2]).toBe(slave);
    expect((await keeper().get('/henkilo/nobody/hakemukset')).body).toEqual([
      { hakemusData: { henkiloOid: 'nobody', oid: 'an', service: 'ataru' } },
    ]);
  });

  it('is empty while no service answers', async () => {
    await app.peers.state({ fail: { ataru: 503, hakuapp: 503 } });
    expect(await keeper().get('/henkilo/nobody/hakemukset')).toMatchObject({ status: 200, body: [] });
  });
});

describe('POST /internal/oppijahaku', () => {
  const haku = (body: object) => keeper().post('/internal/oppijahaku', body);
  const names = async (query: string, rest: object = {}) =>
    (
      (await haku({ query, page: 0, ...rest })).body as { content: { etunimet: string; sukunimi: string }[] }
    ).content.map(({ etunimet, sukunimi }) => `${etunimet} ${sukunimi}`);
  let hakuOid: string;
  let hetu: string;

  beforeAll(async () => {
    hetu = newHetu();
    hakuOid = await createHenkilo(app, {
      etunimet: 'Hakuetu1 Toinen',
      kutsumanimi: 'Toinen',
      sukunimi: 'Hakusuku1',
      hetu,
    });
    await createHenkilo(app, { etunimet: 'Hakuetu2', kutsumanimi: 'Hakuetu2', sukunimi: 'Hakusuku%2' });
    const passive = await createHenkilo(app, { etunimet: 'Hakuetu3', kutsumanimi: 'Hakuetu3', sukunimi: 'Hakusuku0' });
    await set('passivoitu = true', passive);
    for (let n = 0; n < 51; n++) await createHenkilo(app, { etunimet: 'Sivu', kutsumanimi: 'Sivu', sukunimi: `Sivuttava${String(n).padStart(2, '0')}` }); // prettier-ignore
  });

  it.each([
    ['haku', {}, ['Hakuetu2 Hakusuku%2', 'Hakuetu1 Toinen Hakusuku1']],
    ['HAKUSUKU', { passive: true }, ['Hakuetu2 Hakusuku%2', 'Hakuetu3 Hakusuku0', 'Hakuetu1 Toinen Hakusuku1']],
    ['Hakusuku1, toi', {}, ['Hakuetu1 Toinen Hakusuku1']],
    ['toinen HAKUS', {}, ['Hakuetu1 Toinen Hakusuku1']],
    ['hakuetu1 toinen hakusuku1', {}, ['Hakuetu1 Toinen Hakusuku1']],
    ['hakusuku%', {}, ['Hakuetu2 Hakusuku%2']],
    ['hak_suku', {}, []],
    ['nobody', {}, []],
  ])('%s %j', async (query, rest, expected) => expect(await names(query, rest)).toEqual(expected));

  it('finds by OID and hetu exactly', async () => {
    const [row] = await app.query('select syntymaaika::text as day from henkilo where oidhenkilo = $1', [hakuOid]);
    const found = [{ oid: hakuOid, etunimet: 'Hakuetu1 Toinen', sukunimi: 'Hakusuku1', syntymaaika: row!.day }];
    expect((await haku({ query: ` ${hakuOid} `, page: 0 })).body).toEqual({
      content: found,
      page: { size: 50, number: 0, totalElements: 1, totalPages: 1 },
    });
    expect((await haku({ query: hetu, page: 0 })).body).toMatchObject({ content: found });
    expect((await haku({ query: hakuOid.slice(0, -1), page: 0 })).body).toMatchObject({ content: [] });
  });

  it('orders by surname, first names and birth date, which may be unknown, then by age in the register', async () => {
    const nimet = { kutsumanimi: 'Järjo', sukunimi: 'Järjestys' };
    const store = (etunimet: string, syntymaaika: string | null, sukunimi = nimet.sukunimi) =>
      createHenkilo(app, { ...nimet, etunimet, sukunimi, syntymaaika });
    const [tuntematon, nuori, vanha, kaksonen] = [await store('Järjo B', null), await store('Järjo B', '2000-01-01'), await store('Järjo B', '1950-01-01'), await store('Järjo B', '1950-01-01')]; // prettier-ignore
    const [ensin, iso] = [await store('Järjo A', '1990-01-01'), await store('Järjo Z', null, 'JÄRJESTYS')];
    const expected = [iso, ensin, vanha, kaksonen, nuori, tuntematon];
    for (const query of ['järjo', 'JÄRJESTYS', 'järjestys, järjo', 'järjo jär', ', järjo'])
      expect(((await haku({ query, page: 0 })).body as { content: { oid: string }[] }).content.map(({ oid }) => oid)).toEqual(expected); // prettier-ignore
  });

  it('of spaces only finds everyone, passivated ones when asked', async () => {
    const totals = [false, true].map(async (passive) => (await haku({ query: '   ', page: 1, passive })).body as { content: object[]; page: object }); // prettier-ignore
    const [row] = await app.query<{ all: number; active: number }>('select count(*)::int as all, (count(*) filter (where not passivoitu))::int as active from henkilo'); // prettier-ignore
    const [active, all] = await Promise.all(totals);
    expect([active!.page, all!.page]).toMatchObject([{ totalElements: row!.active }, { totalElements: row!.all }]);
    expect(active!.content.length).toBe(Math.min(50, row!.active - 50));
  });

  it('pages by fifty from 0', async () => {
    const pages = [0, 1, 2].map(async (page) => (await haku({ query: 'sivuttava', page })).body as { content: object[]; page: object }); // prettier-ignore
    const bodies = await Promise.all(pages);
    expect(bodies.map(({ content }) => content.length)).toEqual([50, 1, 0]);
    expect(bodies[1]!.page).toEqual({ size: 50, number: 1, totalElements: 51, totalPages: 2 });
    expect(bodies[1]!.content).toMatchObject([{ sukunimi: 'Sivuttava50' }]);
  });

  it.each([
    [{}],
    [{ query: 'haku' }],
    [{ query: null, page: 0 }],
    [{ query: 'ha', page: 0 }],
    [{ query: 'haku', page: -1 }],
    [{ query: ',,,', page: 0 }],
  ])('400: %j', async (body) => expect((await haku(body)).status).toBe(400));

  it('is for keepers of the whole register only', async () => {
    const body = { query: 'haku', page: 0 };
    expect((await app.as(organisaatiorekisteri).post('/internal/oppijahaku', body)).status).toBe(401);
  });
});
