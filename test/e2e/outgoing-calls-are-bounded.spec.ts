import { createHenkilo } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { withClient } from '../support/test-database.js';
import { rekisterinpitaja, tuoja } from '../support/users.js';

const app = useTestApp({
  ONR_REQUEST_PATIENCE_MS: '1000',
  ONR_STATEMENT_TIMEOUT_MS: '60000',
  ONR_LOCK_TIMEOUT_MS: '60000',
});

/** How many statements of the service are under way; asked on a connection of its own, since a transaction sees old numbers. */
const countRunning = () =>
  withClient(app.settings.DATABASE_URL!, async (client) => {
    const sql = `select count(*)::int as n from pg_stat_activity where datname = current_database() and state = 'active'
                    and application_name = 'oppijanumerorekisteri-service'`;
    return (await client.query<{ n: number }>(sql)).rows[0]!.n;
  });

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600 && !(await holds()); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await holds()).toBe(true);
}

it('a slow service outside holds a request for its patience at most, tries and pauses included', async () => {
  await app.peers.state({ delay: { organisaatio: 60_000 } });
  const answer = await app.as(tuoja).get('/oppija/yhteenveto');
  await app.peers.state({ delay: {} });
  expect(answer.status).toBe(500);
}, 90_000); // three tries of 35 s each, were it not for the patience of 1 s

describe('who leaves before the answer', () => {
  it.each([
    ['read', 'GET'],
    ['write', 'PUT'],
  ])('ends the %s under way, and nobody else’s', async (_, method) => {
    const oid = await createHenkilo(app);
    await app.query('begin');
    await app.query('lock table henkilo in access exclusive mode');
    const leave = new AbortController();
    const call = fetch(method === 'GET' ? `${app.base}/henkilo/${oid}` : `${app.base}/henkilo/${oid}/identification`, {
      method: method === 'GET' ? 'GET' : 'POST',
      signal: leave.signal,
      headers: { authorization: `Bearer ${await app.tokenOf(rekisterinpitaja)}`, 'content-type': 'application/json' },
      ...(method !== 'GET' && { body: JSON.stringify({ idpEntityId: 'email', identifier: 'x@example.fi' }) }),
    });
    await until(async () => (await countRunning()) === 1);
    leave.abort();
    await expect(call).rejects.toThrow();
    // Well before the limit of the statement: looked at every 250 ms. Who waits stays.
    const gone = Date.now();
    await until(async () => (await countRunning()) === 0);
    expect(Date.now() - gone).toBeLessThan(30_000);
    await app.query('rollback');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => app.as(rekisterinpitaja).get(`/henkilo/${oid}/identification`)),
    );
    expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [200, []]));
  });
});
