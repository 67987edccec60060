import { isHetuKorjattu, fromMuutostieto, fromPerustieto } from './tietoryhma.mapper.js';
import { toTietoryhmat, type Tietoryhma } from './tietoryhma.model.js';
import type { NykyinenHuoltaja, VtjKohde } from './vtj-muutos.model.js';

const today = '2026-05-10';
const paiva = (arvo: string) => ({ arvo, tarkkuus: 'PAIVA' });
const maat: Record<string, { FI: string; SV?: string }> = {
  246: { FI: 'Suomi', SV: 'Finland' },
  752: { FI: 'Ruotsi' },
};
const ymparisto = { today, findMaa: (koodi: string, kieli: 'FI' | 'SV') => maat[koodi]?.[kieli] };

const kadunkulma = {
  id: 1,
  ryhmaKuvaus: 'yhteystietotyyppi4',
  ryhmaAlkuperaTieto: 'alkupera1',
  readOnly: true,
  yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_KATUOSOITE' as const, yhteystietoArvo: 'Vanha katu 1' }],
};
const oma = { ...kadunkulma, id: 2, ryhmaAlkuperaTieto: 'alkupera2', readOnly: false };
const kohde: VtjKohde = {
  kotikunta: '091',
  kuolinpaiva: null,
  turvakielto: false,
  yhteystiedotRyhma: [kadunkulma, oma],
  huoltajat: [],
  asiointikieli: 'fi',
  aidinkieli: 'fi',
};
const ennallaan = { turvakielto: false, kotikunta: '091', yhteystiedotRyhma: [kadunkulma, oma] };
const muutos = (...ryhmat: Tietoryhma[]) => fromMuutostieto(kohde, toTietoryhmat(ryhmat), ymparisto);
const perustieto = (...ryhmat: Tietoryhma[]) => fromPerustieto(kohde, toTietoryhmat(ryhmat), ymparisto);

/** One row per group: fields, and what they make of the person as data that is in force. */
const TIEDOT: [string, Tietoryhma, object][] = [
  ['HENKILON_NIMI', { etunimi: 'Aino Inkeri', sukunimi: 'von Laine' }, { etunimet: 'Aino Inkeri', sukunimi: 'von Laine' }],
  ['HENKILON_NIMI', { etunimet: 'Ei luettava', sukunimi: null }, {}],
  ['KUTSUMANIMI', { nimilaji: 'NYKYINEN_KUTSUMANIMI', nimi: 'Inkeri' }, { kutsumanimi: 'Inkeri' }],
  ['KUTSUMANIMI', { nimilaji: 'ENTINEN_KUTSUMANIMI', nimi: 'Inkeri' }, {}],
  ['KUTSUMANIMI', { nimilaji: 'NYKYINEN_KUTSUMANIMI', nimi: null }, {}],
  ['SYNTYMAPAIVA', { syntymapv: paiva('1985-03-16') }, { syntymaaika: '1985-03-16' }],
  ['SUKUPUOLI', { sukupuoli: 'MIES' }, { sukupuoli: '1' }],
  ['SUKUPUOLI', { sukupuoli: 'NAINEN' }, { sukupuoli: '2' }],
  ['SUKUPUOLI', { sukupuoli: 'PUUTTUU' }, {}],
  ['KUOLINPAIVA', { kuollut: true, kuolinpv: paiva('2026-05-01') }, { kuolinpaiva: '2026-05-01' }],
  ['KUOLINPAIVA', { kuollut: true }, { kuolinpaiva: today }],
  ['KUOLINPAIVA', { kuollut: false }, { kuolinpaiva: null }],
  ['AIDINKIELI', { kielikoodi: 'sv' }, { aidinkieli: 'sv' }],
  ['AIDINKIELI', { kielikoodi: 'IW' }, { aidinkieli: 'he' }],
  ['KANSALAISUUS', { henkilonKansalaisuudet: [{ kansalaisuuskoodi: '736' }, { kansalaisuuskoodi: '230' }] }, { kansalaisuudet: ['729', '231'] }],
  ['KANSALAISUUS', { henkilonKansalaisuudet: [] }, { kansalaisuudet: [] }],
  ['TURVAKIELTO', { turvakieltoAktiivinen: true }, { turvakielto: true }],
  ['KOTIKUNTA', { kuntakoodi: '853', kuntaanMuuttopv: paiva('2020-01-01') }, { kotikunta: '853' }],
  ['EDELLINEN_KOTIKUNTA', { kuntakoodi: '853' }, {}],
  ['NIMENMUUTOS', { foo: 1 }, {}],
  ['HUOLTAJA_SUPPEA', {}, {}],
  ['SIVIILISAATY', {}, {}],
  ['VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS', {}, {}],
  ['ULKOMAINEN_POSTIOSOITE', { lahiosoite: 'x' }, {}],
  ['toString', {}, {}],
]; // prettier-ignore

describe('a group of base data', () => {
  it.each(TIEDOT)('%s %j', (tietoryhma, kentat, vaikutus) => {
    expect(perustieto({ tietoryhma, ...kentat })).toEqual({ ...ennallaan, ...vaikutus });
  });

  it('of a hetu correction changes nothing but forbids to store when the hetu is another', () => {
    const korjaus = { tietoryhma: 'HENKILOTUNNUS_KORJAUS', aktiivinenHenkilotunnus: '010180-921T' };
    expect(perustieto(korjaus)).toEqual(ennallaan);
    expect(isHetuKorjattu([korjaus], '010180-921T')).toBe(false);
    expect(isHetuKorjattu([korjaus], '030382-9239')).toBe(true);
    expect(isHetuKorjattu([{ tietoryhma: 'HENKILOTUNNUS_KORJAUS' }], '010180-921T')).toBe(true);
  });
});

describe('a group of a change', () => {
  const VOIMASSA = ['LISATTY', 'MUUTETTU', 'KORJATTU'];
  const ATTRIBUUTISTA_RIIPPUVAT = TIEDOT.filter(([nimi]) => !['KOTIKUNTA', 'KUOLINPAIVA', 'KANSALAISUUS', 'TURVAKIELTO'].includes(nimi)); // prettier-ignore

  it.each(ATTRIBUUTISTA_RIIPPUVAT)('%s %j counts when it is data in force', (tietoryhma, kentat, vaikutus) => {
    for (const muutosattribuutti of VOIMASSA) {
      expect(muutos({ tietoryhma, muutosattribuutti, ...kentat })).toEqual({ ...ennallaan, ...vaikutus });
      expect(muutos({ tietoryhma, muutosattribuutti, ...kentat, loppupv: paiva('2026-05-11') })).toEqual({ ...ennallaan, ...vaikutus }); // prettier-ignore
      expect(muutos({ tietoryhma, muutosattribuutti, ...kentat, loppupv: paiva(today) })).toEqual(ennallaan);
    }
    for (const muutosattribuutti of ['POISTETTU', 'KORJATTAVA', 'LISATIETO', undefined]) {
      expect(muutos({ tietoryhma, muutosattribuutti, ...kentat })).toEqual(ennallaan);
    }
  });

  it.each(TIEDOT.filter(([nimi]) => nimi === 'KANSALAISUUS' || nimi === 'TURVAKIELTO'))('%s %j counts whatever its attribute', (tietoryhma, kentat, vaikutus) => {
    for (const muutosattribuutti of [...VOIMASSA, 'POISTETTU', 'KORJATTAVA', 'LISATIETO']) {
      expect(muutos({ tietoryhma, muutosattribuutti, ...kentat, loppupv: paiva(today) })).toEqual({ ...ennallaan, ...vaikutus }); // prettier-ignore
    }
  }); // prettier-ignore

  it('gives a new hetu', () => {
    const korjaus = { tietoryhma: 'HENKILOTUNNUS_KORJAUS', aktiivinenHenkilotunnus: '010180-921T' };
    expect(muutos({ ...korjaus, muutosattribuutti: 'LISATTY' })).toEqual({ ...ennallaan, hetu: '010180-921T' });
    expect(muutos({ ...korjaus, muutosattribuutti: 'LISATTY', aktiivinenHenkilotunnus: null })).toEqual(ennallaan);
    expect(muutos({ ...korjaus, muutosattribuutti: 'POISTETTU' })).toEqual(ennallaan);
  });

  it.each([
    ['LISATTY', { kuntakoodi: '853' }, '853'],
    ['MUUTETTU', { kuntakoodi: '853' }, '091'],
    ['KORJATTU', { kuntakoodi: '853' }, '091'],
    ['LISATIETO', { kuntakoodi: '853' }, '091'],
    ['POISTETTU', { kuntakoodi: '091', voimassaolevatTiedot: [{ kuntakoodi: '853' }, { kuntakoodi: '837' }] }, '853'],
    ['POISTETTU', { kuntakoodi: '091', voimassaolevatTiedot: [] }, '091'],
  ])('KOTIKUNTA %s %j gives municipality %s', (muutosattribuutti, kentat, kotikunta) => {
    expect(muutos({ tietoryhma: 'KOTIKUNTA', muutosattribuutti, ...kentat })).toEqual({ ...ennallaan, kotikunta });
  });

  it.each<[string, Tietoryhma[], string | null | undefined]>([
    ['set', [{ muutosattribuutti: 'LISATTY', kuollut: true, kuolinpv: paiva('2026-05-01') }], '2026-05-01'],
    ['set without an attribute', [{ kuollut: true }], today],
    ['not set by taking the entry away', [{ muutosattribuutti: 'POISTETTU', kuollut: true, kuolinpv: paiva('2026-05-01') }], null],
    ['not touched when an entry of life is taken away', [{ muutosattribuutti: 'POISTETTU', kuollut: false }], undefined],
    ['removed by a correction', [{ muutosattribuutti: 'KORJATTAVA', kuollut: true, kuolinpv: paiva('2026-05-01') }, { muutosattribuutti: 'KORJATTU', kuollut: false }], null],
    ['corrected', [{ muutosattribuutti: 'KORJATTAVA', kuollut: true, kuolinpv: paiva('2026-05-01') }, { muutosattribuutti: 'KORJATTU', kuollut: true, kuolinpv: paiva('2026-05-02') }], '2026-05-02'],
    ['not removed by additional information', [{ muutosattribuutti: 'LISATIETO', kuollut: false }], undefined],
  ])('the day of death is %s', (_, ryhmat, kuolinpaiva) => {
    expect(muutos(...ryhmat.map((r) => ({ tietoryhma: 'KUOLINPAIVA', ...r })))).toEqual({
      ...ennallaan,
      ...(kuolinpaiva !== undefined && { kuolinpaiva }),
    });
  }); // prettier-ignore

  it('is overridden by a later one', () => {
    const nimi = (etunimi: string) => ({ tietoryhma: 'HENKILON_NIMI', muutosattribuutti: 'LISATTY', etunimi });
    expect(muutos(nimi('Ensin'), nimi('Sitten')).etunimet).toBe('Sitten');
  });

  it.each<[string, unknown]>([
    ['no list', {}],
    ['a group without a name', [{ foo: 1 }]],
    ['a group that is a text', ['KOTIKUNTA']],
    ['null', [null]],
    ['a month that is none', [{ tietoryhma: 'SYNTYMAPAIVA', muutosattribuutti: 'LISATTY', syntymapv: paiva('1985-13') }]],
    ['a day of no month', [{ tietoryhma: 'SYNTYMAPAIVA', muutosattribuutti: 'LISATTY', syntymapv: paiva('1985-00-16') }]],
    ['a word instead of a day', [{ tietoryhma: 'SYNTYMAPAIVA', muutosattribuutti: 'LISATTY', syntymapv: paiva('juhannus') }]],
    ['a list instead of a day', [{ tietoryhma: 'SYNTYMAPAIVA', muutosattribuutti: 'LISATTY', syntymapv: { arvo: ['1985-03-16'] } }]],
    ['a day that is none', [{ tietoryhma: 'SYNTYMAPAIVA', muutosattribuutti: 'LISATTY', syntymapv: paiva('2025-02-30') }]],
    ['a text instead of a day', [{ tietoryhma: 'SYNTYMAPAIVA', muutosattribuutti: 'LISATTY', syntymapv: '1985-03-16' }]],
    ['an end that is no day', [{ tietoryhma: 'HENKILON_NIMI', muutosattribuutti: 'LISATTY', loppupv: paiva('25.5.2025') }]],
    ['a new municipality without a code', [{ tietoryhma: 'KOTIKUNTA', muutosattribuutti: 'LISATTY' }]],
    ['a removed municipality without what is in force', [{ tietoryhma: 'KOTIKUNTA', muutosattribuutti: 'POISTETTU' }]],
    ['a death that is neither yes nor no', [{ tietoryhma: 'KUOLINPAIVA', muutosattribuutti: 'LISATTY', kuollut: 'ehkä' }]],
    ['a death without its flag', [{ tietoryhma: 'KUOLINPAIVA', muutosattribuutti: 'LISATTY', kuolinpv: paiva('2026-05-01') }]],
    ['a mother tongue without its code', [{ tietoryhma: 'AIDINKIELI', muutosattribuutti: 'LISATTY', kielikoodi: null }]],
    ['a nationality without its code', [{ tietoryhma: 'KANSALAISUUS', muutosattribuutti: 'LISATTY', henkilonKansalaisuudet: [{}] }]],
    ['nationalities without a list', [{ tietoryhma: 'KANSALAISUUS', muutosattribuutti: 'LISATTY' }]],
    ['a guardian without a person', [{ tietoryhma: 'HUOLTAJA', muutosattribuutti: 'LISATTY' }]],
  ])('that cannot be read is an error without its values: %s', (_, ryhmat) => {
    expect(() => fromMuutostieto(kohde, toTietoryhmat(ryhmat), ymparisto)).toThrow(/^[A-ZÄ_a-zä]+: \w+ is /);
  }); // prettier-ignore
});

describe('a group in another writing', () => {
  it.each<[string, Tietoryhma, object]>([
    ['HENKILON_NIMI', { etunimi: '', sukunimi: '' }, {}],
    ['HENKILON_NIMI', { etunimi: ' \n\t', sukunimi: '\u00a0' }, {}],
    ['HENKILON_NIMI', { etunimi: '\n  Aino Inkeri\n', sukunimi: '' }, { etunimet: 'Aino Inkeri' }],
    ['KUTSUMANIMI', { nimilaji: ' NYKYINEN_KUTSUMANIMI\n', nimi: ' Inkeri ' }, { kutsumanimi: 'Inkeri' }],
    ['KUTSUMANIMI', { nimilaji: 'NYKYINEN_KUTSUMANIMI', nimi: ' ' }, {}],
    ['SUKUPUOLI', { sukupuoli: '\nmies ' }, { sukupuoli: '1' }],
    ['SUKUPUOLI', { sukupuoli: 2 }, { sukupuoli: '2' }],
    ['SUKUPUOLI', { sukupuoli: '' }, {}],
    ['AIDINKIELI', { kielikoodi: ' SV\n' }, { aidinkieli: 'sv' }],
    ['AIDINKIELI', { kielikoodi: '' }, {}],
    ['AIDINKIELI', { kielikoodi: 99 }, { aidinkieli: '99' }],
    ['KANSALAISUUS', { henkilonKansalaisuudet: [{ kansalaisuuskoodi: ' 246 ' }, { kansalaisuuskoodi: 40 }, { kansalaisuuskoodi: '' }] }, { kansalaisuudet: ['246', '040'] }],
    ['KANSALAISUUS', { henkilonKansalaisuudet: [{ kansalaisuuskoodi: ' ' }] }, {}],
    ['KOTIKUNTA', { kuntakoodi: '\n853\n' }, { kotikunta: '853' }],
    ['KOTIKUNTA', { kuntakoodi: 49 }, { kotikunta: '049' }],
    ['KOTIKUNTA', { kuntakoodi: '' }, {}],
    ['KUOLINPAIVA', { kuollut: 'true', kuolinpv: paiva(' 2026-05-01\n') }, { kuolinpaiva: '2026-05-01' }],
    ['KUOLINPAIVA', { kuollut: 1, kuolinpv: { arvo: '' } }, { kuolinpaiva: today }],
    ['KUOLINPAIVA', { kuollut: ' Kyllä ', kuolinpv: { arvo: null, tarkkuus: null } }, { kuolinpaiva: today }],
    ['KUOLINPAIVA', { kuollut: 'FALSE' }, { kuolinpaiva: null }],
    ['KUOLINPAIVA', { kuollut: 0 }, { kuolinpaiva: null }],
    ['SYNTYMAPAIVA', { syntymapv: {} }, {}],
  ])('%s %j', (tietoryhma, kentat, vaikutus) => {
    expect(perustieto({ tietoryhma, ...kentat })).toEqual({ ...ennallaan, ...vaikutus });
    expect(muutos({ tietoryhma, muutosattribuutti: 'LISATTY', ...kentat })).toEqual({ ...ennallaan, ...vaikutus });
  }); // prettier-ignore

  it.each<[unknown, boolean]>([
    ...[false, 0, '0', 'false', ' FALSE ', '\n0\n', 'ei', 'no'].map((flag) => [flag, false] as [unknown, boolean]),
    ...[true, 1, '1', '\n1\n', 'true', 'TRUE', 'Kyllä', 'K', 'yes', 2, '01', 'on', 'ehkä'].map((flag) => [flag, true] as [unknown, boolean]),
    ...[null, undefined, '', ' ', {}, [], [false], NaN].map((flag) => [flag, true] as [unknown, boolean]),
  ])('the turvakielto flag %j protects: %s', (turvakieltoAktiivinen, turvakielto) => {
    const ryhma = { tietoryhma: 'TURVAKIELTO', muutosattribuutti: 'MUUTETTU', turvakieltoAktiivinen };
    expect(muutos(ryhma)).toEqual({ ...ennallaan, turvakielto });
    expect(perustieto(ryhma)).toEqual({ ...ennallaan, turvakielto });
  }); // prettier-ignore

  it.each<[unknown, boolean]>([
    [['katunimi'], true],
    ['katunimi', true],
    ['', true],
    [true, true],
    [{}, true],
    [false, false],
    [null, false],
    [undefined, false],
  ])('an address whose protected fields are %j is protected: %s', (turvakiellonAlaisetKentat, suojattu) => {
    const { yhteystiedotRyhma } = muutos({ tietoryhma: 'VAKINAINEN_KOTIMAINEN_OSOITE', muutosattribuutti: 'LISATTY', katunimi: { fi: 'Salakatu' }, turvakiellonAlaisetKentat }); // prettier-ignore
    expect(JSON.stringify(yhteystiedotRyhma).includes('Salakatu')).toBe(!suojattu);
    expect(yhteystiedotRyhma).toHaveLength(suojattu ? 1 : 2);
  });
});

describe('a day that is known to the month or the year', () => {
  const kuolema = (arvo: string | number, nykyinen: string | null = null) =>
    fromMuutostieto(
      { ...kohde, kuolinpaiva: nykyinen },
      [{ tietoryhma: 'KUOLINPAIVA', muutosattribuutti: 'LISATTY', kuollut: true, kuolinpv: { arvo } }],
      ymparisto,
    ).kuolinpaiva;

  it.each<[string | number, string | null, string]>([
    ['2025', null, '2025-12-31'],
    [2025, null, '2025-12-31'],
    ['2025-00-00', null, '2025-12-31'],
    ['2024-02', null, '2024-02-29'],
    ['2025-02-00', null, '2025-02-28'],
    ['2026', null, today],
    ['2026-05', null, today],
    ['2026-05', '2026-05-02', '2026-05-02'],
    ['2025', '2026-05-02', '2025-12-31'],
    ['2026-05-03', '2026-05-02', '2026-05-03'],
  ])('a death in %s, %s stored: %s', (arvo, nykyinen, odotettu) => expect(kuolema(arvo, nykyinen)).toBe(odotettu));

  it.each(['1985', '1985-03', '1985-03-00', '1985-00-00'])('%s leaves the day of birth as it is', (arvo) => {
    const ryhma = { tietoryhma: 'SYNTYMAPAIVA', muutosattribuutti: 'LISATTY', syntymapv: { arvo, tarkkuus: 'VUOSI' } };
    expect(muutos(ryhma)).toEqual(ennallaan);
    expect(perustieto(ryhma)).toEqual(ennallaan);
  });

  it.each([
    ['2025', false],
    ['2026-04', false],
    ['2026-05', true],
    ['2026', true],
  ])('data until %s are in force: %s', (arvo, voimassa) => {
    const ryhma = { tietoryhma: 'HENKILON_NIMI', muutosattribuutti: 'LISATTY', etunimi: 'Uusi', loppupv: { arvo } };
    expect(muutos(ryhma)).toEqual({ ...ennallaan, ...(voimassa && { etunimet: 'Uusi' }) });
  });

  it.each<[string, object, object | null]>([
    ['begins next year', { huoltosuhteenAlkupv: paiva('2027') }, null],
    ['begins this year', { huoltosuhteenAlkupv: paiva('2026') }, { alkupvm: null, loppupvm: null }],
    ['ended last year', { huoltosuhteenLoppupv: paiva('2025') }, null],
    ['ends this month', { huoltosuhteenLoppupv: paiva('2026-05') }, { alkupvm: null, loppupvm: '2026-05-31' }],
  ])('a guardianship that %s', (_, paivat, jakso) => {
    const huoltaja = { henkilotunnus: ' 010180-921T ', etunimet: ' Ulla', sukunimi: 'Ulkomaa', syntymapv: paiva('1980'), kansalaisuuskoodi: 40 }; // prettier-ignore
    const ryhma = { tietoryhma: 'HUOLTAJA', muutosattribuutti: 'LISATTY', huoltaja, ...paivat };
    const tiedot = { hetu: '010180-921T', etunimet: 'Ulla', kutsumanimi: 'Ulla', sukunimi: 'Ulkomaa', syntymaaika: null, yksiloityVTJ: false, kansalaisuudet: ['040'], ...jakso }; // prettier-ignore
    expect(muutos(ryhma).huoltajat).toEqual(jakso ? [{ tiedot }] : []);
  });
});

describe('contact groups', () => {
  const osoite = {
    katunimi: { fi: ' Koulukatu ', sv: 'Skolgatan' },
    katunumero: '4',
    huoneistokirjain: 'B',
    huoneistonumero: '007',
    jakokirjain: '',
    postinumero: '90100',
    postitoimipaikka: { fi: 'OULU', sv: 'ULEÅBORG' },
  };
  const ulkomailla = {
    lahiosoite: 'Storgatan 1',
    paikkakunta: 'Stockholm',
    valtiokoodi: '752',
    valtionimi: 'Konungariket',
  };
  const arvot = (kohde: VtjKohde, ...ryhmat: Tietoryhma[]) =>
    fromMuutostieto(kohde, toTietoryhmat(ryhmat), ymparisto).yhteystiedotRyhma.map((ryhma) => [
      ryhma.ryhmaKuvaus,
      ryhma.ryhmaAlkuperaTieto,
      ryhma.readOnly,
      Object.fromEntries(ryhma.yhteystieto.map((y) => [y.yhteystietoTyyppi.slice(12), y.yhteystietoArvo])),
    ]);
  const tyhja = { ...kohde, yhteystiedotRyhma: [] };
  const lisatty = (tietoryhma: string, kentat: object) => ({ tietoryhma, muutosattribuutti: 'LISATTY', ...kentat });

  const kotimaa = { KATUOSOITE: 'Koulukatu 4 B 7', POSTINUMERO: '90100', KAUPUNKI: 'OULU', MAA: 'Suomi' };
  it.each<[string, object, string, object]>([
    ['VAKINAINEN_KOTIMAINEN_OSOITE', osoite, 'yhteystietotyyppi4', kotimaa],
    ['TILAPAINEN_KOTIMAINEN_OSOITE', osoite, 'yhteystietotyyppi9', kotimaa],
    ['VAKINAINEN_KOTIMAINEN_OSOITE', { katunimi: null, huoneistonumero: '000', postitoimipaikka: 'OULU' }, 'yhteystietotyyppi4', { KATUOSOITE: '', POSTINUMERO: '', KAUPUNKI: '', MAA: 'Suomi' }],
    ['KOTIMAINEN_POSTIOSOITE', { postiosoite: { fi: 'PL 1' }, postinumero: '00101', postitoimipaikka: { fi: 'HELSINKI' } }, 'yhteystietotyyppi11', { KATUOSOITE: 'PL 1', POSTINUMERO: '00101', KAUPUNKI: 'HELSINKI', MAA: 'Suomi' }],
    ['VAKINAINEN_ULKOMAINEN_OSOITE', ulkomailla, 'yhteystietotyyppi5', { KATUOSOITE: 'Storgatan 1', KUNTA: 'Stockholm', MAA: 'Ruotsi' }],
    ['TILAPAINEN_ULKOMAINEN_OSOITE', { ...ulkomailla, valtiokoodi: '998' }, 'yhteystietotyyppi10', { KATUOSOITE: 'Storgatan 1', KUNTA: 'Stockholm', MAA: 'Konungariket' }],
    ['TILAPAINEN_ULKOMAINEN_OSOITE', { valtiokoodi: '000', valtionimi: 'Ei luettava' }, 'yhteystietotyyppi10', { KATUOSOITE: '', KUNTA: '', MAA: '' }],
    ['SAHKOPOSTIOSOITE', { sahkopostiosoite: 'aino@vtj.example.com' }, 'yhteystietotyyppi8', { SAHKOPOSTI: 'aino@vtj.example.com' }],
    ['SAHKOPOSTIOSOITE', { sahkopostiosoite: '\n aino@vtj.example.com\n' }, 'yhteystietotyyppi8', { SAHKOPOSTI: 'aino@vtj.example.com' }],
    ['SAHKOPOSTIOSOITE', { sahkopostiosoite: ' ' }, 'yhteystietotyyppi8', { SAHKOPOSTI: '' }],
    ['VAKINAINEN_KOTIMAINEN_OSOITE', { katunimi: { fi: '\nKoulukatu ' }, katunumero: 4, huoneistonumero: 7, postinumero: 100, postitoimipaikka: { fi: ' HELSINKI\n' } }, 'yhteystietotyyppi4', { KATUOSOITE: 'Koulukatu 4 7', POSTINUMERO: '00100', KAUPUNKI: 'HELSINKI', MAA: 'Suomi' }],
    ['KOTIMAINEN_POSTIOSOITE', { postiosoite: { fi: ' PL 1' }, postinumero: ' 00101\n' }, 'yhteystietotyyppi11', { KATUOSOITE: 'PL 1', POSTINUMERO: '00101', KAUPUNKI: '', MAA: 'Suomi' }],
    ['VAKINAINEN_ULKOMAINEN_OSOITE', { lahiosoite: ' Storgatan 1\n', paikkakunta: ' ', valtiokoodi: 752 }, 'yhteystietotyyppi5', { KATUOSOITE: 'Storgatan 1', KUNTA: '', MAA: 'Ruotsi' }],
  ])('%s %j', (tietoryhma, kentat, kuvaus, odotettu) => {
    expect(arvot(tyhja, lisatty(tietoryhma, kentat))).toEqual([[kuvaus, 'alkupera1', true, odotettu]]);
  }); // prettier-ignore

  it.each([
    ['sv', null, undefined, 'Skolgatan 4 B 7', 'Finland'],
    [null, 'sv', undefined, 'Skolgatan 4 B 7', 'Finland'],
    ['fi', 'sv', undefined, 'Koulukatu 4 B 7', 'Suomi'],
    ['en', 'sv', undefined, 'Koulukatu 4 B 7', 'Suomi'],
    [null, null, 'swe', 'Skolgatan 4 B 7', 'Finland'],
    [null, null, 'rus', 'Koulukatu 4 B 7', 'Suomi'],
    [null, null, undefined, 'Koulukatu 4 B 7', 'Suomi'],
  ])('are in the language of the person: %s, else %s, else of the message: %s', (asiointikieli, aidinkieli, iso, katu, maa) => {
    const ryhmat = [lisatty('VAKINAINEN_KOTIMAINEN_OSOITE', osoite), ...(iso ? [{ tietoryhma: 'AIDINKIELI', kielikoodiISO6392: iso }] : [])];
    const [[, , , { KATUOSOITE, MAA }]] = arvot({ ...tyhja, asiointikieli, aidinkieli }, ...ryhmat) as [[string, string, boolean, Record<string, string>]];
    expect([KATUOSOITE, MAA]).toEqual([katu, maa]);
  }); // prettier-ignore

  it('names no country in a language that koodisto does not have', () => {
    const [[, , , { MAA }]] = arvot({ ...tyhja, asiointikieli: 'sv' }, lisatty('VAKINAINEN_ULKOMAINEN_OSOITE', ulkomailla)) as [[string, string, boolean, Record<string, string>]]; // prettier-ignore
    expect(MAA).toBe('');
  });

  it('replace the VTJ group of their type and no other', () => {
    const ryhmat = fromMuutostieto(
      kohde,
      [lisatty('VAKINAINEN_KOTIMAINEN_OSOITE', osoite)],
      ymparisto,
    ).yhteystiedotRyhma;
    expect(ryhmat.map(({ id, ryhmaKuvaus }) => [id, ryhmaKuvaus])).toEqual([
      [2, 'yhteystietotyyppi4'],
      [null, 'yhteystietotyyppi4'],
    ]);
  });

  it.each(['LISATTY', 'POISTETTU', 'LISATIETO'])('under turvakielto only go: %s', (muutosattribuutti) => {
    const ryhma = {
      tietoryhma: 'VAKINAINEN_KOTIMAINEN_OSOITE',
      muutosattribuutti,
      ...osoite,
      turvakiellonAlaisetKentat: [],
    };
    expect(muutos(ryhma).yhteystiedotRyhma).toEqual([oma]);
    expect(perustieto(ryhma).yhteystiedotRyhma).toEqual([oma]);
  });

  it.each(['POISTETTU', 'KORJATTAVA', 'LISATIETO'])('of a change that is %s stay', (muutosattribuutti) => {
    expect(muutos({ tietoryhma: 'VAKINAINEN_KOTIMAINEN_OSOITE', muutosattribuutti, ...osoite })).toEqual(ennallaan);
  });

  it('of base data without an e-mail address stay', () => {
    expect(perustieto({ tietoryhma: 'SAHKOPOSTIOSOITE', sahkopostiosoite: null })).toEqual(ennallaan);
  });
});

describe('guardians', () => {
  const huoltaja = (suhdeId: number, hetu: string | null, etunimet: string, muut: Partial<NykyinenHuoltaja> = {}) => ({
    suhdeId, huoltajaId: suhdeId * 10, hetu, etunimet, kutsumanimi: etunimet, sukunimi: 'Laine', yksiloityVTJ: false,
    alkupvm: '2015-01-01', loppupvm: null, ...muut,
  }); // prettier-ignore
  const aino = huoltaja(1, '150385-9024', 'Aino Maria', { kutsumanimi: 'Maria', yksiloityVTJ: true });
  const eino = huoltaja(2, null, 'Eino');
  const lapsi: VtjKohde = { ...kohde, huoltajat: [aino, eino] };
  const ryhma = (muutosattribuutti: string | undefined, henkilo: object, muut: object = {}) => ({
    tietoryhma: 'HUOLTAJA', muutosattribuutti, huoltaja: henkilo, ...muut,
  }); // prettier-ignore
  const jalkeen = (...ryhmat: Tietoryhma[]) => fromMuutostieto(lapsi, toTietoryhmat(ryhmat), ymparisto).huoltajat;
  const uusi = { hetu: null, etunimet: 'Ulla', kutsumanimi: 'Ulla', sukunimi: 'Ulkomaa', syntymaaika: null, yksiloityVTJ: false, kansalaisuudet: null, alkupvm: null, loppupvm: null }; // prettier-ignore
  const ulla = { etunimet: 'Ulla', sukunimi: 'Ulkomaa' };

  it('are untouched by a message that does not mention them', () => {
    expect(jalkeen({ tietoryhma: 'SIVIILISAATY', muutosattribuutti: 'LISATTY' })).toBeUndefined();
  });

  it('that the message does not mean keep their relation', () => {
    expect(jalkeen(ryhma('LISATTY', ulla))).toEqual([{ pysyva: aino }, { pysyva: eino }, { tiedot: uusi }]);
  });

  it('are given with all that VTJ knows', () => {
    const tieto = ryhma(
      'LISATTY',
      { henkilotunnus: '010180-921T', ...ulla, syntymapv: paiva('1980-01-01'), kansalaisuuskoodi: '752' },
      { huoltosuhteenAlkupv: paiva('2020-01-01'), huoltosuhteenLoppupv: paiva('2027-01-01') },
    );
    expect(jalkeen(tieto)?.at(-1)).toEqual({
      tiedot: { ...uusi, hetu: '010180-921T', syntymaaika: '1980-01-01', kansalaisuudet: ['752'], alkupvm: '2020-01-01', loppupvm: '2027-01-01' },
    }); // prettier-ignore
  });

  it('that are known keep their calling name while it fits', () => {
    const tieto = (etunimet: string) =>
      ryhma('MUUTETTU', { henkilotunnus: '150385-9024', etunimet, sukunimi: 'Laine' });
    expect(jalkeen(tieto('Aino Maria'))).toEqual([
      { pysyva: eino },
      { tiedot: { ...uusi, hetu: '150385-9024', etunimet: 'Aino Maria', kutsumanimi: 'Maria', sukunimi: 'Laine', yksiloityVTJ: true } },
    ]); // prettier-ignore
    expect(jalkeen(tieto('Aino'))?.at(-1)).toMatchObject({ tiedot: { etunimet: 'Aino', kutsumanimi: 'Aino' } });
  });

  it('are recognised by names too, whatever the hetu', () => {
    expect(jalkeen(ryhma('POISTETTU', { henkilotunnus: '010180-921T', etunimet: 'Eino', sukunimi: 'Laine' }))).toEqual([{ pysyva: aino }]); // prettier-ignore
    expect(jalkeen(ryhma('POISTETTU', { henkilotunnus: '', etunimet: 'Eino' }))).toHaveLength(2);
  });

  it('are recognised by names in another form of Unicode', () => {
    const [ake, muu] = [huoltaja(3, null, 'A\u030ake'), huoltaja(4, null, 'Ake')];
    const poisto = ryhma('POISTETTU', { etunimet: 'Åke', sukunimi: 'Laine' });
    const { huoltajat } = fromMuutostieto({ ...kohde, huoltajat: [ake, muu] }, toTietoryhmat([poisto]), ymparisto);
    expect(huoltajat).toEqual([{ pysyva: muu }]);
  });

  it('take their dates from what is in force', () => {
    const tieto = ryhma('MUUTETTU', ulla, {
      voimassaolevatTiedot: [
        { huoltaja: { henkilotunnus: '150385-9024', etunimet: 'Aino Maria', sukunimi: 'Laine' }, huoltosuhteenAlkupv: paiva('2016-01-01') },
      ],
    });
    expect(jalkeen(tieto)).toEqual([{ pysyva: eino }, { tiedot: expect.objectContaining({ alkupvm: '2016-01-01', kutsumanimi: 'Maria' }) }]);
    expect(jalkeen(ryhma('MUUTETTU', ulla, { voimassaolevatTiedot: [] }))).toEqual([{ pysyva: aino }, { pysyva: eino }]);
  }); // prettier-ignore

  it.each([
    ['starts tomorrow', { huoltosuhteenAlkupv: paiva('2026-05-11') }, false],
    ['starts today', { huoltosuhteenAlkupv: paiva(today) }, true],
    ['ends today', { huoltosuhteenLoppupv: paiva(today) }, false],
    ['ends tomorrow', { huoltosuhteenLoppupv: paiva('2026-05-11') }, true],
  ])('whose guardianship %s: in force %s', (_, paivat, voimassa) => {
    const jaljella = jalkeen(ryhma('MUUTETTU', { etunimet: 'Eino', sukunimi: 'Laine' }, paivat));
    expect(jaljella).toHaveLength(voimassa ? 2 : 1);
  });

  it.each(['KORJATTAVA', 'LISATIETO'])('stay when the group is %s', (attribuutti) => {
    expect(jalkeen(ryhma(attribuutti, ulla))).toEqual([{ pysyva: aino }, { pysyva: eino }]);
  });

  it('of base data are added or updated without an attribute', () => {
    const huoltajat = fromPerustieto(lapsi, [ryhma(undefined, ulla)], ymparisto).huoltajat;
    expect(huoltajat).toEqual([{ pysyva: aino }, { pysyva: eino }, { tiedot: uusi }]);
  });
});
