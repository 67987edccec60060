import { ANNOUNCING, announced, createHenkilo, newHetu, newVtjHetu, passivations, rowOf, sahkoposti } from '../support/persons.js'; // prettier-ignore
import { useTestApp } from '../support/test-app.js';
import { oikeudeton, organisaatiorekisteri, rekisterinpitaja, userWith, YLIOPISTO } from '../support/users.js';

const app = useTestApp(ANNOUNCING);
const keeper = () => app.as(rekisterinpitaja);
const yksiloi = (henkiloOid: string) => keeper().post(`/henkilo/${henkiloOid}/yksiloi`);
const refresh = (henkiloOid: string) => keeper().put(`/henkilo/${henkiloOid}/yksilointitiedot`);
const accept = (henkiloOid: string) => keeper().put(`/henkilo/${henkiloOid}/yksilointitiedot/yliajayksiloimaton`);
const get = async (henkiloOid: string) => (await keeper().get(`/henkilo/${henkiloOid}`)).body as Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const tietoOf = (henkiloOid: string) =>
  app.query('select t.* from yksilointitieto t join henkilo h on h.id = t.henkiloid where h.oidhenkilo = $1', [
    henkiloOid,
  ]);
const auditOf = (henkiloOid: string) =>
  app.audit.filter(({ target }) => (target as { henkiloOid?: string } | undefined)?.henkiloOid === henkiloOid);

const VTJ = {
  etunimet: 'Uuno Kalervo',
  kutsumanimi: 'Uuno',
  sukunimi: 'Uusi',
  kansalaisuus: ['246'],
  kotikunta: '091',
};
const OSOITE = { katuS: 'Koulukatu', katuR: 'Skolgatan', katunumero: '4', porraskirjain: 'B', huoneistonumero: '007', postinumero: '90100', postitoimipaikkaS: 'OULU', postitoimipaikkaR: 'ULEÅBORG' }; // prettier-ignore
const vtjGroup = (katuosoite: string) => ({
  ryhmaKuvaus: 'yhteystietotyyppi4',
  ryhmaAlkuperaTieto: 'alkupera1',
  readOnly: true,
  yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_KATUOSOITE', yhteystietoArvo: katuosoite }],
});
/** What VTJ says of some hetut; what it is to answer otherwise than `VTJ`. */
const vtjKnows = (persons: Record<string, object | null>) =>
  app.peers.state({
    vtj: Object.fromEntries(Object.entries(persons).map(([hetu, p]) => [hetu, p && { ...VTJ, ...p }])),
  });
const create = async (values: object = {}): Promise<{ hetu: string; henkiloOid: string }> => {
  const hetu = newVtjHetu();
  const henkiloOid = await createHenkilo(app, { hetu, ...values });
  await app.peers.reset();
  return { hetu, henkiloOid };
};
/** Stores names that no client could give any more. */
const putNames = (henkiloOid: string, { etunimet, kutsumanimi, sukunimi }: Partial<typeof VTJ>) =>
  app.query('update henkilo set etunimet = $2, kutsumanimi = $3, sukunimi = $4 where oidhenkilo = $1', [
    henkiloOid,
    etunimet,
    kutsumanimi,
    sukunimi,
  ]);
/** A person that VTJ has identified. */
const createIdentified = async (values: object = {}) => {
  const made = await create(values);
  await vtjKnows({ [made.hetu]: values });
  expect(await yksiloi(made.henkiloOid)).toMatchObject({ status: 200 });
  await app.peers.reset();
  return made;
};

beforeEach(() => app.peers.reset());

describe('POST /henkilo/{oid}/yksiloi', () => {
  it('identifies a person whose names fit, copies VTJ, announces and logs it once', async () => {
    const { hetu, henkiloOid } = await create({ yhteystiedotRyhma: [vtjGroup('Vanha 1')] });
    await vtjKnows({
      [hetu]: {
        etunimet: 'Uuno Kalervo Juhani', kutsumanimi: 'Kalervo', sukunimi: 'UUSI', aidinkieli: 'sv', kansalaisuus: ['752', '736', 'xxx'],
        kotikunta: '837', osoite: OSOITE, sahkoposti: 'uuno@example.fi', sukupuoli: '2',
      }, // prettier-ignore
    });

    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200, text: '' });

    const henkilo = await get(henkiloOid);
    expect(henkilo).toMatchObject({
      etunimet: 'Uuno Kalervo Juhani',
      kutsumanimi: 'Kalervo',
      sukunimi: 'UUSI',
      aidinkieli: { kieliKoodi: 'sv' },
      kotikunta: '837',
      hetu,
      kaikkiHetut: [hetu],
      yksiloityVTJ: true,
      yksiloity: false,
      yksilointiYritetty: true,
      oppijanumero: henkiloOid,
      turvakielto: false,
      kasittelijaOid: rekisterinpitaja.sub,
    });
    expect(henkilo.kansalaisuus).toEqual([{ kansalaisuusKoodi: '729' }, { kansalaisuusKoodi: '752' }]);
    expect(henkilo.vtjsynced).toEqual(expect.any(Number));
    expect(henkilo.sukupuoli).toBe(Number(hetu[9]) % 2 === 0 ? '2' : '1');
    expect(henkilo.yhteystiedotRyhma).toEqual([
      expect.objectContaining({ ryhmaKuvaus: 'yhteystietotyyppi4', ryhmaAlkuperaTieto: 'alkupera1', readOnly: true }),
      expect.objectContaining({ ryhmaKuvaus: 'yhteystietotyyppi8', ryhmaAlkuperaTieto: 'alkupera1', readOnly: true }),
    ]);
    expect(await announced(app)).toEqual([henkiloOid]);
    expect(auditOf(henkiloOid).at(-1)).toMatchObject({
      operation: 'MANUAALINEN_YKSILOINTI',
      target: { henkiloOid, lisatieto: 'Aloitettu henkilon yksilointi.' },
      changes: [],
    });
  });

  it.each([
    [
      'first names and surname in each other’s field',
      { etunimet: 'Uusi', kutsumanimi: 'Uusi', sukunimi: 'Uuno Kalervo' },
      {},
    ],
    [
      'a former surname',
      { etunimet: 'Uuno', kutsumanimi: 'Uuno', sukunimi: 'Entinen' },
      { entisetNimet: [{ nimi: 'Entinen', laji: '07' }] },
    ],
    ['no names at all', { etunimet: ' ', kutsumanimi: ' ', sukunimi: ' ' }, {}],
    [
      'names without their accents',
      { etunimet: 'Uuno', kutsumanimi: 'Uuno', sukunimi: 'Uusi' },
      { etunimet: 'Üúnô', sukunimi: 'Ůüsi' },
    ],
    [
      'names in NFD',
      { etunimet: 'U\u0308una', kutsumanimi: 'U\u0308una', sukunimi: 'A\u030angman' },
      { etunimet: 'Üuna', sukunimi: 'Ångman' },
    ],
    [
      'names of another alphabet',
      { etunimet: 'Иван', kutsumanimi: 'Иван', sukunimi: 'Петров' },
      { etunimet: 'Ivan', sukunimi: 'Petrov' },
    ],
  ])(
    'takes VTJ’s names in the place of %s',
    async (_, names, vtj: Partial<typeof VTJ> & { entisetNimet?: object[] }) => {
      const { hetu, henkiloOid } = await create();
      await putNames(henkiloOid, names);
      await vtjKnows({ [hetu]: { kutsumanimi: vtj.etunimet ?? VTJ.kutsumanimi, ...vtj } });
      expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });
      expect(await get(henkiloOid)).toMatchObject({
        etunimet: vtj.etunimet ?? VTJ.etunimet,
        sukunimi: vtj.sukunimi ?? VTJ.sukunimi,
        yksiloityVTJ: true,
      });
      const { kutsumanimi } = await rowOf(app, henkiloOid);
      expect((kutsumanimi as string).normalize('NFC')).toBe(vtj.etunimet ?? VTJ.kutsumanimi); // one that fits stays as given
    },
  );

  it.each([
    ['a blank for the first names', { etunimet: ' ', kutsumanimi: ' ', sukunimi: 'Uusi' }],
    ['an empty text for the first names', { etunimet: '', kutsumanimi: '', sukunimi: 'Uusi' }],
    ['a letter for the first names', { etunimet: 'u', kutsumanimi: 'u', sukunimi: 'Uusi' }],
    ['a blank for the surname', { etunimet: 'Uuno', kutsumanimi: 'Uuno', sukunimi: ' ' }],
    [
      'the surname as first names and a letter for the surname',
      { etunimet: 'Uusi', kutsumanimi: 'Uusi', sukunimi: 'k' },
    ],
  ])('does not identify a person that has %s', async (_, names) => {
    const { hetu, henkiloOid } = await create();
    await putNames(henkiloOid, names);
    await vtjKnows({ [hetu]: {} });
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });
    expect(await rowOf(app, henkiloOid)).toMatchObject({ ...names, yksiloityvtj: false, yksilointi_yritetty: true });
    expect(await tietoOf(henkiloOid)).toMatchObject([{ hetu, sukunimi: 'Uusi' }]);
  });

  it('sets an empty calling name of VTJ aside as it is', async () => {
    const { hetu, henkiloOid } = await create({ sukunimi: 'Toinen' });
    for (const [kutsumanimi, stored] of [
      ['', ''],
      [' ', ''],
      ['Kalervo', 'Kalervo'],
      ['Uuno Kalervo', null],
    ]) {
      await vtjKnows({ [hetu]: { kutsumanimi } });
      expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });
      expect(await tietoOf(henkiloOid)).toMatchObject([{ kutsumanimi: stored }]);
    }
  });

  it('sets VTJ’s data aside for other names and leaves the person as it is', async () => {
    const { hetu, henkiloOid } = await create({ sukunimi: 'Toinen', yhteystiedotRyhma: [vtjGroup('Vanha 1')] });
    const vtj = {
      entisetNimet: [{ nimi: 'Toinen', laji: '06' }],
      osoite: OSOITE,
      aidinkieli: 'sv',
      sukupuoli: '',
      kotikunta: 'xyz',
    };
    await vtjKnows({ [hetu]: vtj });

    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });

    expect(await get(henkiloOid)).toMatchObject({
      sukunimi: 'Toinen',
      yksiloityVTJ: false,
      yksilointiYritetty: true,
      kaikkiHetut: [],
      aidinkieli: null,
      yhteystiedotRyhma: [{ yhteystieto: [{ yhteystietoArvo: 'Vanha 1' }] }],
    });
    expect(await tietoOf(henkiloOid)).toMatchObject([
      { hetu, etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi', kotikunta: '999', turvakielto: false },
    ]);
    expect((await tietoOf(henkiloOid))[0]!.sukupuoli).toBe(Number(hetu[9]) % 2 === 0 ? '2' : '1');
    expect(await announced(app)).toEqual([henkiloOid]);

    await yksiloi(henkiloOid); // again: the same row, nothing doubled
    const groups = await app.query(
      `select g.* from yhteystiedotryhma g join yksilointitieto t on t.id = g.yksilointitieto_id join henkilo h on h.id = t.henkiloid where h.oidhenkilo = $1`,
      [henkiloOid],
    );
    expect(groups).toHaveLength(1);
    const list = await keeper().get('/henkilo/yksilointitiedot?count=1000');
    expect((list.body as { results: object[] }).results).toContainEqual({
      oppijanumerorekisteri: expect.objectContaining({ oidHenkilo: henkiloOid, sukunimi: 'Toinen' }) as object,
      vaestotietojarjestelma: { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' },
    });
  });

  it('stores no address of a protected person, neither of the person nor set aside', async () => {
    const osoite = { ...OSOITE, katuS: 'Suojakatu', katuR: 'Suojakatu' };
    const protectedOne = { turvakielto: true, osoite, sahkoposti: 'suojassa@example.fi' };
    const same = await create({ yhteystiedotRyhma: [vtjGroup('Vanha 1')] });
    const other = await create({ sukunimi: 'Toinen' });
    await vtjKnows({ [same.hetu]: protectedOne, [other.hetu]: protectedOne });
    for (const { henkiloOid } of [same, other]) expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });

    expect(await get(same.henkiloOid)).toMatchObject({ turvakielto: true, kotikunta: null, yhteystiedotRyhma: [] });
    expect(await rowOf(app, same.henkiloOid)).toMatchObject({ kotikunta: '091' });
    expect(await tietoOf(other.henkiloOid)).toMatchObject([{ turvakielto: true }]);
    const stored = `select 1 from yhteystiedot where yhteystieto_arvo like 'Suojakatu%' or yhteystieto_arvo like 'suojassa%'`;
    expect(await app.query(stored)).toEqual([]);
  });

  it.each([
    ['unknown to VTJ', null, 'Henkilöä ei löytynyt VTJ-palvelusta henkilötunnuksella'],
    ['passivated', { paluukoodi: '0002' }, 'Henkilön hetu on passivoitu'],
  ])('answers 400 for a hetu %s and stores nothing', async (_, vtj, message) => {
    const { hetu, henkiloOid } = await create();
    await vtjKnows({ [hetu]: vtj });
    const before = await rowOf(app, henkiloOid);
    const answer = await yksiloi(henkiloOid);
    expect(answer).toMatchObject({ status: 400, body: { message } });
    expect(answer.text).not.toContain(hetu);
    expect(await rowOf(app, henkiloOid)).toEqual(before);
    expect(await app.query('select 1 from yksilointivirhe where henkilo_id = $1', [before.id])).toEqual([]);
  });

  it('never asks VTJ for a made-up hetu: 400', async () => {
    const henkiloOid = await createHenkilo(app, { hetu: newHetu() });
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 400, body: { message: 'Henkilön hetu ei ole oikea' } });
    expect((await app.peers.traffic()).filter(({ peer }) => peer === 'vtjkysely')).toEqual([]);
  });

  it('answers 400 without a hetu, 404 for an unknown person, 500 when VTJ is down or the person is dead there', async () => {
    expect(await yksiloi(await createHenkilo(app))).toMatchObject({ status: 400 });
    expect(await yksiloi('1.2.246.562.24.404')).toMatchObject({ status: 404 });
    const { hetu, henkiloOid } = await create();
    const before = await rowOf(app, henkiloOid);
    await vtjKnows({ [hetu]: { paluukoodi: '0007' } });
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 500 });
    await app.peers.state({ fail: { vtjkysely: 503 } });
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 500 });
    expect(await rowOf(app, henkiloOid)).toEqual(before);
  });

  it('gives a virkailija no address and takes the old one away', async () => {
    const { hetu, henkiloOid } = await create({ yhteystiedotRyhma: [vtjGroup('Vanha 1')] });
    await vtjKnows({ [hetu]: { osoite: OSOITE } });
    await app.peers.state({ kayttajat: { [henkiloOid]: { kayttajaTyyppi: 'VIRKAILIJA' } } });
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });
    expect(await get(henkiloOid)).toMatchObject({ yksiloityVTJ: true, yhteystiedotRyhma: [] });
  });

  it('changes nothing when käyttöoikeuspalvelu cannot say whether the person is a virkailija', async () => {
    const { hetu, henkiloOid } = await create({ yhteystiedotRyhma: [vtjGroup('Vanha 1')] });
    await vtjKnows({ [hetu]: { osoite: OSOITE } });
    await app.peers.state({ fail: { kayttooikeus: 503 } });
    const before = await rowOf(app, henkiloOid);
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 500 });
    expect(await rowOf(app, henkiloOid)).toEqual(before);
  });

  it('keeps what VTJ does not tell, and puts a calling name outside the first names right', async () => {
    const values = {
      kutsumanimi: 'Uuno',
      aidinkieli: { kieliKoodi: 'se' },
      kansalaisuus: [{ kansalaisuusKoodi: '246' }],
    };
    const { hetu, henkiloOid } = await create(values);
    await vtjKnows({ [hetu]: { etunimet: 'Unno Kalevi', kutsumanimi: 'Unno Kalevi', aidinkieli: 'xx', kansalaisuus: [], kotikunta: undefined } }); // prettier-ignore
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });
    expect(await get(henkiloOid)).toMatchObject({
      etunimet: 'Unno Kalevi',
      kutsumanimi: 'Unno Kalevi',
      aidinkieli: { kieliKoodi: 'se' },
      kansalaisuus: [{ kansalaisuusKoodi: '246' }],
      kotikunta: null,
    });
  });

  it('asks käyttöoikeuspalvelu about a caller without the right, and lets nobody identify himself', async () => {
    const { hetu, henkiloOid } = await create();
    await vtjKnows({ [hetu]: {} });
    const virkailija = userWith('1.2.246.562.24.99000000098', YLIOPISTO, 'MANUAALINEN_YKSILOINTI');
    expect(await app.as(virkailija).post(`/henkilo/${henkiloOid}/yksiloi`)).toMatchObject({ status: 401 });
    await app.peers.state({ canAccess: [`${virkailija.sub}>${henkiloOid}`] });
    expect(await app.as(virkailija).post(`/henkilo/${henkiloOid}/yksiloi`)).toMatchObject({ status: 200 });
    const itself = await create();
    await vtjKnows({ [itself.hetu]: {} });
    expect(
      await app.as({ ...oikeudeton, sub: itself.henkiloOid }).post(`/henkilo/${itself.henkiloOid}/yksiloi`),
    ).toMatchObject({ status: 401 });
    expect(await app.query('select yksiloityvtj from henkilo where oidhenkilo = $1', [itself.henkiloOid])).toEqual([
      { yksiloityvtj: false },
    ]);
  });
});

describe('guardians that VTJ tells', () => {
  const guardiansOf = async (henkiloOid: string) =>
    app.query(
      `select g.etunimet, g.kutsumanimi, g.sukunimi, g.hetu, g.yksiloityvtj, g.kasittelija, s.alkupvm, s.loppupvm
         from henkilo_huoltaja_suhde s join henkilo l on l.id = s.lapsi_id join henkilo g on g.id = s.huoltaja_id
        where l.oidhenkilo = $1 order by g.etunimet`,
      [henkiloOid],
    );

  it('replace those of the child: one by hetu, one by names, one without names left out', async () => {
    const { hetu, henkiloOid } = await create();
    const known = await create({ etunimet: 'Ulla', kutsumanimi: 'Ulla', sukunimi: 'Huoltaja' });
    const unknownHetu = newVtjHetu();
    const first = [
      { hetu: known.hetu, etunimet: 'Ulla Maija', sukunimi: 'Muu' },
      { hetu: '', etunimet: 'Pekka Juhani', sukunimi: 'Ulkomaa' },
      { hetu: '', etunimet: '', sukunimi: '' },
      { hetu: unknownHetu, etunimet: '', sukunimi: '' },
    ];
    await vtjKnows({ [hetu]: { huoltajat: first } });
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });
    const dates = { alkupvm: null, loppupvm: null };
    const pekka = { etunimet: 'Pekka Juhani', kutsumanimi: 'Pekka Juhani', sukunimi: 'Ulkomaa', hetu: null, yksiloityvtj: false, kasittelija: rekisterinpitaja.sub, ...dates }; // prettier-ignore
    expect(await guardiansOf(henkiloOid)).toEqual([
      pekka,
      expect.objectContaining({ etunimet: 'Ulla', sukunimi: 'Huoltaja', hetu: known.hetu, ...dates }),
    ]);

    await vtjKnows({ [hetu]: { huoltajat: [first[1]!] } });
    expect(await refresh(henkiloOid)).toMatchObject({ status: 200 });
    expect(await guardiansOf(henkiloOid)).toEqual([pekka]); // the same person, found by names
    expect(await app.query(`select 1 from henkilo where sukunimi = 'Ulkomaa'`)).toHaveLength(1);

    await app.query(`update henkilo set etunimet = $1, kutsumanimi = $1 where sukunimi = 'Ulkomaa'`, ['Pe\u0301kka']);
    await vtjKnows({ [hetu]: { huoltajat: [{ ...first[1]!, etunimet: 'Pékka' }] } });
    expect(await refresh(henkiloOid)).toMatchObject({ status: 200 });
    expect(await app.query(`select 1 from henkilo where sukunimi = 'Ulkomaa'`)).toHaveLength(1); // the same in NFC
  });

  it('fail the whole update when one has a malformed hetu', async () => {
    const { hetu, henkiloOid } = await create();
    await vtjKnows({ [hetu]: { huoltajat: [{ hetu: '010180A000', etunimet: 'Ulla', sukunimi: 'Uusi' }] } });
    const before = await rowOf(app, henkiloOid);
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 500 });
    expect(await rowOf(app, henkiloOid)).toEqual(before);
  });
});

describe('a hetu that VTJ has changed', () => {
  const changed = (from: string, to: string) => vtjKnows({ [from]: { paluukoodi: '0002', uusiHetu: to }, [to]: {} });

  it('replaces the old one, which stays findable', async () => {
    const { hetu, henkiloOid } = await create();
    const uusi = newVtjHetu();
    await changed(hetu, uusi);
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });
    expect(await get(henkiloOid)).toMatchObject({ hetu: uusi, kaikkiHetut: [hetu, uusi].sort(), yksiloityVTJ: true });
    expect(await announced(app)).toEqual([henkiloOid]);
  });

  it('makes a person not identified who has it the slave', async () => {
    const { hetu, henkiloOid } = await create();
    const other = await create();
    await changed(hetu, other.hetu);
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });
    expect(await get(henkiloOid)).toMatchObject({
      hetu: other.hetu,
      kaikkiHetut: [hetu, other.hetu].sort(),
      yksiloityVTJ: true,
    });
    expect(await rowOf(app, other.henkiloOid)).toMatchObject({ hetu: null, duplicate: true, passivoitu: true });
    expect(await announced(app)).toEqual([henkiloOid, other.henkiloOid]);
    expect(await passivations(app)).toEqual([
      `/kayttooikeus-service/henkilo/${other.henkiloOid}/passivoi?kasittelijaOid=${rekisterinpitaja.sub}`,
    ]);
  });

  it('puts the person under the one whom VTJ has identified by it, without its data', async () => {
    const master = await createIdentified();
    const { hetu, henkiloOid } = await create();
    await changed(hetu, master.hetu);
    expect(await yksiloi(henkiloOid)).toMatchObject({ status: 200 });
    expect(await get(master.henkiloOid)).toMatchObject({ hetu: master.hetu, kaikkiHetut: [hetu, master.hetu].sort() });
    expect(await get(henkiloOid)).toMatchObject({
      hetu: null,
      kaikkiHetut: [],
      duplicate: true,
      passivoitu: true,
      yksilointiYritetty: true,
      yksiloityVTJ: false,
    });
    expect(await announced(app)).toEqual([master.henkiloOid, henkiloOid]);
  });

  it('joins nobody when VTJ has identified both: 400', async () => {
    const [a, b] = [await createIdentified(), await createIdentified()];
    await changed(a.hetu, b.hetu);
    const before = [await rowOf(app, a.henkiloOid), await rowOf(app, b.henkiloOid)];
    expect(await refresh(a.henkiloOid)).toMatchObject({ status: 400 });
    expect([await rowOf(app, a.henkiloOid), await rowOf(app, b.henkiloOid)]).toEqual(before);
    expect(await passivations(app)).toEqual([]);
  });
});

describe('PUT /henkilo/{oid}/yksilointitiedot', () => {
  it('takes over VTJ’s data whatever the names and logs it twice', async () => {
    const { hetu, henkiloOid } = await createIdentified();
    await vtjKnows({ [hetu]: { sukunimi: 'Aivan-Toinen', kotikunta: 'xyz' } });
    expect(await refresh(henkiloOid)).toMatchObject({ status: 200, text: '' });
    expect(await get(henkiloOid)).toMatchObject({ sukunimi: 'Aivan-Toinen', kotikunta: '999', yksiloityVTJ: true });
    expect(await announced(app)).toEqual([henkiloOid]);
    const target = { henkiloOid, lisatieto: 'VTJ-tiedot päivitetty.' };
    expect(auditOf(henkiloOid).slice(-2)).toMatchObject([
      { operation: 'TUNNISTUSTIETOJEN_PAIVITYS', target },
      { operation: 'YKSILOINTITIETOJEN_PAIVITYS', target },
    ]);
  });

  it('answers 400 for a person not identified by VTJ, 500 when VTJ no longer knows it, 401 without the role', async () => {
    const { henkiloOid } = await create();
    expect(await refresh(henkiloOid)).toMatchObject({ status: 400 });
    const identified = await createIdentified();
    await vtjKnows({ [identified.hetu]: null });
    expect(await refresh(identified.henkiloOid)).toMatchObject({ status: 500, body: { exception: expect.stringContaining('DataInconsistency') as string } }); // prettier-ignore
    await vtjKnows({ [identified.hetu]: { paluukoodi: '0002' } });
    expect(await refresh(identified.henkiloOid)).toMatchObject({ status: 500 });
    expect(await app.as(oikeudeton).put(`/henkilo/${henkiloOid}/yksilointitiedot`)).toMatchObject({ status: 401 });
    expect(await app.as(organisaatiorekisteri).put(`/henkilo/${henkiloOid}/yksilointitiedot`)).toMatchObject({ status: 400 }); // prettier-ignore
  });
});

describe('POST /henkilo/{oid}/yksiloihetuton and purayksilointi', () => {
  const mark = (henkiloOid: string) => keeper().post(`/henkilo/${henkiloOid}/yksiloihetuton`);
  const undo = (henkiloOid: string) => keeper().post(`/henkilo/${henkiloOid}/purayksilointi`);

  it('mark a person without hetu as identified, and take it back', async () => {
    const henkiloOid = await createHenkilo(app, { duplicate: true });
    expect(await mark(henkiloOid)).toMatchObject({ status: 200, text: '' });
    expect(await get(henkiloOid)).toMatchObject({ yksiloity: true, duplicate: false, oppijanumero: henkiloOid });
    expect(auditOf(henkiloOid).at(-1)).toMatchObject({
      operation: 'HETUTTOMAN_YKSILOINTI',
      target: { lisatieto: 'Yksilöidään hetuton henkilo.' },
    });
    expect(await undo(henkiloOid)).toMatchObject({ status: 200, text: '' });
    expect(await get(henkiloOid)).toMatchObject({ yksiloity: false, oppijanumero: null });
    expect(auditOf(henkiloOid).at(-1)).toMatchObject({
      operation: 'PURA_HETUTTOMAN_YKSILOINTI',
      target: { lisatieto: 'Puretaan hetuttoman henkilon yksilointi.' },
    });
    expect(await announced(app)).toEqual([henkiloOid, henkiloOid, henkiloOid]);
    expect(await undo(henkiloOid)).toMatchObject({ status: 400 });
  });

  it('leave a slave a duplicate', async () => {
    const [master, slave] = [await createHenkilo(app), await createHenkilo(app)];
    expect(await keeper().post(`/henkilo/${master}/link`, [slave])).toMatchObject({ status: 200, body: [slave] });
    expect(await mark(slave)).toMatchObject({ status: 200 });
    expect(await get(slave)).toMatchObject({ yksiloity: true, duplicate: true, passivoitu: true });
  });

  it('refuse persons with a hetu, identified strongly, or unknown', async () => {
    const { henkiloOid } = await createIdentified();
    expect(await mark(henkiloOid)).toMatchObject({ status: 400 });
    expect(await undo(henkiloOid)).toMatchObject({ status: 400 });
    const eidas = await createHenkilo(app);
    await app.query(`update henkilo set yksiloityeidas = true, yksiloity = false where oidhenkilo = $1`, [eidas]);
    expect(await mark(eidas)).toMatchObject({ status: 400 });
    expect(await mark('1.2.246.562.24.404')).toMatchObject({ status: 404 });
    expect(await undo('1.2.246.562.24.404')).toMatchObject({ status: 404 });
    expect(await app.as(organisaatiorekisteri).post(`/henkilo/${henkiloOid}/purayksilointi`)).toMatchObject({ status: 401 }); // prettier-ignore
  });
});

describe('PUT /henkilo/{oid}/yksilointitiedot/yliajayksiloimaton', () => {
  const createMismatch = async (vtj: object = {}, values: object = {}) => {
    const made = await create({ sukunimi: 'Toinen', ...values });
    await vtjKnows({ [made.hetu]: vtj });
    expect(await yksiloi(made.henkiloOid)).toMatchObject({ status: 200 });
    await app.peers.reset();
    return made;
  };

  it('makes the person what VTJ said and identified; addresses are not doubled', async () => {
    const vtj = { aidinkieli: 'sv', kansalaisuus: ['752'], osoite: OSOITE };
    const { hetu, henkiloOid } = await createMismatch(vtj, { yhteystiedotRyhma: [vtjGroup('Vanha 1')] });
    expect(await accept(henkiloOid)).toMatchObject({ status: 200, text: '' });
    expect(await get(henkiloOid)).toMatchObject({
      etunimet: VTJ.etunimet,
      kutsumanimi: VTJ.kutsumanimi,
      sukunimi: VTJ.sukunimi,
      kotikunta: '091',
      aidinkieli: { kieliKoodi: 'sv' },
      kansalaisuus: [{ kansalaisuusKoodi: '752' }],
      yksiloityVTJ: true,
      kaikkiHetut: [hetu],
      vtjsynced: null,
      yhteystiedotRyhma: [{ ryhmaKuvaus: 'yhteystietotyyppi4', readOnly: true }],
    });
    expect((await get(henkiloOid)).yhteystiedotRyhma).toHaveLength(1);
    expect(await tietoOf(henkiloOid)).toEqual([]);
    expect(await app.query('select 1 from yhteystiedotryhma where henkilo_id is null and yksilointitieto_id is null')).toEqual([]); // prettier-ignore
    expect(await announced(app)).toEqual([henkiloOid]);
    expect(await accept(henkiloOid)).toMatchObject({ status: 400, body: { message: 'No VTJ-data found for henkilo' } });
  });

  it('keeps the addresses of VTJ that no other ones replace', async () => {
    const { henkiloOid } = await createMismatch(
      {},
      { yhteystiedotRyhma: [vtjGroup('Vanha 1'), sahkoposti('u@example.fi')] },
    );
    expect(await accept(henkiloOid)).toMatchObject({ status: 200 });
    const { yhteystiedotRyhma } = (await get(henkiloOid)) as { yhteystiedotRyhma: { ryhmaAlkuperaTieto: string }[] };
    expect(yhteystiedotRyhma.map((ryhma) => ryhma.ryhmaAlkuperaTieto).sort()).toEqual(['alkupera1', 'alkupera2']);
    expect(JSON.stringify(yhteystiedotRyhma)).toContain('Vanha 1');
  });

  it('leaves the data out when the hetu belongs to another whom VTJ has identified', async () => {
    const master = await createIdentified();
    const { hetu, henkiloOid } = await createMismatch();
    await app.query('update yksilointitieto set hetu = $1 where hetu = $2', [master.hetu, hetu]);
    expect(await accept(henkiloOid)).toMatchObject({ status: 200 });
    expect(await rowOf(app, henkiloOid)).toMatchObject({ hetu: null, duplicate: true, sukunimi: 'Toinen' });
    expect(await get(master.henkiloOid)).toMatchObject({ kaikkiHetut: [hetu, master.hetu].sort(), sukunimi: 'Uusi' });
    expect(await tietoOf(henkiloOid)).toEqual([]);
    expect(await announced(app)).toEqual([master.henkiloOid, henkiloOid]);
  });

  it('keeps the hetu when VTJ gave none, and makes all first names the calling name that does not fit', async () => {
    const { hetu, henkiloOid } = await createMismatch();
    await app.query(`update yksilointitieto set hetu = null, kutsumanimi = 'Muu' where hetu = $1`, [hetu]);
    expect(await accept(henkiloOid)).toMatchObject({ status: 200 });
    expect(await get(henkiloOid)).toMatchObject({ hetu, kutsumanimi: 'Uuno Kalervo', kaikkiHetut: [hetu] });
  });
});
