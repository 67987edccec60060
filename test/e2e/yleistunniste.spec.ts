/* eslint-disable @typescript-eslint/no-explicit-any -- the tests look inside answers */
import { rivi, startImport, untilHandled } from '../support/imports.js';
import { ANNOUNCING, announced, createHenkilo, newHetu, newVtjHetu, rowOf } from '../support/persons.js';
import { watchRequestStatements } from '../support/request-statements.js';
import { useTestApp, type TestCaller } from '../support/test-app.js';
import { MALLIKOULU, oikeudeton, rekisterinpitaja, TIEDEKUNTA, tuoja, userWith, yleistunniste, YLIOPISTO } from '../support/users.js'; // prettier-ignore

const app = useTestApp({ ...ANNOUNCING });
const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const caller = () => app.as(yleistunniste);
const row = (tunniste: string, henkilo: object = {}) => ({ tunniste, henkilo: { ...NIMET, hetu: newHetu(), ...henkilo } }); // prettier-ignore
/** Imports rows and gives the result, asked by `by`. */
async function result(henkilot: object[], by: TestCaller = caller()): Promise<any> {
  const id = await startImport(by, henkilot, '/yleistunniste');
  await untilHandled(app.as(tuoja), id);
  return (await by.get(`/yleistunniste/tuonti=${id}`)).body;
}
const link = (master: string, slave: string) =>
  app.query(`insert into henkiloviite (id, version, master_oid, slave_oid) values (nextval('hibernate_sequence'), 0, $1, $2)`, [master, slave]); // prettier-ignore
const set = (columns: string, henkiloOid: string) =>
  app.query(`update henkilo set ${columns} where oidhenkilo = $1`, [henkiloOid]);
const organisaatiot = async (henkiloOid: string) =>
  (
    await app.query<{ oid: string }>(
      `select o.oid from henkilo h join henkilo_organisaatio x on x.henkilo_id = h.id join organisaatio o on o.id = x.organisaatio_id
        where h.oidhenkilo = $1 order by 1`,
      [henkiloOid],
    )
  ).map(({ oid }) => oid);

describe('PUT /yleistunniste', () => {
  const counts = async () => (await app.query('select (select count(*) from tuonti) as t, (select count(*) from tuonti_data) as d'))[0]; // prettier-ignore
  const refused: [string, unknown, string][] = [
    ['no list', {}, 'must not be null'],
    ['null for the list', { henkilot: null }, 'must not be null'],
    ['no rows', { henkilot: [] }, 'size must be between 1 and 10000'],
    ['10 001 rows', { henkilot: Array.from({ length: 10_001 }, (_, n) => row(`t${n}`, { hetu: '010190-900P' })) }, 'size must be between 1 and 10000'],
    ['a null row', { henkilot: [row('a'), null] }, 'henkilot[1]'],
    ['a row without a person', { henkilot: [{ tunniste: 'a' }] }, 'must not be null'],
    ['no tunniste', { henkilot: [row(undefined as never)] }, 'must not be null'],
    ['a blank tunniste', { henkilot: [row(' \t')] }, 'must not be blank'],
    ['a tunniste of 256 characters', { henkilot: [row('x'.repeat(256))] }, 'size must be between 0 and 255'],
    ['a tunniste with U+0000', { henkilot: [row('x\0')] }, 'U+0000'],
    ['a tunniste with half of a pair', { henkilot: [row('x\ud800')] }, 'as a text'],
    ['a surname of 256 characters', { henkilot: [row('a', { sukunimi: 'x'.repeat(256) })] }, 'size must be between 0 and 255'],
    ['a surname with a control character', { henkilot: [row('a', { sukunimi: 'x\u0007' })] }, 'Invalid pattern'],
    ['no hetu', { henkilot: [row('a', { hetu: undefined })] }, 'Cannot be empty'],
    ['null for the hetu', { henkilot: [row('a', { hetu: null })] }, 'Cannot be empty'],
    ['an empty hetu', { henkilot: [row('a', { hetu: '' })] }, 'Cannot be empty'],
    ['a malformed hetu', { henkilot: [row('a', { hetu: '010190-900X' })] }, 'invalid.hetu'],
    ['an empty name', { henkilot: [row('a', { etunimet: '' })] }, 'Cannot be empty'],
    ['a space at the end of a name', { henkilot: [row('a', { sukunimi: 'Uusi ' })] }, 'Invalid pattern'],
    ['a calling name that is no first name', { henkilot: [row('a', { kutsumanimi: 'Muu' })] }, 'Nick name must be one of the first names'],
    ['a malformed address', { sahkoposti: 'makkara', henkilot: [row('a')] }, 'must be a well-formed email address'],
    ['an object for the list', { henkilot: {} }, 'as a list'],
    ['a text for a row', { henkilot: ['x'] }, ''],
    ['a list for a hetu', { henkilot: [row('a', { hetu: ['010190-900P'] })] }, 'as a text'],
  ]; // prettier-ignore

  it.each(refused)('refuses %s, whoever asks, and stores nothing', async (_, body, message) => {
    const before = await counts();
    const answer = await caller().put('/yleistunniste', body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(message);
    // Of who lacks the role a long body is not read (docs/adr/0089-hostile-bodies.md).
    const isLong = JSON.stringify(body).length > 16_384;
    expect(await app.as(oikeudeton).put('/yleistunniste', body)).toMatchObject({ status: isLong ? 401 : 400 });
    expect(await counts()).toEqual(before);
  });

  it('refuses a repeated tunniste', async () => {
    const answer = await caller().put('/yleistunniste', { henkilot: [row('a'), row('b'), row('a')] });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain("'henkilot[2].tunniste': default message [must not be repeated");
  });

  it('is for its own right only', async () => {
    const body = { henkilot: [row('a')] };
    for (const user of [rekisterinpitaja, tuoja, oikeudeton])
      expect((await app.as(user).put('/yleistunniste', body)).status).toBe(401);
    expect((await app.anonymous.put('/yleistunniste', body)).status).toBe(302);
  });
});

describe('an import by hetu', () => {
  it('answers in the order of its rows: who is known, who was and who is new', async () => {
    const henkilot = Array.from({ length: 230 }, (_, n) => row(`t${n}`));
    const hetu = (n: number) => henkilot[n]!.henkilo.hetu;
    const nykyinen = await createHenkilo(app, { ...NIMET, hetu: hetu(3) });
    const entinen = await createHenkilo(app, { ...NIMET, hetu: newHetu() });
    await app.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2)', [(await rowOf(app, entinen)).id, hetu(150)]); // prettier-ignore
    const toinen = await createHenkilo(app, { etunimet: 'Aivan', kutsumanimi: 'Aivan', sukunimi: 'Toinen', hetu: hetu(229) }); // prettier-ignore
    henkilot[200]!.henkilo.hetu = hetu(3);
    const before = await rowOf(app, nykyinen);
    await app.peers.reset();

    const body = await result(henkilot);

    expect(body).toMatchObject({ kasiteltavia: 230, kasiteltyja: 230, kasitelty: true });
    expect(body).not.toHaveProperty('virheet');
    expect(body.henkilot.map((r: any) => r.tunniste)).toEqual(henkilot.map(({ tunniste }) => tunniste));
    const oids = body.henkilot.map((r: any) => r.henkilo.oid) as string[];
    expect([oids[3], oids[200], oids[150], oids[229]]).toEqual([nykyinen, nykyinen, entinen, toinen]);
    expect(new Set(oids).size).toBe(229);
    expect(body.henkilot.map((r: any) => r.conflict).filter(Boolean)).toHaveLength(1);
    expect(body.henkilot[229].conflict).toBe(true);
    expect(await rowOf(app, toinen)).toMatchObject({ sukunimi: 'Toinen' });

    const stored = await app.query<{ hetu: string }>('select hetu from henkilo where oidhenkilo = any ($1)', [oids]);
    expect(stored).toHaveLength(229);
    const after = await rowOf(app, nykyinen);
    expect(after.kasittelija).toBe(before.kasittelija);
    expect(Number(after.modified)).toBeGreaterThan(Number(before.modified));
    expect((await announced(app)).sort()).toEqual([...oids].sort());
  });

  it('stores a new person with the unknown nationality, birth date and sex of the hetu, and no more', async () => {
    const body = await result([row('a', { hetu: '010203A9013', sukupuoli: { koodi: '2' }, syntymaaika: '1990-01-01', passinumero: 'X', sahkoposti: 'x@example.fi' })]); // prettier-ignore
    const oid = body.henkilot[0].henkilo.oid as string;
    expect(await rowOf(app, oid)).toMatchObject({ ...NIMET, hetu: '010203A9013', sukupuoli: '1', aidinkieli_id: null, kasittelija: yleistunniste.sub, yksiloity: false, yksiloityvtj: false }); // prettier-ignore
    expect(await app.query(`select syntymaaika::text from henkilo where oidhenkilo = $1`, [oid])).toEqual([{ syntymaaika: '2003-02-01' }]); // prettier-ignore
    const parts = await app.query(
      `select (select array_agg(kansalaisuuskoodi) from henkilo_kansalaisuus x join kansalaisuus k on k.id = x.kansalaisuus_id where x.henkilo_id = h.id) as k,
              (select count(*)::int from henkilo_passinumero where henkilo_id = h.id) as p, (select count(*)::int from identification where henkilo_id = h.id) as i
         from henkilo h where oidhenkilo = $1`,
      [oid],
    );
    expect(parts).toEqual([{ k: ['999'], p: 0, i: 0 }]);
  });

  it('gives learner numbers by identification and by link, and nothing else of a person', async () => {
    const person = () => createHenkilo(app, { ...NIMET, hetu: newHetu() });
    const hetuOf = async (henkiloOid: string) => (await rowOf(app, henkiloOid)).hetu as string;
    const [yksiloity, yksiloimaton, master, slave, sibling, eidas] = [await person(), await person(), await person(), await person(), await person(), await person()]; // prettier-ignore
    await set('yksiloityvtj = true', yksiloity);
    const eidasHetu = await hetuOf(eidas);
    await link(master, slave);
    await link(master, sibling);
    await set('passivoitu = true, duplicate = true', slave);
    const oids = [yksiloity, yksiloimaton, master, slave];
    const henkilot = await Promise.all(oids.map(async (oid, n) => row(`t${n}`, { hetu: await hetuOf(oid) })));
    henkilot.push(row('t4', { hetu: eidasHetu }));

    const body = await result(henkilot);

    const linked = (...others: string[]) => [...others].sort();
    expect(body.henkilot.map((r: any) => ({ ...r.henkilo, linked: [...r.henkilo.linked].sort() }))).toEqual([
      { oid: yksiloity, oppijanumero: yksiloity, passivoitu: false, linked: [] },
      { oid: yksiloimaton, oppijanumero: null, passivoitu: false, linked: [] },
      { oid: master, oppijanumero: master, passivoitu: false, linked: linked(slave, sibling) },
      { oid: slave, oppijanumero: master, passivoitu: true, linked: linked(master, sibling) },
      { oid: eidas, oppijanumero: null, passivoitu: false, linked: [] },
    ]);
    for (const r of body.henkilot) expect(Object.keys(r as object).sort()).toEqual(['conflict', 'henkilo', 'tunniste']);
    expect((await caller().get(`/yleistunniste/hae/${slave}`)).body).toMatchObject({ oppijanumero: null }); // docs/spec/duplicates-tuonti-yleistunniste.md#O-5
  });

  it('puts its persons into the organisations of both rights, `hae` into those of its own', async () => {
    const molemmat = {
      sub: '1.2.246.562.24.99000000791',
      roles: { [YLIOPISTO]: ['OPPIJANUMEROREKISTERI_YLEISTUNNISTE_LUONTI'], [MALLIKOULU]: ['OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI'] },
    }; // prettier-ignore
    const hetu = newHetu();
    const oid = await createHenkilo(app, { ...NIMET, hetu });
    expect((await app.as(molemmat).post('/yleistunniste/hae', { ...NIMET, hetu })).status).toBe(200);
    expect(await organisaatiot(oid)).toEqual([YLIOPISTO]);
    await result([row('a', { hetu })], app.as(molemmat));
    expect(await organisaatiot(oid)).toEqual([YLIOPISTO, MALLIKOULU].sort());
  });

  it('is shown to the organisations of its persons, without those below or above', async () => {
    const id = await startImport(caller(), [row('a')], '/yleistunniste');
    await untilHandled(app.as(tuoja), id);
    const path = `/yleistunniste/tuonti=${id}`;
    const of = (organisation: string) => userWith(`1.2.246.562.24.9900000079${organisation.length}`, organisation, 'YLEISTUNNISTE_LUONTI'); // prettier-ignore
    expect((await app.as(of(MALLIKOULU)).get(path)).status).toBe(403);
    expect((await app.as(of(TIEDEKUNTA)).get(path)).status).toBe(403);
    for (const user of [rekisterinpitaja, tuoja]) expect((await app.as(user).get(path)).status).toBe(401);
    expect((await app.as(tuoja).get(`/oppija/tuonti=${id}`)).status).toBe(200);
  });

  it('is 403 before its first rows are done, 404 when there is none, 400 for no number', async () => {
    const [stored] = await app.query<{ id: string }>(
      `insert into tuonti (id, version, kasiteltavia, kasiteltyja, api) values (nextval('hibernate_sequence'), 0, 0, 0, 'YLEISTUNNISTE') returning id`,
    );
    expect((await caller().get(`/yleistunniste/tuonti=${stored!.id}`)).status).toBe(403);
    expect((await caller().get(`/yleistunniste/tuonti=${stored!.id}/perustiedot`)).status).toBe(200);
    for (const path of ['tuonti=1', 'tuonti=-1', 'tuonti=1/perustiedot'])
      expect((await caller().get(`/yleistunniste/${path}`)).status).toBe(404);
    expect((await caller().post('/yleistunniste/tuonti=1')).status).toBe(404);
    for (const path of ['tuonti=x', 'tuonti=99999999999999999999', 'tuonti=x/perustiedot'])
      expect((await caller().get(`/yleistunniste/${path}`)).status).toBe(400);
  });

  it('that is finished stays as it is when started again', async () => {
    const id = await startImport(caller(), [row('a')], '/yleistunniste');
    await untilHandled(app.as(tuoja), id);
    const rows = () => app.query('select * from tuonti_rivi where tuonti_id = $1', [id]);
    const before = await rows();
    const answer = await caller().post(`/yleistunniste/tuonti=${id}`);
    expect(answer).toMatchObject({ status: 200, body: { id, kasiteltavia: 1, kasiteltyja: 1, kasitelty: true } });
    expect(await rows()).toEqual(before);
  });

  it('of learners is read here too', async () => {
    const id = await startImport(app.as(tuoja), [rivi('a')]);
    await untilHandled(app.as(tuoja), id);
    const { body } = await caller().get(`/yleistunniste/tuonti=${id}`);
    expect(body.henkilot).toEqual([
      { tunniste: 'a', conflict: false, henkilo: { oid: expect.any(String), oppijanumero: null, passivoitu: false, linked: [] } },
    ]); // prettier-ignore
  });
});

it('an import may have 10 000 rows, an empty address and unknown members', async () => {
  const henkilot = Array.from({ length: 10_000 }, (_, n) => ({ ...row(`t${n}`, { hetu: '010190-900P' }), more: n }));
  const answer = await caller().put('/yleistunniste', { sahkoposti: '', henkilot, more: true });
  expect(answer).toMatchObject({ status: 200, body: { kasiteltavia: 10_000, kasiteltyja: 0, kasitelty: false } });
  await untilHandled(app.as(tuoja), answer.body.id as number, 120_000);
  expect(await app.query(`select 1 from henkilo where hetu = '010190-900P'`)).toHaveLength(1);
  const { body } = await caller().get(`/yleistunniste/tuonti=${answer.body.id}`);
  expect(body.henkilot.map((r: any) => r.tunniste)).toEqual(henkilot.map(({ tunniste }) => tunniste));
}, 180_000);

describe('POST /yleistunniste/hae', () => {
  const hae = (body: object) => caller().post('/yleistunniste/hae', body);

  it('stores the person with the given names for the caller’s organisation', async () => {
    const hetu = newVtjHetu();
    await app.peers.state({ vtj: { [hetu]: { ...NIMET, etunimet: 'Uuno Kalervo Juhani', kansalaisuus: ['246'] } } });
    const answer = await hae({ hetu, ...NIMET });
    const oid = (answer.body as { oid: string }).oid;
    expect(answer).toMatchObject({ status: 200, body: { oid, oppijanumero: oid } });
    expect(await rowOf(app, oid)).toMatchObject({
      etunimet: 'Uuno Kalervo',
      hetu,
      kasittelija: yleistunniste.sub,
      yksiloityvtj: false,
      yksilointi_yritetty: false,
    });
    expect(await organisaatiot(oid)).toEqual([YLIOPISTO]);
    expect(await app.query('select revtype from henkilo_aud where oidhenkilo = $1', [oid])).toEqual([{ revtype: 0 }]);
  });

  it('stores one person for ten callers at once', async () => {
    const hetu = newVtjHetu();
    await app.peers.state({ vtj: { [hetu]: NIMET } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => hae({ hetu, ...NIMET })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map(({ body }) => (body as { oid: string }).oid)).size).toBe(1);
    expect(await app.query('select 1 from henkilo where hetu = $1', [hetu])).toHaveLength(1);
  });

  it('adds the caller’s organisation to a person found, without announcing it, and answers the master’s number', async () => {
    const hetu = newHetu();
    const slave = await createHenkilo(app, { hetu, ...NIMET });
    const master = await createHenkilo(app, { yksiloity: true });
    await link(master, slave);
    const { modified } = await rowOf(app, slave);
    expect(await hae({ hetu, ...NIMET })).toMatchObject({ status: 200, body: { oid: slave, oppijanumero: master } });
    expect(await organisaatiot(slave)).toEqual([YLIOPISTO]);
    expect((await rowOf(app, slave)).modified).toEqual(modified);
  });

  it('has no learner number for a person that is not identified', async () => {
    const hetu = newHetu();
    const oid = await createHenkilo(app, { hetu, ...NIMET });
    const caller = userWith('1.2.246.562.24.99000000097', YLIOPISTO, 'YLEISTUNNISTE_LUONTI');
    expect((await app.as(caller).post('/yleistunniste/hae', { hetu, ...NIMET })).body).toEqual({ oid, oppijanumero: null }); // prettier-ignore
  });

  it('refuses a former hetu of somebody: 400 with the field', async () => {
    const hetu = newVtjHetu();
    const owner = await createHenkilo(app);
    await app.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2)', [(await rowOf(app, owner)).id, hetu]); // prettier-ignore
    await app.peers.state({ vtj: { [hetu]: NIMET } });
    expect(await hae({ hetu, ...NIMET })).toMatchObject({
      status: 400,
      body: { fieldErrors: [{ field: 'hetu', code: 'socialsecuritynr.already.exists' }] },
    });
  });
});

describe('POST /yleistunniste/hae of a person who belongs to the organisations', () => {
  const hae = (hetu: string, nimet: object = {}) => caller().post('/yleistunniste/hae', { ...NIMET, hetu, ...nimet });

  it('is one statement, waits for nobody who holds the person and is logged as ever', async () => {
    const hetu = newHetu();
    const [oid, master] = [await createHenkilo(app, { hetu }), await createHenkilo(app)];
    await set('yksiloityvtj = true', master);
    expect((await hae(hetu)).body).toEqual({ oid, oppijanumero: null });
    expect(await organisaatiot(oid)).toEqual([YLIOPISTO]);
    await link(master, oid);

    const asked = watchRequestStatements(app);
    await app.query('begin');
    await app.query('select * from henkilo where oidhenkilo = $1 for update', [oid]);
    const entries = app.audit.length;
    const answer = await hae(hetu);
    await app.query('rollback');
    expect(answer).toMatchObject({ status: 200, body: { oid, oppijanumero: master } });
    asked.stop();
    expect(asked.texts).toEqual([expect.stringContaining('where h.hetu')]);
    expect(app.audit.slice(entries)).toMatchObject([{ operation: 'READ', target: { oids: [oid, master].join(',') } }]);
  });

  it('refuses other names, and brings the person into organisations that are missing', async () => {
    const hetu = newHetu();
    const oid = await createHenkilo(app, { hetu });
    await hae(hetu);
    expect((await hae(hetu, { etunimet: 'Aatu', kutsumanimi: 'Aatu' })).status).toBe(409);
    const both = userWith('1.2.246.562.24.99000000792', MALLIKOULU, 'YLEISTUNNISTE_LUONTI');
    expect((await app.as(both).post('/yleistunniste/hae', { ...NIMET, hetu })).body).toEqual({
      oid,
      oppijanumero: null,
    });
    expect(await organisaatiot(oid)).toEqual([YLIOPISTO, MALLIKOULU].sort());
  });
});
