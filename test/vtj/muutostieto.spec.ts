import { MuutostietoService } from '../../src/vtj/muutostieto.service.js';
import { hetu, paiva, VtjApp, type StoredHenkilo } from './vtj-app.js';

let app: VtjApp;
beforeAll(async () => {
  app = await VtjApp.startNew();
});
afterAll(() => app.stop());
beforeEach(() => app.clear());

const run = () => app.nest.get(MuutostietoService).run(new AbortController().signal);
const nimi = (etunimi: string) => [
  { tietoryhma: 'HENKILON_NIMI', muutosattribuutti: 'LISATTY', etunimi, sukunimi: 'von Laine' },
];
const rikki = [{ foo: 1 }];
const muutostiedot = () =>
  app.query(
    'select version::int, processed is not null as processed, error from vtj_muutostieto order by muutospv, id',
  );

it('applies a change once, tells of it and keeps the history', async () => {
  const aino = await app.henkilo();
  await app.muutos(aino.hetu, nimi('Aino Inkeri'));

  expect(await run()).toEqual({ seen: 1, changed: 1, failed: 0, skipped: 0, withoutEffect: 0 });
  expect(await app.row(aino)).toMatchObject({
    etunimet: 'Aino Inkeri',
    kutsumanimi: 'Aino',
    sukunimi: 'von Laine',
    kasittelija: 'kasittelija',
    vtj_bucket: 7,
  });
  expect(await muutostiedot()).toEqual([{ version: 1, processed: true, error: null }]);
  expect(await app.query('select revtype, etunimet from henkilo_aud')).toEqual([
    { revtype: 1, etunimet: 'Aino Inkeri' },
  ]);
  expect(app.lines.join('')).toContain(`muutostieto processed successfully for henkilo ${aino.oid}`);
  expect(await app.announced()).toEqual([aino.oid]);
  expect(await run()).toMatchObject({ seen: 0 });
});

it('does nothing for an unknown or former hetu and a passive person, whatever the content', async () => {
  const passiivi = await app.henkilo({ passivoitu: true });
  const aino = await app.henkilo();
  await app.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2)', [aino.id, hetu(1)]);
  for (const tunnus of [passiivi.hetu, hetu(1), hetu(2)]) await app.muutos(tunnus, rikki);

  expect(await run()).toMatchObject({ seen: 3, changed: 0, failed: 0, withoutEffect: 3 });
  expect(await muutostiedot()).toEqual(Array(3).fill({ version: 1, processed: true, error: null }));
  expect([(await app.row(passiivi)).version, (await app.row(aino)).version]).toEqual([0, 0]);
});

describe('the end of a turvakielto', () => {
  const paattyy = { tietoryhma: 'TURVAKIELTO', muutosattribuutti: 'MUUTETTU', turvakieltoAktiivinen: false };
  const osoite = {
    tietoryhma: 'VAKINAINEN_KOTIMAINEN_OSOITE',
    muutosattribuutti: 'LISATTY',
    katunimi: { fi: 'Koulukatu' },
    katunumero: '4',
    postinumero: '00100',
    postitoimipaikka: { fi: 'HELSINKI' },
  };

  it.each([
    ['before', [osoite, paattyy]],
    ['after', [paattyy, osoite]],
  ])('keeps the address that comes %s it in the same message', async (_, ryhmat) => {
    const aino = await app.henkilo({ turvakielto: true });
    await app.muutos(aino.hetu, ryhmat);
    expect(await run()).toMatchObject({ changed: 1, failed: 0 });
    expect(await app.row(aino)).toMatchObject({ turvakielto: false });
    const katuosoitteet = await app.query(
      `select y.yhteystieto_arvo as arvo from yhteystiedot y join yhteystiedotryhma g on g.id = y.yhteystiedotryhma_id
        where g.henkilo_id = $1 and y.yhteystieto_tyyppi = 'YHTEYSTIETO_KATUOSOITE'`,
      [aino.id],
    );
    expect(katuosoitteet).toEqual([{ arvo: 'Koulukatu 4' }]);
  });
});

it('ignores an empty aktiivinenHenkilotunnus and takes the rest of the message', async () => {
  const aino = await app.henkilo();
  const korjaus = { tietoryhma: 'HENKILOTUNNUS_KORJAUS', muutosattribuutti: 'MUUTETTU', aktiivinenHenkilotunnus: '' };
  await app.muutos(aino.hetu, [korjaus, ...nimi('Aino Inkeri')]);
  expect(await run()).toMatchObject({ changed: 1, failed: 0 });
  expect(await app.row(aino)).toMatchObject({ hetu: aino.hetu, etunimet: 'Aino Inkeri' });
});

it('passes over a group without muutosattribuutti; a number for a name fails the message', async () => {
  const aino = await app.henkilo();
  const [nimenmuutos] = nimi('Aino Inkeri');
  await app.muutos(aino.hetu, [{ ...nimenmuutos, muutosattribuutti: undefined }]);
  await app.muutos(aino.hetu, [{ tietoryhma: 1 }]);
  expect(await run()).toMatchObject({ seen: 2, changed: 1, failed: 1 });
  expect(await app.row(aino)).toMatchObject({ etunimet: 'Aino Maria', version: 1 });
  expect(await muutostiedot()).toMatchObject([{ error: null }, { error: true }]);
});

describe('a change in another writing', () => {
  it('does not empty names and does not hold back the later ones for a day that is known to the year', async () => {
    const aino = await app.henkilo();
    await app.asuminen(aino, '091', '2011-01-01');
    const lisatty = (tietoryhma: string, kentat: object) => ({ tietoryhma, muutosattribuutti: 'LISATTY', ...kentat });
    await app.muutos(aino.hetu, [lisatty('HENKILON_NIMI', { etunimi: '', sukunimi: ' ' })]);
    await app.muutos(aino.hetu, [
      lisatty('SYNTYMAPAIVA', { syntymapv: { arvo: '1985', tarkkuus: 'VUOSI' } }),
      lisatty('KOTIKUNTA', { kuntakoodi: '837', kuntaanMuuttopv: { arvo: '2024-05', tarkkuus: 'KUUKAUSI' } }),
      lisatty('EDELLINEN_KOTIKUNTA', { kuntakoodi: '853', kunnastaPoisMuuttopv: { arvo: '2003', tarkkuus: 'VUOSI' } }),
    ]);
    await app.muutos(aino.hetu, [lisatty('KUOLINPAIVA', { kuollut: true, kuolinpv: { arvo: '2025', tarkkuus: 'VUOSI' } })]); // prettier-ignore
    await app.muutos(aino.hetu, [lisatty('TURVAKIELTO', { turvakieltoAktiivinen: '\n1\n' })]);

    expect(await run()).toMatchObject({ seen: 4, changed: 4, failed: 0, skipped: 0 });
    expect(await app.row(aino)).toMatchObject({
      etunimet: 'Aino Maria',
      kutsumanimi: 'Aino',
      sukunimi: 'Korhonen',
      kotikunta: '837',
      kuolinpaiva: '2025-12-31',
      turvakielto: true,
    });
    const asumiset = await app.query(
      `select kotikunta, kuntaan_muuttopv::text as alku, kunnasta_pois_muuttopv::text as loppu from kotikunta_historia order by id`,
    );
    expect(asumiset).toEqual([
      { kotikunta: '091', alku: '2011-01-01', loppu: null },
      { kotikunta: '837', alku: null, loppu: null },
      { kotikunta: '853', alku: null, loppu: '2003-12-31' },
    ]);
    expect(app.alerts).toEqual([]);
  });
});

describe('a change that fails', () => {
  it('holds back the later ones of its person only, and is tried first the next time', async () => {
    const aino = await app.henkilo();
    const eino = await app.henkilo();
    const [, , id] = [
      await app.muutos(aino.hetu, nimi('Eka'), { pv: '2024-01-01' }),
      await app.muutos(eino.hetu, nimi('Eino'), { pv: '2024-01-02' }),
      await app.muutos(aino.hetu, rikki, { pv: '2024-01-03' }),
      await app.muutos(aino.hetu, nimi('Toka'), { pv: '2024-01-04' }),
      await app.muutos(eino.hetu, nimi('Eino Olavi'), { pv: '2024-01-05' }),
    ];

    expect(await run()).toMatchObject({ seen: 5, changed: 3, failed: 1, skipped: 1 });
    expect([(await app.row(aino)).etunimet, (await app.row(eino)).etunimet]).toEqual(['Eka', 'Eino Olavi']);
    expect(await muutostiedot()).toMatchObject([
      { processed: true, error: null },
      { processed: true, error: null },
      { processed: true, error: true, version: 1 },
      { processed: false, version: 0 },
      { processed: true, error: null },
    ]);

    expect(await run()).toMatchObject({ seen: 2, changed: 0, failed: 1, skipped: 1 });
    await app.query('update vtj_muutostieto set tietoryhmat = $2 where id = $1', [
      id,
      JSON.stringify(nimi('Korjattu')),
    ]);
    expect(await run()).toMatchObject({ seen: 2, changed: 2, failed: 0 });
    expect((await app.row(aino)).etunimet).toBe('Toka');
    expect(await muutostiedot()).toMatchObject([{}, {}, { error: false, version: 3 }, { error: null, version: 1 }, {}]);
  });

  it('is told to the operators by OID, without names and hetut', async () => {
    const aino = await app.henkilo();
    await app.muutos(aino.hetu, [
      ...nimi('Salainen'),
      { tietoryhma: 'SYNTYMAPAIVA', muutosattribuutti: 'LISATTY', syntymapv: 'x' },
    ]);
    await run();
    expect(app.alerts).toEqual([
      `Virhe muutostiedon käsittelyssä henkilölle ${aino.oid}: \`\`\`SYNTYMAPAIVA: syntymapv is not a day\`\`\``,
    ]);
    expect(app.lines.filter((line) => !line.includes('AuditHelper')).join('')).not.toMatch(/Salainen|A9\d\d/);
  });

  it('leaves nothing of itself behind', async () => {
    const aino = await app.henkilo({ kotikunta: '091' });
    await app.asuminen(aino, '091', '2011-01-01');
    await app.muutos(aino.hetu, [
      ...nimi('Inkeri'),
      {
        tietoryhma: 'EDELLINEN_KOTIKUNTA',
        muutosattribuutti: 'KORJATTAVA',
        kuntakoodi: '091',
        kuntaanMuuttopv: paiva('2011-01-01'),
      },
    ]);
    expect(await run()).toMatchObject({ failed: 1 });
    expect(await app.row(aino)).toMatchObject({ etunimet: 'Aino Maria', version: 0 });
    expect(await app.announced()).toEqual([]);
    expect(await app.query('select * from revinfo')).toEqual([]);
  });

  it.each<[string, Parameters<typeof Object.assign>[0]]>([
    ['answers 200', { body: 'ok' }],
    ['answers 500', { status: 500 }],
    ['cuts the line', { cut: 'before' }],
  ])('is marked and the run goes on when Slack %s', async (_, answer: object) => {
    app.slack.handle = () => answer;
    const [aino, eino] = [await app.henkilo(), await app.henkilo()];
    await app.muutos(aino.hetu, rikki, { pv: '2024-01-01' });
    await app.muutos(eino.hetu, nimi('Eino'));
    expect(await run()).toMatchObject({ changed: 1, failed: 1 });
    expect(app.slack.calls).toHaveLength(1);
  });

  it('does not flood the channel', async () => {
    for (let n = 0; n < 55; n++) await app.muutos((await app.henkilo()).hetu, rikki);
    expect(await run()).toMatchObject({ failed: 55 });
    expect(app.alerts).toHaveLength(51);
    expect(app.alerts.at(-1)).toContain('5 muuta');
  });

  it.each(['not json', { tietoryhma: 'HENKILON_NIMI' }, null, [null], [[]], 7])(
    'poisoned with %j stops nobody else',
    async (myrkky) => {
      const [aino, eino] = [await app.henkilo(), await app.henkilo()];
      await app.muutos(aino.hetu, myrkky, { pv: '2024-01-01' });
      await app.muutos(eino.hetu, nimi('Eino'));
      expect(await run()).toMatchObject({ changed: 1, failed: 1 });
    },
  );
});

it('touches nothing while the code sets cannot be had', async () => {
  const muu = await VtjApp.startNew({ 'virkailija.baseurl': 'http://127.0.0.1:9' });
  try {
    const aino = await muu.henkilo();
    await muu.muutos(aino.hetu, nimi('Inkeri'));
    await expect(muu.nest.get(MuutostietoService).run(new AbortController().signal)).rejects.toThrow('koodisto');
    expect(await muu.query('select processed, error from vtj_muutostieto')).toEqual([{ processed: null, error: null }]);
  } finally {
    await muu.stop();
  }
});

it('ends at the next change when it is told to', async () => {
  const aino = await app.henkilo();
  for (let n = 0; n < 3; n++) await app.muutos(aino.hetu, nimi(`Nimi${n}`));
  const abort = new AbortController();
  abort.abort();
  expect(await app.nest.get(MuutostietoService).run(abort.signal)).toMatchObject({ seen: 0 });
});

describe('a new hetu', () => {
  const korjaus = (uusi: string) => [
    { tietoryhma: 'HENKILOTUNNUS_KORJAUS', muutosattribuutti: 'LISATTY', aktiivinenHenkilotunnus: uusi },
  ];

  it('joins all hetut, decides on birth date and sex, and has the base data fetched again', async () => {
    const aino = await app.henkilo({ syntymaaika: '1985-03-15', sukupuoli: '2' });
    await app.muutos(aino.hetu, korjaus(hetu(3)));
    expect(await run()).toMatchObject({ changed: 1 });
    expect(await app.row(aino)).toMatchObject({
      hetu: hetu(3),
      vtj_bucket: null,
      sukupuoli: '1',
      syntymaaika: '2000-01-01',
    });
    expect(await app.kaikkiHetut(aino)).toEqual([aino.hetu, hetu(3)].sort());
  });

  it('is known to the changes that follow it in the same run', async () => {
    const aino = await app.henkilo();
    await app.muutos(aino.hetu, korjaus(hetu(3)), { pv: '2024-01-01' });
    await app.muutos(hetu(3), nimi('Uudella'), { pv: '2024-01-02' });
    expect(await run()).toMatchObject({ changed: 2, withoutEffect: 0 });
    expect((await app.row(aino)).etunimet).toBe('Uudella');
  });

  it('of another person makes that one a duplicate without hetut', async () => {
    const aino = await app.henkilo();
    const toinen = await app.henkilo({ created: '2025-01-01T10:00:00', yksiloityvtj: true });
    await app.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2)', [toinen.id, hetu(4)]);
    await app.asuminen(toinen, '091', '2011-01-01');
    await app.muutos(aino.hetu, korjaus(toinen.hetu));

    expect(await run()).toMatchObject({ changed: 1, failed: 0 });
    expect(await app.row(aino)).toMatchObject({ hetu: toinen.hetu, yksiloityvtj: true, duplicate: false });
    expect(await app.row(toinen)).toMatchObject({ hetu: null, yksiloityvtj: false, duplicate: true, passivoitu: true });
    expect(await app.kaikkiHetut(aino)).toEqual([aino.hetu, toinen.hetu, hetu(4)].sort());
    expect(await app.kaikkiHetut(toinen)).toEqual([]);
    expect(await app.asumiset(toinen)).toEqual([]);
    expect(await app.query('select master_oid, slave_oid from henkiloviite')).toEqual([
      { master_oid: aino.oid, slave_oid: toinen.oid },
    ]);
    expect(await app.announced()).toEqual([aino.oid, toinen.oid].sort());
    const passivoinnit = (await app.peers.traffic())
      .filter(({ method }) => method === 'DELETE')
      .map(({ path }) => path);
    expect(passivoinnit).toEqual([`/kayttooikeus-service/henkilo/${toinen.oid}/passivoi`]);
  });

  it('of an older person is an error that names both', async () => {
    const vanha = await app.henkilo({ created: '2010-01-01T10:00:00' });
    const aino = await app.henkilo();
    await app.muutos(aino.hetu, korjaus(vanha.hetu));
    expect(await run()).toMatchObject({ changed: 0, failed: 1 });
    expect(app.alerts).toEqual([expect.stringContaining(`${aino.oid} and ${vanha.oid} have the same hetu`)]);
    expect([(await app.row(aino)).version, (await app.row(vanha)).version]).toEqual([0, 0]);
    expect([await app.kaikkiHetut(aino), await app.kaikkiHetut(vanha)]).toEqual([[aino.hetu], [vanha.hetu]]);
  });

  it('stays away while käyttöoikeus cannot take the rights of the duplicate', async () => {
    const aino = await app.henkilo();
    const toinen = await app.henkilo({ created: '2025-01-01T10:00:00' });
    await app.muutos(aino.hetu, korjaus(toinen.hetu));
    await app.peers.state({ fail: { kayttooikeus: 500 } });
    expect(await run()).toMatchObject({ failed: 1 });
    expect([(await app.row(aino)).version, (await app.row(toinen)).version]).toEqual([0, 0]);
    await app.peers.state({ fail: {} });
    await app.peers.reset();
    expect(await run()).toMatchObject({ changed: 1 });
  });
});

describe('guardians', () => {
  const lisays = (henkilo: object, muut: object = {}) => [
    { tietoryhma: 'HUOLTAJA', muutosattribuutti: 'LISATTY', huoltaja: henkilo, ...muut },
  ];

  it('that a message does not mention keep dates, rows and peace', async () => {
    const [lapsi, aino, eino] = [await app.henkilo(), await app.henkilo(), await app.henkilo({ etunimet: 'Eino' })];
    await app.huoltaja(lapsi, aino, '2015-01-01');
    await app.huoltaja(lapsi, eino, '2016-01-01');
    await app.muutos(lapsi.hetu, [{ tietoryhma: 'SIVIILISAATY', muutosattribuutti: 'LISATTY' }], { pv: '2024-01-01' });
    await app.muutos(
      lapsi.hetu,
      lisays({ etunimet: 'Ulla', sukunimi: 'Ulkomaa' }, { huoltosuhteenAlkupv: paiva('2020-01-01') }),
    );

    expect(await run()).toMatchObject({ changed: 2, failed: 0 });
    expect(await app.huoltajat(lapsi)).toEqual(['Aino Maria 2015-01-01', 'Eino 2016-01-01', 'Ulla 2020-01-01']);
    expect(await app.query('select revtype from henkilo_huoltaja_suhde_aud')).toEqual([{ revtype: 0 }]);
    expect([(await app.row(aino)).version, (await app.row(eino)).version]).toEqual([0, 0]);
    const [ulla] = await app.query<{ oid: string }>(`select oidhenkilo as oid, * from henkilo where etunimet = 'Ulla'`);
    expect(ulla).toMatchObject({
      kutsumanimi: 'Ulla',
      hetu: null,
      yksiloityvtj: false,
      kasittelija: '1.2.246.562.24.00000000001',
    });
    expect(await app.announced()).toEqual([lapsi.oid, lapsi.oid, ulla!.oid].sort());
  });

  it('get the dates that VTJ gives, an open end included, and leave when they end', async () => {
    const [lapsi, aino] = [await app.henkilo(), await app.henkilo({ kutsumanimi: 'Maria' })];
    await app.huoltaja(lapsi, aino, '2015-01-01');
    await app.query(`update henkilo_huoltaja_suhde set loppupvm = '2040-01-01'`);
    const ainona = { henkilotunnus: aino.hetu, etunimet: 'Aino Maria', sukunimi: 'Uusi' };
    await app.muutos(lapsi.hetu, lisays(ainona, { huoltosuhteenAlkupv: paiva('2014-01-01') }));
    await run();
    expect(await app.huoltajat(lapsi)).toEqual(['Aino Maria 2014-01-01']);
    expect(await app.row(aino)).toMatchObject({ sukunimi: 'Uusi', kutsumanimi: 'Maria' });

    await app.muutos(lapsi.hetu, lisays(ainona, { huoltosuhteenLoppupv: paiva('2024-01-01') }));
    await run();
    expect(await app.huoltajat(lapsi)).toEqual([]);
  });

  it('without names and unknown are left out, known by hetu they are taken', async () => {
    const [lapsi, aino] = [await app.henkilo(), await app.henkilo()];
    await app.muutos(lapsi.hetu, [...lisays({ henkilotunnus: hetu(5) }), ...lisays({ henkilotunnus: aino.hetu })]);
    expect(await run()).toMatchObject({ changed: 1, failed: 0 });
    expect(await app.huoltajat(lapsi)).toEqual(['Aino Maria -']);
  });

  it('of several children at once are made once', async () => {
    const lapset: StoredHenkilo[] = [];
    for (let n = 0; n < 12; n++) lapset.push(await app.henkilo());
    for (const lapsi of lapset)
      await app.muutos(lapsi.hetu, lisays({ henkilotunnus: hetu(6), etunimet: 'Ulla', sukunimi: 'Ulkomaa' }));
    expect(await run()).toMatchObject({ changed: 12, failed: 0 });
    expect(await app.query(`select 1 from henkilo where hetu = $1`, [hetu(6)])).toHaveLength(1);
    for (const lapsi of lapset) expect(await app.huoltajat(lapsi)).toEqual(['Ulla -']);
  });
});

it('takes a day of death back', async () => {
  const aino = await app.henkilo({ kuolinpaiva: '2024-04-30' });
  await app.muutos(aino.hetu, [{ tietoryhma: 'KUOLINPAIVA', muutosattribuutti: 'MUUTETTU', kuollut: false }]);
  expect(await run()).toMatchObject({ changed: 1 });
  expect((await app.row(aino)).kuolinpaiva).toBeNull();
});

it('deletes protected addresses, not only their owner', async () => {
  const aino = await app.henkilo();
  await app.ryhma(aino, 'yhteystietotyyppi4', 'alkupera1', { KATUOSOITE: 'Salainen katu 1' });
  await app.ryhma(aino, 'yhteystietotyyppi1', 'alkupera2', { PUHELINNUMERO: '0501234567' });
  await app.muutos(aino.hetu, [
    { tietoryhma: 'TURVAKIELTO', muutosattribuutti: 'LISATTY', turvakieltoAktiivinen: true },
    { tietoryhma: 'TILAPAINEN_KOTIMAINEN_OSOITE', muutosattribuutti: 'LISATTY', katunimi: { fi: 'Salainen polku' } },
  ]);
  await run();
  expect(await app.query('select ryhmakuvaus, henkilo_id from yhteystiedotryhma')).toEqual([
    { ryhmakuvaus: 'yhteystietotyyppi1', henkilo_id: aino.id },
  ]);
  expect(await app.query('select yhteystieto_arvo as arvo from yhteystiedot')).toEqual([{ arvo: '0501234567' }]);
  expect(app.lines.join('')).not.toContain('Salainen');
});

it('records a move of a person under turvakielto, and the same move only once', async () => {
  const aino = await app.henkilo({ turvakielto: true, kotikunta: '091' });
  await app.asuminen(aino, '091', '2011-01-01');
  const muutto = [
    { tietoryhma: 'KOTIKUNTA', muutosattribuutti: 'LISATTY', kuntakoodi: '837', kuntaanMuuttopv: paiva('2024-05-01') },
    { tietoryhma: 'EDELLINEN_KOTIKUNTA', muutosattribuutti: 'MUUTETTU', kuntakoodi: '091', kuntaanMuuttopv: paiva('2011-01-01'), kunnastaPoisMuuttopv: paiva('2024-04-30') },
  ]; // prettier-ignore
  for (let n = 0; n < 2; n++) await app.muutos(aino.hetu, muutto);
  expect(await run()).toMatchObject({ changed: 2 });
  expect((await app.row(aino)).kotikunta).toBe('837');
  expect(await app.asumiset(aino)).toEqual(['091 2011-01-01 2024-04-30', '837 2024-05-01']);
});

it('takes a cancelled move back', async () => {
  const aino = await app.henkilo({ kotikunta: '837' });
  await app.asuminen(aino, '091', '2011-01-01', '2024-04-30');
  await app.asuminen(aino, '837', '2024-05-01');
  const edellinen = { tietoryhma: 'EDELLINEN_KOTIKUNTA', kuntakoodi: '091', kuntaanMuuttopv: paiva('2011-01-01') };
  await app.muutos(aino.hetu, [
    { tietoryhma: 'KOTIKUNTA', muutosattribuutti: 'POISTETTU', kuntakoodi: '837', kuntaanMuuttopv: paiva('2024-05-01'), voimassaolevatTiedot: [{ kuntakoodi: '091' }] },
    { ...edellinen, muutosattribuutti: 'KORJATTAVA', kunnastaPoisMuuttopv: paiva('2024-04-30') },
    { ...edellinen, muutosattribuutti: 'KORJATTU' },
  ]); // prettier-ignore
  await run();
  expect((await app.row(aino)).kotikunta).toBe('091');
  expect(await app.asumiset(aino)).toEqual(['091 2011-01-01']);
});

it('stores what VTJ says in its own way: no sex, a language in capitals, codes that nobody knows', async () => {
  const aino = await app.henkilo({ kotikunta: '000' });
  await app.muutos(aino.hetu, [
    { tietoryhma: 'SUKUPUOLI', muutosattribuutti: 'LISATTY', sukupuoli: 'PUUTTUU' },
    { tietoryhma: 'AIDINKIELI', muutosattribuutti: 'LISATTY', kielikoodi: 'SV' },
    {
      tietoryhma: 'KANSALAISUUS',
      henkilonKansalaisuudet: [{ kansalaisuuskoodi: '736' }, { kansalaisuuskoodi: 'xxx' }],
    },
  ]);
  expect(await run()).toMatchObject({ changed: 1, failed: 0 });
  const [rivi] = await app.query(
    `select kotikunta, kielikoodi, (select array_agg(kansalaisuuskoodi order by 1) from henkilo_kansalaisuus x
        join kansalaisuus k on k.id = x.kansalaisuus_id where x.henkilo_id = h.id) as kansalaisuudet
       from henkilo h join kielisyys on kielisyys.id = aidinkieli_id where h.id = $1`,
    [aino.id],
  );
  expect(rivi).toEqual({ kotikunta: '999', kielikoodi: 'sv', kansalaisuudet: ['729', '998'] });
});
