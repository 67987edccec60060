import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadPersons } from '../../sandbox/load-persons.ts';
import { persons, vtjPersons } from '../../sandbox/persons.ts';
import { users } from '../../sandbox/users.ts';
import { readHetu } from '../../src/common/hetu.js';
import { henkiloOid } from '../../src/common/oid.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

/** Codes of a list in sandbox/koodisto. */
const codes = (name: string) =>
  (
    JSON.parse(readFileSync(path.resolve(__dirname, `../../sandbox/koodisto/${name}.json`), 'utf8')) as {
      koodit: { arvo: string; nimi: Record<string, string> }[];
    }
  ).koodit;

describe('The sandbox', () => {
  const app = useTestApp();

  it('has about fifty persons with OIDs and hetut of their own', () => {
    const hetut = persons.map(({ hetu }) => hetu).filter((hetu) => hetu !== null);

    expect(persons.length).toBeGreaterThanOrEqual(50);
    expect(new Set(persons.map(({ oid }) => oid)).size).toBe(persons.length);
    expect(new Set(hetut).size).toBe(hetut.length);
    const own = new Set(users.map(({ oid }) => oid));
    const node24 = persons.map(({ oid }) => oid).filter((oid) => !own.has(oid));
    expect(node24).toEqual(node24.map((oid) => henkiloOid(24, Number(oid.split('.').at(-1)!.slice(0, 10)))));
    const told = persons.filter(({ hetu }) => hetu !== null).map(({ hetu }) => ({ hetu, ...readHetu(hetu!) }));
    expect(told.map(({ birthDate, sukupuoli }) => ({ birthDate, sukupuoli }))).toEqual(
      persons.filter(({ hetu }) => hetu !== null).map((p) => ({ birthDate: p.syntymaaika, sukupuoli: p.sukupuoli })),
    );
    // A real person could carry any other: the individual number is artificial, or the day of birth is to come.
    const isInvented = (hetu: string) => readHetu(hetu)!.isFake || readHetu(hetu)!.birthDate > '2070-01-01';
    expect([...hetut, ...Object.keys(vtjPersons())].filter((hetu) => !isInvented(hetu))).toEqual([]);
  });

  it('has every kind of person', () => {
    const kinds = {
      vtj: persons.some(({ yksilointi }) => yksilointi === 'vtj'),
      hetuton: persons.some(({ yksilointi, hetu }) => yksilointi === 'virkailija' && hetu === null),
      eidas: persons.some(({ yksilointi }) => yksilointi === 'eidas'),
      unidentified: persons.some(({ yksilointi, hetu }) => yksilointi === null && hetu !== null),
      duplicate: persons.some(({ master }) => master !== undefined),
      turvakielto: persons.some(({ turvakielto }) => turvakielto === true),
      dead: persons.some(({ kuolinpaiva }) => kuolinpaiva !== undefined),
    };
    expect(Object.entries(kinds).filter(([, found]) => !found)).toEqual([]);
    const rows = new Set(persons.map(({ oid }) => oid));
    expect(users.filter(({ oid }) => oid !== null && !rows.has(oid)).map(({ name }) => name)).toEqual([]);
  });

  it('uses codes that its koodisto has', () => {
    const known = (name: string) => new Set(codes(name).map(({ arvo }) => arvo));
    const [languages, countries, municipalities] = [known('kieli'), known('maatjavaltiot2'), known('kunta')];

    expect(persons.map((p) => p.aidinkieli).filter((code) => code && !languages.has(code.toUpperCase()))).toEqual([]);
    expect(persons.flatMap((p) => p.kansalaisuus).filter((code) => !countries.has(code))).toEqual([]);
    const places = persons.flatMap((p) => [p.kotikunta, ...p.kotikunnat.map(([code]) => code)]);
    expect(places.filter((code) => code !== null && !municipalities.has(code))).toEqual([]);
  });

  it.each([
    ['maatjavaltiot2', 250, /^\d{3}$/],
    ['kieli', 180, /^([A-Z]{2}|\d\d)$/],
    ['kunta', 309, /^\d{3}$/],
  ])('has the whole code set %s', (name, least, pattern) => {
    const list = codes(name);
    expect(list.length).toBeGreaterThanOrEqual(least);
    expect(list.filter(({ arvo, nimi }) => !pattern.test(arvo) || !nimi.fi || !nimi.sv || !nimi.en)).toEqual([]);
    expect(new Set(list.map(({ arvo }) => arvo)).size).toBe(list.length);
  });

  it('loads its persons once, and the service reads every one of them', async () => {
    expect(await loadPersons(app.settings.DATABASE_URL)).toBe(persons.length);
    expect(await loadPersons(app.settings.DATABASE_URL)).toBe(0);

    const read = [];
    for (const { oid } of persons) {
      const { status, body } = await app.as(rekisterinpitaja).get(`/henkilo/${oid}`);
      read.push({ status, oid: body.oidHenkilo, hetu: body.hetu, sukunimi: body.sukunimi });
    }
    expect(read).toEqual(persons.map(({ oid, hetu, sukunimi }) => ({ status: 200, oid, hetu, sukunimi })));
  });

  it('gives every language its name, also one that nobody has yet', async () => {
    const read = async (oid: string) => (await app.as(rekisterinpitaja).get(`/henkilo/${oid}`)).body as Languages;
    interface Languages {
      aidinkieli: { kieliKoodi: string; kieliTyyppi: string } | null;
      asiointiKieli: { kieliKoodi: string; kieliTyyppi: string } | null;
    }
    const all = await Promise.all(persons.map(({ oid }) => read(oid)));
    const languages = all
      .flatMap(({ aidinkieli, asiointiKieli }) => [aidinkieli, asiointiKieli])
      .filter((l) => l !== null);
    expect(languages.filter(({ kieliTyyppi }) => !kieliTyyppi)).toEqual([]);
    expect(languages).toContainEqual({ kieliKoodi: 'fi', kieliTyyppi: 'suomi' });
    expect(languages).toContainEqual({ kieliKoodi: 'sv', kieliTyyppi: 'svenska' });
    expect(languages).toContainEqual({ kieliKoodi: 'so', kieliTyyppi: 'somali' });

    const { oid } = persons[0]!;
    await app.as(rekisterinpitaja).put('/henkilo', { oidHenkilo: oid, asiointiKieli: { kieliKoodi: 'en' } });
    expect((await read(oid)).asiointiKieli).toEqual({ kieliKoodi: 'en', kieliTyyppi: 'English' });
    expect(await app.query('select kielikoodi from kielisyys where kielityyppi is null')).toEqual([]);
  });

  it('gives applications with what the duplicate view shows of them', async () => {
    const hakemukset = async (nimi: string) => {
      const { oid } = persons.find(({ kutsumanimi, sukunimi }) => `${kutsumanimi} ${sukunimi}` === nimi)!;
      const { body } = await app.as(rekisterinpitaja).get(`/henkilo/${oid}/hakemukset`);
      return (body as { hakemusData: Record<string, unknown> }[]).map(({ hakemusData }) => hakemusData);
    };
    expect(await hakemukset('Aino Korhonen')).toEqual([
      expect.objectContaining({ service: 'ataru', aidinkieli: 'FI', kansalaisuus: ['246', '752'], state: 'active' }),
    ]);
    expect(await hakemukset('Eino Virtanen')).toEqual([
      expect.objectContaining({
        service: 'haku-app',
        answers: { henkilotiedot: expect.objectContaining({ aidinkieli: 'FI', kansalaisuus: 'FIN' }) as object },
      }),
    ]);
  });
});
