#!/usr/bin/env node
/**
 * Express against Fastify under NestJS with what every request of this service does: Bearer token from a memory, a guard,
 * an async context, one indexed select, an audit line and an access line.
 *
 *   node bench/http-adapter.mjs DIRECTORY [rounds]
 *
 * DIRECTORY has node_modules with @nestjs/{common,core,platform-express,platform-fastify}, reflect-metadata, rxjs, pg,
 * sonic-boom. Needs wrk (apt-get install wrk). Prints requests per second, CPU of the process per request, RSS.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../scripts/lib/embedded-pg.ts';

const [directory, rounds = '3', adapter, databaseUrl] = process.argv.slice(2);
const require = createRequire(join(directory, 'package.json'));
const TOKEN = `x.${'y'.repeat(700)}.z`;

async function serve() {
  require('reflect-metadata');
  const { Controller, Get, Param } = require('@nestjs/common');
  const { NestFactory } = require('@nestjs/core');
  const { Pool } = require('pg');
  const SonicBoom = require('sonic-boom');
  const out = new SonicBoom({ dest: '/dev/null', minLength: 4096, sync: false });
  const context = new AsyncLocalStorage();
  const tokens = new Map([[TOKEN, { oid: '1.2.246.562.24.00000000001', roles: new Set(['READ']) }]]);
  const pool = new Pool({ connectionString: databaseUrl, max: 10 });

  class Persons {
    async get(oid) {
      const { rows } = await pool.query({ name: 'p', text: 'select * from person where oid = $1', values: [oid] });
      const { requestId, caller } = context.getStore();
      out.write(`${requestId} {"operation":"READ","user":"${caller.oid}","target":"${rows[0].oid}"}\n`);
      return rows[0];
    }
  }
  const decorate = (decorator) =>
    decorator(Persons.prototype, 'get', Object.getOwnPropertyDescriptor(Persons.prototype, 'get'));
  Param('oid')(Persons.prototype, 'get', 0);
  decorate(Get(':oid'));
  Controller('person')(Persons);
  class App {}
  require('@nestjs/common').Module({ controllers: [Persons] })(App);
  const guard = { canActivate: () => context.getStore().caller.roles.has('READ') };
  const enter = (headers) => ({ requestId: randomUUID(), caller: tokens.get(headers.authorization.slice(7)) });
  const log = (url, store, started) =>
    out.write(
      `{"timestamp":"${new Date().toISOString()}","request":"${url}","caller":"${store.caller.oid}","time":"${Date.now() - started}"}\n`,
    );

  let app;
  if (adapter === 'fastify') {
    const { FastifyAdapter } = require('@nestjs/platform-fastify');
    app = await NestFactory.create(App, new FastifyAdapter({ logger: false, skipMiddie: true }), { logger: false });
    const instance = app.getHttpAdapter().getInstance();
    instance.addHook('onRequest', (request, _reply, done) => {
      request.store = enter(request.headers);
      done();
    });
    instance.addHook('preHandler', (request, _reply, done) => context.run(request.store, done));
    instance.addHook('onResponse', (request, reply, done) => {
      log(request.raw.url, request.store, Date.now() - reply.elapsedTime);
      done();
    });
  } else {
    const { ExpressAdapter } = require('@nestjs/platform-express');
    const instance = createRequire(require.resolve('@nestjs/platform-express'))('express')();
    instance.set('etag', false);
    instance.set('query parser', 'simple');
    instance.disable('x-powered-by');
    app = await NestFactory.create(App, new ExpressAdapter(instance), { logger: false });
    app.use((request, response, next) => {
      const store = enter(request.headers);
      const started = Date.now();
      response.on('finish', () => log(request.originalUrl, store, started));
      context.run(store, next);
    });
  }
  app.useGlobalGuards(guard);
  await app.listen(0, '127.0.0.1');
  console.log(`port ${app.getHttpServer().address().port}`);
}

async function measure() {
  const parent = mkdtempSync(join(tmpdir(), 'adapter-bench-'));
  spawnSync('chmod', ['711', parent]);
  const postgres = await startPostgres({ dataDir: join(parent, 'data'), durable: false });
  const url = `postgres://${postgres.user}@127.0.0.1:${postgres.port}/postgres`;
  const { Client } = require('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create table person as select '1.2.246.562.24.' || i as oid, 'Etunimi ' || i as etunimet, 'Sukunimi' as sukunimi,
    '010190-900P' as hetu, now() as created from generate_series(1, 200000) i`);
  await client.query('create unique index on person (oid)');
  await client.end();
  const results = { express: [], fastify: [] };
  for (let round = 0; round < Number(rounds); round++) {
    for (const name of Object.keys(results)) results[name].push(await run(name, url));
  }
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  for (const [name, list] of Object.entries(results)) {
    const of = (key) => Math.round(median(list.map((one) => one[key])));
    console.log(
      `${name.padEnd(8)} ${of('rate')} req/s (${list.map((r) => Math.round(r.rate)).join(', ')}), ${of('cpu')} µs CPU per request, ${of('rss')} MB`,
    );
  }
  await postgres.stop();
  rmSync(parent, { recursive: true, force: true });
}

async function run(name, url) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), directory, rounds, name, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise((resolve) =>
    child.stdout.on('data', (chunk) => resolve(/port (\d+)/.exec(String(chunk))[1])),
  );
  const cpuMs = () => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  const wrk = (seconds) =>
    spawnSync('wrk', [
      '-t1',
      '-c16',
      `-d${seconds}s`,
      '-H',
      `Authorization: Bearer ${TOKEN}`,
      `http://127.0.0.1:${port}/person/1.2.246.562.24.777`,
    ]).stdout.toString();
  wrk(2);
  const before = cpuMs();
  const output = wrk(4);
  const requests = Number(/(\d+) requests in/.exec(output)[1]);
  if (/Non-2xx/.test(output)) throw new Error(output);
  const cpu = ((cpuMs() - before) * 1000) / requests;
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
  child.kill();
  return { rate: Number(/Requests\/sec:\s+(\S+)/.exec(output)[1]), cpu, rss };
}

await (adapter ? serve() : measure());
