import { importRows, rivi } from '../support/imports.js';
import { createHenkilo, newHetu } from '../support/persons.js';
import { storeHenkilo, storeRyhma } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { katselija, tuoja } from '../support/users.js';

const app = useTestApp({ ONR_IMPORT_ATTACH_WHATEVER_NAMES: 'true', ONR_PROTECTED_CONTACTS_BY_ORGANISATION: 'true' });

it('ONR_IMPORT_ATTACH_WHATEVER_NAMES: a row with other names brings the person into the organisation', async () => {
  const hetu = newHetu();
  const oid = await createHenkilo(app, { hetu });
  const id = await importRows(app.as(tuoja), [rivi('r', { oid, etunimet: 'Vieras', sukunimi: 'Nimi' })]);
  expect((await app.as(tuoja).get(`/oppija/tuonti=${id}`)).body.henkilot).toMatchObject([
    { conflict: true, henkilo: { oid, hetu, etunimet: 'Uuno Kalervo' } },
  ]);
  expect((await app.as(tuoja).get(`/henkilo/${oid}`)).body.hetu).toBe(hetu);
});

it('ONR_PROTECTED_CONTACTS_BY_ORGANISATION: readers of one school see the contact details of protected persons', async () => {
  const henkilo = await storeHenkilo(app, { turvakielto: true, kotikunta: '091' });
  await storeRyhma(app, henkilo, [['SAHKOPOSTI', 'salattu@example.fi']]);
  await app.peers.state({ canAccess: ['*>*'] });
  const { body, text } = await app.as(katselija).get(`/henkilo/${henkilo.oid}`);
  expect(text).toContain('salattu@example.fi');
  expect(body.kotikunta).toBeNull();
});
