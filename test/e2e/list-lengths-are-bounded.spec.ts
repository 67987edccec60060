import { createHenkilo, newHetu, sahkoposti } from '../support/persons.js';
import { useTestApp, type TestAnswer } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

/* Lists as long as they may be (docs/adr/0089-hostile-bodies.md): whoever may write must not be able to stop the service for the others. */

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);
const NIMET = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' };
const list = <T>(length: number, make: (n: number) => T): T[] => Array.from({ length }, (_, n) => make(n));

/** Sends, and asks for something else all the time. @returns the answer and the longest wait of the others */
async function meanwhile(send: () => Promise<TestAnswer>): Promise<{ answer: TestAnswer; longest: number }> {
  let longest = 0;
  let done = false;
  const others = (async () => {
    while (!done) {
      const began = Date.now();
      await app.anonymous.get('/actuator/health/liveness');
      longest = Math.max(longest, Date.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const answer = await send();
  done = true;
  await others;
  return { answer, longest };
}

const groups = list(500, (n) => sahkoposti(`a${n}@example.fi`));
const identifications = list(1_000, (n) => ({ idpEntityId: 'google', identifier: `long${n}` }));
const numbers = list(1_000, (n) => `L${n}`);
let oid: string;
beforeAll(async () => {
  oid = await createHenkilo(app, { ...NIMET, hetu: newHetu() });
});

it.each<[string, () => Promise<TestAnswer>, number[]]>([
  ['1 000 login identifiers', () => keeper().post('/s2s/findOrCreateHenkiloPerustieto', { ...NIMET, identifications }), [201]],
  ['the same again', () => keeper().post('/s2s/findOrCreateHenkiloPerustieto', { ...NIMET, identifications }), [200]],
  ['1 000 passport numbers', () => keeper().post(`/henkilo/${oid}/passinumerot`, numbers), [200]],
  ['the same passport numbers again', () => keeper().post(`/henkilo/${oid}/passinumerot`, numbers), [200]],
  ['passport numbers of somebody else', () => keeper().post('/henkilo', { ...NIMET, passinumerot: numbers }), [400]],
  ['500 contact groups', () => keeper().put('/henkilo', { oidHenkilo: oid, yhteystiedotRyhma: groups }), [200]],
  ['the same groups again', () => keeper().put('/henkilo', { oidHenkilo: oid, yhteystiedotRyhma: groups }), [200]],
  ['other groups', () => keeper().put('/henkilo', { oidHenkilo: oid, yhteystiedotRyhma: [...groups].reverse().slice(1) }), [200]],
  ['255 unknown nationalities', () => keeper().put('/henkilo', { oidHenkilo: oid, kansalaisuus: list(255, (n) => ({ kansalaisuusKoodi: String(n) })) }), [400]],
  ['1 000 persons to link', () => keeper().post(`/henkilo/${oid}/link`, list(1_000, (n) => `1.2.246.562.24.${n}`)), [404]],
  ['1 000 persons to link by force', () => keeper().post(`/henkilo/${oid}/forcelink`, list(1_000, (n) => `1.2.246.562.24.${n}`)), [404]],
  ['one login identifier too many', () => keeper().post('/s2s/findOrCreateHenkiloPerustieto', { ...NIMET, identifications: [...identifications, identifications[0]] }), [400]],
  ['one passport number too many', () => keeper().post(`/henkilo/${oid}/passinumerot`, [...numbers, 'one']), [400]],
  ['one contact group too many', () => keeper().put('/henkilo', { oidHenkilo: oid, yhteystiedotRyhma: [...groups, groups[0]] }), [400]],
  ['one nationality too many', () => keeper().put('/henkilo', { oidHenkilo: oid, kansalaisuus: list(256, () => ({ kansalaisuusKoodi: '246' })) }), [400]],
  ['one person to link too many', () => keeper().post(`/henkilo/${oid}/link`, list(1_001, (n) => `1.2.246.562.24.${n}`)), [400]],
  ['names of two thousand words', () => keeper().post('/henkilo', { ...NIMET, etunimet: 'a '.repeat(2_000), kutsumanimi: 'a '.repeat(1_900) }), [400]],
  ['names of a million words', () => keeper().post('/henkilo', { ...NIMET, etunimet: 'a '.repeat(1_000_000), kutsumanimi: 'a '.repeat(900_000) }), [413]],
])('%s', async (_, send, allowed) => {
  const { answer, longest } = await meanwhile(send);
  expect(allowed).toContain(answer.status);
  expect(longest).toBeLessThan(20_000); // how long a loop is held at most: event-loop.spec.ts
}); // prettier-ignore
