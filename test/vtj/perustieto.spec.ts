import { VtjPerustietoService } from '../../src/vtj/vtj-perustieto.service.js';
import { inTurn, type FakeAnswer, type SeenCall } from '../support/fake-peer.js';
import { hetu, paiva, VtjApp } from './vtj-app.js';

let app: VtjApp;
beforeAll(async () => {
  app = await VtjApp.startNew();
});
afterAll(() => app.stop());
beforeEach(() => app.clear());

const run = () => app.nest.get(VtjPerustietoService).run(new AbortController().signal);
const uusi = (values: object = {}) => app.henkilo({ vtj_bucket: null, ...values });
const nimi = (etunimi: string) => ({ tietoryhma: 'HENKILON_NIMI', etunimi, sukunimi: 'Laine' });
const hetulista = (call: SeenCall) => (JSON.parse(call.body) as { hetulista: string[] }).hetulista;
/** Answers for everyone who is asked for, unless the test gives something else for a hetu (null: nothing). */
function answers(perHetu: Record<string, unknown> = {}) {
  app.muutosrajapinta.handle = (call) => ({
    body: {
      ajanTasalla: true,
      perustiedot: hetulista(call)
        .filter((tunnus) => perHetu[tunnus] !== null)
        .map((henkilotunnus) => ({ henkilotunnus, tietoryhmat: perHetu[henkilotunnus] ?? [nimi('Vtj')] })),
    },
  });
}

it('saves everything that VTJ knows and puts the person into its bucket', async () => {
  const aino = await uusi({ kotikunta: '564' });
  await app.asuminen(aino, '564', '1999-01-01');
  await app.ryhma(aino, 'yhteystietotyyppi4', 'alkupera1', { KATUOSOITE: 'Vanha katu 1' });
  await app.ryhma(aino, 'yhteystietotyyppi1', 'alkupera2', { SAHKOPOSTI: 'aino@example.com' });
  answers({
    [aino.hetu]: [
      nimi('Aino Inkeri'),
      { tietoryhma: 'KUTSUMANIMI', nimilaji: 'NYKYINEN_KUTSUMANIMI', nimi: 'Inkeri' },
      { tietoryhma: 'HENKILOTUNNUS_KORJAUS', aktiivinenHenkilotunnus: aino.hetu, voimassaolo: 'AKTIIVI' },
      { tietoryhma: 'KOTIKUNTA', kuntakoodi: '091', kuntaanMuuttopv: paiva('2020-01-01') },
      { tietoryhma: 'EDELLINEN_KOTIKUNTA', kuntakoodi: '200', kuntaanMuuttopv: paiva('2011-01-01'), kunnastaPoisMuuttopv: paiva('2019-12-31') },
      { tietoryhma: 'EDELLINEN_KOTIKUNTA', kuntakoodi: '837', kunnastaPoisMuuttopv: paiva('2010-12-31') },
      { tietoryhma: 'VAKINAINEN_ULKOMAINEN_OSOITE', lahiosoite: 'Storgatan 1', paikkakunta: 'Stockholm', valtiokoodi: '752' },
      { tietoryhma: 'AIDINKIELI', kielikoodi: 'fi' },
      { tietoryhma: 'KANSALAISUUS', henkilonKansalaisuudet: [{ kansalaisuuskoodi: '246' }] },
    ],
  }); // prettier-ignore

  expect(await run()).toEqual({ seen: 1, changed: 1, failed: 0, blocked: 0, missing: 0 });
  expect(await app.row(aino)).toMatchObject({
    etunimet: 'Aino Inkeri',
    kutsumanimi: 'Inkeri',
    sukunimi: 'Laine',
    kotikunta: '091',
    vtj_bucket: aino.id % 100,
    version: 1,
  });
  expect((await app.asumiset(aino)).sort()).toEqual([
    '091 2020-01-01',
    '200 2011-01-01 2019-12-31',
    '837 - 2010-12-31',
  ]);
  expect(
    await app.query(
      `select ryhmakuvaus, string_agg(yhteystieto_arvo, ', ' order by yhteystieto_tyyppi) as arvot from yhteystiedotryhma r
         join yhteystiedot y on y.yhteystiedotryhma_id = r.id group by 1 order by 1`,
    ),
  ).toEqual([
    { ryhmakuvaus: 'yhteystietotyyppi1', arvot: 'aino@example.com' },
    { ryhmakuvaus: 'yhteystietotyyppi4', arvot: 'Vanha katu 1' },
    { ryhmakuvaus: 'yhteystietotyyppi5', arvot: 'Storgatan 1, Stockholm, Ruotsi' },
  ]);
  expect(app.lines.join('')).toContain(`${aino.oid} updated with perustieto`);
  expect(await app.announced()).toEqual([aino.oid]);
  expect(await run()).toMatchObject({ seen: 0 });
});

it('stores no address of a person under turvakielto', async () => {
  const aino = await uusi();
  answers({
    [aino.hetu]: [
      { tietoryhma: 'VAKINAINEN_KOTIMAINEN_OSOITE', katunimi: { fi: 'Salainen katu' } },
      { tietoryhma: 'KOTIKUNTA', kuntakoodi: '091' },
      { tietoryhma: 'TURVAKIELTO', turvakieltoAktiivinen: true },
    ],
  });
  await run();
  expect(await app.row(aino)).toMatchObject({ turvakielto: true, kotikunta: '091' });
  expect(await app.query('select 1 from yhteystiedotryhma')).toEqual([]);
  expect(await app.query('select 1 from yhteystiedot')).toEqual([]);
});

it('asks for a hundred at a time, and only for those that VTJ keeps', async () => {
  await app.query('begin');
  for (let n = 0; n < 250; n++) await uusi();
  for (const muu of [{ passivoitu: true }, { hetu: null }, { yksiloityvtj: false }, { vtj_bucket: 3 }, { yksiloityeidas: null }]) await uusi(muu);
  await app.query('commit');
  answers();
  expect(await run()).toMatchObject({ seen: 250, changed: 250 });
  expect(app.muutosrajapinta.calls.map((call) => hetulista(call).length)).toEqual([100, 100, 50]);
}); // prettier-ignore

it('goes on with the others when one is missing, blocked or broken, and asks again in the next run', async () => {
  const [missing, blocked, broken, hyva] = [await uusi(), await uusi(), await uusi(), await uusi()];
  answers({
    [missing.hetu]: null,
    [blocked.hetu]: [nimi('Muu'), { tietoryhma: 'HENKILOTUNNUS_KORJAUS', aktiivinenHenkilotunnus: hetu(1) }],
    [broken.hetu]: 'not a list',
  });
  expect(await run()).toEqual({ seen: 4, changed: 1, failed: 1, blocked: 1, missing: 1 });
  expect(app.alerts.sort()).toEqual(
    [
      'Perustietoja ei löytynyt kaikille henkilötunnuksille',
      `VTJ-perustietojen tallennus käyttäjälle ${blocked.oid} estetty HENKILOTUNNUS_KORJAUS-tietoryhmän vuoksi`,
      `Virhe VTJ-perustietojen tallennuksessa henkilölle ${broken.oid}: \`\`\`Tietoryhmä: tietoryhmat is not a list\`\`\``,
    ].sort(),
  );
  const buckets = await Promise.resolve(
    app.query('select etunimet, vtj_bucket is null as odottaa from henkilo order by id'),
  );
  expect(buckets).toEqual([
    { etunimet: 'Aino Maria', odottaa: true },
    { etunimet: 'Aino Maria', odottaa: true },
    { etunimet: 'Aino Maria', odottaa: true },
    { etunimet: 'Vtj', odottaa: false },
  ]);
  answers();
  expect(await run()).toMatchObject({ seen: 3, changed: 3 });
  expect((await app.row(hyva)).version).toBe(1);
});

it('keeps guardians with their dates when the base data do not mention them', async () => {
  const [lapsi, aino] = [await uusi(), await app.henkilo()];
  await app.huoltaja(lapsi, aino, '2015-01-01');
  answers({ [lapsi.hetu]: [] });
  expect(await run()).toMatchObject({ changed: 1 });
  expect(await app.huoltajat(lapsi)).toEqual(['Aino Maria 2015-01-01']);
  expect(await app.query('select 1 from henkilo_huoltaja_suhde_aud')).toEqual([]);
  expect((await app.row(aino)).version).toBe(0);
});

describe('a provider that', () => {
  const ok: FakeAnswer = { body: { perustiedot: [] } };
  it.each<[string, FakeAnswer[], number, string[]]>([
    [
      'is busy twice',
      [{ status: 429 }, { status: 502 }, ok],
      3,
      ['Perustietoja ei löytynyt kaikille henkilötunnuksille'],
    ],
    ['is busy three times', [{ status: 500 }], 3, []],
    ['refuses', [{ status: 403, body: 'no' }], 1, ['Virhe VTJ-perustietojen päivityksessä']],
    ['answers garbage', [{ body: '<html>' }], 1, ['Virhe VTJ-perustietojen päivityksessä']],
    ['answers half', [{ ...ok, cut: 'half' }], 1, ['Virhe VTJ-perustietojen päivityksessä']],
    ['answers nothing', [{ cut: 'before' }], 1, ['Virhe VTJ-perustietojen päivityksessä']],
  ])('%s changes nobody', async (_, given, calls, alerts) => {
    const aino = await uusi();
    app.muutosrajapinta.handle = inTurn(...given);
    expect(await run()).toMatchObject({ seen: 1, changed: 0 });
    expect(app.muutosrajapinta.calls).toHaveLength(calls);
    expect(app.alerts.map((alert) => alert.split(': ')[0])).toEqual(alerts);
    expect(await app.row(aino)).toMatchObject({ vtj_bucket: null, version: 0 });
  });

  it('is down ends the run after a few requests', async () => {
    await app.query('begin');
    for (let n = 0; n < 701; n++) await uusi();
    await app.query('commit');
    app.muutosrajapinta.handle = () => ({ cut: 'before' });
    expect(await run()).toMatchObject({ seen: 500, changed: 0, failed: 500 });
    expect(app.muutosrajapinta.calls).toHaveLength(5);
  });
});
