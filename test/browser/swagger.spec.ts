import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { launchChromium } from './chromium.js';

const ROOT = path.resolve(__dirname, '../..');
/** Sandbox persons (sandbox/persons.ts): Aino Korhonen, and a duplicate that is linked to her. */
const AINO = '1.2.246.562.24.30000000012';

/** `npm start` on free ports with data of its own. @returns the addresses that it prints */
async function start(directory: string): Promise<{ child: ChildProcess; swagger: string; sandbox: string }> {
  const child = spawn(
    process.execPath,
    ['scripts/bootstrap.mjs', 'start', '--port', '0', '--peers-port', '0', '--data', path.join(directory, 'data')],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => output.includes('Ctrl-C') && resolve());
    child.once('exit', () => reject(new Error(`npm start ended: ${output}`)));
  });
  const address = (name: string) => new RegExp(`${name}\\s+(http\\S+)`).exec(output)![1]!;
  return { child, swagger: address('Swagger UI'), sandbox: address('Sandbox') };
}

/** Opens an operation, fills in its parameters, executes it. @returns status and body that the page shows */
async function execute(page: Page, path: string, parameters: Record<string, string>) {
  const operation = page.locator('.opblock-get', { has: page.locator(`[data-path="${path}"]`) });
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.try-out__btn').click();
  for (const [name, value] of Object.entries(parameters)) {
    await operation.locator(`tr[data-param-name="${name}"] input`).fill(value);
  }
  await operation.locator('.execute').click();
  const live = operation.locator('.live-responses-table tbody tr.response').first();
  const status = Number(await live.locator('.response-col_status').first().innerText());
  const body = await live.locator('.highlight-code pre, .highlight-code code').first().innerText();
  return { status, body: JSON.parse(body) as Record<string, unknown> };
}

/** A busy machine is slow, not wrong. */
const SLOW_MS = 300_000;
const ALL_OPERATIONS_MS = 1_800_000;
/** Operations with a body that read: with the GETs and the HEAD all that can be tried without changing anything. */
const READING_POSTS = [
  'requestPost',
  'getYhteystiedot',
  'henkilotByHenkiloOidList',
  'henkilotByHenkiloHetuList',
  'findHenkilotByOidList',
  'masterHenkilosByOidList',
  'existenceCheck',
  'oidByEidasTunniste',
  'findDuplicateHenkilos',
  'findChangedPersons_1',
  'listAsAdmin',
  'getKotikuntaHistoria',
  'getTurvakieltoKotikuntaHistoria',
  'yleistunnisteenHaku',
];

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** Swagger UI goes through the whole document at each click: with few operations it is quick. */
const OPERATIONS_AT_ONCE = 9;

/** The document with some of its operations, and the schemas that these use. */
function cutTo(document: OpenApi, operationIds: readonly string[]): OpenApi {
  const pick = <T>(of: Readonly<Record<string, T>>, keep: (key: string, value: T) => boolean) =>
    Object.fromEntries(Object.entries(of).filter(([key, value]) => keep(key, value)));
  const items = Object.entries(document.paths).map(
    ([path, item]) => [path, pick(item, (_, { operationId }) => operationIds.includes(operationId))] as const,
  );
  const paths = Object.fromEntries(items.filter(([, item]) => Object.keys(item).length > 0));
  const used = new Set<string>();
  const use = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name!)) continue;
      used.add(name!);
      use(document.components.schemas[name!]);
    }
  };
  use(paths);
  const schemas = pick(document.components.schemas, (name) => used.has(name));
  return { ...document, paths, components: { ...document.components, schemas } };
}

/** By the button Authorize, as the client of the register's keepers. */
async function getToken(page: Page): Promise<void> {
  await page.locator('.btn.authorize').first().click();
  const oauth2 = page.locator('.auth-container', { has: page.locator('[data-name="clientId"]') });
  await oauth2.locator('[data-name="clientId"]').fill('rekisterinpitaja');
  await oauth2.locator('[data-name="clientSecret"]').fill('rekisterinpitaja');
  await oauth2.locator('button.authorize').click();
  await page.locator('.auth-container button', { hasText: 'Logout' }).waitFor(); // a token is there
  await page.locator('.btn-done').first().click();
}

/** A click that does not wait for the page to come to rest, which takes long on a busy machine. */
const click = (locator: Locator): Promise<void> => locator.evaluate((element: HTMLElement) => element.click());

/** Tries an operation with what the page has filled in. @returns the status that the page shows */
async function tryOut(page: Page, operationId: string): Promise<string> {
  const operation = page.locator(`.opblock[id$="-${operationId}"]`);
  await click(operation.locator('.opblock-summary-control'));
  await click(operation.locator('.try-out__btn'));
  await click(operation.locator('.execute'));
  const shown = operation.locator('.live-responses-table tbody tr.response .response-col_status').first();
  const status = await shown.innerText();
  await click(operation.locator('.opblock-summary-control'));
  return status.trim().split(/\s/)[0]!;
}

describe('Swagger UI in a browser, on npm start', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-browser-'));
  let service: Awaited<ReturnType<typeof start>>;
  let browser: BrowserContext;

  beforeAll(async () => {
    chmodSync(directory, 0o711); // PostgreSQL runs as another user when we are root
    [service, browser] = await Promise.all([start(directory), launchChromium(directory)]);
  });

  afterAll(async () => {
    await browser?.close();
    if (service) {
      const ended = new Promise((resolve) => service.child.once('exit', resolve));
      service.child.kill('SIGTERM');
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  });

  it('logs in through CAS, looks up a person and a learner number, and logs out', async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) errors.push(message.text());
    });
    const ownData = new URL('../henkilo/current/omattiedot', service.swagger).href;
    const statusOf = async (url: string) => (await browser.request.get(url, { maxRedirects: 0 })).status();

    await page.goto(service.swagger);
    expect(await statusOf(ownData)).toBe(302); // nobody is logged in

    await page.locator('#login').click();
    await page.getByRole('button', { name: 'rekisterinpitaja' }).click();
    await page.waitForURL(service.swagger);
    expect(await statusOf(ownData)).toBe(200);

    const person = await execute(page, '/henkilo/{oid}', { oid: AINO });
    expect(person).toMatchObject({
      status: 200,
      body: { oidHenkilo: AINO, kutsumanimi: 'Aino', sukunimi: 'Korhonen' },
    });

    const number = await execute(page, '/yleistunniste/hae/{oid}', { oid: AINO });
    expect(number).toMatchObject({ status: 200, body: { oid: AINO, oppijanumero: AINO, passivoitu: false } });

    await page.locator('#logout').click();
    await page.waitForURL(service.swagger);
    expect(await statusOf(ownData)).toBe(302); // CAS told the service, which ended the session
    await page.locator('#login').click();
    await page.getByRole('button', { name: 'lukija' }).waitFor(); // and asks for a login again
    expect(errors).toEqual([]);
  });

  it(
    'gets a token by Authorize, and every read operation answers 200 with what is filled in',
    async () => {
      const page = await browser.newPage();
      page.setDefaultTimeout(SLOW_MS);
      const answer = await page.request.get(new URL('../v3/api-docs', service.swagger).href);
      const document = (await answer.json()) as OpenApi;
      const reading = Object.values(document.paths).flatMap((item) =>
        Object.entries(item)
          .filter(
            ([method, { operationId }]) => method === 'get' || method === 'head' || READING_POSTS.includes(operationId),
          )
          .map(([, { operationId }]) => operationId),
      );
      expect(reading).toHaveLength(51);
      const statuses: string[] = [];
      for (let begin = 0; begin < reading.length; begin += OPERATIONS_AT_ONCE) {
        const shown = reading.slice(begin, begin + OPERATIONS_AT_ONCE);
        await page.route(/\/v3\/api-docs(?:\?|$)/, (route) => route.fulfill({ json: cutTo(document, shown) }));
        await page.goto(`${service.swagger}?lang=en`);
        await getToken(page);
        for (const operationId of shown) statuses.push(`${operationId} ${await tryOut(page, operationId)}`);
        await page.unrouteAll();
      }
      expect(statuses).toEqual(reading.map((operationId) => `${operationId} 200`));
    },
    ALL_OPERATIONS_MS,
  );

  it('changes its language by a link', async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(SLOW_MS);
    await page.goto(service.swagger);
    await page.getByText('Henkilön kaikki tiedot OIDilla', { exact: true }).waitFor();
    await page.locator('#kieli').click();
    await page.getByText('All data of a person by OID', { exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });
});
