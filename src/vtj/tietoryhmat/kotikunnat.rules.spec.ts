import type { AsumisRivi } from '../../kotikunta/kotikunta-historia.repository.js';
import { toAsumiset, toAsumismuutokset } from './kotikunnat.rules.js';
import type { Tietoryhma } from './tietoryhma.model.js';

const paiva = (arvo: string | null) => (arvo === null ? null : { arvo, tarkkuus: 'PAIVA' });
const ryhma = (tietoryhma: string, muutosattribuutti: string | undefined, kunta: string, alku: string | null, loppu: string | null = null) => ({
  tietoryhma, muutosattribuutti, kuntakoodi: kunta, kuntaanMuuttopv: paiva(alku), kunnastaPoisMuuttopv: paiva(loppu),
}); // prettier-ignore
const asuminen = (kotikunta: string, kuntaanMuuttopv: string | null, kunnastaPoisMuuttopv: string | null = null) => ({
  kotikunta, kuntaanMuuttopv, kunnastaPoisMuuttopv,
}); // prettier-ignore

const turku = { id: 1, ...asuminen('853', '2005-08-01', '2010-12-31') };
const helsinki = { id: 2, ...asuminen('091', '2011-01-01') };
const muutokset = (...ryhmat: Tietoryhma[]) => toAsumismuutokset([turku, helsinki], ryhmat);
const ei = { lisatyt: [], muutetut: [], poistetutIds: [] };

describe('stays of a change', () => {
  it.each<[string, Tietoryhma[], object]>([
    ['a new one', [ryhma('KOTIKUNTA', 'LISATTY', '200', '2024-05-01')], { lisatyt: [asuminen('200', '2024-05-01')] }],
    ['a former one', [ryhma('EDELLINEN_KOTIKUNTA', 'LISATTY', '049', null, '2005-07-31')], { lisatyt: [asuminen('049', null, '2005-07-31')] }],
    ['a removed one', [ryhma('KOTIKUNTA', 'POISTETTU', '091', '2011-01-01')], { poistetutIds: [2] }],
    ['a removed former one', [ryhma('EDELLINEN_KOTIKUNTA', 'POISTETTU', '853', '2005-08-01', '2010-12-31')], { poistetutIds: [1] }],
    ['one that is not there', [ryhma('EDELLINEN_KOTIKUNTA', 'POISTETTU', '853', '2005-08-01')], {}],
    ['an end', [ryhma('EDELLINEN_KOTIKUNTA', 'MUUTETTU', '091', '2011-01-01', '2024-04-30')], { muutetut: [{ ...helsinki, kunnastaPoisMuuttopv: '2024-04-30' }] }],
    ['no end any more', [ryhma('EDELLINEN_KOTIKUNTA', 'MUUTETTU', '853', '2005-08-01')], { muutetut: [{ ...turku, kunnastaPoisMuuttopv: null }] }],
    ['KOTIKUNTA MUUTETTU', [ryhma('KOTIKUNTA', 'MUUTETTU', '091', '2011-01-01', '2024-04-30')], {}],
    ['KOTIKUNTA KORJATTAVA', [ryhma('KOTIKUNTA', 'KORJATTAVA', '091', '2011-01-01')], {}],
    ['additional information', [ryhma('EDELLINEN_KOTIKUNTA', 'LISATIETO', '853', '2005-08-01', '2010-12-31')], {}],
    ['one that began in some month', [ryhma('KOTIKUNTA', 'LISATTY', '837', '2024-05')], { lisatyt: [asuminen('837', null)] }],
    ['one that ended in some year', [ryhma('EDELLINEN_KOTIKUNTA', 'LISATTY', '049', '1999', '2003')], { lisatyt: [asuminen('049', null, '2003-12-31')] }],
    ['an end in some month', [ryhma('EDELLINEN_KOTIKUNTA', 'MUUTETTU', '091', '2011-01-01', '2024-02-00')], { muutetut: [{ ...helsinki, kunnastaPoisMuuttopv: '2024-02-29' }] }],
    ['one without a municipality', [ryhma('KOTIKUNTA', 'LISATTY', ' ', '2024-05-01'), ryhma('KOTIKUNTA', 'POISTETTU', '', '2024-05-01')], {}],
    ['a code with space around it', [ryhma('KOTIKUNTA', 'POISTETTU', '\n091 ', ' 2011-01-01\n')], { poistetutIds: [2] }],
    ['another group', [{ tietoryhma: 'SIVIILISAATY', muutosattribuutti: 'LISATTY' }], {}],
  ])('%s', (_, ryhmat, odotettu) => {
    expect(muutokset(...ryhmat)).toEqual({ ...ei, ...odotettu });
  }); // prettier-ignore

  it('a correction takes the values of the next group', () => {
    const vanha = ryhma('EDELLINEN_KOTIKUNTA', 'KORJATTAVA', '853', '2005-08-01', '2010-12-31');
    const uusi = ryhma('EDELLINEN_KOTIKUNTA', 'KORJATTU', '837', '2006-08-01', null);
    expect(muutokset(vanha, uusi)).toEqual({ ...ei, muutetut: [{ id: 1, ...asuminen('837', '2006-08-01') }] });
    expect(() => muutokset(vanha)).toThrow('EDELLINEN_KOTIKUNTA: KORJATTU is missing');
    expect(muutokset({ ...vanha, kuntakoodi: '837' })).toEqual(ei);
  });

  it('a cancelled move opens the stay before', () => {
    const ryhmat = [
      ryhma('KOTIKUNTA', 'POISTETTU', '091', '2011-01-01'),
      ryhma('EDELLINEN_KOTIKUNTA', 'KORJATTAVA', '853', '2005-08-01', '2010-12-31'),
      ryhma('EDELLINEN_KOTIKUNTA', 'KORJATTU', '853', '2005-08-01'),
    ];
    expect(muutokset(...ryhmat)).toEqual({
      ...ei,
      muutetut: [{ ...turku, kunnastaPoisMuuttopv: null }],
      poistetutIds: [2],
    });
  });

  it('taken in twice change nothing the second time', () => {
    const ryhmat = [
      ryhma('KOTIKUNTA', 'LISATTY', '837', '2024-05-01'),
      ryhma('EDELLINEN_KOTIKUNTA', 'MUUTETTU', '091', '2011-01-01', '2024-04-30'),
    ];
    const { lisatyt, muutetut } = muutokset(...ryhmat);
    const rivit: AsumisRivi[] = [turku, ...muutetut, ...lisatyt.map((a) => ({ id: 9, ...a }))];
    expect(toAsumismuutokset(rivit, ryhmat)).toEqual({
      ...ei,
      muutetut: [{ ...helsinki, kunnastaPoisMuuttopv: '2024-04-30' }],
    });
  });

  it('are added once when the message says them twice, and again when their row goes', () => {
    const lisays = ryhma('KOTIKUNTA', 'LISATTY', '837', '2024-05-01');
    expect(muutokset(lisays, lisays).lisatyt).toHaveLength(1);
    const uudelleen = ryhma('KOTIKUNTA', 'LISATTY', '091', '2011-01-01');
    expect(muutokset(uudelleen).lisatyt).toEqual([]);
    expect(muutokset(uudelleen, { ...uudelleen, muutosattribuutti: 'POISTETTU' })).toEqual({
      ...ei,
      lisatyt: [asuminen('091', '2011-01-01')],
      poistetutIds: [2],
    });
  });
});

it('stays of base data are all of its groups, equal ones once', () => {
  const ryhmat = [
    ryhma('KOTIKUNTA', undefined, '853', '2020-01-01'),
    ryhma('EDELLINEN_KOTIKUNTA', undefined, '091', '2011-01-01', '2019-12-31'),
    ryhma('EDELLINEN_KOTIKUNTA', undefined, '091', '2011-01-01', '2019-12-31'),
    { tietoryhma: 'TURVAKIELTO', turvakieltoAktiivinen: true },
  ];
  expect(toAsumiset(ryhmat)).toEqual([asuminen('853', '2020-01-01'), asuminen('091', '2011-01-01', '2019-12-31')]);
});
