import { Client } from 'pg';
import { freePort } from '../../scripts/lib/free-port.ts';
import { Child } from '../support/child.js';
import { eventually } from '../support/eventually.js';
import { FakePeer } from '../support/fake-peer.js';
import { ANNOUNCING, announced, createHenkilo } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

// This application itself only sweeps at its start, so that what is announced comes from the processes under test.
const app = useTestApp({ ...ANNOUNCING, ONR_OUTBOX_POLL_MS: '600000' });

it('announces a person after the process was killed between the commit and the message', async () => {
  const deaf = await FakePeer.start(() => ({ delayMs: 60_000 }));
  const port = String(await freePort());
  const settings = (aws: string) => ({
    ...app.settings,
    ...ANNOUNCING,
    PORT: port,
    'aws.endpoint': aws,
    ONR_OUTBOX_LEASE_MS: '1000',
    ONR_OUTBOX_POLL_MS: '100',
  });
  const base = `http://localhost:${port}/oppijanumerorekisteri-service`;
  const first = Child.start('../../../src/bin/main.ts', settings(deaf.url));
  await listening(base);

  const token = await app.tokenOf(rekisterinpitaja);
  const lost = fetch(`${base}/henkilo`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ etunimet: 'Uuno', kutsumanimi: 'Uuno', sukunimi: 'Kaatunut' }),
  }).catch(() => undefined);
  const oid = await committedOid(app.settings.DATABASE_URL!);
  await first.signal('SIGKILL');
  await lost;
  await deaf.stop();
  expect(await announced(app)).toEqual([]);

  const second = Child.start('../../../src/bin/main.ts', settings(app.peers.url));
  try {
    await eventually(async () => (await announced(app)).length > 0);
    expect(await announced(app)).toEqual([oid]);
    await eventually(async () => (await app.query('select 1 from onr_outbox')).length === 0);
  } finally {
    await second.signal('SIGKILL');
  }
  expect(await createHenkilo(app)).toMatch(/^1\.2\.246/);
});

const listening = (base: string) =>
  eventually(() => fetch(`${base}/actuator/health/readiness`).then(({ ok }) => ok, () => false)); // prettier-ignore

/** OID of the person once its message is committed. */
async function committedOid(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let oid: string | undefined;
    await eventually(async () => {
      const { rows } = await client.query<{ oid: string }>(
        `select o.henkilo_oid as oid from onr_outbox o join henkilo h on h.oidhenkilo = o.henkilo_oid where h.sukunimi = 'Kaatunut'`,
      );
      oid = rows[0]?.oid;
      return oid !== undefined;
    });
    return oid!;
  } finally {
    await client.end();
  }
}
