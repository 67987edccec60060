import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadPersons } from '../../sandbox/load-persons.ts';
import { useTestApp } from '../support/test-app.js';

const ROOT = path.resolve(__dirname, '../..');
const PACKAGE = path.join(ROOT, 'packages/client');

/** Uses the installed package as its users do, and prints what it got. */
const SCRIPT = `
import { cas, createClient, oauth2, OnrError, unwrap } from 'oppijanumerorekisteri-client';
const { ONR: baseUrl, PEERS: peers } = process.env;
const callerId = '1.2.246.562.10.00000000001.test';
const login = (clientId) => oauth2({ tokenUrl: peers + '/kayttooikeus-service/oauth2/token', clientId, clientSecret: clientId });
const onr = createClient({ baseUrl, login: login('rekisterinpitaja'), callerId });
const AINO = '1.2.246.562.24.30000000012', EINO = '1.2.246.562.24.30000000025', DUPLICATE = '1.2.246.562.24.30000000423';
const out = {};
const one = await onr.GET('/henkilo/{oid}', { params: { path: { oid: AINO } } });
out.one = [one.response.status, one.data.kutsumanimi];
out.text = unwrap(await onr.GET('/s2s/oidByHetu/{hetu}', { params: { path: { hetu: '150385-9024' } } }));
const missing = await onr.GET('/henkilo/{oid}', { params: { path: { oid: '1.2.246.562.24.99999999999' } } });
out.missing = [missing.response.status, missing.error.status];
const wrong = await onr.POST('/henkilo', { body: { etunimet: 'Aino', kutsumanimi: 'Liisa', sukunimi: 'Korhonen' } });
out.wrong = [wrong.response.status, wrong.error.fieldErrors.map(({ field }) => field)];
out.query = unwrap(await onr.GET('/oppija/tuontikooste', { params: { query: { tuontiKoosteRequest: { id: 1 } } } })).content.map(({ id }) => id);
const many = Array.from({ length: 6000 }, (_, i) => '1.2.3.' + i).concat(AINO, EINO);
out.many = (await onr.perustiedot(many)).map(({ oidHenkilo }) => oidHenkilo).sort();
out.masters = [...(await onr.paahenkilot([DUPLICATE, EINO]))].map(([oid, { oidHenkilo }]) => [oid, oidHenkilo]).sort();
const pages = [], whole = [];
for await (const oid of onr.changedSince(new Date('2024-01-01'), { amount: 7 })) pages.push(oid);
for await (const oid of onr.changedSince(new Date('2024-01-01'))) whole.push(oid);
out.changed = [pages.length > 50, new Set(pages).size === pages.length, JSON.stringify([...pages].sort()) === JSON.stringify([...whole].sort())];
const active = [];
for await (const oid of onr.changedSince(new Date('2024-01-01'), { criteria: { hetu: '150385-9024' } })) active.push(oid);
out.criteria = active;
const session = createClient({ baseUrl, login: cas({ casUrl: peers + '/cas', baseUrl, username: 'lukija', password: 'lukija' }), callerId });
out.cas = [unwrap(await session.GET('/henkilo/current/hasHetu')), unwrap(await session.GET('/henkilo/{oid}', { params: { path: { oid: EINO } } })).sukunimi];
const weak = createClient({ baseUrl, login: login('oikeudeton'), callerId });
out.weak = await weak.perustiedot([AINO]).catch((error) => [error instanceof OnrError, error.status]);
const nobody = createClient({ baseUrl, login: login('nosuch'), callerId });
out.nobody = await nobody.perustiedot([AINO]).catch((error) => [error instanceof OnrError, error.status, error.message]);
console.log(JSON.stringify(out));
`;

describe('packages/client', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-client-'));
  const project = path.join(directory, 'project');
  const app = useTestApp();
  afterAll(() => rmSync(directory, { recursive: true }));

  it('has the types of the published description (npm run client rewrites them)', () => {
    const made = path.join(directory, 'made');
    execFileSync(process.execPath, [path.join(ROOT, 'scripts/client.ts'), made], { cwd: ROOT, stdio: 'pipe' });
    expect(readFileSync(path.join(PACKAGE, 'src/schema.ts'), 'utf8')).toBe(readFileSync(path.join(made, 'schema.ts'), 'utf8')); // prettier-ignore
  });

  it('is packed, installed into an empty project, and works there against the service', async () => {
    const copy = path.join(directory, 'package');
    mkdirSync(project);
    mkdirSync(copy);
    for (const name of ['package.json', 'README.md']) copyFileSync(path.join(PACKAGE, name), path.join(copy, name));
    cpSync(path.join(PACKAGE, 'example'), path.join(copy, 'example'), { recursive: true });
    cpSync(path.join(directory, 'made/dist'), path.join(copy, 'dist'), { recursive: true });
    const npm = (cwd: string, ...args: string[]) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
    const file = npm(copy, 'pack', '--silent').trim();
    writeFileSync(path.join(project, 'package.json'), '{ "type": "module", "private": true }');
    npm(project, 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', path.join(copy, file));

    await loadPersons(app.settings.DATABASE_URL);
    writeFileSync(path.join(project, 'use.mjs'), SCRIPT);
    const env = { ...process.env, ONR: app.base, PEERS: app.peers.url };
    const { stdout } = await promisify(execFile)(process.execPath, ['use.mjs'], { cwd: project, env });
    expect(JSON.parse(stdout)).toEqual({
      one: [200, 'Aino'],
      text: '1.2.246.562.24.30000000012',
      missing: [404, 404],
      wrong: [400, ['kutsumanimi']],
      query: [1],
      many: ['1.2.246.562.24.30000000012', '1.2.246.562.24.30000000025'],
      masters: [
        ['1.2.246.562.24.30000000025', '1.2.246.562.24.30000000025'],
        ['1.2.246.562.24.30000000423', '1.2.246.562.24.30000000012'],
      ],
      changed: [true, true, true],
      criteria: ['1.2.246.562.24.30000000012'],
      cas: [false, 'Virtanen'],
      weak: [true, 401],
      nobody: [true, 401, 'No token'],
    });

    const example = path.join(project, 'node_modules/oppijanumerorekisteri-client/example/muuttuneet.mjs');
    const exampleEnv = { ...process.env, ONR_URL: app.base, ONR_TOKEN_URL: `${app.peers.url}/kayttooikeus-service/oauth2/token` }; // prettier-ignore
    const printed = await promisify(execFile)(process.execPath, [example], { cwd: project, env: exampleEnv });
    expect(printed.stdout).toContain('1.2.246.562.24.30000000012 Aino Korhonen\n');
    expect(app.access.some((line) => JSON.stringify(line).includes('1.2.246.562.10.00000000001.example'))).toBe(true);
  });
});
