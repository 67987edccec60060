import { createHenkilo, newHetu, rowOf, sahkoposti } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja, userWith, YLIOPISTO, type TestUser } from '../support/users.js';

const app = useTestApp();
const self = (sub: string, ...rights: string[]): TestUser => userWith(sub, YLIOPISTO, ...rights);
/** All that is stored of a person and that a PUT could change. */
const storedOf = async (oid: string) => {
  const row = await rowOf(app, oid);
  const parts = (sql: string) => app.query(`${sql} where x.henkilo_id = $1 order by 1`, [row.id]);
  return [
    row,
    await parts('select x.kansalaisuus_id from henkilo_kansalaisuus x'),
    await parts(
      'select x.id, ryhmakuvaus, ryhma_alkuperatieto, read_only, yhteystieto_tyyppi, yhteystieto_arvo from yhteystiedotryhma x left join yhteystiedot y on y.yhteystiedotryhma_id = x.id',
    ),
    await parts('select x.identifier from identification x'),
  ];
};
const VTJ = sahkoposti('vtj@example.fi', {
  ryhmaAlkuperaTieto: 'alkupera1',
  ryhmaKuvaus: 'yhteystietotyyppi4',
  readOnly: true,
});
const newPerson = (values: object = {}) =>
  createHenkilo(app, {
    hetu: newHetu(),
    kotikunta: '091',
    aidinkieli: { kieliKoodi: 'fi' },
    asiointiKieli: { kieliKoodi: 'fi' },
    kansalaisuus: [{ kansalaisuusKoodi: '246' }, { kansalaisuusKoodi: '752' }],
    yhteystiedotRyhma: [VTJ, sahkoposti('vanha@example.fi')],
    ...values,
  });
const arvot = (dto: { yhteystiedotRyhma: { yhteystieto: { yhteystietoArvo: string }[] }[] }) =>
  dto.yhteystiedotRyhma.flatMap((r) => r.yhteystieto.map((y) => y.yhteystietoArvo)).sort();

beforeEach(() => app.peers.reset());

describe('PUT /henkilo on oneself without a right', () => {
  it.each<[string, object]>([
    ['hetu', { hetu: '010180-921T' }],
    ['hetu taken away', { hetu: '' }],
    ['first names', { etunimet: 'Toinen', kutsumanimi: 'Toinen' }],
    ['calling name', { kutsumanimi: 'Kalervo' }],
    ['surname', { sukunimi: 'Toinen' }],
    ['day of death', { kuolinpaiva: '2020-01-01' }],
    ['birth date', { syntymaaika: '1970-01-01' }],
    ['sex', { sukupuoli: '3' }],
    ['municipality', { kotikunta: '049' }],
    ['mother tongue', { aidinkieli: { kieliKoodi: 'sv' } }],
    ['nationalities', { kansalaisuus: [{ kansalaisuusKoodi: '246' }] }],
    ['no nationalities', { kansalaisuus: [] }],
    ['another nationality', { kansalaisuus: [{ kansalaisuusKoodi: '246' }, { kansalaisuusKoodi: '840' }] }],
    ['passivated', { passivoitu: true }],
    [
      'contact details said to be of VTJ',
      { yhteystiedotRyhma: [sahkoposti('x@example.fi', { ryhmaAlkuperaTieto: 'alkupera1' })] },
    ],
    ['read-only contact details', { yhteystiedotRyhma: [sahkoposti('x@example.fi', { readOnly: true })] }],
    ['a mix with what is allowed', { asiointiKieli: { kieliKoodi: 'sv' }, yhteystiedotRyhma: [], sukunimi: 'Toinen' }],
  ])('refuses %s and changes nothing', async (_, values) => {
    const own = await newPerson();
    const before = await storedOf(own);
    for (const caller of [self(own), self(own, 'READ'), self(own, 'OPPIJOIDENTUONTI')])
      expect(await app.as(caller).put('/henkilo', { oidHenkilo: own, ...values })).toMatchObject({ status: 401 });
    expect(await storedOf(own)).toEqual(before);
  });

  it.each(['yksiloity', 'yksiloityvtj'])('refuses another name and sex of a person who is %s', async (column) => {
    const own = await newPerson();
    await app.query(`update henkilo set ${column} = true where oidhenkilo = $1`, [own]);
    const before = await storedOf(own);
    for (const values of [{ sukunimi: 'Toinen' }, { kutsumanimi: 'Kalervo' }, { sukupuoli: '3' }])
      expect((await app.as(self(own)).put('/henkilo', { oidHenkilo: own, ...values })).status).toBe(401);
    expect(await storedOf(own)).toEqual(before);
  });

  it('changes contact details and language of contact, those of VTJ stay', async () => {
    const own = await newPerson();
    const [row] = await storedOf(own);
    const body = {
      oidHenkilo: own,
      asiointiKieli: { kieliKoodi: 'sv' },
      yhteystiedotRyhma: [
        sahkoposti('uusi@example.fi'),
        sahkoposti('tyo@example.fi', { ryhmaKuvaus: 'yhteystietotyyppi2' }),
      ],
    };
    expect(await app.as(self(own)).put('/henkilo', body)).toMatchObject({ status: 200, text: own });
    const { body: dto } = await app.as(self(own)).get(`/henkilo/${own}`);
    expect(arvot(dto)).toEqual(['tyo@example.fi', 'uusi@example.fi', 'vtj@example.fi']);
    expect(dto).toMatchObject({ asiointiKieli: { kieliKoodi: 'sv' }, kasittelijaOid: own });
    expect(await rowOf(app, own)).toMatchObject({ hetu: (row as { hetu: string }).hetu, sukunimi: 'Uusi' });
  });

  it('takes the whole record back with other contact details, and leaves VTJ groups as they are', async () => {
    const own = await newPerson();
    const { body: dto } = await app.as(self(own)).get(`/henkilo/${own}`);
    for (const ryhma of dto.yhteystiedotRyhma)
      for (const arvo of ryhma.yhteystieto) arvo.yhteystietoArvo = `muutettu-${arvo.yhteystietoArvo}`;
    expect((await app.as(self(own)).put('/henkilo', dto)).status).toBe(200);
    expect(arvot((await app.as(self(own)).get(`/henkilo/${own}`)).body)).toEqual([
      'muutettu-vanha@example.fi',
      'vtj@example.fi',
    ]);
    const empty = { ...dto, kotikunta: '', kuolinpaiva: null, yhteystiedotRyhma: [] };
    await app.query('update henkilo set kotikunta = null where oidhenkilo = $1', [own]);
    expect((await app.as(self(own)).put('/henkilo', empty)).status).toBe(200);
    expect(arvot((await app.as(self(own)).get(`/henkilo/${own}`)).body)).toEqual(['vtj@example.fi']);
  });

  it('keeps a VTJ group that is not read-only, also from its id', async () => {
    const own = await newPerson({ yhteystiedotRyhma: [{ ...VTJ, readOnly: false }] });
    const [ryhma] = (await app.as(self(own)).get(`/henkilo/${own}`)).body.yhteystiedotRyhma;
    ryhma.yhteystieto[0].yhteystietoArvo = 'muutettu@example.fi';
    for (const yhteystiedotRyhma of [[], [ryhma]])
      expect((await app.as(self(own)).put('/henkilo', { oidHenkilo: own, yhteystiedotRyhma })).status).toBe(200);
    expect(arvot((await app.as(self(own)).get(`/henkilo/${own}`)).body)).toEqual(['vtj@example.fi']);
  });

  it('still checks the contact details, and answers 404 to who is no person', async () => {
    const own = await newPerson();
    const put = (caller: TestUser, yhteystiedotRyhma: unknown) =>
      app.as(caller).put('/henkilo', { oidHenkilo: caller.sub, yhteystiedotRyhma });
    expect(await put(self(own), [sahkoposti('a@example.fi', { ryhmaKuvaus: 'tuntematon' })])).toMatchObject({
      status: 400,
      body: { fieldErrors: [{ code: 'invalid.ryhmaKuvaus' }] },
    });
    expect((await put(self(own), [sahkoposti('ei osoite')])).status).toBe(400);
    expect((await put(self('1.2.246.562.24.99300000009'), [])).status).toBe(404);
    expect((await app.as(self(own)).put('/henkilo', { sukunimi: 'Kuka' })).status).toBe(401);
  });
});

it('PUT /henkilo on oneself with the right over oneself changes everything, as for others', async () => {
  const own = await newPerson({ hetu: null });
  const put = (caller: TestUser) => app.as(caller).put('/henkilo', { oidHenkilo: own, sukunimi: 'Toinen' });
  await app.peers.state({ canAccess: [`${own}>${own}`] });
  expect((await put(self(own))).status).toBe(401);
  expect((await put(self(own, 'READ'))).status).toBe(401);
  expect((await put(self(own, 'HENKILON_RU'))).status).toBe(200);
  expect(await rowOf(app, own)).toMatchObject({ sukunimi: 'Toinen', kasittelija: own });
  await app.peers.reset();
  expect((await put({ ...rekisterinpitaja, sub: own })).status).toBe(200);
});

it('an importer has no right over himself, though he is in his own organisation', async () => {
  const own = await newPerson();
  await app.as(rekisterinpitaja).put(`/oppija/${own}/organisaatio/${YLIOPISTO}`);
  const caller = self(own, 'OPPIJOIDENTUONTI');
  expect((await app.as(caller).put('/henkilo', { oidHenkilo: own, sukunimi: 'Toinen' })).status).toBe(401);
  expect((await app.as(caller).post(`/henkilo/${own}/yksiloihetuton`)).status).toBe(401);
  expect((await app.as(caller).get(`/henkilo/${own}/duplicates`)).status).toBe(401);
});

describe('own data end with the own record', () => {
  const read = (caller: TestUser, path: string) => app.as(caller).get(`/henkilo/${caller.sub}${path}`);

  it('does not reach the master without a right over it', async () => {
    const [own, master] = [await newPerson({ hetu: null }), await newPerson({ turvakielto: true })];
    await app.as(rekisterinpitaja).post(`/henkilo/${master}/link`, [own]);
    await app.peers.reset();
    expect(await read(self(own), '/master')).toMatchObject({ status: 401, body: { error: 'Unauthorized' } });
    expect((await read(self(own), '')).body.oidHenkilo).toBe(own);
    await app.peers.state({ canAccess: [`${own}>${master}`] });
    expect((await read(self(own, 'READ'), '/master')).body.oidHenkilo).toBe(master);
    expect((await read(userWith(own, '1.2.246.562.10.00000000001', 'REKISTERINPITAJA_READ'), '/master')).status).toBe(
      200,
    );
  });

  it('does not reach the slaves and the guardians but those whom the caller may read', async () => {
    const [own, slave, seen] = [await newPerson(), await newPerson({ hetu: null }), await newPerson({ hetu: null })];
    await app.as(rekisterinpitaja).post(`/henkilo/${own}/link`, [slave, seen]);
    for (const huoltaja of [slave, seen])
      await app.query(
        `insert into henkilo_huoltaja_suhde (id, version, lapsi_id, huoltaja_id, created, updated)
         select nextval('hibernate_sequence'), 0, l.id, h.id, now(), now() from henkilo l, henkilo h
          where l.oidhenkilo = $1 and h.oidhenkilo = $2`,
        [own, huoltaja],
      );
    const oids = async (path: string, ...rights: string[]) =>
      (await read(self(own, ...rights), path)).body.map((row: { oidHenkilo: string }) => row.oidHenkilo).sort();
    await app.peers.reset();
    for (const path of ['/slaves', '/huoltajat']) expect(await oids(path)).toEqual([]);
    await app.peers.state({ canAccess: [`${own}>${seen}`] });
    for (const path of ['/slaves', '/huoltajat']) expect(await oids(path, 'READ')).toEqual([seen]);
    const everyone = await app.as(rekisterinpitaja).get(`/henkilo/${own}/huoltajat`);
    expect(everyone.body).toHaveLength(2);
  });

  it.each([
    ['GET', '/duplicates'],
    ['GET', '/hakemukset'],
    ['GET', '/yksilointitiedot'],
    ['POST', '/yksiloi'],
    ['POST', '/yksiloihetuton'],
    ['POST', '/purayksilointi'],
    ['PUT', '/yksilointitiedot/yliajayksiloimaton'],
    ['PUT', '/yksilointitiedot'],
    ['POST', '/passinumerot'],
    ['POST', '/identification'],
    ['DELETE', ''],
    ['DELETE', '/access'],
  ])('%s /henkilo/{own}%s stays closed', async (method, path) => {
    const own = await newPerson({ hetu: null });
    const before = await storedOf(own);
    const body = { '/passinumerot': ['X1'], '/identification': { idpEntityId: 'email', identifier: own } }[path];
    for (const caller of [self(own), self(own, 'READ')])
      expect((await app.as(caller).send(method, `/henkilo/${own}${path}`, body)).status).toBe(401);
    expect(await storedOf(own)).toEqual(before);
  });
});
