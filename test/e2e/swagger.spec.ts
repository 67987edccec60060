import { useTestApp } from '../support/test-app.js';
import { oikeudeton } from '../support/users.js';

const app = useTestApp();

it('serves the document without a login, at the address of the caller', async () => {
  const { status, body } = await app.anonymous.get('/v3/api-docs');
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      openapi: '3.1.0',
      info: { title: 'Oppijanumerorekisteri', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      servers: [{ url: app.base, description: 'Tämä palvelu' }],
      security: [{ oauth2: [] }, { token: [] }, { cas: [] }],
    },
  });
  expect(body.components.securitySchemes.oauth2.flows).toEqual({
    clientCredentials: { tokenUrl: `${app.peers.url}/kayttooikeus-service/oauth2/token`, scopes: {} },
  });
});

it('publishes the permission of an operation for henkilo-ui', async () => {
  const { paths } = (await app.anonymous.get('/v3/api-docs')).body;
  expect(paths['/cas/prequel'].get).toMatchObject({
    operationId: 'requestGet',
    tags: ['CAS'],
    'x-preauthorize': 'isAuthenticated()',
    description: expect.stringMatching(/\*\*PreAuthorize:\*\* `isAuthenticated\(\)`$/),
    responses: {
      '200': { description: 'Istunto on auki; runko on `ok`.' },
      '302': {},
      '400': {},
      '401': {},
      '503': {},
    },
  });
  expect(Object.keys(paths).filter((path) => /actuator|swagger|api-docs|well-known|login/.test(path))).toEqual([]);
});

it('speaks the language that is asked for, Finnish else', async () => {
  const spoken = async (query: string) => {
    const { status, headers, body } = await app.anonymous.get(`/v3/api-docs${query}`);
    return [status, headers.get('content-language'), body.paths['/henkilo/{oid}'].get.summary];
  };
  expect(await spoken('')).toEqual([200, 'fi', 'Henkilön kaikki tiedot OIDilla']);
  expect(await spoken('?lang=fi')).toEqual([200, 'fi', 'Henkilön kaikki tiedot OIDilla']);
  expect(await spoken('?lang=en')).toEqual([200, 'en', 'All data of a person by OID']);
  expect(await spoken('?lang=sv')).toEqual([200, 'fi', 'Henkilön kaikki tiedot OIDilla']);
  expect(await spoken('?lang=en&lang=fi')).toEqual([200, 'fi', 'Henkilön kaikki tiedot OIDilla']);
  const yaml = await app.as(oikeudeton).get('/v3/api-docs.yaml?lang=en');
  expect(yaml.text).toContain('All data of a person by OID');
});

it('offers the page in both languages', async () => {
  const finnish = await app.anonymous.get('/swagger-ui/index.html');
  expect(finnish.text).toContain('<html lang="fi">');
  expect(finnish.text).toContain('href="index.html?lang=en">In English</a>');
  const english = await app.anonymous.get('/swagger-ui/index.html?lang=en');
  expect([english.headers.get('content-language'), english.text.includes('Log in')]).toEqual(['en', true]);
  expect(english.text).toContain('href="index.html?lang=fi">Suomeksi</a>');
  expect((await app.anonymous.get('/swagger-ui/swagger-initializer.js?lang=en')).text).toContain(
    'swagger-config?lang=en',
  );
  expect((await app.anonymous.get('/v3/api-docs/swagger-config?lang=en')).body).toMatchObject({
    url: '/oppijanumerorekisteri-service/v3/api-docs?lang=en',
  });
});

it('lets the page ask for tokens where the issuer is', async () => {
  const { headers } = await app.anonymous.get('/swagger-ui/index.html');
  expect(headers.get('content-security-policy')).toContain(`connect-src 'self' ${app.peers.url};`);
});

it('serves YAML to who is logged in', async () => {
  expect(await app.anonymous.get('/v3/api-docs.yaml')).toMatchObject({ status: 302 });
  expect((await app.as(oikeudeton).get('/v3/api-docs.yaml')).text).toMatch(/^openapi: 3\.1\.0$/m);
});

it('serves Swagger UI at the new and the older addresses', async () => {
  for (const path of ['/swagger-ui', '/swagger-ui/', '/swagger-ui/index.html']) {
    const { status, headers, text } = await app.anonymous.get(path, { accept: 'text/html' });
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'text/html;charset=utf-8' });
    expect(text).toContain('<base href="/oppijanumerorekisteri-service/swagger-ui/">');
  }
  const moved = await app.anonymous.get('/swagger-ui.html');
  expect([moved.status, moved.headers.get('location')]).toEqual([
    302,
    '/oppijanumerorekisteri-service/swagger-ui/index.html',
  ]);
});

it('serves every file that the page names', async () => {
  const { text } = await app.anonymous.get('/swagger-ui/index.html');
  const files = [...text.matchAll(/(?:src|href)="([\w.-]+\.(?:js|css|png))(?:\?[^"]*)?"/g)].map((match) => match[1]!);
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const answer = await app.anonymous.get(`/swagger-ui/${file}`);
    expect([file, answer.status, answer.text.length > 100]).toEqual([file, 200, true]);
  }
  expect(await app.anonymous.get('/swagger-ui/nosuch.js')).toMatchObject({ status: 302 });
  expect(await app.as(oikeudeton).get('/swagger-ui/nosuch.js')).toMatchObject({ status: 404 });
});

it('tells the page where the document is', async () => {
  expect((await app.anonymous.get('/v3/api-docs/swagger-config')).body).toEqual({
    configUrl: '/oppijanumerorekisteri-service/v3/api-docs/swagger-config',
    oauth2RedirectUrl: `${app.base}/swagger-ui/oauth2-redirect.html`,
    url: '/oppijanumerorekisteri-service/v3/api-docs',
    validatorUrl: '',
  });
});

it('comes back to the page after a login', async () => {
  expect(await app.anonymous.get('/login')).toMatchObject({ status: 302 });
  const answer = await app.as(oikeudeton).get('/login');
  expect(answer.headers.get('location')).toBe('/oppijanumerorekisteri-service/swagger-ui/index.html');
});
