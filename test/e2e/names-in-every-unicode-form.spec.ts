import { importRows, rivi, rivit, startImport, untilHandled } from '../support/imports.js';
import { createHenkilo, newHetu, newVtjHetu, rowOf } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja, tuoja, yleistunniste } from '../support/users.js';

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);
const q = encodeURIComponent;

/** One name in two or three forms of Unicode, written out: composed, decomposed as macOS does, half composed as Windows does. */
const FORMS = [
  ['Latin', 'Åkerblöm', 'A\u030akerblo\u0308m', 'Åkerblo\u0308m'],
  ['Vietnamese', 'Nguyễnthị', 'Nguye\u0302\u0303nthi\u0323', 'Nguyê\u0303nthi\u0323'],
  ['Cyrillic', 'Йорданойй', 'И\u0306орданои\u0306и\u0306', 'Йорданои\u0306й'],
  ['Greek', 'Άννάκου', 'Α\u0301ννα\u0301κου', 'Άννα\u0301κου'],
  [
    'Korean',
    '김민준서',
    '\u1100\u1175\u11b7\u1106\u1175\u11ab\u110c\u116e\u11ab\u1109\u1165',
    '김\u1106\u1175\u11ab준서',
  ],
  ['Ligature', 'Ǽlfrǿdd', 'Æ\u0301lfrø\u0301dd', 'Ǽlfrø\u0301dd'],
] as const;

describe.each(FORMS)('%s letters in a name', (script, nfc, ...forms) => {
  const oids: string[] = [];
  const sukunimiOf = (i: number) => [nfc, ...forms][i]!;

  beforeAll(async () => {
    for (const nimi of [nfc, ...forms]) {
      const names = { etunimet: `Nimi ${nimi}`, kutsumanimi: nimi, sukunimi: nimi, syntymaaika: '1990-07-03' };
      oids.push(await createHenkilo(app, names));
    }
  });

  it('is stored as it was given', async () => {
    for (const [i, oid] of oids.entries())
      expect(await rowOf(app, oid)).toMatchObject({ kutsumanimi: sukunimiOf(i), sukunimi: sukunimiOf(i) });
  });

  it.each([0, 1, 2])('in form %i is found in every form by every search', async (i) => {
    const term = sukunimiOf(i);
    const oidsOf = (list: { oidHenkilo?: string; oid?: string }[]) =>
      list.map(({ oidHenkilo, oid }) => oidHenkilo ?? oid).sort();
    const all = [...oids].sort();
    for (const nameQuery of [term, `nimi ${term.toUpperCase()}`, nfc.slice(-2)]) {
      const { body } = await keeper().post('/s2s/henkilo/perustiedotAsAdmin', { nameQuery });
      expect([nameQuery, oidsOf(body).filter((oid) => all.includes(oid!))]).toEqual([nameQuery, all]);
    }
    const oppijahaku = async (query: string) =>
      oidsOf((await keeper().post('/internal/oppijahaku', { query, page: 0 })).body.content);
    for (const query of [term, term.toLowerCase(), `${term}, nimi`, `nimi ${term}`])
      expect(await oppijahaku(query)).toEqual(all);
    const { body } = await keeper().get(`/henkilo/hakutermi=${q(term)}`);
    expect(all).toContain(body.oidHenkilo);
    const criteria = `etunimet=${q(`Nimi ${term}`)}&kutsumanimi=${q(term)}&sukunimi=${q(term)}&syntymaaika=1990-07-03`;
    const alike = (await keeper().get(`/henkilo/duplikaatit?${criteria}`)).body as { oidHenkilo: string }[];
    expect(oidsOf(alike.slice(0, 3))).toEqual(all); // the most alike come first
    const duplicates = (await keeper().get(`/henkilo/${oids[i]}/duplicates`)).body as { oidHenkilo: string }[];
    expect(oidsOf(duplicates.slice(0, 2))).toEqual(all.filter((oid) => oid !== oids[i]));
  });

  it.each([0, 1, 2])('alone in the register in form %i is found by the term', async (i) => {
    await app.query('update henkilo set duplicate = oidhenkilo <> $2 where oidhenkilo = any ($1)', [oids, oids[i]]);
    for (const term of [nfc, ...forms])
      expect((await keeper().get(`/henkilo/hakutermi=${q(term)}`)).body).toMatchObject({ oidHenkilo: oids[i] });
    await app.query('update henkilo set duplicate = false where oidhenkilo = any ($1)', [oids]);
  });

  it('is looked for among imported persons in every form', async () => {
    const rows = [nfc, ...forms].map((nimi, i) => rivi(`${script}${i}`, { passinumero: `NFC-${script}${i}`, etunimet: `Tuotu ${nimi}`, kutsumanimi: nimi, sukunimi: nimi })); // prettier-ignore
    await importRows(app.as(tuoja), rows);
    for (const term of [nfc, ...forms])
      for (const nimiHaku of [term, `${term} Tuotu`, `Tuotu ${term}`]) {
        const { body } = await app.as(tuoja).get(`/internal/oppijoidentuonti/virheet?nimiHaku=${q(nimiHaku)}`);
        expect(body.results).toHaveLength(3);
      }
  });

  it.each([0, 1, 2])('in form %i fits a hetu whose person has another form', async (i) => {
    const [inRegister, inVtj] = [newHetu(), newVtjHetu()];
    await createHenkilo(app, { hetu: inRegister, etunimet: `Nimi ${nfc}`, kutsumanimi: nfc, sukunimi: nfc });
    await app.peers.state({ vtj: { [inVtj]: { etunimet: `Nimi ${nfc}`, sukunimi: nfc } } });
    const nimi = sukunimiOf(i);
    for (const [hetu, status] of [
      [inRegister, 200],
      [inVtj, 204],
    ] as const) {
      const answer = await keeper().post('/henkilo/exists', {
        hetu,
        etunimet: `Nimi ${nfc}`,
        kutsumanimi: nimi,
        sukunimi: nimi,
      });
      expect(answer).toMatchObject({ status });
    }
  });
});

it('a letter and its accent are not the letter alone', async () => {
  const oid = await createHenkilo(app, { etunimet: 'A\u030aqvist', kutsumanimi: 'A\u030aqvist', sukunimi: 'Muu' });
  expect((await keeper().get('/henkilo/hakutermi=aqvist')).status).toBe(404);
  const { body } = await keeper().post('/s2s/henkilo/perustiedotAsAdmin', { nameQuery: 'aqvist' });
  expect(body).toEqual([]);
  expect((await keeper().get(`/henkilo/hakutermi=${q('Åqvist')}`)).body).toMatchObject({ oidHenkilo: oid });
});

describe('a calling name', () => {
  it.each([
    ['A\u030ake', 'Åke Örjan'],
    ['Örjan', 'A\u030ake O\u0308rjan'],
  ])('%s fits %s, new or changed, and stays as given', async (kutsumanimi, etunimet) => {
    const oid = await createHenkilo(app, { etunimet, kutsumanimi });
    expect(await rowOf(app, oid)).toMatchObject({ etunimet, kutsumanimi });
    const other = await createHenkilo(app, { etunimet, kutsumanimi: etunimet });
    expect((await keeper().put('/henkilo', { oidHenkilo: other, kutsumanimi })).status).toBe(200);
    expect(await rowOf(app, other)).toMatchObject({ etunimet, kutsumanimi });
    const found = await keeper().post('/s2s/findOrCreateHenkiloPerustieto', {
      etunimet,
      kutsumanimi,
      sukunimi: 'Uusi',
    });
    expect(found.status).toBe(201);
  });
});

describe('an import', () => {
  it('leaves out the rows with names that nobody can read, alone', async () => {
    const henkilot = rivit(120, 'nimi') as { henkilo: Record<string, unknown>; tunniste?: string }[];
    henkilot[0]!.henkilo.sukunimi = 'Uu\u200bsi';
    henkilot[56]!.henkilo.etunimet = ' ';
    henkilot[57]!.henkilo.kutsumanimi = 'Uu\u00adno';
    henkilot[119]!.henkilo.etunimet = 'Uuno\u0007';
    const known = await createHenkilo(app, { hetu: newHetu() });
    henkilot[118]!.henkilo = { ...henkilot[118]!.henkilo, oid: known, sukunimi: '\u3164' };
    const id = await startImport(app.as(tuoja), henkilot);
    await untilHandled(app.as(tuoja), id);

    const { body } = await app.as(tuoja).get(`/oppija/tuonti=${id}`);
    expect(body).toMatchObject({ kasiteltavia: 120, kasiteltyja: 120, kasitelty: true });
    expect(body.henkilot).toHaveLength(115);
    const virhe = 'Rivin nimessä on merkkejä, jotka eivät näy, tai pelkkiä välilyöntejä';
    expect(body.virheet).toEqual([0, 56, 57, 118, 119].map((n) => ({ rivi: n, tunniste: `nimi${n}`, virhe })));
    expect(await app.query('select 1 from henkilo where sukunimi ~ $1', ['\u200b'])).toEqual([]);
  });

  it('is refused as a whole where names are checked for it', async () => {
    const henkilo = { hetu: newHetu(), etunimet: 'Uuno', kutsumanimi: 'Uuno', sukunimi: 'Uu\u200bsi' };
    expect((await app.as(yleistunniste).put('/yleistunniste', { henkilot: [{ tunniste: 'a', henkilo }] })).status).toBe(
      400,
    );
  });

  it('finds no conflict between two forms of one name, and one where the names are blank letters', async () => {
    const [first, second] = [newHetu(), newHetu()];
    await createHenkilo(app, { hetu: first, etunimet: 'Åke', kutsumanimi: 'Åke', sukunimi: 'Öster' });
    await createHenkilo(app, { hetu: second, etunimet: 'Aino', kutsumanimi: 'Aino', sukunimi: 'Öster' });
    const id = await importRows(app.as(tuoja), [
      rivi('sama', { hetu: first, etunimet: 'A\u030ake', kutsumanimi: 'A\u030ake', sukunimi: 'O\u0308ster' }),
      rivi('kirjain', { hetu: second, etunimet: 'A', kutsumanimi: 'A', sukunimi: 'Öster' }),
    ]);
    const rows = await app.query('select tunniste, conflict from tuonti_rivi where tuonti_id = $1 order by id', [id]);
    expect(rows).toEqual([
      { tunniste: 'sama', conflict: false },
      { tunniste: 'kirjain', conflict: true },
    ]);
  });
});

it('a first name of one letter or of signs is not that of the hetu', async () => {
  const hetu = newHetu();
  await createHenkilo(app, { hetu, etunimet: 'Aino-Viivi', kutsumanimi: 'Aino', sukunimi: 'Öster' });
  for (const [etunimet, status] of [['v', 409], ['-', 409], ['vi', 200], ['Viivi', 200]] as const)
    expect(await keeper().post('/henkilo/exists', { hetu, etunimet, kutsumanimi: etunimet, sukunimi: 'Öster' })).toMatchObject({ status }); // prettier-ignore
});
