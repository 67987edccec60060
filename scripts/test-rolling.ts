#!/usr/bin/env node
/**
 * An update without a pause, for real: the former version serves, the one of this checkout starts beside it and migrates the
 * database, both serve, the former one starts anew on the new schema, and either goes on alone:
 *
 *   npm run test:rolling [-- --from COMMIT] [--persons 2000] [--seconds 4]
 *
 * The former version is the last tag; without one the commit before migration BEFORE came, so that there is something to migrate. It
 * is built once, into node_modules/.cache/rolling. Callers read, search, create and change persons all the while: none gets anything but
 * what it asked for. The last line is "test:rolling: N passed, M failed"; in a history that does not have the commit
 * (a shallow clone) that is said and nothing is counted.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { command, given, messageOf, root, temporaryDirectory, type Scope } from './lib/command.ts';
import { checkDocuments } from './lib/document-check.ts';
import { populate } from './lib/filled-database.ts';
import { madeOnce } from './lib/made-once.ts';
import { startDatabase, startKitPeers, startService } from './lib/rig.ts';

const BEFORE = '20260702000200000_yhteystieto-lukko.sql';
const WRITERS = 2;
const READERS = 2;
/** A phase goes on until each service has had more requests than this. */
const MIN_REQUESTS = 50;
const REGISTRAR = {
  sub: '1.2.246.562.24.00000000001',
  roles: { '1.2.246.562.10.00000000001': ['OPPIJANUMEROREKISTERI_REKISTERINPITAJA'] },
};

const { values: options } = parseArgs({
  options: {
    from: { type: 'string' },
    persons: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '4' },
  },
});

const counts = { passed: 0, failed: 0 };
process.once('exit', () => console.log(`test:rolling: ${counts.passed} passed, ${counts.failed} failed`));

async function check(name: string, work: () => unknown): Promise<void> {
  try {
    const said = await work();
    counts.passed++;
    console.log(`ok   ${name}${typeof said === 'string' ? `: ${said}` : ''}`);
  } catch (error) {
    counts.failed++;
    console.log(`FAIL ${name}: ${messageOf(error)}`);
  }
}
function must(isSo: boolean, text: string): void {
  if (!isSo) throw new Error(text);
}

const git = (...args: string[]) => {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
};

/** The commit of the former version; undefined: this history does not have it. */
function formerCommit(): string | undefined {
  if (options.from) return git('rev-parse', '--verify', `${options.from}^{commit}`);
  const tag = git('describe', '--tags', '--abbrev=0', 'HEAD^');
  if (tag) return git('rev-parse', `${tag}^{commit}`);
  const came = git('log', '-1', '--format=%H', '--diff-filter=A', '--', `migrations/${BEFORE}`);
  return came && git('rev-parse', '--verify', `${came}^`);
}

/** @returns the folder of the former version, built */
function buildFormer(commit: string): string {
  const directory = madeOnce('rolling', commit, (empty) => {
    const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 1024 * 1024 * 1024 });
    execFileSync('tar', ['-x', '-C', empty], { input: archive });
    symlinkSync(join(root, 'node_modules'), join(empty, 'node_modules'));
    const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
    execFileSync(process.execPath, [nest, 'build'], { cwd: empty, stdio: ['ignore', 'ignore', 'inherit'] });
    return true;
  });
  return given(directory, 'The former version');
}

const migrationsOf = (checkout: string) =>
  readdirSync(join(checkout, 'migrations'))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.replace(/\.sql$/, ''));

/** Callers of one service, until it is told to end. */
class Callers {
  /** Answers by operation and status. */
  readonly answers = new Map<string, number>();
  /** What was not as it should be, the first few. */
  readonly wrong: string[] = [];
  private readonly working: Promise<void>[];
  private ends = false;
  private readonly base: string;
  private readonly shared: Shared;

  /** @param base address of the service that they call */
  constructor(base: string, shared: Shared) {
    this.base = base;
    this.shared = shared;
    const every = (work: () => Promise<void>) => async () => {
      while (!this.ends) await work();
    };
    this.working = [
      ...Array.from(
        { length: WRITERS },
        every(() => this.write()),
      ),
      ...Array.from(
        { length: READERS },
        every(() => this.read()),
      ),
    ];
  }

  get total(): number {
    return [...this.answers.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    this.ends = true;
    await Promise.all(this.working);
  }

  /** Makes a person, changes it, and reads it, each by whichever version the balancer would send it to. */
  private async write(): Promise<void> {
    const sukunimi = `Paivitys${this.shared.made++}`;
    const oid = await this.send('create', 201, 'POST', '/henkilo', { etunimet: 'Aino', kutsumanimi: 'Aino', sukunimi });
    if (!oid) return;
    this.shared.stored.set(oid, '049');
    const ryhma = {
      ryhmaKuvaus: 'yhteystietotyyppi1',
      ryhmaAlkuperaTieto: 'alkupera2',
      yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: `${sukunimi}@example.fi` }],
    };
    for (const kotikunta of ['091', '049'])
      await this.send('change', 200, 'PUT', '/henkilo', { oidHenkilo: oid, kotikunta, yhteystiedotRyhma: [ryhma] });
    for (const base of this.shared.bases()) {
      const text = await this.send('read what was written', 200, 'GET', `/henkilo/${oid}`, undefined, base);
      if (
        text !== undefined &&
        !(text.includes(`"${sukunimi}"`) && text.includes('"049"') && text.includes(`${sukunimi}@example.fi`))
      )
        this.wrong.push(`${oid} is read as ${text}`);
    }
  }

  private async read(): Promise<void> {
    const { oids } = this.shared;
    const oid = given(oids[this.shared.asked++ % oids.length], 'a person');
    const text = await this.send('by OID', 200, 'GET', `/henkilo/${oid}`);
    if (text !== undefined && !text.includes(`"oidHenkilo":"${oid}"`)) this.wrong.push(`${oid} is read as ${text}`);
    await this.send('basic data', 200, 'POST', '/henkilo/henkiloPerustietosByHenkiloOidList', oids.slice(0, 20));
    await this.send('master', 200, 'GET', `/henkilo/${oid}/master`);
    await this.send('changed since', 200, 'GET', '/s2s/changedSince/0?amount=20');
    await this.send('search', 200, 'GET', `/henkilo/hakutermi=${oid}`);
  }

  /** @returns the body; undefined: not the status that is expected */
  private async send(
    name: string,
    expected: number,
    method: string,
    path: string,
    body?: unknown,
    base = this.base,
  ): Promise<string | undefined> {
    const headers = { authorization: `Bearer ${this.shared.token}`, 'content-type': 'application/json' };
    let status: number;
    let text: string;
    try {
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(base + path, { method, headers, ...content });
      [status, text] = [answer.status, await answer.text()];
    } catch (error) {
      [status, text] = [0, messageOf(error)];
    }
    const key = `${name} ${status}`;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
    if (status === expected) return text;
    this.wrong.push(`${name}: ${status} ${text.slice(0, 300)}`);
    return undefined;
  }
}

/** What all callers know. */
interface Shared {
  readonly token: string;
  /** Persons who were there before. */
  readonly oids: readonly string[];
  /** Persons of the callers, with the municipality that each has in the end. */
  readonly stored: Map<string, string>;
  /** Services that are up. */
  readonly bases: () => readonly string[];
  made: number;
  asked: number;
}

async function control(peers: string, name: string, data: object): Promise<string> {
  return (await fetch(`${peers}/__test/${name}`, { method: 'POST', body: JSON.stringify(data) })).text();
}

/** A login by CAS. @returns the cookie */
async function logIn(peers: string, base: string): Promise<string> {
  const roles = [
    'ROLE_APP_OPPIJANUMEROREKISTERI_READ',
    'ROLE_APP_OPPIJANUMEROREKISTERI_READ_1.2.246.562.10.10000000001',
  ];
  const ticket = await control(peers, 'ticket', { oidHenkilo: '1.2.246.562.24.99000000077', roles });
  const answer = await fetch(`${base}/cas/prequel?ticket=${ticket}`, { redirect: 'manual' });
  return /JSESSIONID=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? `none, but status ${answer.status}`;
}
const statusWith = async (base: string, cookie: string) =>
  (await fetch(`${base}/cas/prequel`, { redirect: 'manual', headers: { cookie } })).status;

async function rolling(scope: Scope, former: string): Promise<void> {
  const logs = temporaryDirectory('onr-rolling');
  const [database, peers] = [await startDatabase(scope), await startKitPeers(scope, join(logs, 'peers.log'))];
  const migrate = async (checkout: string) => {
    const built = createRequire(join(checkout, 'dist', 'any.js'))('./database/migrate.js') as {
      migrate: (url: string) => Promise<void>;
    };
    await built.migrate(database.url);
  };
  await migrate(former);
  await populate(database.url, join(root, 'bench', 'populate.sql'), Number(options.persons));
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  scope.defer(() => client.end());
  const rows = async <Row extends object>(sql: string, values: unknown[] = []) =>
    (await client.query<Row>(sql, values)).rows;

  const env = { 'oppijanumerorekisteri.scheduling.yksilointi.enabled': 'false' }; // 2 000 persons are unknown to VTJ
  const serve = (log: string, checkout?: string) =>
    startService(scope, { peers, databaseUrl: database.url, log: join(logs, log), env, ...(checkout && { checkout }) });
  let old = await serve('old.log', former);
  const bases = new Set([old.base]);
  const shared: Shared = {
    token: await control(peers, 'token', { ...REGISTRAR, expiresIn: 86_400 }),
    oids: (
      await rows<{ oid: string }>(
        'select oidhenkilo as oid from henkilo where not passivoitu order by md5(oidhenkilo) limit 300',
      )
    ).map(({ oid }) => oid),
    stored: new Map(),
    bases: () => [...bases],
    made: 0,
    asked: 0,
  };
  const allRight = (callers: Callers) => {
    must(callers.total > MIN_REQUESTS, `only ${callers.total} requests`);
    must(
      callers.wrong.length === 0,
      `${callers.wrong.length} of ${callers.total}, such as\n     ${callers.wrong.slice(0, 5).join('\n     ')}`,
    );
    return [...callers.answers].map(([key, count]) => `${count} × ${key}`).join(', ');
  };
  const phase = () => sleep(Number(options.seconds) * 1000);
  /** Sends what this work is done under to the named services, and checks every answer. */
  const under = async (name: string, targets: readonly { base: string }[], work: () => Promise<unknown>) => {
    const callers = targets.map(({ base }) => new Callers(base, shared));
    try {
      await work();
      // On a busy machine the work is done before much was asked.
      for (const end = Date.now() + 120_000; callers.some(({ total }) => total <= MIN_REQUESTS) && Date.now() < end;)
        await sleep(50);
    } finally {
      await Promise.all(callers.map((one) => one.stop()));
    }
    for (const one of callers) await check(name, () => allRight(one));
  };

  await under('the former version serves before the update', [old], phase);
  const missing = migrationsOf(root).filter((name) => !migrationsOf(former).includes(name));
  await check('there is something to migrate', () => {
    must(missing.length > 0, 'the former version has every migration');
    return missing.join(', ');
  });
  let current!: Awaited<ReturnType<typeof serve>>;
  await under('no request to the former version fails while the new one migrates and starts', [old], async () => {
    current = await serve('new.log');
    await phase();
  });
  bases.add(current.base);
  await check('the schema is that of the new version', async () => {
    const done = await rows<{ name: string }>('select name from pgmigrations');
    must(
      missing.every((name) => done.some((row) => row.name === name)),
      'migrations are missing',
    );
  });
  const documents = await checkDocuments(database.url);
  await under('both serve, each what the other has written', [old, current], phase);
  await check('a login at the former version holds at the new one', async () => {
    const status = await statusWith(current.base, await logIn(peers, old.base));
    must(status === 200, `status ${status}`);
  });
  await check('a login at the new version is read or asked for anew by the former one, never an error', async () => {
    const status = await statusWith(old.base, await logIn(peers, current.base));
    must([200, 302].includes(status), `status ${status}`);
    return `status ${status}`;
  });
  await check('the former version ends by itself', async () => {
    bases.delete(old.base);
    const status = await old.process.stop();
    must(status === 0, `exit status ${status}`);
  });
  await under('the new version goes on alone', [current], async () => {
    old = await serve('old-again.log', former);
  });
  bases.add(old.base);
  await under('the former version starts on the new schema and both serve', [old, current], phase);
  bases.delete(current.base);
  await check('the new version ends by itself', async () => {
    const status = await current.process.stop();
    must(status === 0, `exit status ${status}`);
  });
  await under('the former version goes on alone: the way back', [old], phase);
  await documents.stop();

  await check('no document was wrong', () => {
    must(documents.compared() > 0, 'none was compared');
    must(documents.wrong().length === 0, documents.wrong().slice(0, 5).join(', '));
    return `${documents.compared()} comparisons`;
  });
  await check(
    'every person that was confirmed is stored as it was left, with a history of three revisions',
    async () => {
      const stored = await rows<{ oid: string; kotikunta: string; version: string; revisions: string }>(
        `select h.oidhenkilo as oid, h.kotikunta, h.version, (select count(*) from henkilo_aud a where a.id = h.id) as revisions
         from henkilo h where h.oidhenkilo = any($1)`,
        [[...shared.stored.keys()]],
      );
      must(stored.length === shared.stored.size, `${shared.stored.size - stored.length} are missing`);
      const bad = stored.filter((row) => row.kotikunta !== shared.stored.get(row.oid) || Number(row.revisions) !== 3);
      must(bad.length === 0, `${bad.length}: ${JSON.stringify(bad.slice(0, 3))}`);
      return `${stored.length} persons`;
    },
  );
  if (counts.failed > 0) console.log(`logs: ${logs}`);
  else rmSync(logs, { recursive: true, force: true });
}

await command(async (scope) => {
  const commit = formerCommit();
  if (!commit) {
    console.log('Skipped: this history has no former version');
    return options.from ? 1 : 0;
  }
  const began = performance.now();
  const former = buildFormer(commit);
  console.log(
    `former version ${git('log', '-1', '--format=%h %cd %s', commit) ?? commit}, built after ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
  try {
    await rolling(scope, former);
  } catch (error) {
    counts.failed++;
    console.log(`FAIL ${messageOf(error)}`);
  }
  return counts.failed === 0 ? 0 : 1;
});
