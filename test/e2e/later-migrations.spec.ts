import { DokumenttiKokoaja } from '../../src/henkilo/dokumentti/dokumentti-kokoaja.service.js';
import { DokumenttiTayttoJob } from '../../src/henkilo/dokumentti/dokumentti.jobs.js';
import { storeHenkilo } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

/** A later migration of the reference on the database of a running service. */

jest.setTimeout(180_000);
const app = useTestApp();

it('documents follow what a migration does to the rows', async () => {
  const henkilo = await storeHenkilo(app, { kotikunta: '091' });
  const kokoaja = app.nest.get(DokumenttiKokoaja, { strict: false });
  await kokoaja.build([henkilo.oid]);
  const read = async () => (await app.as(rekisterinpitaja).get(`/henkilo/${henkilo.oid}`)).body.kotikunta as string;
  expect(await read()).toBe('091');
  await app.query(`alter table henkilo alter column kotikunta type text`);
  await app.query(`update henkilo set kotikunta = '049' where kotikunta = '091'`);
  expect(await read()).toBe('049');
  // No trigger sees this; the job that fills documents does, within a minute.
  await kokoaja.build([henkilo.oid]);
  await app.query(`alter table henkilo alter column kotikunta type text using '020'`);
  await app.nest.get(DokumenttiTayttoJob, { strict: false }).run(new AbortController().signal);
  expect(await read()).toBe('020');
});
