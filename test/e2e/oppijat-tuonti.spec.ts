/* eslint-disable @typescript-eslint/no-explicit-any -- the tests look inside answers */
import { setTimeout as sleep } from 'node:timers/promises';
import { LiittaminenService } from '../../src/oppijat-tuonti/tuonti/liittaminen.service.js';
import { importRows, rivi, rivit, startImport, storeImport, untilHandled } from '../support/imports.js';
import { ANNOUNCING, announced, createHenkilo, newHetu, rowOf } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import {
  MALLIKOULU,
  organisaatiorekisteri,
  rekisterinpitaja,
  TIEDEKUNTA,
  tuoja,
  userWith,
  yleistunniste,
  YLIOPISTO,
} from '../support/users.js';

const app = useTestApp({ ...ANNOUNCING });
const koulu = userWith('1.2.246.562.24.99000000777', MALLIKOULU, 'OPPIJOIDENTUONTI');
const tuontidata = userWith('1.2.246.562.24.99000000778', YLIOPISTO, 'TUONTIDATA_READ');
const organisaatiot = async (oid: string) =>
  (
    await app.query<{ oid: string }>(
      `select o.oid from henkilo h join henkilo_organisaatio x on x.henkilo_id = h.id join organisaatio o on o.id = x.organisaatio_id
        where h.oidhenkilo = $1 order by 1`,
      [oid],
    )
  ).map((row) => row.oid);

/** Waits for a line of the log. */
const untilLogged = async (isIt: (line: string) => boolean) => {
  for (const end = Date.now() + 240_000; !app.lines.some(isIt); await sleep(10))
    if (Date.now() > end) throw new Error('The line is not logged');
};

describe('an import', () => {
  it('finds persons by every identifier, makes the rest, and announces each row', async () => {
    const [hetu, vanha] = [newHetu(), newHetu()];
    const tunnettu = await createHenkilo(app, { hetu });
    await app.query('insert into henkilo_hetu (henkilo_id, hetu) select id, $2 from henkilo where oidhenkilo = $1', [tunnettu, vanha]); // prettier-ignore
    const kasittelija = (await rowOf(app, tunnettu)).kasittelija;
    await app.peers.reset();

    const id = await startImport(app.as(tuoja), [
      rivi('oid', { oid: tunnettu, sukunimi: 'Toinen' }),
      rivi('hetu', { hetu }),
      rivi('vanha', { hetu: vanha }),
      rivi('uusi', {
        hetu: newHetu(),
        passinumero: 'UUSI1',
        sahkoposti: 'uusi@example.fi',
        aidinkieli: { koodi: 'FI' },
      }),
      rivi('sama', { sahkoposti: 'uusi@example.fi' }),
    ]);
    await untilHandled(app.as(tuoja), id);

    const { body } = await app.as(tuoja).get(`/oppija/tuonti=${id}`);
    const uusi = body.henkilot[3].henkilo.oid as string;
    expect(body.henkilot.map((r: any) => [r.tunniste, r.henkilo.oid, r.conflict])).toEqual([
      ['oid', tunnettu, true],
      ['hetu', tunnettu, false],
      ['vanha', tunnettu, false],
      ['uusi', uusi, false],
      ['sama', uusi, false],
    ]);
    expect(await organisaatiot(tunnettu)).toEqual([YLIOPISTO]);
    expect(await rowOf(app, tunnettu)).toMatchObject({ sukunimi: 'Uusi', kasittelija });
    expect(await rowOf(app, uusi)).toMatchObject({ kasittelija: tuoja.sub, syntymaaika: expect.anything() });
    const history = await app.query(
      'select a.revtype from henkilo_aud a join henkilo h on h.id = a.id where h.oidhenkilo = any ($1) order by a.rev, h.id',
      [[tunnettu, uusi]],
    );
    expect(history.map((row) => row.revtype)).toEqual([0, 1, 0]);
    expect((await announced(app)).sort()).toEqual([tunnettu, tunnettu, tunnettu, uusi, uusi].sort());
    expect(app.audit).toContainEqual(expect.objectContaining({ operation: 'OPPIJOIDEN_TUONTI' }));
  });

  it('goes on in parts of 100 rows and never backwards', async () => {
    const id = await startImport(app.as(tuoja), rivit(250, 'osa'));
    const seen = await untilHandled(app.as(tuoja), id);
    expect(seen.filter((n) => ![0, 100, 200, 250].includes(n))).toEqual([]);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const rows = await app.query('select tunniste from tuonti_rivi where tuonti_id = $1 order by id', [id]);
    expect(rows.map((row) => row.tunniste)).toEqual(rivit(250, 'osa').map(({ tunniste }) => tunniste));
  });

  it('leaves out the rows that cannot be stored and says so', async () => {
    const henkilot: any[] = rivit(130, 'huono');
    henkilot[57].tunniste = 'x'.repeat(300);
    henkilot[58] = null;
    henkilot[120].henkilo.sukunimi = 'y'.repeat(300);
    const id = await storeImport(app, henkilot);
    expect((await app.as(tuoja).post(`/oppija/tuonti=${id}`)).status).toBe(200);
    const seen = await untilHandled(app.as(tuoja), id);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));

    const { body } = await app.as(tuoja).get(`/oppija/tuonti=${id}`);
    expect(body).toMatchObject({ kasiteltavia: 130, kasiteltyja: 130, kasitelty: true });
    expect(body.henkilot).toHaveLength(127);
    expect(body.virheet).toEqual([
      { rivi: 57, tunniste: 'x'.repeat(300), virhe: 'Rivillä on liian pitkä arvo' },
      { rivi: 58, tunniste: null, virhe: 'Rivin sisältö on virheellinen' },
      { rivi: 120, tunniste: 'huono120', virhe: 'Rivillä on liian pitkä arvo' },
    ]);
    expect(app.lines.join('\n')).not.toContain('y'.repeat(300));
    const data = (await app.as(rekisterinpitaja).get(`/oppija/tuontidata/${id}`)).body;
    expect(data).toHaveLength(130);
    expect(data[58]).toEqual({ henkilo: {}, conflict: false, virhe: 'Rivin sisältö on virheellinen' });
    expect(data[59]).toMatchObject({ tunniste: 'huono59', henkiloNimi: 'Uusi, Uuno Kalervo' });
  });

  it.each([
    ['of another user', koulu],
    ['of the same user', tuoja],
  ])('does not wait for the end of a huge one %s', async (whose, user) => {
    const huge = await startImport(app.as(tuoja), rivit(3000, `iso ${whose}`));
    const small = await startImport(app.as(user), rivit(20, `pieni ${whose}`));
    await untilHandled(app.as(user), small);
    expect((await app.as(tuoja).get(`/oppija/tuonti=${huge}/perustiedot`)).body.kasitelty).toBe(false);
    await untilHandled(app.as(tuoja), huge);
  });

  it('that waits for a lock is tried again and lets others pass', async () => {
    const oid = await createHenkilo(app, { hetu: newHetu() });
    await app.query('begin');
    await app.query('select 1 from henkilo where oidhenkilo = $1 for update', [oid]);
    const held = await startImport(app.as(tuoja), [rivi('lukko', { oid })]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await app.query('commit');
    await untilHandled(app.as(tuoja), held);
  });
});

describe('an import that the service or the database fails', () => {
  /** Starts an import while `broken` keeps the first tries from succeeding, then mends it: every row is there. */
  const expectNothingLost = async (prefix: string, logged: RegExp, mend: () => Promise<unknown>) => {
    const id = await startImport(app.as(tuoja), rivit(3, prefix));
    await untilLogged((line) => line.includes(`Import ${id} is tried again`) && logged.test(line));
    const { body } = await app.as(tuoja).get(`/oppija/tuonti=${id}/perustiedot`);
    expect(body).toMatchObject({ kasiteltyja: 0, kasitelty: false });
    await mend();
    await app.as(tuoja).post(`/oppija/tuonti=${id}`);
    await untilHandled(app.as(tuoja), id);
    const result = (await app.as(tuoja).get(`/oppija/tuonti=${id}`)).body;
    expect(result.henkilot.map((r: any) => r.tunniste)).toEqual([`${prefix}0`, `${prefix}1`, `${prefix}2`]);
    expect(result).not.toHaveProperty('virheet');
  };

  it('by a mistake of the program waits for its mending and loses no row', async () => {
    const broken = jest.spyOn(app.nest.get(LiittaminenService), 'namesMatch').mockImplementation(() => {
      throw new TypeError('Cannot read properties of undefined');
    });
    await expectNothingLost('ohjelma', /ERROR.*Cannot read properties of undefined/, async () => broken.mockRestore());
  });

  it.each([
    ['a rule of an operator', `raise 'no'`, /SQLSTATE P0001/],
    ['a division by zero', 'perform 1 / 0', /SQLSTATE 22012/],
    ['a key that is taken', `raise unique_violation using constraint = 'tuonti_rivi_pkey'`, /SQLSTATE 23505/],
    [
      'a column without a value',
      `raise not_null_violation using table = 'tuonti_rivi', column = 'version'`,
      /SQLSTATE 23502/,
    ],
  ])('by %s in the database waits for its mending and loses no row', async (_what, statement, logged) => {
    await app.query(
      `create function rikki() returns trigger language plpgsql as $$ begin ${statement}; return new; end $$`,
    );
    await app.query('create trigger rikki before insert on tuonti_rivi for each row execute function rikki()');
    await expectNothingLost('kanta', logged, () => app.query('drop function rikki cascade'));
  });
});

it('an import of the reference with rows of any shape leaves out those alone', async () => {
  const henkilot: any[] = rivit(8, 'muoto');
  henkilot[0] = 'teksti';
  henkilot[1].henkilo = null;
  henkilot[2].henkilo.hetu = 17;
  henkilot[3].henkilo.kansalaisuus = { koodi: '246' };
  henkilot[4].henkilo.aidinkieli = { koodi: null };
  henkilot[5].henkilo.etunimet = null;
  henkilot[6].henkilo.syntymaaika = '2001-02-30';
  const id = await storeImport(app, henkilot);
  expect((await app.as(tuoja).post(`/oppija/tuonti=${id}`)).status).toBe(200);
  await untilHandled(app.as(tuoja), id);
  const { body } = await app.as(tuoja).get(`/oppija/tuonti=${id}`);
  expect(body.henkilot.map((r: any) => r.tunniste)).toEqual(['muoto7']);
  expect(body.virheet).toEqual([
    { rivi: 0, tunniste: null, virhe: 'Rivin sisältö on virheellinen' },
    { rivi: 1, tunniste: 'muoto1', virhe: 'Rivin sisältö on virheellinen' },
    { rivi: 2, tunniste: 'muoto2', virhe: 'Rivin sisältö on virheellinen' },
    { rivi: 3, tunniste: 'muoto3', virhe: 'Rivin sisältö on virheellinen' },
    { rivi: 4, tunniste: 'muoto4', virhe: 'Rivin sisältö on virheellinen' },
    { rivi: 5, tunniste: 'muoto5', virhe: 'Riviltä puuttuu pakollinen tieto' },
    { rivi: 6, tunniste: 'muoto6', virhe: 'Rivin tietoja ei voitu tallentaa' },
  ]);
  expect((await app.as(rekisterinpitaja).get(`/oppija/tuontidata/${id}`)).status).toBe(200);
});

describe('PUT /oppija refuses', () => {
  const send = (henkilot: unknown, more: object = {}) => app.as(tuoja).put('/oppija', { henkilot, ...more });
  const row = rivi('r', { passinumero: 'REFUSED' });
  const person = (values: object) => [{ tunniste: 'r', henkilo: { ...row.henkilo, ...values } }];

  it.each<[string, unknown, string]>([
    ['10 001 rows', rivit(10_001), 'size must be between 0 and 10000'],
    ['no rows', [], 'must not be empty'],
    ['a null row', [row, null], 'must not be null'],
    ['a repeated tunniste', [row, row], 'must not be repeated'],
    ['a tunniste of 256 characters', [{ ...row, tunniste: 'x'.repeat(256) }], 'size must be between 0 and 255'],
    ['a surname of 256 characters', person({ sukunimi: 'x'.repeat(256) }), 'size must be between 0 and 255'],
    ['a name with U+0000', person({ etunimet: 'a\0b' }), 'must not contain the character U+0000'],
    ['an empty surname', person({ sukunimi: '' }), 'must not be empty'],
    ['an empty passport number', person({ passinumero: '' }), 'size must be between 1'],
    ['an empty OID', person({ oid: '' }), 'size must be between 1'],
    ['a null nationality', person({ kansalaisuus: [null] }), 'must not be null'],
    [
      'no identifier',
      person({ passinumero: null }),
      'Ainakin yksi kentistä oid/hetu/passinumero/sahkoposti on annettava',
    ],
  ])('%s', async (_name, henkilot, message) => {
    const before = await app.query('select count(*) from tuonti');
    const answer = await send(henkilot);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(message);
    expect(await app.query('select count(*) from tuonti')).toEqual(before);
  });

  it('codes that koodisto does not know, all of them by row', async () => {
    const unknown = rivi('b', {
      passinumero: 'B',
      kansalaisuus: [{ koodi: '246' }, { koodi: '000' }],
      aidinkieli: { koodi: 'fi' },
    });
    const { status, body } = await send([row, unknown]);
    expect(status).toBe(400);
    expect(body.fieldErrors.map((e: any) => [e.field, e.code])).toEqual([
      ['henkilot[1].henkilo.aidinkieli', 'invalid.aidinkieli'],
      ['henkilot[1].henkilo.kansalaisuus', 'invalid.kansalaisuus'],
      ['henkilot[1].henkilo.hetu', 'hetu.required.for.finnish'],
    ]);
  });

  it('a caller without an organisation', async () => {
    expect((await app.as(rekisterinpitaja).put('/oppija', { henkilot: [row] })).status).toBe(400);
  });
});

describe('PUT /yleistunniste refuses', () => {
  const hetu = newHetu();
  const row = (tunniste: string | null, values: object = {}) => ({
    tunniste,
    henkilo: { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi', hetu, ...values },
  });

  it.each<[string, unknown, string]>([
    ['10 001 rows', Array.from({ length: 10_001 }, (_, n) => row(`y${n}`)), 'size must be between 1 and 10000'],
    ['no rows', [], 'size must be between 1 and 10000'],
    ['a null row', [null], 'must not be null'],
    ['a repeated tunniste', [row('y'), row('y')], 'must not be repeated'],
    ['a blank tunniste', [row(' ')], 'must not be blank'],
    ['a tunniste of 256 characters', [row('x'.repeat(256))], 'size must be between 0 and 255'],
    ['a surname of 256 characters', [row('y', { sukunimi: 'x'.repeat(256) })], 'size must be between 0 and 255'],
    ['an empty hetu', [row('y', { hetu: '' })], 'Cannot be empty'],
    ['a first name with a space before it', [row('y', { etunimet: ' Uuno' })], 'Invalid pattern'],
  ])('%s', async (_name, henkilot, message) => {
    const answer = await app.as(yleistunniste).put('/yleistunniste', { henkilot });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toContain(message);
  });
});

it('PUT /oppija takes names of 255 characters beyond the basic plane, and no result from the client', async () => {
  const nimi = `A${'😀'.repeat(254)}`;
  const henkilot = [
    { ...rivi('emoji', { passinumero: 'EMOJI', sukunimi: nimi }), conflict: true, henkiloOid: 'x', henkiloNimi: 'y' },
    rivi('tyhja1', { hetu: '' }),
    rivi('tyhja2', { hetu: '' }),
    rivi('valit1', { passinumero: '  ' }),
    rivi('valit2', { passinumero: '  ' }),
  ];
  const id = await importRows(app.as(tuoja), henkilot);
  const { body } = await app.as(tuoja).get(`/oppija/tuonti=${id}`);
  expect(body.henkilot[0]).toMatchObject({ conflict: false, henkilo: { sukunimi: nimi } });
  expect(body.henkilot).toHaveLength(5);
  expect(new Set(body.henkilot.map((r: any) => r.henkilo.oid)).size).toBe(5);
  const [stored] = await app.query<{ data: string }>(
    `select convert_from(lo_get(d.data), 'UTF8') as data from tuonti t join tuonti_data d on d.id = t.data_id where t.id = $1`,
    [id],
  );
  expect(JSON.parse(stored!.data).henkilot[0]).not.toHaveProperty('henkiloOid');
});

describe('the result of an import', () => {
  it('shows a stranger only the persons of their own organisations', async () => {
    const yhteinen = await createHenkilo(app, { hetu: newHetu() });
    await importRows(app.as(koulu), [rivi('koulun', { oid: yhteinen })]);
    const id = await importRows(app.as(tuoja), [rivi('yhteinen', { oid: yhteinen }), rivi('salainen')]);

    const own = await app.as(tuoja).get(`/oppija/tuonti=${id}`);
    expect(own.body.henkilot.map((r: any) => r.tunniste)).toEqual(['yhteinen', 'salainen']);
    const foreign = await app.as(koulu).get(`/oppija/tuonti=${id}`);
    expect(foreign.body.henkilot.map((r: any) => r.tunniste)).toEqual(['yhteinen']);
    const nobody = userWith('1.2.246.562.24.99000000779', TIEDEKUNTA, 'OPPIJOIDENTUONTI');
    expect((await app.as(nobody).get(`/oppija/tuonti=${id}`)).status).toBe(403);
    const everything = await app.as(rekisterinpitaja).get(`/oppija/tuonti%3D${id}`);
    expect(everything.body.henkilot).toHaveLength(2);
  });

  it('tells rows without tunniste apart, and hides the end of the hetu', async () => {
    const hetu = newHetu();
    const id = await importRows(app.as(tuoja), [
      rivi(null, { passinumero: 'EKA', sukunimi: 'Eka' }),
      rivi('nimetty', { hetu, sukunimi: 'Toka' }),
      rivi(null, { passinumero: 'KOLMAS', sukunimi: 'Kolmas' }),
      rivi('', { passinumero: 'NELJAS', sukunimi: 'Neljas' }),
      rivi('', { passinumero: 'VIIDES', sukunimi: 'Viides' }),
    ]);
    const { body } = await app.as(tuontidata).get(`/oppija/tuontidata/${id}`);
    expect(body.map((r: any) => r.henkiloNimi)).toEqual([
      'Eka, Uuno Kalervo',
      'Toka, Uuno Kalervo',
      'Kolmas, Uuno Kalervo',
      'Neljas, Uuno Kalervo',
      'Viides, Uuno Kalervo',
    ]);
    expect(body[1].henkilo.hetu).toBe(`${hetu.slice(0, 7)}****`);
    expect((await app.as(userWith('1.2.246.562.24.99000000780', MALLIKOULU, 'TUONTIDATA_READ')).get(`/oppija/tuontidata/${id}`)).status).toBe(403); // prettier-ignore
  });

  it('of a yleistunniste import holds no personal data; a restart through the other interface keeps its origin', async () => {
    const person = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi', hetu: newHetu() };
    const id = await startImport(app.as(yleistunniste), [{ tunniste: 'y', henkilo: person }], '/yleistunniste');
    await untilHandled(app.as(tuoja), id);
    const { body } = await app.as(yleistunniste).get(`/yleistunniste/tuonti=${id}`);
    expect(Object.keys(body.henkilot[0].henkilo).sort()).toEqual(['linked', 'oid', 'oppijanumero', 'passivoitu']);
    await app.as(tuoja).post(`/oppija/tuonti=${id}`);
    expect(await app.query('select api from tuonti where id = $1', [id])).toEqual([{ api: 'YLEISTUNNISTE' }]);
  });
});

describe('organisations of a learner', () => {
  const kaikki = userWith('1.2.246.562.24.99000000781', YLIOPISTO, 'REKISTERINPITAJA', 'OPPIJOIDENTUONTI');

  it('come and go, and only changes are announced', async () => {
    const oid = await createHenkilo(app);
    const at = (path: string) => `/oppija/${oid}/organisaatio${path}`;
    await app.peers.reset();
    expect((await app.as(kaikki).post(at(''))).status).toBe(200);
    expect((await app.as(kaikki).post(at(''))).status).toBe(200);
    expect((await app.as(kaikki).put(at(`/${MALLIKOULU}`))).status).toBe(200);
    expect((await app.as(kaikki).put(at(`/${MALLIKOULU}`))).status).toBe(200);
    expect(await organisaatiot(oid)).toEqual([YLIOPISTO, MALLIKOULU].sort());
    expect((await app.as(kaikki).delete(at(`/${MALLIKOULU}`))).status).toBe(200);
    expect((await app.as(kaikki).delete(at(`/${MALLIKOULU}`))).status).toBe(200);
    expect((await app.as(kaikki).delete(at('/1.2.246.562.10.404'))).status).toBe(200);
    expect(await organisaatiot(oid)).toEqual([YLIOPISTO]);
    expect(await announced(app)).toEqual([oid, oid, oid, oid]);
  });

  it('must exist, and so must the person and an organisation of the caller', async () => {
    const oid = await createHenkilo(app);
    expect((await app.as(kaikki).put(`/oppija/${oid}/organisaatio/1.2.246.562.10.404`)).status).toBe(400);
    expect((await app.as(kaikki).put(`/oppija/1.2.3/organisaatio/${MALLIKOULU}`)).status).toBe(404);
    expect((await app.as(kaikki).post('/oppija/1.2.3/organisaatio')).status).toBe(404);
    expect((await app.as(kaikki).delete(`/oppija/1.2.3/organisaatio/${MALLIKOULU}`)).status).toBe(404);
    expect((await app.as(organisaatiorekisteri).post(`/oppija/${oid}/organisaatio`)).status).toBe(400);
  });

  it('are those of the creator of a single learner', async () => {
    const oppija = { etunimet: 'Olli', kutsumanimi: 'Olli', sukunimi: 'Oppija', syntymaaika: '2005-05-05', sukupuoli: '1', kansalaisuus: [{ kansalaisuusKoodi: '246' }] }; // prettier-ignore
    const { status, text } = await app.as(tuoja).post('/oppija', oppija);
    expect(status).toBe(200);
    expect(await organisaatiot(text)).toEqual([YLIOPISTO]);
    expect((await app.as(tuoja).post('/oppija', { ...oppija, kutsumanimi: 'Muu' })).body.fieldErrors[0].code).toBe(
      'kutsumanimi.must.exist.in.etunimet',
    );
  });
});
