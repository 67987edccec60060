#!/usr/bin/env node
/**
 * What switching over takes and costs on a database of many invented persons (docs/switch-over.md):
 *
 *   npm run bench:switch-over [-- --persons 300000] [--rounds 10] [--changes 200] [--steps-only | --cost-only]
 *
 * First the times of the steps: leaving, adopting, starting, each beside a writer of the reference whose longest change tells how long
 * anybody waited. Then what the reference's own transactions take with everything of ours and without, in turns, so that a busy
 * machine is as busy for both; without waiting for the disk, whose time both pay alike. The goal for writes is 1.1.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { command, given, root, temporaryDirectory } from './lib/command.ts';
import { admin, copyFilled, filledDatabase } from './lib/filled-database.ts';
import { migrateDatabase, startKitPeers, startService } from './lib/rig.ts';

const { values: options } = parseArgs({
  options: {
    persons: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '10' },
    changes: { type: 'string', default: '200' },
    'steps-only': { type: 'boolean', default: false },
    'cost-only': { type: 'boolean', default: false },
  },
});
const [WITH, WITHOUT] = ['with_ours', 'without_ours'] as const;

interface Person {
  readonly id: string;
  readonly group: string;
  readonly value: string;
}
/** One transaction of the reference: what Hibernate and Envers send, each change with its own new value. */
type Change = (client: pg.Client, person: Person, n: number) => Promise<unknown>;

const MAPPED = `aidinkieli_id, asiointikieli_id, created, duplicate, eisuomalaistahetua, etunimet, hetu, kasittelija, kotikunta, kuolinpaiva, kuolinsiivous,
  kutsumanimi, modified, oidhenkilo, passivoitu, sukunimi, sukupuoli, syntymaaika, turvakielto, vtj_bucket, vtj_register, vtjsync_timestamp,
  yksilointi_yritetty, yksiloity, yksiloityeidas, yksiloityvtj`;

const prepared = (name: string, text: string) => (client: pg.Client, values: unknown[]) =>
  client.query<{ id: string }>({ name, text, values });
/** Writes all mapped columns of a person, some of them with new values, as Hibernate does. */
const update = (name: string, set: Readonly<Record<string, string>>) => {
  const columns = MAPPED.split(',').map((column) => column.trim());
  const list = columns.map((column) => `${column} = ${set[column] ?? column}`).join(', ');
  return prepared(name, `update henkilo set version = version + 1, ${list} where id = $1`);
};
const changeName = update('name', { sukunimi: `'Nimi' || $2::text`, modified: 'localtimestamp' });
const changeMunicipality = update('municipality', {
  kotikunta: `($2::int % 900 + 100)::text`,
  modified: 'localtimestamp',
});
const changeHenkilo = update('touch', { modified: `localtimestamp + $2::int * interval '1 microsecond'` });
const changeValue = prepared(
  'value',
  `update yhteystiedot set version = version + 1, yhteystieto_arvo = 'a' || $2::text || '@example.com' where id = $1`,
);
const deleteGroup = prepared(
  'delete',
  `with gone as (delete from yhteystiedot where yhteystiedotryhma_id = $1) delete from yhteystiedotryhma where id = $1`,
);
const revision = prepared(
  'revision',
  `insert into revinfo (rev, revtstmp) values (nextval('hibernate_sequence'), 1) returning rev as id`,
);
const history = prepared(
  'history',
  `insert into henkilo_aud (id, rev, revtype, ${MAPPED}) select id, $2, 1, ${MAPPED} from henkilo where id = $1`,
);
const insertGroup = prepared(
  'group',
  `insert into yhteystiedotryhma (id, version, ryhmakuvaus, henkilo_id, ryhma_alkuperatieto, read_only)
   values (nextval('hibernate_sequence'), 0, 'yhteystietotyyppi1', $1, 'alkupera2', false) returning id`,
);
const insertValue = prepared(
  'group-value',
  `insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystieto_arvo, yhteystiedotryhma_id)
   values (nextval('hibernate_sequence'), 0, 'YHTEYSTIETO_SAHKOPOSTI', 'b' || $2::text || '@example.com', $1)`,
);
const insertHenkilo = prepared(
  'henkilo',
  `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi)
   values (nextval('hibernate_sequence'), 0, '1.2.246.562.98.' || $1::text, 'Aino', 'Aino', 'Uusi' || $1::text) returning id`,
);

/** As one transaction with its revision. */
const audited =
  (work: (client: pg.Client, person: Person, n: number) => Promise<string>): Change =>
  async (client, person, n) => {
    await client.query('begin');
    const id = await work(client, person, n);
    const { rows } = await revision(client, []);
    await history(client, [id, rows[0]?.id]);
    await client.query('commit');
  };

const CHANGES: Readonly<Record<string, Change>> = {
  'UPDATE of a name, alone': (client, { id }, n) => changeName(client, [id, n]),
  'UPDATE of a contact detail, alone': (client, { value }, n) => changeValue(client, [value, n]),
  'transaction: a name': audited(async (client, { id }, n) => (await changeName(client, [id, n]), id)),
  'transaction: a municipality': audited(async (client, { id }, n) => (await changeMunicipality(client, [id, n]), id)),
  'transaction: a contact detail': audited(async (client, { id, value }, n) => {
    await changeHenkilo(client, [id, n]);
    await changeValue(client, [value, n]);
    return id;
  }),
  'transaction: a contact group replaced': audited(async (client, { id }, n) => {
    await changeHenkilo(client, [id, n]);
    const { rows } = await insertGroup(client, [id]);
    await insertValue(client, [rows[0]?.id, n]);
    await deleteGroup(client, [rows[0]?.id]);
    return id;
  }),
  'transaction: a new person': audited(async (client, _person, n) => {
    const { rows } = await insertHenkilo(client, [n]);
    const id = given(rows[0], 'the id').id;
    const group = await insertGroup(client, [id]);
    await insertValue(client, [group.rows[0]?.id, n]);
    return id;
  }),
};

const median = (times: readonly number[]) => given([...times].sort((a, b) => a - b)[times.length >> 1], 'a time');
let changes = 0;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('set synchronous_commit = off');
  return client;
}

/** Persons with a contact detail, spread over the register; the same in every copy. */
async function listPersons(client: pg.Client): Promise<Person[]> {
  const { rows } = await client.query<Person>(
    `select h.id, r.id as group, y.id as value
       from (select id from henkilo order by md5(id::text) limit 5000) h
       join lateral (select id from yhteystiedotryhma where henkilo_id = h.id order by id limit 1) r on true
       join lateral (select id from yhteystiedot where yhteystiedotryhma_id = r.id order by id limit 1) y on true order by md5(h.id::text)`,
  );
  return rows;
}

/** Changes names one after the other, as the reference would meanwhile. @returns what `work` took and the longest change, seconds */
async function besideWriter(url: string, work: () => Promise<unknown>): Promise<{ seconds: number; longest: number }> {
  const client = await connect(url);
  const persons = await listPersons(client);
  let [isDone, longest] = [false, 0];
  const writing = (async () => {
    for (let i = 0; !isDone; i++) {
      const began = performance.now();
      await given(CHANGES['transaction: a contact detail'], 'it')(
        client,
        given(persons[i % persons.length], 'a person'),
        changes++,
      );
      longest = Math.max(longest, performance.now() - began);
    }
  })();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  isDone = true;
  await writing;
  await client.end();
  return { seconds, longest: longest / 1000 };
}

/** In a process of its own: a writer goes on in this one meanwhile. */
async function leave(url: string): Promise<void> {
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    DATABASE_URL: url,
    'virkailija.baseurl': 'http://localhost:1',
  };
  await promisify(execFile)(process.execPath, [join(root, 'dist', 'bin', 'leave.js'), '--yes'], { env });
}

await command(async (scope) => {
  const { url } = await filledDatabase(scope, { count: Number(options.persons), fresh: false });
  scope.defer(() =>
    admin(url('postgres'), ...[WITH, WITHOUT].map((name) => `drop database if exists ${name} with (force)`)),
  );
  await copyFilled(url, WITH);
  await migrateDatabase(url(WITH));
  const say = (what: string, { seconds, longest }: { seconds: number; longest: number }) =>
    console.log(
      `${what.padEnd(44)} ${seconds.toFixed(1).padStart(6)} s, longest change of the reference meanwhile ${longest.toFixed(2)} s`,
    );

  if (!options['cost-only']) {
    const size = await connect(url(WITH));
    const { rows } = await size.query<{ mb: number }>(
      'select (pg_database_size(current_database()) / 1000000)::int as mb',
    );
    await size.end();
    console.log(`${options.persons} persons, ${rows[0]?.mb} MB`);
    say('npm run leave -- --yes', await besideWriter(url(WITH), () => leave(url(WITH))));
    say('npm run migrate (adoption)', await besideWriter(url(WITH), () => migrateDatabase(url(WITH))));
    const logs = temporaryDirectory('onr-bench-switch');
    const peers = await startKitPeers(scope, join(logs, 'peers.log'));
    const env = { 'db-scheduler.enabled': 'false' };
    say(
      'start of a process, to healthy',
      await besideWriter(url(WITH), async () => {
        const service = await startService(scope, {
          peers,
          databaseUrl: url(WITH),
          log: join(logs, 'service.log'),
          env,
        });
        await service.process.stop();
      }),
    );
  }
  if (options['steps-only']) return 0;

  await admin(
    url('postgres'),
    `drop database if exists ${WITHOUT}`,
    `create database ${WITHOUT} template ${WITH} strategy file_copy`,
  );
  await leave(url(WITHOUT));
  await admin(url(WITH), 'vacuum analyze');
  await admin(url(WITHOUT), 'vacuum analyze');
  await admin(url('postgres'), 'checkpoint');
  const clients = { [WITH]: await connect(url(WITH)), [WITHOUT]: await connect(url(WITHOUT)) };
  const persons = await listPersons(clients[WITH]);
  const times = new Map(
    Object.keys(CHANGES).map((name) => [name, { [WITH]: [] as number[], [WITHOUT]: [] as number[] }]),
  );
  for (let round = -1; round < Number(options.rounds); round++) {
    for (const [name, change] of Object.entries(CHANGES)) {
      for (const which of round % 2 === 0 ? [WITH, WITHOUT] : [WITHOUT, WITH]) {
        for (let i = 0; i < Number(options.changes); i++) {
          const person = given(persons[(changes * 7) % persons.length], 'a person');
          const began = performance.now();
          await change(clients[which], person, 1_000_000 + changes++);
          if (round >= 0) times.get(name)?.[which].push(performance.now() - began);
        }
      }
    }
  }
  for (const client of Object.values(clients)) await client.end();
  console.log(
    `${''.padEnd(40)}${'without'.padStart(10)}${'with ours'.padStart(11)}${'times'.padStart(8)}   (medians of ${Number(options.rounds) * Number(options.changes)})`,
  );
  for (const [name, { [WITH]: ours, [WITHOUT]: bare }] of times)
    console.log(
      `${name.padEnd(40)}${`${median(bare).toFixed(3)} ms`.padStart(10)}${`${median(ours).toFixed(3)} ms`.padStart(11)}${(median(ours) / median(bare)).toFixed(2).padStart(8)}`,
    );
  return 0;
});
