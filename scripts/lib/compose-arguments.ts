#!/usr/bin/env node
/**
 * What docker-compose.yml says of one of its services, as arguments of `podman run`, each ended by a NUL:
 *
 *   node scripts/lib/compose-arguments.ts options|command SERVICE DATABASE_PORT SANDBOX_PORT SERVICE_PORT
 *
 * `options`: what stands before the image; `command`: the image and what stands after it. The containers share the network of this machine, where
 * they find each other by the names of the services and by the given ports instead of those of the file. What is kept in volumes is kept in memory.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

interface Service {
  readonly image?: string;
  readonly build?: { readonly target: string };
  readonly command?: readonly string[];
  readonly user?: string;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly read_only: boolean;
  readonly tmpfs: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly stop_grace_period?: string;
}

const [what, name = '', database = '', sandbox = '', service = ''] = process.argv.slice(2);
const file = readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8');
const { services } = load(file) as { services: Readonly<Record<string, Service>> };
const told = services[name];
if (!told || (what !== 'options' && what !== 'command'))
  throw new Error(`docker-compose.yml has no ${what} of ${name}`);

const atPorts = (text: string) =>
  text
    .replace('database:5432', `database:${database}`)
    .replace(/(sandbox|localhost):8484/, `$1:${sandbox}`)
    .replace('localhost:8080', `localhost:${service}`);
/** podman does not know owners of file systems in memory; the images made for this test have the modes instead. */
const inMemory = (place: string) => ['--tmpfs', place.replace(/:.*/, '')];

const options = [
  ...['--network', 'host', ...Object.keys(services).flatMap((host) => ['--add-host', `${host}:127.0.0.1`])],
  ...(told.read_only ? ['--read-only', '--read-only-tmpfs=false'] : []),
  ...(told.user ? ['--user', told.user] : []),
  ...told.cap_drop.flatMap((one) => ['--cap-drop', one]),
  ...told.security_opt.flatMap((one) => ['--security-opt', one.replace(':true', '')]),
  ...told.tmpfs.flatMap(inMemory),
  ...(told.volumes ?? []).flatMap((volume) => inMemory(volume.replace(/^[^:]*:/, ''))),
  ...Object.entries(told.environment ?? {}).flatMap(([key, value]) => ['-e', `${key}=${atPorts(value)}`]),
  ...(told.stop_grace_period ? ['--stop-timeout', told.stop_grace_period.replace('s', '')] : []),
];
const image = told.image ? `docker.io/library/${told.image}` : `localhost/onr-${told.build?.target}`;
const command = [image, ...(told.command ?? []).map(atPorts)];
for (const one of what === 'options' ? options : command) process.stdout.write(`${one}\0`);
