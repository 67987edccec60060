import { YksilointiJob } from '../../src/yksilointi/yksilointi.job.js';
import { YksilointiajonPaatosService } from '../../src/yksilointi/yksilointiajon-paatos.service.js';
import { FakePeer, type FakeAnswer } from '../support/fake-peer.js';
import { ANNOUNCING, announced, createHenkilo, newHetu, newVtjHetu, rowOf } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';
import { vtjAnswer } from '../support/vtj-answer.js';

const property = (name: string) => `oppijanumerorekisteri.${name}`;
const settings: Record<string, string> = {
  ...ANNOUNCING,
  [property('scheduling.yksilointi.vtj-request-delay-in-millis')]: '0',
  [property('scheduling.yksilointi.batch-size')]: '3',
  [property('vtjkysely.timeout-ms')]: '400',
};
/** VTJ; what `answers` does not say is asked of `vtj.handle`. */
let vtj: FakePeer;
const answers = new Map<string, FakeAnswer>();
beforeAll(async () => {
  vtj = await FakePeer.start(({ body }) => answers.get(/Henkilotunnus>([^<]*)</.exec(body)![1]!) ?? xml(vtjAnswer({ koodi: '0001', henkilo: false }))); // prettier-ignore
  settings[property('vtjkysely.address')] = `${vtj.url}/vtjkysely`;
});
const app = useTestApp(settings);
afterAll(() => vtj.stop());
/** Steps after a run; what they do is up to the test. */
const step = jest.fn(() => Promise.resolve());
beforeAll(() => app.nest.get(YksilointiajonPaatosService).add(step));
beforeEach(async () => {
  await app.query(`update henkilo set yksiloityvtj = true where hetu is not null`);
  answers.clear();
  vtj.calls.length = 0;
  step.mockClear();
  await app.peers.reset();
});

const xml = (body: string): FakeAnswer => ({ body, headers: { 'content-type': 'text/xml; charset=utf-8' } });
const found = (hetu: string, inner = '') => answers.set(hetu, xml(vtjAnswer({ hetu, inner })));
const run = (signal = new AbortController().signal) => app.nest.get(YksilointiJob).run(signal);
/** A person whose names are those of `vtjAnswer`. */
async function create(values: object = {}): Promise<{ hetu: string; henkiloOid: string }> {
  const hetu = newVtjHetu();
  const nimet = { etunimet: 'Anna Maija', kutsumanimi: 'Maija', sukunimi: 'Meikäläinen & Co' };
  return { hetu, henkiloOid: await createHenkilo(app, { hetu, ...nimet, ...values }) };
}
interface Virhe {
  poikkeus: string;
  viesti: string | null;
  maara: number | null;
  minuutit: number | null;
}
const virheOf = async (henkiloOid: string) =>
  (
    await app.query<Virhe>(
      `select v.poikkeus, v.viesti, v.uudelleenyritys_maara as maara,
              round(extract(epoch from v.uudelleenyritys_aikaleima - v.aikaleima) / 60)::int as minuutit
         from yksilointivirhe v join henkilo h on h.id = v.henkilo_id where h.oidhenkilo = $1`,
      [henkiloOid],
    )
  )[0];
/** Lets a stored failure be due now. */
const makeDue = () => app.query(`update yksilointivirhe set uudelleenyritys_aikaleima = now() - interval '1 minute' where uudelleenyritys_aikaleima is not null`); // prettier-ignore
const SUSPENDABLE = 'fi.vm.sade.oppijanumerorekisteri.exceptions.SuspendableIdentificationException';

it('identifies everyone that waits in one run, each asked once, more than fit one batch', async () => {
  const persons = [];
  for (let i = 0; i < 8; i++) persons.push(await create());
  for (const { hetu } of persons) found(hetu);
  await app.peers.reset();

  expect(await run()).toEqual({ seen: 8, changed: 8, namesDiffer: 0, failed: 0 });

  expect(vtj.calls).toHaveLength(8);
  for (const { hetu, henkiloOid } of persons) {
    expect((await app.as(rekisterinpitaja).get(`/henkilo/${henkiloOid}`)).body).toMatchObject({
      yksiloityVTJ: true,
      yksilointiYritetty: true,
      kaikkiHetut: [hetu],
      aidinkieli: { kieliKoodi: 'he' },
      kasittelijaOid: rekisterinpitaja.sub,
    });
  }
  expect(await announced(app)).toEqual(persons.map(({ henkiloOid }) => henkiloOid));
  expect(app.audit.filter(({ operation }) => operation === 'MANUAALINEN_YKSILOINTI')).toEqual([]);
  expect(step).toHaveBeenCalledTimes(1);
  expect(await run()).toEqual({ seen: 0, changed: 0, namesDiffer: 0, failed: 0 });
});

it('stores why somebody cannot be identified, does not ask again, announces nothing', async () => {
  const [unknown, passivated] = [await create(), await create()];
  answers.set(passivated.hetu, xml(vtjAnswer({ koodi: '0002', hetu: passivated.hetu })));
  const fake = newHetu();
  const madeUp = await createHenkilo(app, { hetu: fake });
  const { modified } = await rowOf(app, unknown.henkiloOid);
  await app.peers.reset();

  expect(await run()).toEqual({ seen: 3, changed: 0, namesDiffer: 0, failed: 3 });

  const rests = { poikkeus: SUSPENDABLE, maara: null, minuutit: null };
  expect(await virheOf(unknown.henkiloOid)).toEqual({ ...rests, viesti: `Henkilöä ei löytynyt VTJ-palvelusta henkilötunnuksella: ${unknown.hetu}` }); // prettier-ignore
  expect(await virheOf(passivated.henkiloOid)).toEqual({ ...rests, viesti: `Henkilön hetu on passivoitu: ${passivated.hetu}` }); // prettier-ignore
  expect(await virheOf(madeUp)).toEqual({ ...rests, viesti: `Henkilön hetu ei ole oikea: ${fake}` });
  expect(await rowOf(app, unknown.henkiloOid)).toMatchObject({ yksilointi_yritetty: true, modified });
  expect(await announced(app)).toEqual([]);
  expect(app.lines.filter((line) => line.includes(unknown.hetu))).toEqual([]);
  expect(await run()).toMatchObject({ seen: 0 });

  const dto = await app.as(rekisterinpitaja).get(`/henkilo/${madeUp}`);
  expect(dto.body).toMatchObject({
    yksilointivirheet: [{ yksilointivirheTila: 'HETU_EI_OIKEA', uudelleenyritysAikaleima: null }],
  });
});

it('tries failures again later and later, and forgets them after success', async () => {
  const { hetu, henkiloOid } = await create();
  answers.set(hetu, { status: 503 });
  for (const [maara, minuutit] of [[0, 10], [1, 11], [2, 42]]) {
    expect(await run()).toMatchObject({ seen: 1, failed: 1 });
    expect(await virheOf(henkiloOid)).toMatchObject({ maara, minuutit });
    expect(await run()).toMatchObject({ seen: 0 }); // not due
    await makeDue();
  } // prettier-ignore
  answers.set(hetu, xml(vtjAnswer({ koodi: '0006', henkilo: false })));
  await run();
  expect(await virheOf(henkiloOid)).toMatchObject({ poikkeus: SUSPENDABLE, maara: null, minuutit: null });

  const other = await create();
  answers.set(other.hetu, { status: 503 });
  await run();
  await makeDue();
  found(other.hetu);
  expect(await run()).toMatchObject({ seen: 1, changed: 1 });
  expect(await virheOf(other.henkiloOid)).toBeUndefined();
});

it('sets other names aside, forgets an earlier failure, and does not ask again', async () => {
  const { hetu, henkiloOid } = await create({ sukunimi: 'Toinen' });
  answers.set(hetu, { status: 503 });
  await run();
  await makeDue();
  found(hetu);
  expect(await run()).toEqual({ seen: 1, changed: 0, namesDiffer: 1, failed: 0 });
  expect(await virheOf(henkiloOid)).toBeUndefined();
  expect(await rowOf(app, henkiloOid)).toMatchObject({ sukunimi: 'Toinen', yksiloityvtj: false });
  expect(await run()).toMatchObject({ seen: 0 });
});

it.each<[string, FakeAnswer]>([
  ['is down', { cut: 'before' }],
  ['answers 500', { status: 500, body: 'down' }],
  ['answers a fault', { ...xml('<s:Envelope xmlns:s="s"><s:Body><s:Fault/></s:Body></s:Envelope>'), status: 500 }],
  ['is slower than the timeout', { ...xml(vtjAnswer()), delayMs: 900 }],
  ['answers garbage', xml('%$&/<<<')],
  ['answers half an XML', xml(vtjAnswer().slice(0, 900))],
  ['breaks off in the middle', { ...xml(vtjAnswer()), cut: 'half' }],
  ['answers a person without names', xml(vtjAnswer().replace(/<NykyinenSukunimi>.*?<\/NykyinenSukunimi>/, ''))],
  [
    'answers expanding entities',
    xml(
      `<!DOCTYPE a [<!ENTITY x "aaaa"><!ENTITY y "&x;&x;&x;&x;">]>${vtjAnswer()
        .replace(/<\?.*\?>/, '')
        .replace('Virtanen', '&y;')}`,
    ),
  ],
  ['says that the person is dead', xml(vtjAnswer({ koodi: '0007' }))],
])('goes on with the others and keeps the person’s data when VTJ %s', async (_, trouble) => {
  // prettier-ignore
  const [before, troubled, after] = [await create(), await create({ kotikunta: '091' }), await create()];
  for (const { hetu } of [before, after]) found(hetu);
  answers.set(troubled.hetu, trouble);
  const { version: _version, yksilointi_yritetty: _tried, ...data } = await rowOf(app, troubled.henkiloOid);

  expect(await run()).toEqual({ seen: 3, changed: 2, namesDiffer: 0, failed: 1 });

  expect(await rowOf(app, troubled.henkiloOid)).toMatchObject({ ...data, yksilointi_yritetty: true });
  expect(await virheOf(troubled.henkiloOid)).toMatchObject({ maara: 0, minuutit: 10 });
  expect((await virheOf(troubled.henkiloOid))!.poikkeus).not.toBe(SUSPENDABLE);
  await makeDue();
  found(troubled.hetu);
  expect(await run()).toEqual({ seen: 1, changed: 1, namesDiffer: 0, failed: 0 });
});

it('tries again later when käyttöoikeuspalvelu is down, and keeps the address meanwhile', async () => {
  const { hetu, henkiloOid } = await create({
    yhteystiedotRyhma: [
      {
        ryhmaKuvaus: 'yhteystietotyyppi4',
        ryhmaAlkuperaTieto: 'alkupera1',
        readOnly: true,
        yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_KATUOSOITE', yhteystietoArvo: 'Vanha 1' }],
      },
    ],
  });
  found(hetu);
  await app.peers.state({ fail: { kayttooikeus: 503 } });
  expect(await run()).toMatchObject({ seen: 1, failed: 1 });
  expect(await virheOf(henkiloOid)).toMatchObject({ maara: 0 });
  expect((await app.as(rekisterinpitaja).get(`/henkilo/${henkiloOid}`)).body).toMatchObject({
    yhteystiedotRyhma: [{ yhteystieto: [{ yhteystietoArvo: 'Vanha 1' }] }],
  });
});

it('tries again later when two identified persons turn out to be one', async () => {
  const identified = await create();
  found(identified.hetu);
  await run();
  const other = await create();
  await app.query('update henkilo set yksiloity = true where oidhenkilo = $1', [other.henkiloOid]);
  answers.set(other.hetu, xml(vtjAnswer({ koodi: '0002', hetu: identified.hetu })));
  expect(await run()).toMatchObject({ seen: 1, failed: 1 });
  expect(await virheOf(other.henkiloOid)).toMatchObject({ maara: 0, viesti: expect.stringContaining(other.henkiloOid) as string }); // prettier-ignore
  expect(await rowOf(app, other.henkiloOid)).toMatchObject({ hetu: other.hetu, duplicate: false });
});

it('leaves a person alone whom somebody identifies while VTJ is asked', async () => {
  const { hetu, henkiloOid } = await create();
  answers.set(hetu, { ...xml(vtjAnswer({ hetu })), delayMs: 200 });
  const running = run();
  while (vtj.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await app.query(`update henkilo set yksiloityvtj = true, sukunimi = 'Muutettu' where oidhenkilo = $1`, [henkiloOid]);
  expect(await running).toEqual({ seen: 1, changed: 0, namesDiffer: 0, failed: 0 });
  expect(await rowOf(app, henkiloOid)).toMatchObject({ sukunimi: 'Muutettu', vtjsync_timestamp: null });
});

it('asks again when the hetu changes while VTJ is asked', async () => {
  const { hetu, henkiloOid } = await create();
  const uusi = newVtjHetu();
  answers.set(hetu, { ...xml(vtjAnswer({ hetu })), delayMs: 200 });
  found(uusi);
  const running = run();
  while (vtj.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await app.query(`update henkilo set hetu = $2 where oidhenkilo = $1`, [henkiloOid, uusi]);
  expect(await running).toMatchObject({ seen: 1, changed: 1 });
  expect(await rowOf(app, henkiloOid)).toMatchObject({ hetu: uusi, yksiloityvtj: true });
  expect(await app.query('select hetu from henkilo_hetu where hetu in ($1, $2)', [hetu, uusi])).toEqual([{ hetu: uusi }]); // prettier-ignore
});

it('holds no connection of the database while it waits for VTJ', async () => {
  const { hetu } = await create();
  answers.set(hetu, { ...xml(vtjAnswer({ hetu })), delayMs: 200 });
  const running = run();
  while (vtj.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const [{ open } = { open: -1 }] = await app.query<{ open: number }>(
    `select count(*)::int as open from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
  );
  expect(open).toBe(0);
  await running;
});

it('ends soon when the process is to stop, without what follows a whole run', async () => {
  const [first, second] = [await create(), await create()];
  const stop = new AbortController();
  answers.set(first.hetu, { ...xml(vtjAnswer({ hetu: first.hetu })), delayMs: 100 });
  found(second.hetu);
  const running = run(stop.signal);
  while (vtj.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  expect(await running).toMatchObject({ seen: 1, changed: 1 });
  expect(step).not.toHaveBeenCalled();
  expect(await run()).toMatchObject({ seen: 1, changed: 1 });
  expect(step).toHaveBeenCalledTimes(1);
});
