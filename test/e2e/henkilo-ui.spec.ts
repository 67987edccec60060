import { loadPersons } from '../../sandbox/load-persons.ts';
import { persons, personCalled } from '../../sandbox/persons.ts';
import { OneOrigin } from '../support/one-origin.js';
import { useTestApp } from '../support/test-app.js';

/**
 * The officials' screens: one origin, behind which the register has its path and the other services all others, and a browser that
 * sends its calls at the same time and follows redirects.
 */
const origin = new OneOrigin();
beforeAll(() => origin.listen(() => app));
const app = useTestApp(origin.env);
beforeAll(async () => {
  await loadPersons(app.settings.DATABASE_URL);
});
afterAll(() => origin.close());

/** A browser with one jar of cookies. */
class Browser {
  private readonly jar = new Map<string, string>();

  /** Ends where the redirects end. */
  async get(path: string) {
    for (let at = origin.url + path, hops = 0; hops < 40; hops++) {
      expect(new URL(at).origin).toBe(origin.url); // a page's call to another origin would fail in a browser
      const answer = await this.ask(at);
      if (answer.status !== 302)
        return { status: answer.status, at: at.slice(origin.url.length), body: await bodyOf(answer) };
      at = new URL(answer.headers.get('location')!, at).href;
    }
    throw new Error(`Redirected without end: ${path}`);
  }

  async logIn(name: string): Promise<void> {
    await this.ask(`${origin.url}/cas/login`, { method: 'POST', body: new URLSearchParams({ username: name, password: name }) }); // prettier-ignore
  }

  private async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin', cookie };
    const answer = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (line.includes('Max-Age=0')) this.jar.delete(name!);
      else this.jar.set(name!, value!);
    }
    return answer;
  }
}

async function bodyOf(answer: Response): Promise<unknown> {
  const text = await answer.text();
  return answer.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as unknown) : text;
}

const AINO = personCalled('Aino Korhonen');
const ONR = '/oppijanumerorekisteri-service';

it.each([0, 40])(
  'parallel calls without a session each end where they were going, with %d ms of latency',
  async (ms) => {
    const browser = new Browser();
    await browser.logIn('rekisterinpitaja');
    origin.latencyMs = ms;
    const paths = persons.slice(0, 45).map(({ oid }) => `${ONR}/henkilo/${oid}?nth=${oid}`);
    const ends = await Promise.all(paths.map((path) => browser.get(path)));
    origin.latencyMs = 0;
    expect(ends.map(({ status, at }) => ({ status, at }))).toEqual(paths.map((path) => ({ status: 200, at: path })));
    expect(ends.map(({ body }) => (body as { oidHenkilo: string }).oidHenkilo)).toEqual(
      persons.slice(0, 45).map(({ oid }) => oid),
    );
  },
);

it('the calls of the screens are answered behind one origin', async () => {
  const browser = new Browser();
  await browser.logIn('rekisterinpitaja');
  const paths = [
    `${ONR}/cas/prequel`,
    `${ONR}/henkilo/current/omattiedot`,
    `${ONR}/henkilo/${AINO.oid}`,
    `${ONR}/henkilo/${AINO.oid}/slaves`,
    `${ONR}/henkilo/${AINO.oid}/duplicates`,
    `${ONR}/henkilo/${AINO.oid}/hakemukset`,
    `${ONR}/henkilo/${AINO.oid}/yksilointitiedot`,
    `${ONR}/henkilo/${AINO.oid}/identification`,
    `${ONR}/oppija/tuontikooste`,
    '/kayttooikeus-service/cas/me',
    '/kayttooikeus-service/henkilo/current/omattiedot',
    '/kayttooikeus-service/henkilo/1.2.246.562.24.00000000001/kayttajatiedot',
    '/kayttooikeus-service/henkilo/1.2.246.562.24.00000000001/organisaatiohenkilo',
    `/kayttooikeus-service/kayttooikeusryhma/henkilo/${AINO.oid}`,
    '/kayttooikeus-service/palvelu',
    '/kayttooikeus-service/l10n/fi',
    '/lokalisointi/cxf/rest/v1/localisation?category=henkilo-ui',
    '/koodisto-service/rest/json/kieli/koodi',
    '/koodisto-service/rest/json/maatjavaltiot2/koodi',
  ];
  const ends = await Promise.all(paths.map((path) => browser.get(path)));
  expect(ends.map(({ status, at }) => [status, at])).toEqual(paths.map((path) => [200, path]));
  const bodyAt = (path: string) => ends[paths.indexOf(path)]!.body;

  expect(bodyAt(`${ONR}/henkilo/${AINO.oid}`)).toMatchObject({
    aidinkieli: { kieliKoodi: 'fi', kieliTyyppi: 'suomi' },
    asiointiKieli: { kieliKoodi: 'fi', kieliTyyppi: 'suomi' },
    kansalaisuus: expect.arrayContaining([{ kansalaisuusKoodi: '246' }, { kansalaisuusKoodi: '752' }]) as object,
  });
  expect(bodyAt(`${ONR}/henkilo/${AINO.oid}/hakemukset`)).toMatchObject([
    { hakemusData: { service: 'ataru', kansalaisuus: ['246', '752'] } },
  ]);
  expect(bodyAt('/kayttooikeus-service/henkilo/current/omattiedot')).toMatchObject({
    oidHenkilo: '1.2.246.562.24.00000000001',
    isAdmin: true,
    organisaatiot: [
      {
        organisaatioOid: '1.2.246.562.10.00000000001',
        kayttooikeudet: expect.arrayContaining([
          { palvelu: 'OPPIJANUMEROREKISTERI', oikeus: 'REKISTERINPITAJA' },
        ]) as object,
      },
    ],
  });
  expect(bodyAt('/lokalisointi/cxf/rest/v1/localisation?category=henkilo-ui')).toContainEqual(
    expect.objectContaining({ category: 'henkilo-ui', key: 'OPPIJANUMEROREKISTERI', locale: 'fi', value: 'Oppijanumerorekisteri' }), // prettier-ignore
  );
});

it('a user who is not logged in is nobody to the other services', async () => {
  expect((await new Browser().get('/kayttooikeus-service/cas/me')).status).toBe(401);
});
