#!/usr/bin/env node
/**
 * Starts everything that a newcomer needs, and ends it at Ctrl-C:
 *
 *   npm start [-- --port 8080] [--peers-port 8484] [--data DIR] [--reset] [--verbose]
 *
 * An embedded PostgreSQL with its data under .data/, migrated; about fifty invented persons in it; the sandbox peers;
 * the service. `--reset` throws the data away first; `--verbose` shows the service's log instead of writing a file.
 * A port of 0 takes a free one.
 *
 * With DATABASE_URL the service uses that server, and no persons are written there. With NODE_ENV=production nothing
 * but the service is started: every setting must then be given, and the service names those that are not.
 */
import { closeSync, existsSync, mkdirSync, openSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import net from 'node:net';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPersons } from '../sandbox/load-persons.ts';
import { startSandbox } from '../sandbox/server.ts';
import { users } from '../sandbox/users.ts';
import { persons } from '../sandbox/persons.ts';
import { claim, command, given, messageOf, root, start, waitFor, type Scope } from './lib/command.ts';
import { freePort } from './lib/free-port.ts';
import { CONTEXT_PATH, fromCaller, RUNNING_SETTINGS, serviceWith, startDatabase } from './lib/rig.ts';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT ?? '8080' },
    'peers-port': { type: 'string', default: '8484' },
    data: { type: 'string' },
    reset: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const data = options.data ? fromCaller(options.data) : join(root, '.data');
const began = performance.now();

/** The port asked for, or a free one. @throws when it is taken */
async function usablePort(text: string, option: string): Promise<number> {
  if (text === '0') return freePort();
  const port = Number(text);
  const probe = net.createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', () =>
      reject(new Error(`Port ${text} is in use: end what uses it, or choose another with --${option}`)),
    );
    probe.listen(port, resolve);
  });
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** PostgreSQL does not run as root: when its user cannot enter a checkout under a closed home, the data lies elsewhere. */
async function startEmbeddedDatabase(scope: Scope): Promise<{ url: string }> {
  const dataDir = join(data, 'postgres');
  if (options.reset && existsSync(dataDir)) {
    rmSync(realpathSync(dataDir), { recursive: true, force: true });
    rmSync(dataDir, { recursive: true, force: true });
  }
  try {
    return await startDatabase(scope, {
      dataDir: existsSync(dataDir) ? realpathSync(dataDir) : dataDir,
      durable: true,
    });
  } catch (error) {
    if (!messageOf(error).includes('cannot enter')) throw error;
    const outside = `/var/tmp/oppijanumerorekisteri-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
    rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(outside, { recursive: true, mode: 0o700 });
    symlinkSync(outside, dataDir);
    return startDatabase(scope, { dataDir: outside, durable: true });
  }
}

/** Settings of a service among sandbox peers; what the caller's environment says goes before them. */
const sandboxEnvironment = ({
  port,
  managementPort,
  peers,
  databaseUrl,
}: {
  readonly port: number;
  readonly managementPort: number;
  readonly peers: string;
  readonly databaseUrl: string;
}) => ({
  PORT: String(port),
  'management.server.port': String(managementPort),
  'management.server.address': '127.0.0.1',
  DATABASE_URL: databaseUrl,
  'virkailija.baseurl': peers,
  'cas.service': `http://localhost:${port}${CONTEXT_PATH}`,
  'oppijanumerorekisteri.slack-url': `${peers}/slack`,
  'oppijanumerorekisteri.vtj-muutosrajapinta.fetch-enabled': 'true',
  'oppijanumerorekisteri.vtj-muutosrajapinta.muutostieto-enabled': 'true',
  'oppijanumerorekisteri.vtj-muutosrajapinta.perustieto-enabled': 'true',
  'oppijanumerorekisteri.vtj-muutosrajapinta.apigw-role-arn': 'arn:aws:iam::1:role/sandbox',
  'aws.endpoint': peers,
  'aws.opintopolkuRoleArn': 'arn:aws:iam::1:role/sandbox',
  'aws.henkiloModifiedTopic.enabled': 'true',
  'aws.henkiloModifiedTopic.topicArn': 'arn:aws:sns:eu-west-1:1:henkilo',
  AWS_ACCESS_KEY_ID: 'sandbox',
  AWS_SECRET_ACCESS_KEY: 'sandbox',
});

interface Addresses {
  readonly base: string;
  readonly metrics: string;
  readonly peers: string;
  readonly database: string;
  /** undefined: the log is on the terminal. */
  readonly log?: string;
}

function announce({ base, metrics, peers, database, log }: Addresses): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const aino = given(persons[0], 'a sandbox person');
  const shown = (path: string) => (path.startsWith(root) ? relative(root, path) : path);
  console.log(`
Oppijanumerorekisteri is ready (${seconds} s).

  Swagger UI   ${base}/swagger-ui/index.html
  Health       ${base}/actuator/health
  Metrics      ${metrics}
  Status page  ${base}/internal/tila
  Sandbox      ${peers}/   (persons and what they show, users, mails; makes other systems slow or broken)
  Database     ${database}
  Log          ${log ? shown(log) : 'below'}

Logins (the password is the name):
${users.map(({ name, title }) => `  ${name.padEnd(17)}${title}`).join('\n')}

Try:
  TOKEN=$(curl -s -d '{"user":"rekisterinpitaja"}' ${peers}/__test/token)
  curl -H "Authorization: Bearer $TOKEN" ${base}/henkilo/${aino.oid}

Ctrl-C ends everything; the data stays in ${shown(data)}. "npm start -- --reset" starts over.`);
}

await command(async (scope) => {
  if (process.env.NODE_ENV === 'production') {
    const service = start(serviceWith(process.env));
    scope.defer(() => service.stop());
    scope.waitsForStop = true;
    const status = await Promise.race([service.exited, scope.stopped]);
    return typeof status === 'number' ? status : service.stop();
  }

  await claim(data, scope);
  const port = await usablePort(options.port, 'port');
  const peersPort = await usablePort(options['peers-port'], 'peers-port');
  const base = `http://localhost:${port}${CONTEXT_PATH}`;
  const [sandbox, database] = await Promise.all([
    startSandbox({ port: peersPort, service: base }),
    process.env.DATABASE_URL ? { url: process.env.DATABASE_URL } : startEmbeddedDatabase(scope),
  ]);
  scope.defer(() => sandbox.close());

  const log = options.verbose ? undefined : join(data, 'service.log');
  if (log) closeSync(openSync(log, 'w'));
  const settings = sandboxEnvironment({
    port,
    managementPort: await freePort(),
    peers: sandbox.url,
    databaseUrl: database.url,
  });
  // For `npm run jobs` and `npm run job`, which join what runs here.
  writeFileSync(join(data, RUNNING_SETTINGS), JSON.stringify(settings));
  scope.defer(() => rmSync(join(data, RUNNING_SETTINGS), { force: true }));
  const env = { ...settings, ...process.env, PORT: String(port) };
  const service = start({ ...serviceWith(env), log });
  scope.defer(() => service.stop());
  await waitFor(`${base}/actuator/health`, service);
  if (!process.env.DATABASE_URL) await loadPersons(database.url);

  const metrics = `http://127.0.0.1:${env['management.server.port']}/actuator/prometheus`;
  announce({ base, metrics, peers: sandbox.url, database: database.url.replace(/:[^:@/]*@/, '@'), log });
  scope.waitsForStop = true;
  const ended = await Promise.race([service.exited, scope.stopped]);
  if (typeof ended === 'number')
    throw new Error(`The service ended by itself with status ${ended}${log ? `; its log is ${log}` : ''}`);
  console.log('Ending …');
  return 0;
});
