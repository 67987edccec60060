#!/usr/bin/env node
/**
 * What PgBouncer costs: the same service on the database itself, and through PgBouncer in session and in transaction mode,
 * in turns, so that a busy machine is as busy for each:
 *
 *   npm run bench:pgbouncer [-- --rounds 10] [--requests 200] [--connections 8]
 *
 * Prints requests a second and processor time of the service for each request, and both as shares of those without. Needs
 * PgBouncer (apt-get install pgbouncer).
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, given, temporaryDirectory } from './lib/command.ts';
import { processorSeconds } from './lib/filled-database.ts';
import { migrateDatabase, startDatabase, startKitPeers, startService } from './lib/rig.ts';
import { findPgBouncer, startPgBouncer } from './lib/pgbouncer.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    requests: { type: 'string', default: '200' },
    connections: { type: 'string', default: '8' },
  },
});
const WAYS = ['none', 'session', 'transaction'] as const;
const USER = {
  sub: '1.2.246.562.24.00000000001',
  roles: { '1.2.246.562.10.00000000001': ['OPPIJANUMEROREKISTERI_REKISTERINPITAJA'] },
};

/** One of the services, and what its requests took. */
interface Measured {
  readonly way: string;
  readonly base: string;
  readonly process: { readonly pid: number };
  readonly seconds: Record<'read' | 'write', number>;
  readonly processor: Record<'read' | 'write', number>;
}

await command(async (scope) => {
  const { program } = given(findPgBouncer(), 'PgBouncer');
  const database = await startDatabase(scope);
  await migrateDatabase(database.url);
  const logs = temporaryDirectory('onr-bench');
  const peers = await startKitPeers(scope, join(logs, 'peers.log'));
  const body = JSON.stringify({ ...USER, expiresIn: 86_400 });
  const token = await (await fetch(`${peers}/__test/token`, { method: 'POST', body })).text();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const services: Measured[] = [];
  for (const way of WAYS) {
    let databaseUrl = database.url;
    if (way !== 'none') {
      const bouncer = await startPgBouncer(program, database.url, way, way === 'session' ? 40 : 8);
      scope.defer(() => bouncer.stop());
      databaseUrl = bouncer.url;
    }
    const env = { 'db-scheduler.enabled': 'false', ONR_PGBOUNCER: way };
    const service = await startService(scope, { peers, databaseUrl, log: join(logs, `${way}.log`), env });
    services.push({ way, ...service, seconds: { read: 0, write: 0 }, processor: { read: 0, write: 0 } });
  }

  let made = 0;
  const create = (base: string) =>
    fetch(`${base}/henkilo`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ etunimet: `Nimi${made++}`, kutsumanimi: `Nimi${made - 1}`, sukunimi: 'Mitattu' }),
    });
  const oids = await Promise.all(Array.from({ length: 50 }, async () => (await create(services[0]!.base)).text()));
  const kinds = {
    read: (base: string, i: number) => fetch(`${base}/henkilo/${oids[i % oids.length]!}/master`, { headers }),
    write: (base: string) => create(base),
  };
  const requests = Number(options.requests);
  for (let round = -1; round < Number(options.rounds); round++) {
    for (const kind of ['read', 'write'] as const) {
      for (const service of services) {
        const [began, used] = [performance.now(), processorSeconds(service.process.pid)];
        let next = 0;
        const worker = async () => {
          for (let i = next++; i < requests; i = next++) {
            const answer = await kinds[kind](service.base, i);
            if (!answer.ok) throw new Error(`${service.way}: ${kind} ${answer.status} ${await answer.text()}`);
            await answer.arrayBuffer();
          }
        };
        await Promise.all(Array.from({ length: Number(options.connections) }, worker));
        if (round < 0) continue; // warms up
        service.seconds[kind] += (performance.now() - began) / 1000;
        service.processor[kind] += processorSeconds(service.process.pid) - used;
      }
    }
  }
  const all = requests * Number(options.rounds);
  for (const kind of ['read', 'write'] as const) {
    for (const { way, seconds, processor } of services) {
      const [plain] = services;
      console.log(
        `${kind.padEnd(5)} ${way.padEnd(11)} ${(all / seconds[kind]).toFixed(0).padStart(5)} /s (${(plain!.seconds[kind] / seconds[kind]).toFixed(2)}),` +
          ` ${((1000 * processor[kind]) / all).toFixed(2)} ms of processor each (${(processor[kind] / plain!.processor[kind]).toFixed(2)})`,
      );
    }
  }
  return 0;
});
