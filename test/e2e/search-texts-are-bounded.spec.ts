import { storeHenkilo } from '../support/stored-persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja, yleistunniste } from '../support/users.js';

const app = useTestApp();
const admin = () => app.as(rekisterinpitaja);

const TEN = 'a b c d e f g h i j';
const LONG = 'a'.repeat(601);

describe('texts that are looked for', () => {
  it.each([
    ['/henkilo/yhteystiedot', { henkiloOids: ['1.2.246.562.24.1'] }],
    ['/s2s/changedSince/2099-01-01', {}],
    ['/s2s/henkilo/perustiedotAsAdmin', {}],
    ['/s2s/duplicateHenkilos', { henkiloOids: [] }],
  ])('POST %s: nameQuery of ten words at most, more are 400', async (path, rest) => {
    const ask = async (nameQuery: string) => (await admin().post(path, { ...rest, nameQuery })).status;
    expect([await ask(TEN), await ask(`${TEN}  `)]).toEqual([200, 200]);
    expect(await ask(`${TEN} k`)).toBe(400);
    expect(await ask('a '.repeat(200_000))).toBe(400);
    expect([await ask('a'.repeat(600)), await ask(LONG)]).toEqual([200, 400]);
  });

  it('a term longer than any name is found nowhere', async () => {
    await storeHenkilo(app, { sukunimi: 'x'.repeat(255) });
    const ask = async (length: number) => (await admin().get(`/henkilo/hakutermi=${'x'.repeat(length)}`)).status;
    expect([await ask(255), await ask(256), await ask(600)]).toEqual([200, 404, 404]);
    expect((await admin().get(`/henkilo/hakutermi=${'x '.repeat(1_000)}`)).status).toBe(404);
  });

  it.each([
    ['/henkilo/duplikaatit?kutsumanimi=a&sukunimi=a&etunimet=', 255],
    ['/henkilo/duplikaatit?kutsumanimi=a&etunimet=a&sukunimi=', 255],
    ['/henkilo/duplikaatit?etunimet=a&sukunimi=a&kutsumanimi=', 255],
    ['/oppija/muuttuneet?nimiHaku=', 600],
    ['/oppija/yhteenveto?nimiHaku=', 600],
    ['/oppija/tuontikooste?author=', 600],
  ])('GET %s… of %i characters at most', async (path, most) => {
    const ask = async (length: number) => (await admin().get(path + 'a'.repeat(length))).status;
    expect(await ask(most)).toBe(200);
    expect(await ask(most + 1)).toBe(400);
  });

  it.each([
    ['/internal/oppijahaku', (text: string) => ({ query: text, page: 0 }), 600],
    [
      '/henkilo/exists',
      (text: string) => ({ etunimet: 'a', kutsumanimi: 'a', sukunimi: text, hetu: '010190-900P' }),
      255,
    ],
    [
      '/yleistunniste/hae',
      (text: string) => ({ etunimet: 'a', kutsumanimi: 'a', sukunimi: text, hetu: '010190-900P' }),
      255,
    ],
  ])('POST %s takes names and texts up to a length', async (path, body, most) => {
    const caller = path.startsWith('/yleistunniste') ? app.as(yleistunniste) : admin();
    const ask = async (length: number) => (await caller.post(path, body('a'.repeat(length)))).status;
    expect(await ask(most)).not.toBe(400);
    expect(await ask(most + 1)).toBe(400);
  });

  it('lists in a query have a thousand elements at most', async () => {
    const ask = async (count: number) =>
      (await admin().get(`/oppija/yhteenveto?organisaatioOids=${Array.from({ length: count }, (_, i) => i).join(',')}`))
        .status;
    expect([await ask(1_000), await ask(1_001)]).toEqual([200, 400]);
  });
});
