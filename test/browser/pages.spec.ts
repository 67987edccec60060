import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContext, Page } from 'playwright-core';
import { loadPersons } from '../../sandbox/load-persons.ts';
import { personCalled } from '../../sandbox/persons.ts';
import { OneOrigin } from '../support/one-origin.js';
import { useTestApp } from '../support/test-app.js';
import { launchChromium } from './chromium.js';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** Kept after the test: what the pages look like. */
const SCREENSHOTS = path.resolve(__dirname, '../../build/screenshots');
const AINO = personCalled('Aino Korhonen');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds wrong with the page as it is. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE); // by the debugger, which the page's policy does not hold back
  const found = await page.evaluate<Violation[]>(`axe.run().then(({ violations }) => violations)`);
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

const shoot = (page: Page, name: string, fullPage = true) =>
  page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage });

const origin = new OneOrigin();
Object.assign(origin.env, {
  'oppijanumerorekisteri.vtj-muutosrajapinta.fetch-enabled': 'true',
  'oppijanumerorekisteri.vtj-muutosrajapinta.muutostieto-enabled': 'true',
  'oppijanumerorekisteri.vtj-muutosrajapinta.perustieto-enabled': 'true',
  'oppijanumerorekisteri.vtj-muutosrajapinta.apigw-role-arn': 'arn:aws:iam::1:role/sandbox',
  'aws.henkiloModifiedTopic.enabled': 'true',
  'aws.henkiloModifiedTopic.topicArn': 'arn:aws:sns:eu-west-1:1:henkilo',
  'aws.opintopolkuRoleArn': 'arn:aws:iam::1:role/sandbox',
});
const SANDBOX = { AWS_ACCESS_KEY_ID: 'sandbox', AWS_SECRET_ACCESS_KEY: 'sandbox' };

/** The register and the sandbox behind one origin, with the persons of the sandbox, as `npm start` has them. */
describe('The pages for people', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-pages-'));
  const before = { ...process.env };
  let browser: BrowserContext;
  let page: Page;
  const errors: string[] = [];
  let status = '';
  let sandbox = '';

  beforeAll(async () => {
    await origin.listen(() => app);
    status = `${origin.url}/oppijanumerorekisteri-service/internal/tila`;
    sandbox = `${origin.url}/`;
    Object.assign(process.env, SANDBOX, {
      SANDBOX_SERVICE: `${origin.url}/oppijanumerorekisteri-service`,
    });
  });
  const app = useTestApp(origin.env);
  beforeAll(async () => {
    await loadPersons(app.settings.DATABASE_URL);
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium(directory);
    await browser.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: origin.url });
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width: 1280, height: 900 });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) errors.push(message.text());
    });
  });

  afterAll(async () => {
    await browser?.close();
    origin.close();
    rmSync(directory, { recursive: true, force: true });
    for (const name of ['SANDBOX_SERVICE', ...Object.keys(SANDBOX)])
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
  });

  describe('the status page', () => {
    it('asks for a login and shows every part', async () => {
      await page.goto(status);
      await page.getByRole('button', { name: 'rekisterinpitaja' }).click();
      await page.waitForURL(status);
      expect(await page.locator('h1').innerText()).toBe('Oppijanumerorekisterin tila');
      const headings = await page.locator('main h2').allInnerTexts();
      expect(headings.map((text) => text.replace(/ [✓!✗].*/, ''))).toEqual([
        'Palvelu', 'Tietokanta', 'Tausta-ajot', 'Oppijoiden tuonnit', 'Jonot', 'Muut järjestelmät', 'VTJ', 'Varmenteet',
        'Valmiit henkilödokumentit',
      ]); // prettier-ignore
      expect(headings.filter((text) => text.includes('ei saatavilla'))).toEqual([]);
    });

    it.each([
      ['fi', 'light'],
      ['fi', 'dark'],
      ['en', 'light'],
      ['en', 'dark'],
    ] as const)('has nothing that axe finds, in %s and %s', async (lang, colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${status}?lang=${lang}`);
      expect(await violations(page)).toEqual([]);
      await shoot(page, `tila-${lang}-${colorScheme}`);
      await page.emulateMedia({ colorScheme: 'light' });
    });

    it('is worked by the keyboard: skip link, language, tables', async () => {
      await page.goto(`${status}?lang=fi`);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Siirry sisältöön');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL(/lang=en/);
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
    });

    it('runs a job after a confirmation, and shows by itself how it ended', async () => {
      await page.goto(`${status}?lang=en`);
      await page.getByRole('link', { name: 'Run now: cas client session cleaner' }).click();
      expect(await violations(page)).toEqual([]);
      await shoot(page, 'tila-ajo');
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByText('The job has been started: cas client session cleaner').waitFor();
      await page.locator('#ajot tr', { hasText: 'cas client session cleaner' }).getByText('seen').waitFor(); // the page has refreshed itself
      expect(await page.locator('#refreshed').innerText()).toBe('The page refreshes itself.');
    });

    it('works without JavaScript', async () => {
      const plain = await browser.newPage();
      const debug = await browser.newCDPSession(plain);
      await debug.send('Emulation.setScriptExecutionDisabled', { value: true });
      await plain.goto(`${status}?lang=fi`);
      await plain.getByRole('link', { name: 'Aja nyt: YhteystietoCleanupTask' }).click();
      await plain.getByRole('button', { name: 'Käynnistä' }).click();
      await plain.getByText('Ajo on käynnistetty: YhteystietoCleanupTask').waitFor();
      await plain.close();
    });

    it('is JSON at the same address', async () => {
      const answer = await browser.request.get(status, { headers: { accept: 'application/json' } });
      expect(await answer.json()).toMatchObject({
        tietokanta: { kunto: 'ok' },
        palvelu: { tiedot: { version: '0.1.0' } },
      });
    });
  });

  describe('the sandbox', () => {
    it.each([
      ['fi', 'light', 'Oppijanumerorekisterin hiekkalaatikko'],
      ['en', 'light', 'Sandbox of the learner-number register'],
      ['en', 'dark', 'Sandbox of the learner-number register'],
    ] as const)('says in %s what it holds, and axe finds nothing (%s)', async (lang, colorScheme, title) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${sandbox}?lang=${lang}`);
      expect(await page.locator('h1').innerText()).toBe(title);
      expect(await violations(page)).toEqual([]);
      await shoot(page, `sandbox-${lang}-${colorScheme}`, false);
      await page.emulateMedia({ colorScheme: 'light' });
    });

    it('finds a person by the story and copies OID, hetu and a curl that works', async () => {
      await page.goto(`${sandbox}?lang=en`);
      await page.locator('#filter').fill('turvakielto');
      const rows = page.locator('#persons tbody tr:visible');
      expect((await rows.allInnerTexts()).every((text) => text.includes('turvakielto'))).toBe(true);
      expect(await rows.count()).toBeGreaterThan(0);
      await page.locator('#filter').fill(AINO.oid);
      const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
      await page.getByRole('button', { name: 'Copy OID' }).and(page.locator(':visible')).click();
      await page.getByText(`Copied: ${AINO.oid}`).waitFor();
      expect(await clipboard()).toBe(AINO.oid);
      await page.getByRole('button', { name: 'Copy hetu' }).and(page.locator(':visible')).click();
      await page.getByText(`Copied: ${AINO.hetu}`).waitFor();
      expect(await clipboard()).toBe(AINO.hetu);
      await page.getByRole('button', { name: 'Copy curl' }).and(page.locator(':visible')).click();
      await page.getByText('Copied: TOKEN=').waitFor();
      const { stdout } = await promisify(execFile)('bash', ['-c', await clipboard()]);
      expect(JSON.parse(stdout)).toMatchObject({ oidHenkilo: AINO.oid, hetu: AINO.hetu });
    });

    it('breaks and mends a system by a button', async () => {
      await page.goto(`${sandbox}?lang=en`);
      await page.getByRole('button', { name: 'Break: koodisto' }).click();
      expect(await page.locator('#peers tr', { hasText: 'koodisto' }).locator('.state').innerText()).toBe('broken');
      expect((await browser.request.get(`${sandbox}koodisto-service/rest/json/kieli/koodi`)).status()).toBe(503);
      await page.getByRole('button', { name: 'Mend: koodisto' }).click();
      expect((await browser.request.get(`${sandbox}koodisto-service/rest/json/kieli/koodi`)).status()).toBe(200);
    });

    it('imports learners by a button and shows how far it is, and who has changed', async () => {
      await page.goto(`${sandbox}?lang=en`);
      await page.getByRole('button', { name: 'Import 20 learners' }).click();
      await page.getByText('20 / 20').waitFor(); // it refreshes itself
      await page.locator('#muuttuneet li').first().waitFor();
      await page.locator('#sns li').first().waitFor();
      await shoot(page, 'sandbox-import');
    });

    it('announces a change of VTJ by a form, which the register brings in', async () => {
      await page.goto(`${sandbox}?lang=en`);
      await page.locator('select[name=henkilo]').selectOption({ label: 'Eino Virtanen' });
      await page.locator('select[name=laji]').selectOption('sukunimi');
      await page.locator('input[name=arvo]').fill('Uusinimi');
      await page.getByRole('button', { name: 'Announce the change' }).click();
      await page.getByText('Announced changes: 1').waitFor();

      const person = `${status}/../../henkilo/${personCalled('Eino Virtanen').oid}`;
      const sukunimi = async () =>
        ((await (await browser.request.get(person)).json()) as { sukunimi: string }).sukunimi;
      const run = async (job: string) => {
        await page.goto(`${status}?lang=en`);
        await page.getByRole('link', { name: `Run now: ${job}`, exact: true }).click();
        await page.getByRole('button', { name: 'Run' }).click();
        await page.getByText(`The job has been started: ${job}`).waitFor();
        await page.getByRole('link', { name: `Run now: ${job}`, exact: true }).waitFor(); // it has ended
      };
      for (const job of ['vtj perustieto task', 'vtj muutostieto fetch task', 'vtj muutostieto task']) await run(job);
      await expect(sukunimi()).resolves.toBe('Uusinimi');
    });

    it('has raised no error in any page', () => expect(errors).toEqual([]));
  });
});
