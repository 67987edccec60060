import { MuutostietoFetchService } from '../../src/vtj/muutostieto-fetch.service.js';
import type { FakeAnswer, SeenCall } from '../support/fake-peer.js';
import { hetu, VtjApp } from './vtj-app.js';

let app: VtjApp;
beforeAll(async () => {
  app = await VtjApp.startNew();
});
afterAll(() => app.stop());
beforeEach(() => app.clear());

const run = () => app.nest.get(MuutostietoFetchService).run(new AbortController().signal);
const muutos = (henkilotunnus: string, more: object = {}) => ({
  henkilotunnus, muutospv: '2024-05-01T10:00:00.123', tietoryhmat: [{ tietoryhma: 'X', muutosattribuutti: 'LISATTY' }], ...more,
}); // prettier-ignore

interface Pyynto {
  readonly viimeisinKirjausavain: number;
  readonly hetulista: readonly string[];
}
const kysymys = (call: SeenCall): Pyynto => JSON.parse(call.body) as Pyynto;
/** Cursors begin at 1000; `vastaa` answers for a bucket with persons, empty ones are up to date. */
function answers(vastaa: (pyynto: Pyynto) => FakeAnswer): void {
  app.muutosrajapinta.handle = (call) => {
    if (call.method === 'GET') return { body: { viimeisinKirjausavain: 1000 } };
    const pyynto = kysymys(call);
    if (pyynto.hetulista.length > 0) return vastaa(pyynto);
    return { body: { viimeisinKirjausavain: pyynto.viimeisinKirjausavain, ajanTasalla: true, muutokset: [] } };
  };
}
const vastaus = (viimeisinKirjausavain: number, ajanTasalla: boolean, ...muutokset: unknown[]): FakeAnswer => ({
  body: { viimeisinKirjausavain, ajanTasalla, muutokset },
});
const avaimet = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await app.query<{ id: number; avain: number }>('select * from vtj_muutostieto_kirjausavain')).map(({ id, avain }) => [id, avain]),
  ); // prettier-ignore
const muutokset = () => app.query('select henkilotunnus, muutospv, tietoryhmat, processed, error, version from vtj_muutostieto order by id'); // prettier-ignore
const kyselyt = () => app.muutosrajapinta.calls.filter(({ method }) => method === 'POST').map(kysymys);

it('begins at today, asks until there is nothing more, and stores each round with its cursor', async () => {
  const [aino, eino] = [await app.henkilo(), await app.henkilo()];
  answers(({ viimeisinKirjausavain: avain }) =>
    avain === 1000 ? vastaus(1005, false, muutos(aino.hetu)) : vastaus(1006, true, muutos(eino.hetu)),
  );
  expect(await run()).toEqual({ seen: 2, changed: 2, failed: 0, buckets: 100 });

  const gets = app.muutosrajapinta.lines.filter((line) => line.startsWith('GET'));
  expect(gets).toHaveLength(100);
  expect(gets[0]).toMatch(/\/api\/v1\/kirjausavain\/\d{4}-\d\d-\d\d$/);
  const omat = kyselyt().filter(({ hetulista }) => hetulista.length > 0);
  expect(omat).toEqual([
    { viimeisinKirjausavain: 1000, hetulista: [aino.hetu, eino.hetu] },
    { viimeisinKirjausavain: 1005, hetulista: [aino.hetu, eino.hetu] },
  ]);
  expect(await muutokset()).toEqual(
    [aino, eino].map((henkilo) => ({
      henkilotunnus: henkilo.hetu,
      muutospv: new Date('2024-05-01T10:00:00.123Z'),
      tietoryhmat: [{ tietoryhma: 'X', muutosattribuutti: 'LISATTY' }],
      processed: null,
      error: null,
      version: 0,
    })),
  );
  expect(await avaimet()).toMatchObject({ 0: 1000, 7: 1006, 99: 1000 });
});

it('asks for those in use whom VTJ has identified, bucket by bucket', async () => {
  const [aino, eino] = [await app.henkilo(), await app.henkilo({ vtj_bucket: 8 })];
  for (const muu of [{ passivoitu: true }, { hetu: null }, { yksiloityvtj: false }, { yksiloityeidas: null }]) await app.henkilo(muu); // prettier-ignore
  answers(({ viimeisinKirjausavain }) => vastaus(viimeisinKirjausavain, true));
  await run();
  expect(kyselyt().map(({ hetulista }) => hetulista).filter((lista) => lista.length > 0)).toEqual([[aino.hetu], [eino.hetu]]); // prettier-ignore
});

describe('a bucket that cannot be fetched keeps its cursor and does not stop the others, when the provider', () => {
  it.each<[string, FakeAnswer, number, number]>([
    ['is busy three times: without an alert', { status: 502 }, 3, 0],
    ['refuses', { status: 403 }, 1, 1],
    ['answers garbage', { body: '<html>' }, 1, 1],
    ['answers half', { ...vastaus(1005, true), cut: 'half' }, 1, 1],
    ['leaves out ajanTasalla', { body: { viimeisinKirjausavain: 1005, muutokset: [] } }, 1, 1],
    ['says there is more but gives no new cursor', vastaus(1000, false), 1, 1],
    ['gives a change without a time', vastaus(1005, true, muutos(hetu(1)), muutos(hetu(2), { muutospv: 'joskus' })), 1, 1],
    ['gives a change without a person', vastaus(1005, true, muutos(hetu(1)), { muutospv: '2024-05-01T10:00:00' }), 1, 1],
  ])('%s', async (_, vika, calls, alerts) => {
    const [aino, eino] = [await app.henkilo(), await app.henkilo({ vtj_bucket: 8 })];
    answers(({ hetulista }) => (hetulista.includes(aino.hetu) ? vika : vastaus(1009, true, muutos(eino.hetu))));
    expect(await run()).toEqual({ seen: 1, changed: 1, failed: 1, buckets: 100 });
    expect(kyselyt().filter(({ hetulista }) => hetulista.includes(aino.hetu))).toHaveLength(calls);
    expect(app.alerts.map((alert) => alert.split(': ')[0])).toEqual(Array(alerts).fill('Virhe VTJ-muutostietojen haussa'));
    expect(await avaimet()).toMatchObject({ 7: 1000, 8: 1009 });
    expect(await muutokset()).toHaveLength(1);
  }); // prettier-ignore
});

it('ends after a few requests when the provider is down', async () => {
  app.muutosrajapinta.handle = () => ({ cut: 'before' });
  expect(await run()).toEqual({ seen: 0, changed: 0, failed: 5, buckets: 5 });
  expect(await avaimet()).toEqual({});
});

it('stores content that makes no sense, for the person alone to fail', async () => {
  const aino = await app.henkilo();
  const outo = ['a\u0000b', '\ud800c\udc00', '\\u0000', { '\u0000': 'ä😀"' }];
  answers(() =>
    vastaus(1005, true, muutos(aino.hetu, { tietoryhmat: outo }), muutos(aino.hetu, { tietoryhmat: undefined })),
  );
  expect(await run()).toMatchObject({ changed: 2, failed: 0 });
  expect((await muutokset()).map(({ tietoryhmat }) => tietoryhmat)).toEqual([
    ['ab', 'c', '\\u0000', { '': 'ä😀"' }],
    null,
  ]);
});

it('stores many changes of one round in order', async () => {
  const aino = await app.henkilo();
  const monta = Array.from({ length: 1203 }, (_, n) => muutos(aino.hetu, { tietoryhmat: [{ n }] }));
  answers(() => vastaus(1005, true, ...monta));
  expect(await run()).toMatchObject({ changed: 1203 });
  expect((await muutokset()).map(({ tietoryhmat }) => (tietoryhmat as { n: number }[])[0]!.n)).toEqual(
    monta.map((_, n) => n),
  );
});
