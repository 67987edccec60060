/* eslint-disable @typescript-eslint/no-explicit-any -- the tests look inside answers */
import { importRows, rivi, startImport, untilHandled } from '../support/imports.js';
import { ANNOUNCING, createHenkilo, newHetu, sahkoposti } from '../support/persons.js';
import { newOid } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import {
  MALLIKOULU,
  organisaatiorekisteri,
  rekisterinpitaja,
  tuoja,
  userWith,
  yleistunniste,
  YLIOPISTO,
} from '../support/users.js';

const app = useTestApp({ ...ANNOUNCING });
const koulu = userWith('1.2.246.562.24.99000000771', MALLIKOULU, 'OPPIJOIDENTUONTI', 'YLEISTUNNISTE_LUONTI');
const tuontidata = userWith('1.2.246.562.24.99000000772', YLIOPISTO, 'TUONTIDATA_READ');

const organisaatiot = async (oid: string) =>
  (
    await app.query<{ oid: string }>(
      `select o.oid from henkilo h join henkilo_organisaatio x on x.henkilo_id = h.id join organisaatio o on o.id = x.organisaatio_id
        where h.oidhenkilo = $1 order by 1`,
      [oid],
    )
  ).map((row) => row.oid);

/** Entries about organisations that the person has come into. */
const liitokset = (oid: string) =>
  app.audit.filter(
    ({ target, changes }: any) => target?.henkiloOid === oid && changes?.[0]?.fieldName === 'organisaatiot',
  );

const VIERAS = { etunimet: 'Vieras', kutsumanimi: 'Vieras', sukunimi: 'Nimi' };

/** Somebody with every identifier, in no organisation: Uuno Kalervo Uusi. */
async function tunnettu(values: object = {}) {
  const [hetu, passinumero] = [newHetu(), `PASSI${newHetu()}`];
  const email = `${passinumero}@example.fi`;
  const oid = await createHenkilo(app, { hetu, passinumerot: [passinumero], yhteystiedotRyhma: [sahkoposti('salainen@example.fi')], ...values }); // prettier-ignore
  const tunniste = { idpEntityId: 'email', identifier: email };
  await app.as(rekisterinpitaja).post(`/henkilo/${oid}/identification`, tunniste);
  return { oid, hetu, passinumero, sahkoposti: email };
}

describe('PUT /oppija with other names', () => {
  it.each(['oid', 'hetu', 'passinumero', 'sahkoposti'] as const)(
    'found by %s: the row has its result and flag, the organisation does not gain the person',
    async (laji) => {
      const henkilo = await tunnettu();
      const id = await importRows(app.as(tuoja), [rivi('r', { ...VIERAS, [laji]: henkilo[laji] })]);

      const { status, body, text } = await app.as(tuoja).get(`/oppija/tuonti=${id}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ kasitelty: true, henkilot: [{ tunniste: 'r', conflict: true, henkilo: { oid: henkilo.oid, oppijanumero: null, passivoitu: false, linked: [] } }] }); // prettier-ignore
      expect(body.henkilot[0].henkilo).toMatchObject({
        hetu: null,
        etunimet: null,
        kutsumanimi: null,
        sukunimi: null,
        syntymaaika: null,
        sukupuoli: null,
        kansalaisuus: [],
        yhteystiedotRyhma: [],
      });
      expect(text).not.toMatch(/Kalervo|salainen/);
      expect(await app.query('select conflict from tuonti_rivi where tuonti_id = $1', [id])).toEqual([
        { conflict: true },
      ]);
      expect(await organisaatiot(henkilo.oid)).toEqual([]);
      expect((await app.as(tuoja).get(`/henkilo/${henkilo.oid}`)).status).toBe(401);
      expect(liitokset(henkilo.oid)).toEqual([]);
      // Who may read everyone sees the result whole.
      expect((await app.as(rekisterinpitaja).get(`/oppija/tuonti=${id}`)).body.henkilot[0].henkilo).toMatchObject({
        hetu: henkilo.hetu,
        etunimet: 'Uuno Kalervo',
      });
    },
  );

  it('gives the OID in the data of the import, not the name', async () => {
    const henkilo = await tunnettu();
    const id = await importRows(app.as(tuoja), [rivi('r', { ...VIERAS, oid: henkilo.oid })]);
    const { status, body } = await app.as(tuontidata).get(`/oppija/tuontidata/${id}`);
    expect({ status, henkiloOid: body[0].henkiloOid, conflict: body[0].conflict }).toEqual({
      status: 200,
      henkiloOid: henkilo.oid,
      conflict: true,
    });
    expect(body[0]).not.toHaveProperty('henkiloNimi');
    expect((await app.as(rekisterinpitaja).get(`/oppija/tuontidata/${id}`)).body[0].henkiloNimi).toBe(
      'Uusi, Uuno Kalervo',
    );
  });

  it.each([
    ['a letter of the first names', { etunimet: 'u', kutsumanimi: 'u' }],
    ['single letters of the first names', { etunimet: 'o k', kutsumanimi: 'o' }],
    ['a list of first names', { etunimet: 'Aino Anna Maria Juha Matti Kalevi Uuno', kutsumanimi: 'Aino' }],
    ['another surname', { sukunimi: 'Virtanen' }],
  ])('does not gain the person by %s', async (_, nimet) => {
    const henkilo = await tunnettu();
    await importRows(app.as(tuoja), [rivi('r', { ...nimet, hetu: henkilo.hetu })]);
    expect(await organisaatiot(henkilo.oid)).toEqual([]);
    expect((await app.as(tuoja).get(`/henkilo/${henkilo.oid}`)).status).toBe(401);
  });

  it('does not gain the person by trying names, in one import or in several', async () => {
    const henkilo = await tunnettu();
    const arvaukset = Array.from({ length: 60 }, (_, n) => rivi(`a${n}`, { oid: henkilo.oid, sukunimi: `Arvaus${n}` }));
    const id = await startImport(app.as(tuoja), [...arvaukset, rivi('osuma', { oid: henkilo.oid })]);
    await untilHandled(app.as(tuoja), id);
    expect(await organisaatiot(henkilo.oid)).toEqual([]);
    await importRows(app.as(tuoja), [rivi('osuma', { oid: henkilo.oid })]);
    expect(await organisaatiot(henkilo.oid)).toEqual([]);
    // Another organisation has not tried; the next day these have not either.
    await importRows(app.as(koulu), [rivi('osuma', { oid: henkilo.oid })]);
    expect(await organisaatiot(henkilo.oid)).toEqual([MALLIKOULU]);
    await app.query(`update tuonti set aikaleima = aikaleima - interval '25 hours' where id = $1`, [id]);
    await importRows(app.as(tuoja), [rivi('osuma', { oid: henkilo.oid })]);
    expect(await organisaatiot(henkilo.oid)).toEqual([YLIOPISTO, MALLIKOULU]);
  });

  it('leaves a person of the organisation there and shows all of it', async () => {
    const henkilo = await tunnettu();
    await importRows(app.as(tuoja), [rivi('r', { oid: henkilo.oid })]);
    const id = await importRows(app.as(tuoja), [rivi('r', { ...VIERAS, oid: henkilo.oid })]);
    expect((await app.as(tuoja).get(`/oppija/tuonti=${id}`)).body.henkilot[0]).toMatchObject({
      conflict: true,
      henkilo: { hetu: henkilo.hetu, etunimet: 'Uuno Kalervo' },
    });
  });
});

it('PUT /yleistunniste with other names does not gain the person', async () => {
  const henkilo = await tunnettu();
  const row = { tunniste: 'r', henkilo: { ...VIERAS, hetu: henkilo.hetu } };
  const { body } = await app.as(koulu).put('/yleistunniste', { henkilot: [row] });
  await untilHandled(app.as(koulu), body.id as number);
  expect((await app.as(koulu).get(`/yleistunniste/tuonti=${body.id}`)).body.henkilot).toEqual([
    {
      tunniste: 'r',
      henkilo: { oid: henkilo.oid, oppijanumero: null, passivoitu: false, linked: [] },
      conflict: true,
    },
  ]);
  expect(await organisaatiot(henkilo.oid)).toEqual([]);
});

describe('every gain is in the audit log', () => {
  it.each(['oid', 'hetu', 'passinumero', 'sahkoposti'] as const)('PUT /oppija by %s with its names', async (laji) => {
    const henkilo = await tunnettu();
    const id = await importRows(app.as(tuoja), [rivi('r', { [laji]: henkilo[laji] })]);
    expect(await organisaatiot(henkilo.oid)).toEqual([YLIOPISTO]);
    expect((await app.as(tuoja).get(`/henkilo/${henkilo.oid}`)).body.hetu).toBe(henkilo.hetu);
    expect(liitokset(henkilo.oid)).toMatchObject([
      {
        operation: 'UPDATE_HENKILO',
        target: {
          henkiloOid: henkilo.oid,
          lisatieto: 'Henkilö liitetty organisaatioihin.',
          tuontiId: String(id),
          kasittelijaOid: tuoja.sub,
        },
        changes: [{ fieldName: 'organisaatiot', newValue: YLIOPISTO }],
      },
    ]);
    await importRows(app.as(tuoja), [rivi('r', { oid: henkilo.oid })]);
    expect(liitokset(henkilo.oid)).toHaveLength(1);
  });

  it('POST /yleistunniste/hae', async () => {
    const henkilo = await tunnettu();
    const nimet = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
    const luettelo = 'Uuno Aino Anna Maria Juha Matti Kalevi';
    const arvaus = { ...nimet, etunimet: luettelo, hetu: henkilo.hetu };
    expect((await app.as(yleistunniste).post('/yleistunniste/hae', arvaus)).status).toBe(200);
    expect(await organisaatiot(henkilo.oid)).toEqual([]);

    await app.as(yleistunniste).post('/yleistunniste/hae', { ...nimet, hetu: henkilo.hetu });
    expect(await organisaatiot(henkilo.oid)).toEqual([YLIOPISTO]);
    expect(liitokset(henkilo.oid)).toMatchObject([{ user: { oid: yleistunniste.sub }, changes: [{ newValue: YLIOPISTO }] }]); // prettier-ignore
  });

  it('POST /oppija/{oid}/organisaatio and PUT /oppija/{oid}/organisaatio/{oid}', async () => {
    const [first, second] = [await tunnettu(), await tunnettu()];
    const molemmat = { sub: organisaatiorekisteri.sub, roles: { [YLIOPISTO]: ['OPPIJANUMEROREKISTERI_REKISTERINPITAJA', 'OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI'] } }; // prettier-ignore
    expect((await app.as(molemmat).post(`/oppija/${first.oid}/organisaatio`)).status).toBe(200);
    expect(liitokset(first.oid)).toMatchObject([{ changes: [{ newValue: YLIOPISTO }] }]);
    for (let i = 0; i < 2; i++) {
      const answer = await app.as(rekisterinpitaja).put(`/oppija/${second.oid}/organisaatio/${MALLIKOULU}`);
      expect(answer.status).toBe(200);
    }
    expect(liitokset(second.oid)).toMatchObject([{ user: { oid: rekisterinpitaja.sub }, changes: [{ newValue: MALLIKOULU }] }]); // prettier-ignore
    expect((await app.as(rekisterinpitaja).put(`/oppija/${newOid()}/organisaatio/${MALLIKOULU}`)).status).toBe(404);
  });
});
