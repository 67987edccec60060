import { storeHenkilo } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

const app = useTestApp({ ONR_STATEMENT_TIMEOUT_MS: '500', ONR_LOCK_TIMEOUT_MS: '60000' });

it('a statement that takes too long is 503 with Retry-After, and the service goes on', async () => {
  const { oid } = await storeHenkilo(app);
  await app.query('begin');
  await app.query('lock table henkilo in access exclusive mode');
  const answer = await app.as(rekisterinpitaja).get(`/henkilo/${oid}`);
  await app.query('rollback');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await app.as(rekisterinpitaja).get(`/henkilo/${oid}`)).status).toBe(200);
});
