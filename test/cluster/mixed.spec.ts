import { Client } from 'pg';
import { CONTEXT_PATH } from '../support/test-app.js';
import { newHetu } from '../support/persons.js';
import { SandboxPeers } from '../support/sandbox-peers.js';
import { ServiceProcess } from '../support/service-process.js';
import { createTestDatabase, withClient, type TestDatabase } from '../support/test-database.js';
import { rekisterinpitaja } from '../support/users.js';

/**
 * Two systems on one database, as while switching over: two processes of ours, and the reference's transactions as Hibernate, Envers
 * and Spring Session send them (docs/spec/schema.md#5.2, docs/spec/schema.md#6.1, docs/spec/schema.md#7.1). What the reference
 * takes for granted is the list in docs/switch-over.md; the jobs' part of it is test/jobs/db-scheduler.spec.ts.
 */

jest.setTimeout(300_000);

let database: TestDatabase;
let peers: SandboxPeers;
let bearer: Record<string, string>;
let services: [ServiceProcess, ServiceProcess];

beforeAll(async () => {
  [database, peers] = await Promise.all([createTestDatabase(), SandboxPeers.start()]);
  services = [await ServiceProcess.start(database.url, peers), await ServiceProcess.start(database.url, peers)];
  bearer = { authorization: `Bearer ${await peers.token(rekisterinpitaja)}`, 'content-type': 'application/json' };
});
afterAll(async () => {
  for (const service of services) service.kill('SIGTERM');
  await Promise.all(services.map(({ exited }) => exited));
  await Promise.all([peers.stop(), database.drop()]);
});

const sql = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  withClient(database.url, async (client) => (await client.query(text, values)).rows as Row[]);

async function send(service: ServiceProcess, method: string, path: string, body?: unknown, headers = bearer) {
  const response = await fetch(service.base + path, {
    method,
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}
const get = async (service: ServiceProcess, path: string) => {
  const { status, text } = await send(service, 'GET', path);
  expect(status).toBe(200);
  return JSON.parse(text) as Record<string, unknown>;
};
async function create(service: ServiceProcess, values: object = {}): Promise<string> {
  const body = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi', ...values };
  const { status, text } = await send(service, 'POST', '/henkilo', body);
  expect([status, text]).toEqual([201, text]);
  return text;
}
const idOf = async (oid: string) =>
  Number((await sql<{ id: string }>('select id from henkilo where oidhenkilo = $1', [oid]))[0]!.id);

/** Column lists of the mapped columns of a person, without id and version. */
async function mappedColumns(): Promise<string[]> {
  const rows = await sql<{ name: string }>(
    `select column_name as name from information_schema.columns
      where table_name = 'henkilo' and column_name not in ('id', 'version', 'duplicate_search_str', 'query_hetu') order by ordinal_position`,
  );
  return rows.map(({ name }) => name);
}

/** One transaction of the reference, on a connection of its own. */
class ReferenceTransaction {
  private constructor(private readonly client: Client) {}

  static async begin(): Promise<ReferenceTransaction> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('begin');
    return new ReferenceTransaction(client);
  }

  async nextId(): Promise<number> {
    return Number((await this.client.query<{ id: string }>(`select nextval('hibernate_sequence') as id`)).rows[0]!.id);
  }

  /** The person as it is loaded, without a lock. */
  async load(oid: string): Promise<Record<string, unknown>> {
    return (await this.client.query<Record<string, unknown>>('select * from henkilo where oidhenkilo = $1', [oid]))
      .rows[0]!;
  }

  /** Writes every mapped column, if the version is still the loaded one. @returns rows written: 0 is its optimistic-locking error */
  async flush(row: Record<string, unknown>, changes: Record<string, unknown>): Promise<number> {
    const columns = await mappedColumns();
    const values = { ...row, ...changes };
    const { rowCount } = await this.client.query(
      `update henkilo set version = $2::bigint + 1, ${columns.map((name, i) => `${name} = $${i + 3}`).join(', ')}
        where id = $1 and version = $2`,
      [row.id, row.version, ...columns.map((name) => values[name])],
    );
    return rowCount ?? 0;
  }

  /** What Envers writes just before the commit. */
  async commitWithHistory(id: unknown): Promise<number> {
    const rev = await this.nextId();
    const columns = (await mappedColumns()).join(', ');
    await this.client.query('insert into revinfo (rev, revtstmp) values ($1, $2)', [rev, Date.now()]);
    await this.client.query(
      `insert into henkilo_aud (id, rev, revtype, ${columns}) select id, $2, 1, ${columns} from henkilo where id = $1`,
      [id, rev],
    );
    await this.query('commit');
    return rev;
  }

  async query(text: string, values: unknown[] = []): Promise<void> {
    await this.client.query(text, values);
  }

  end(): Promise<void> {
    return this.client.end();
  }
}

async function inReference<T>(work: (transaction: ReferenceTransaction) => Promise<T>): Promise<T> {
  const transaction = await ReferenceTransaction.begin();
  try {
    return await work(transaction);
  } finally {
    await transaction.end();
  }
}

describe('ids and revisions', () => {
  it('come one by one from hibernate_sequence on both sides, and every value is one row', async () => {
    expect(
      await sql(
        `select increment_by::int, cache_size::int, cycle, data_type::text from pg_sequences where sequencename = 'hibernate_sequence'`,
      ),
    ).toEqual([{ increment_by: 1, cache_size: 1, cycle: false, data_type: 'bigint' }]);
    const last = async () => Number((await sql<{ v: string }>('select last_value as v from hibernate_sequence'))[0]!.v);
    for (const service of services)
      await create(service, { kansalaisuus: [{ kansalaisuusKoodi: '246' }], asiointiKieli: { kieliKoodi: 'fi' } }); // rows of codes are there now
    const before = await last();
    const ryhma = {
      ryhmaKuvaus: 'yhteystietotyyppi1',
      ryhmaAlkuperaTieto: 'alkupera2',
      yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: 'a@example.fi' }],
    };
    const reference = inReference(async (transaction) => {
      const ids: number[] = [];
      for (let i = 0; i < 40; i++) ids.push(await transaction.nextId());
      return ids;
    });
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        create(services[i % 2]!, {
          kansalaisuus: [{ kansalaisuusKoodi: '246' }],
          yhteystiedotRyhma: [ryhma],
          hetu: newHetu(),
        }),
      ),
    );
    const theirs = await reference;
    const tables = await sql<{ name: string }>(
      `select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name = 'id' and c.data_type = 'bigint'
          and c.table_name !~ '(_aud|_bu)$|^onr_|^pgmigrations'`,
    );
    expect(tables.length).toBeGreaterThan(12);
    const union = [...tables.map(({ name }) => `select id from ${name}`), 'select rev::bigint from revinfo'].join(
      ' union all ',
    );
    const ours = (await sql<{ id: string }>(`select id from (${union}) x where id > $1`, [before])).map(({ id }) =>
      Number(id),
    );
    const used = [...ours, ...theirs].sort((a, b) => a - b);
    // 40 persons with a group and a value each; some share a revision, since they came at once (ADR 45).
    expect(ours.length).toBeGreaterThan(3 * 40);
    expect(used).toEqual(Array.from({ length: (await last()) - before }, (_, i) => before + 1 + i));
  });

  it('one transaction is one revision, with the person as it is then', async () => {
    const oid = await create(services[0]);
    const id = await idOf(oid);
    for (const [i, service] of services.entries())
      expect((await send(service, 'PUT', '/henkilo', { oidHenkilo: oid, kotikunta: `09${i}` })).status).toBe(200);
    const rows = await sql<{ rev: number; revtype: number; kotikunta: string | null; stamped: boolean }>(
      `select a.rev, a.revtype, a.kotikunta, r.revtstmp between 1700000000000 and $2 as stamped from henkilo_aud a join revinfo r using (rev) where a.id = $1 order by rev`,
      [id, Date.now() + 1000],
    );
    expect(rows).toEqual([
      { rev: rows[0]!.rev, revtype: 0, kotikunta: null, stamped: true },
      { rev: rows[1]!.rev, revtype: 1, kotikunta: '090', stamped: true },
      { rev: rows[2]!.rev, revtype: 1, kotikunta: '091', stamped: true },
    ]);
    expect(new Set(rows.map(({ rev }) => rev)).size).toBe(3);
  });
});

describe('versions and locks', () => {
  it('count every change of one person, whichever process makes it, and none is lost', async () => {
    const oid = await create(services[0]);
    const id = await idOf(oid);
    const [{ version: first } = { version: -1 }] = await sql<{ version: number }>(
      'select version::int from henkilo where id = $1',
      [id],
    );
    const changes = [
      ...Array.from({ length: 12 }, (_, i) => ({ kotikunta: ['091', '049', '837', '853'][i % 4] })),
      ...Array.from({ length: 12 }, (_, i) => ({ passinumerot: [`P${i}`] })),
      { sukunimi: 'Viimeinen' },
    ];
    const answers = await Promise.all(
      changes.map((change, i) => send(services[i % 2]!, 'PUT', '/henkilo', { oidHenkilo: oid, ...change })),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const [row] = await sql<{ version: number; kotikunta: string; sukunimi: string }>(
      'select version::int, kotikunta, sukunimi from henkilo where id = $1',
      [id],
    );
    expect(row!.version).toBe(first + 25);
    expect(row!.sukunimi).toBe('Viimeinen');
    const history = await sql<{ kotikunta: string; sukunimi: string }>(
      'select kotikunta, sukunimi from henkilo_aud where id = $1 order by rev',
      [id],
    );
    expect(history).toHaveLength(1 + 25);
    expect(history.at(-1)).toEqual({ kotikunta: row!.kotikunta, sukunimi: 'Viimeinen' });
    // The last state of the set in the history is the set.
    const passports = await sql<{ p: string }>(
      `select passinumero as p from henkilo_passinumero_aud where henkilo_id = $1
        group by 1 having (array_agg(revtype order by rev desc))[1] = 0`,
      [id],
    );
    expect(passports).toEqual(
      await sql('select passinumero as p from henkilo_passinumero where henkilo_id = $1', [id]),
    );
  });

  it('the reference loses, as against itself, when we changed the person since it was loaded', async () => {
    const oid = await create(services[0]);
    await inReference(async (transaction) => {
      const row = await transaction.load(oid);
      expect((await send(services[1], 'PUT', '/henkilo', { oidHenkilo: oid, kotikunta: '091' })).status).toBe(200);
      expect(await transaction.flush(row, { sukunimi: 'Vanhentunut' })).toBe(0);
      await transaction.query('rollback');
    });
    expect(await get(services[0], `/henkilo/${oid}`)).toMatchObject({ sukunimi: 'Uusi', kotikunta: '091' });
  });

  it('also when we changed only what the person owns: contact groups', async () => {
    const oid = await create(services[0]);
    const sahkoposti = {
      ryhmaKuvaus: 'yhteystietotyyppi1',
      ryhmaAlkuperaTieto: 'alkupera2',
      yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: 'b@example.fi' }],
    };
    await inReference(async (transaction) => {
      const row = await transaction.load(oid);
      const body = { oidHenkilo: oid, yhteystiedotRyhma: [sahkoposti] };
      expect((await send(services[1], 'PUT', '/henkilo', body)).status).toBe(200);
      expect(await transaction.flush(row, { sukunimi: 'Vanhentunut' })).toBe(0);
      await transaction.query('rollback');
    });
  });

  it('we wait for a transaction of the reference and change what it has left, nothing of either is lost', async () => {
    const oid = await create(services[0]);
    const id = await idOf(oid);
    const [answer, rev] = await inReference(async (transaction) => {
      const row = await transaction.load(oid);
      expect(await transaction.flush(row, { sukunimi: 'Toisaalta' })).toBe(1);
      let isAnswered = false;
      const change = send(services[1], 'PUT', '/henkilo', { oidHenkilo: oid, kotikunta: '049' }).finally(
        () => (isAnswered = true),
      );
      while (
        (await sql(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`))
          .length === 0
      )
        expect(isAnswered).toBe(false);
      const made = await transaction.commitWithHistory(id);
      return [await change, made];
    });
    expect(answer.status).toBe(200);
    const [row] = await sql('select version::int, sukunimi, kotikunta from henkilo where id = $1', [id]);
    expect(row).toEqual({ version: 2, sukunimi: 'Toisaalta', kotikunta: '049' });
    const history = await sql<{ rev: number }>(
      'select rev, sukunimi, kotikunta from henkilo_aud where id = $1 order by rev',
      [id],
    );
    expect(history.slice(1)).toEqual([
      { rev, sukunimi: 'Toisaalta', kotikunta: null },
      { rev: history[2]!.rev, sukunimi: 'Toisaalta', kotikunta: '049' },
    ]);
  });

  it('what the reference stores is answered by both processes at once, by OID, hetu, name and as a change', async () => {
    const hetu = newHetu();
    const since = Date.now() - 1;
    const oid = '1.2.246.562.24.73000000001';
    await inReference(async (transaction) => {
      const [id, group, value] = [await transaction.nextId(), await transaction.nextId(), await transaction.nextId()];
      await transaction.query(
        `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, hetu, yksiloityvtj) values ($1, 0, $2, 'Kaisla Maria', 'Kaisla', 'Sekatesti', $3, true)`,
        [id, oid, hetu],
      );
      await transaction.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2)', [id, hetu]);
      await transaction.query(
        `insert into yhteystiedotryhma (id, version, ryhmakuvaus, henkilo_id, ryhma_alkuperatieto, read_only) values ($1, 0, 'yhteystietotyyppi1', $2, 'alkupera2', false)`,
        [group, id],
      );
      await transaction.query(
        `insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystieto_arvo, yhteystiedotryhma_id) values ($1, 0, 'YHTEYSTIETO_SAHKOPOSTI', 'k@example.fi', $2)`,
        [value, group],
      );
      await transaction.commitWithHistory(id);
    });
    for (const service of services) {
      expect(await get(service, `/henkilo/${oid}`)).toMatchObject({
        hetu,
        yhteystiedotRyhma: [{ yhteystieto: [{ yhteystietoArvo: 'k@example.fi' }] }],
      });
      expect(await get(service, `/henkilo/hetu=${hetu}`)).toMatchObject({ oidHenkilo: oid });
      expect(JSON.parse((await send(service, 'GET', `/s2s/changedSince/${since}`)).text)).toContain(oid);
    }
    // Then it is changed by the reference, after both processes have answered it once.
    await inReference(async (transaction) => {
      const row = await transaction.load(oid);
      expect(await transaction.flush(row, { sukunimi: 'Vaihdettu', modified: new Date() })).toBe(1);
      await transaction.query(
        `update yhteystiedot set yhteystieto_arvo = 'u@example.fi', version = version + 1
          where yhteystiedotryhma_id in (select id from yhteystiedotryhma where henkilo_id = $1)`,
        [row.id],
      );
      await transaction.commitWithHistory(row.id);
    });
    for (const service of services)
      expect(await get(service, `/henkilo/${oid}`)).toMatchObject({
        sukunimi: 'Vaihdettu',
        yhteystiedotRyhma: [{ yhteystieto: [{ yhteystietoArvo: 'u@example.fi' }] }],
      });
  });
});

describe('sessions', () => {
  const HENKILO = '1.2.246.562.24.99000000078';
  const ROLES = [
    'ROLE_APP_OPPIJANUMEROREKISTERI_READ',
    'ROLE_APP_OPPIJANUMEROREKISTERI_READ_1.2.246.562.10.10000000001',
  ];
  const status = async (service: ServiceProcess, cookie: string) =>
    (await send(service, 'GET', '/cas/prequel', undefined, { cookie })).status;

  async function logIn(service: ServiceProcess): Promise<{ cookie: string; ticket: string }> {
    const ticket = await peers.ticket(HENKILO, ROLES);
    const { headers } = await send(service, 'GET', `/cas/prequel?ticket=${ticket}`, undefined, {});
    return { cookie: /JSESSIONID=[^;]+/.exec(headers.get('set-cookie') ?? '')![0], ticket };
  }
  /** A row of the reference; its times in epoch milliseconds. */
  async function storeTheirs(id: string, lastAccess: number, principal: string | null): Promise<void> {
    await sql('insert into spring_session values ($1, $1, $2, $2, 1800, $3, $4)', [
      id,
      lastAccess,
      lastAccess + 1_800_000,
      principal,
    ]);
    if (principal)
      await sql(
        `insert into spring_session_attributes values ($1, 'SPRING_SECURITY_CONTEXT', '\\xaced000570'::bytea)`,
        [id],
      );
  }
  const rowsOf = (ids: readonly string[]) =>
    sql(
      'select session_id, last_access_time, expiry_time, principal_name from spring_session where session_id = any($1::bpchar[]) order by 1',
      [ids],
    );

  it('of ours hold in every process of ours, until a single logout at any', async () => {
    const { cookie, ticket } = await logIn(services[0]);
    for (const service of services) expect(await status(service, cookie)).toBe(200);
    const xml = `<samlp:LogoutRequest><samlp:SessionIndex>${ticket}</samlp:SessionIndex></samlp:LogoutRequest>`;
    expect(
      await send(services[1], 'GET', `/?${new URLSearchParams({ logoutRequest: xml }).toString()}`, undefined, {}),
    ).toMatchObject({ status: 200, text: '' });
    for (const service of services) expect(await status(service, cookie)).toBe(302);
  });

  it('of the reference are left as they are, with a login or without, and lead to CAS', async () => {
    const ids = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
    await storeTheirs(ids[0]!, Date.now() - 120_000, HENKILO);
    await storeTheirs(ids[1]!, Date.now() - 120_000, null);
    const before = await rowsOf(ids);
    for (const service of services) for (const id of ids) expect(await status(service, `JSESSIONID=${id}`)).toBe(302);
    expect(await rowsOf(ids)).toEqual(before);
    expect(await sql('select 1 from spring_session_attributes where session_primary_id = $1', [ids[0]])).toHaveLength(
      1,
    );
  });

  it('of ours are rows that the reference reads: its columns, times in milliseconds, an object of Java', async () => {
    const began = Date.now();
    const { cookie } = await logIn(services[0]);
    const [row] = await sql<Record<string, unknown>>(
      `select length(primary_id) as key, creation_time::float8 as created, last_access_time::float8 as used, max_inactive_interval as idle,
              expiry_time::float8 as expires, principal_name as name, (select array_agg(encode(substr(attribute_bytes, 1, 5), 'hex')) from spring_session_attributes where session_primary_id = primary_id) as heads
         from spring_session where session_id = $1`,
      [cookie.slice('JSESSIONID='.length)],
    );
    const created = row!.created as number;
    expect(created).toBeGreaterThanOrEqual(began - 1);
    expect(row).toEqual({
      key: 36,
      created,
      used: created,
      idle: 1800,
      expires: created + 1_800_000,
      name: HENKILO,
      heads: ['aced000574'],
    });
  });

  it('the cookie has the name and path of the reference', async () => {
    const ticket = await peers.ticket(HENKILO, ROLES);
    const { headers } = await send(services[1], 'GET', `/cas/prequel?ticket=${ticket}`, undefined, {});
    expect(headers.get('set-cookie')).toMatch(
      new RegExp(`^JSESSIONID=[0-9a-f-]{36}; Path=${CONTEXT_PATH}; HttpOnly; SameSite=Lax$`),
    );
  });
});
