import { Logger } from '@nestjs/common';
import { RegisterInMemory } from '../../test/support/register-in-memory.js';
import { readConfig } from '../config/config.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import type { VtjHenkilo, VtjHuoltaja } from '../integrations/vtj-kysely/vtj-henkilo.model.js';
import type { LoadedYhteystiedotRyhma } from '../yhteystiedot/loaded-yhteystiedot.model.js';
import { HetuMuutosService } from './hetu-muutos.service.js';
import { VtjKopiointiService } from './vtj-kopiointi.service.js';
import { YksilointiService } from './yksilointi.service.js';

/** VTJ is never asked of made-up hetut; this one is of somebody who is yet to be born. */
const HETU = '010180A100A';
const UUSI_HETU = '020180A1010';
const NOW = new Date('2026-03-01T12:00:00Z');
const LANGUAGES: Record<string, number> = { fi: 1, sv: 2, he: 3 };

const PERSON: VtjHenkilo = {
  hetu: HETU,
  etunimi: 'Aino Maria',
  kutsumanimi: 'Aino',
  sukunimi: 'Testi',
  entisetNimet: [],
  sukupuoli: '2',
  turvakielto: false,
  sahkoposti: null,
  aidinkieliKoodi: 'fi',
  kansalaisuusKoodit: ['246'],
  osoitteet: [],
  kotikunta: '091',
  huoltajat: [],
  huollettavat: [],
};

let register: RegisterInMemory;
/** What VTJ knows, by hetu. */
let vtj: Map<string, Partial<VtjHenkilo> | 'passivated'>;
let asked: string[];
/** What earlier tries have left, by id of the person. */
let virheet: Map<number, { uudelleenyritysMaara: number | null }>;
let tiedot: Map<number, object>;
let huoltajat: { lapsi: number; huoltajaIds: number[] }[];
/** Guardians that were found or created. */
let taken: object[];
let service: YksilointiService;

beforeAll(() => Logger.overrideLogger(false));

beforeEach(() => {
  register = new RegisterInMemory();
  vtj = new Map();
  asked = [];
  virheet = new Map();
  tiedot = new Map();
  huoltajat = [];
  taken = [];
  const { db, henkiloStore, writes, tunnisteet, auditLog } = register;
  const koodistot = {
    hasKieli: (koodi: string) => koodi in LANGUAGES,
    hasMaa: (koodi: string) => koodi !== '000',
    hasKunta: (koodi: string) => koodi === '091',
  };
  const haku = {
    find: (hetu: string) => {
      asked.push(hetu);
      const found = vtj.get(hetu);
      if (found === undefined) return { kind: 'notFound' };
      return found === 'passivated' ? { kind: found } : { kind: 'found', henkilo: { ...PERSON, ...found }, koodistot };
    },
    isOppija: (oid: string) => !register.virkailijat.has(oid),
  };
  const koodirivit = {
    kieliId: (koodi: string) => Promise.resolve(LANGUAGES[koodi]),
    findKieliKoodi: (id: number | null) => Promise.resolve(Object.keys(LANGUAGES).find((k) => LANGUAGES[k] === id)),
    kansalaisuusIds: (koodit: string[]) => Promise.resolve(new Set(koodit.map(Number))),
  };
  const findOrCreate = (huoltaja: { hetu: string | null; sukunimi: string }) => {
    taken.push(huoltaja);
    const { hetu, sukunimi } = huoltaja;
    return Promise.resolve({ id: hetu === null ? sukunimi.length : Number(hetu.slice(0, 2)) });
  };
  const replace = (lapsi: number, suhteet: { huoltajaId: number }[]) =>
    Promise.resolve(void huoltajat.push({ lapsi, huoltajaIds: suhteet.map(({ huoltajaId }) => huoltajaId) }));
  const kopiointi = new VtjKopiointiService(
    haku as never,
    new HetuMuutosService(henkiloStore as never, tunnisteet as never, register.newLinkitys()),
    koodirivit as never,
    { findOidByHetu: (hetu: string) => tunnisteet.findOidByNykyinenHetu(hetu) } as never,
    { findOrCreate } as never,
    { replace } as never,
    { now: () => NOW } as never,
  );
  const jaljet = {
    removeVirhe: (id: number) => Promise.resolve(void virheet.delete(id)),
    removeTieto: (id: number) => Promise.resolve(void tiedot.delete(id)),
    findUudelleenyritysMaara: (id: number) => Promise.resolve(virheet.get(id)?.uudelleenyritysMaara),
    saveVirhe: (id: number, virhe: { uudelleenyritysMaara: number | null }) =>
      Promise.resolve(void virheet.set(id, virhe)),
  };
  service = new YksilointiService(
    db as never,
    henkiloStore as never,
    writes as never,
    haku as never,
    kopiointi,
    { store: (id: number, tieto: object) => Promise.resolve(void tiedot.set(id, tieto)) } as never,
    jaljet as never,
    auditLog as never,
    { now: () => NOW } as never,
    readConfig({}),
  );
});

const refusal = (message: string) => ({ name: 'ValidationError', message });
const contact = (ryhmaAlkuperaTieto: string): LoadedYhteystiedotRyhma => ({
  id: 1,
  ryhmaKuvaus: 'yhteystietotyyppi4',
  ryhmaAlkuperaTieto,
  readOnly: false,
  yhteystieto: [],
});
const email = { osoitteet: [], sahkoposti: 'aino@example.fi' };

describe('a person whose names VTJ has too', () => {
  beforeEach(() => vtj.set(HETU, {}));

  it('is identified, with what VTJ says', async () => {
    register.add('A', { hetu: HETU, yksiloity: true, etunimet: 'Aino', kutsumanimi: 'Aino' });
    tiedot.set(1, {});
    virheet.set(1, { uudelleenyritysMaara: 3 });
    await service.yksiloi('A');
    expect(register.get('A')).toMatchObject({
      etunimet: 'Aino Maria',
      kutsumanimi: 'Aino',
      sukunimi: 'Testi',
      kaikkiHetut: new Set([HETU]),
      syntymaaika: '2080-01-01',
      sukupuoli: '2',
      kotikunta: '091',
      turvakielto: false,
      aidinkieliId: 1,
      kansalaisuusIds: new Set([246]),
      yksiloityVTJ: true,
      yksiloity: false,
      yksilointiYritetty: true,
      vtjsynced: NOW,
    });
    expect(register.updated).toEqual(['A']);
    expect([tiedot.size, virheet.size]).toEqual([0, 0]);
    expect(register.audit).toEqual(['MANUAALINEN_YKSILOINTI A Aloitettu henkilon yksilointi.']);
  });

  it('is identified by the job, without an entry of a user', async () => {
    register.add('A', { hetu: HETU });
    expect(await service.yksiloiAutomaattisesti('A')).toBe('identified');
    expect(register.get('A').yksiloityVTJ).toBe(true);
    expect(register.audit).toEqual([]);
  });

  it.each([
    ['swapped', { etunimet: 'Testi', sukunimi: 'Aino' }, 'identified'],
    ['none at all', { etunimet: ' ', sukunimi: '' }, 'identified'],
    ['no surname', { etunimet: 'Aino', sukunimi: '' }, 'namesDiffer'],
    ['no first name', { etunimet: '', sukunimi: 'Testi' }, 'namesDiffer'],
    ['of somebody else', { etunimet: 'Pekka', sukunimi: 'Karhu' }, 'namesDiffer'],
  ])('is the same with names that are %s', async (_name, names, outcome) => {
    register.add('A', { hetu: HETU, ...names });
    expect(await service.yksiloiAutomaattisesti('A')).toBe(outcome);
    expect(register.get('A').yksiloityVTJ).toBe(outcome === 'identified');
  });

  it.each([
    ['05', 'identified'],
    ['07', 'identified'],
    ['10', 'identified'],
    ['06', 'namesDiffer'],
    ['08', 'namesDiffer'],
  ])('is the same by a former name of kind %s: %s', async (laji, outcome) => {
    vtj.set(HETU, { entisetNimet: [{ laji, nimi: 'Vanhanen' }] });
    register.add('A', { hetu: HETU, sukunimi: 'Vanhanen' });
    expect(await service.yksiloiAutomaattisesti('A')).toBe(outcome);
  });

  it('is the same by a former surname when VTJ gives no current one', async () => {
    vtj.set(HETU, { sukunimi: null, entisetNimet: [{ laji: '05', nimi: 'Testi' }] });
    register.add('A', { hetu: HETU });
    expect(await service.yksiloiAutomaattisesti('A')).toBe('identified');
  });

  it('becomes the slave of whom VTJ has identified with the hetu that it gives', async () => {
    vtj.set(HETU, { hetu: UUSI_HETU });
    register.add('A', { hetu: HETU });
    register.add('B', { hetu: UUSI_HETU, kaikkiHetut: new Set([UUSI_HETU]), yksiloityVTJ: true });
    expect(await service.yksiloiAutomaattisesti('A')).toBe('linked');
    expect(register.links).toEqual(['B>A']);
    expect(register.get('A')).toMatchObject({ yksiloityVTJ: false, duplicate: true, vtjsynced: null });
    expect(register.get('B').kaikkiHetut).toEqual(new Set([UUSI_HETU, HETU]));
    expect(register.updated).toEqual(['B']);
  });
});

describe('data that VTJ gives', () => {
  const identify = async (given: Partial<VtjHenkilo>, stored: Partial<LoadedHenkilo> = {}) => {
    vtj.set(HETU, given);
    register.add('A', { hetu: HETU, ...stored });
    await service.yksiloi('A');
    return register.get('A');
  };

  it.each([null, ''])('leave the names that it does not give: %j', async (nothing) => {
    const stored = { etunimet: 'Aino Maria', kutsumanimi: 'Maria', sukunimi: 'Testi' };
    vtj.set(HETU, { sukunimi: nothing, entisetNimet: [{ laji: '05', nimi: 'Testi' }], kutsumanimi: nothing });
    register.add('A', { hetu: HETU, ...stored });
    await service.yksiloi('A');
    expect(register.get('A')).toMatchObject(stored);
  });

  it('make all first names the kutsumanimi where it is none of them', async () =>
    expect(await identify({ etunimi: 'Aino Liisa', kutsumanimi: 'Maria' })).toMatchObject({
      etunimet: 'Aino Liisa',
      kutsumanimi: 'Aino Liisa',
    }));

  it('keep the first names that VTJ does not give', async () =>
    expect(await identify({ etunimi: null }, { etunimet: '', sukunimi: '', kutsumanimi: '' })).toMatchObject({
      etunimet: '',
      sukunimi: 'Testi',
    }));

  it.each([null, '', ' '])('take the sex from the hetu where VTJ tells none: %j', async (sukupuoli) =>
    expect((await identify({ sukupuoli }, { sukupuoli: '1' })).sukupuoli).toBe('2'),
  );

  it('keep the mother tongue where VTJ tells none or an unknown one, and take a known one', async () => {
    expect((await identify({ aidinkieliKoodi: null }, { aidinkieliId: 2 })).aidinkieliId).toBe(2);
    vtj.set(HETU, { aidinkieliKoodi: 'xx' });
    await service.paivitaVtjTiedot('A');
    expect(register.get('A').aidinkieliId).toBe(2);
    vtj.set(HETU, { aidinkieliKoodi: 'he' });
    await service.paivitaVtjTiedot('A');
    expect(register.get('A').aidinkieliId).toBe(3);
  });

  it.each([
    [null, [752]],
    [[], [752]],
    [['000'], []],
    [['246', '000'], [246]],
  ])('make of nationalities %j: %j', async (kansalaisuusKoodit, ids) =>
    expect((await identify({ kansalaisuusKoodit }, { kansalaisuusIds: new Set([752]) })).kansalaisuusIds).toEqual(
      new Set(ids),
    ),
  );

  it.each([
    [null, null],
    ['091', '091'],
    ['123', '999'],
  ])('make of the municipality %j: %j', async (kotikunta, stored) =>
    expect((await identify({ kotikunta }, { kotikunta: '049' })).kotikunta).toBe(stored),
  );

  it('replace the contact details of VTJ, and only those', async () => {
    const stored = { yhteystiedotRyhma: [contact('alkupera1'), contact('alkupera2')] };
    const { yhteystiedotRyhma } = await identify(email, stored);
    expect(yhteystiedotRyhma).toEqual([
      contact('alkupera2'),
      {
        id: null,
        ryhmaKuvaus: 'yhteystietotyyppi8',
        ryhmaAlkuperaTieto: 'alkupera1',
        readOnly: true,
        yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: 'aino@example.fi' }],
      },
    ]);
  });

  it('give no contact details under turvakielto, and none of an official', async () => {
    const stored = { yhteystiedotRyhma: [contact('alkupera1')] };
    expect(await identify({ ...email, turvakielto: true }, stored)).toMatchObject({
      turvakielto: true,
      yhteystiedotRyhma: [],
    });
    register.virkailijat.add('A');
    vtj.set(HETU, email);
    await service.paivitaVtjTiedot('A');
    expect(register.get('A')).toMatchObject({ turvakielto: false, yhteystiedotRyhma: [] });
  });

  it('give the address in the language of contact', async () => {
    const osoite = { tyyppi: 'yhteystietotyyppi4' as const, katuosoiteS: 'Katu 1', katuosoiteR: 'Gatan 1', postinumero: null, kaupunkiS: null, kaupunkiR: null, maaS: null, maaR: null }; // prettier-ignore
    const { yhteystiedotRyhma } = await identify({ osoitteet: [osoite] }, { asiointikieliId: 2 });
    expect(yhteystiedotRyhma[0]?.yhteystieto[0]).toEqual({
      yhteystietoTyyppi: 'YHTEYSTIETO_KATUOSOITE',
      yhteystietoArvo: 'Gatan 1',
    });
  });

  const guardian = (values: Partial<VtjHuoltaja>): VtjHuoltaja => ({
    hetu: null,
    etunimi: null,
    sukunimi: null,
    ...values,
  });

  it('replace the guardians; one without any name must be known', async () => {
    register.add('K', { hetu: '010190-900P' });
    vtj.set(HETU, {
      huoltajat: [
        guardian({ hetu: '150385-9024', etunimi: 'Ulla' }),
        guardian({ sukunimi: 'Laine' }),
        guardian({ hetu: '010190-900P', etunimi: ' ', sukunimi: '' }),
        guardian({ hetu: '020304A901T' }),
        guardian({ hetu: '030304A902F', etunimi: ' ', sukunimi: ' ' }),
        guardian({}),
      ],
    });
    register.add('A', { hetu: HETU });
    await service.yksiloi('A');
    expect(huoltajat).toEqual([{ lapsi: 2, huoltajaIds: [15, 5, 1] }]);
    expect(taken).toEqual([
      { hetu: '150385-9024', etunimet: 'Ulla', kutsumanimi: 'Ulla', sukunimi: '' },
      { hetu: null, etunimet: '', kutsumanimi: '', sukunimi: 'Laine' },
      { hetu: '010190-900P', etunimet: ' ', kutsumanimi: ' ', sukunimi: '' },
    ]);
  });

  it('are not taken with a malformed hetu of a guardian', async () => {
    vtj.set(HETU, { huoltajat: [guardian({ hetu: 'x', etunimi: 'Ulla' })] });
    register.add('A', { hetu: HETU });
    await expect(service.yksiloi('A')).rejects.toMatchObject({
      name: 'DataInconsistencyError',
      message: 'VTJ gave a malformed hetu of a guardian of A',
    });
    expect([register.get('A').yksiloityVTJ, register.updated]).toEqual([false, []]);
  });
});

describe('a person who has other names in VTJ', () => {
  const OTHER = { etunimet: 'Pekka', kutsumanimi: 'Pekka', sukunimi: 'Karhu' };

  it('keeps its data; those of VTJ wait for a decision', async () => {
    vtj.set(HETU, { ...email, kotikunta: '123', turvakielto: true, sukupuoli: ' ', aidinkieliKoodi: 'sv' });
    register.add('A', { hetu: HETU, ...OTHER });
    virheet.set(1, { uudelleenyritysMaara: 3 });
    await service.yksiloi('A');
    expect(register.get('A')).toMatchObject({
      ...OTHER,
      yksiloityVTJ: false,
      yksilointiYritetty: true,
      kotikunta: null,
    });
    expect(tiedot.get(1)).toEqual({
      hetu: HETU,
      etunimet: 'Aino Maria',
      kutsumanimi: 'Aino',
      sukunimi: 'Testi',
      sukupuoli: '2',
      kotikunta: '999',
      turvakielto: true,
      aidinkieliId: 2,
      kansalaisuusIds: new Set([246]),
      yhteystiedotRyhma: [],
    });
    expect(register.updated).toEqual(['A']);
    expect(virheet.size).toBe(0);
  });

  it.each([
    ['an oppija', email, false, 1],
    ['an official', email, true, 0],
    ['an oppija of whom VTJ gives none', { osoitteet: [], sahkoposti: ' ' }, false, 0],
  ])('of %s contact details wait too, or do not', async (_name, given, isVirkailija, groups) => {
    vtj.set(HETU, given);
    if (isVirkailija) register.virkailijat.add('A');
    register.add('A', { hetu: HETU, ...OTHER });
    expect(await service.yksiloiAutomaattisesti('A')).toBe('namesDiffer');
    expect((tiedot.get(1) as { yhteystiedotRyhma: object[] }).yhteystiedotRyhma).toHaveLength(groups);
  });

  it('waits with the sex that VTJ tells, or none', async () => {
    vtj.set(HETU, { sukupuoli: '1' });
    register.add('A', { hetu: HETU, ...OTHER });
    await service.yksiloi('A');
    expect(tiedot.get(1)).toMatchObject({ sukupuoli: '1' });
    vtj.set(HETU, { sukupuoli: null, hetu: null });
    await service.yksiloi('A');
    expect(tiedot.get(1)).toMatchObject({ sukupuoli: null, hetu: null });
  });
});

describe('who cannot be identified', () => {
  it.each([null, '', ' '])('has no hetu: %j', async (hetu) => {
    register.add('A', { hetu });
    await expect(service.yksiloi('A')).rejects.toMatchObject(refusal('Henkilöllä A ei ole hetua'));
    expect(await service.yksiloiAutomaattisesti('A')).toBe('skipped');
    expect(register.updated).toEqual([]);
  });

  it('is unknown', async () => {
    await expect(service.yksiloi('X')).rejects.toThrow('Henkilö X not found');
    expect(await service.yksiloiAutomaattisesti('X')).toBe('skipped');
  });

  it('is identified already, for the job', async () => {
    register.add('A', { hetu: HETU, yksiloityVTJ: true });
    expect(await service.yksiloiAutomaattisesti('A')).toBe('skipped');
    expect(asked).toEqual([]);
  });

  it.each<[string, Partial<LoadedHenkilo>, string, string]>([
    ['identified with eIDAS', { yksiloityEidas: true }, 'EiYksiloitavissaError', 'Henkilö on eIDAS-yksilöity'],
    ['of a short hetu', { hetu: '010190-' }, 'DataInconsistencyError', 'Henkilön A hetu on liian lyhyt'],
    ['of a made-up hetu', { hetu: '010190-900P' }, 'EiYksiloitavissaError', 'Henkilön hetu ei ole oikea'],
  ])('is %s, and VTJ is not asked', async (_name, values, name, message) => {
    register.add('A', { hetu: HETU, ...values });
    await expect(service.yksiloi('A')).rejects.toMatchObject({ name, message });
    expect([asked, register.get('A').yksilointiYritetty, register.audit]).toEqual([[], false, []]);
  });

  it.each([
    [undefined, 'Henkilöä ei löytynyt VTJ-palvelusta henkilötunnuksella', 'Henkilöä ei löytynyt VTJ-palvelusta henkilötunnuksella: 010180A100A'],
    ['passivated' as const, 'Henkilön hetu on passivoitu', 'Henkilön hetu on passivoitu: 010180A100A'],
  ])('VTJ says so: %s', async (found, message, viesti) => {
    if (found) vtj.set(HETU, found);
    register.add('A', { hetu: HETU });
    await expect(service.yksiloi('A')).rejects.toMatchObject({ name: 'EiYksiloitavissaError', message, viesti });
    expect(register.get('A').yksiloityVTJ).toBe(false);
  }); // prettier-ignore
});

describe('a failure of the job', () => {
  it('is stored with the number of tries, and the person is not modified', async () => {
    register.add('A', { hetu: HETU });
    await service.saveVirhe('A', new TypeError('x'));
    expect(virheet.get(1)).toMatchObject({ uudelleenyritysMaara: 0, viesti: null });
    await service.saveVirhe('A', new TypeError('x'));
    expect(virheet.get(1)).toMatchObject({
      uudelleenyritysMaara: 1,
      uudelleenyritysAikaleima: new Date('2026-03-01T12:11:00Z'),
    });
    expect(register.get('A').yksilointiYritetty).toBe(true);
    expect(register.updated).toEqual([]);
  });

  it('is not stored for whom VTJ has identified meanwhile, nor for nobody', async () => {
    register.add('A', { hetu: HETU, yksiloityVTJ: true });
    await service.saveVirhe('A', new TypeError('x'));
    await service.saveVirhe('X', new TypeError('x'));
    expect([virheet.size, register.get('A').yksilointiYritetty]).toEqual([0, false]);
  });
});

describe('bringing a person up to date', () => {
  it('takes what VTJ says now, whatever the names', async () => {
    vtj.set(HETU, { etunimi: 'Pekka', kutsumanimi: null, sukunimi: 'Karhu' });
    register.add('A', { hetu: HETU, yksiloityVTJ: true });
    await service.paivitaVtjTiedot('A');
    expect(register.get('A')).toMatchObject({ etunimet: 'Pekka', kutsumanimi: 'Pekka', sukunimi: 'Karhu' });
    expect(register.updated).toEqual(['A']);
    expect(register.audit).toEqual([
      'TUNNISTUSTIETOJEN_PAIVITYS A VTJ-tiedot päivitetty.',
      'YKSILOINTITIETOJEN_PAIVITYS A VTJ-tiedot päivitetty.',
    ]);
  });

  it.each<[Partial<LoadedHenkilo>, string, string]>([
    [{ hetu: HETU, yksiloity: true }, 'ValidationError', 'Henkilöä A ei ole yksilöity'],
    [{ yksiloityVTJ: true }, 'DataInconsistencyError', 'Yksilöidyllä henkilöllä A ei ole hetua'],
    [{ yksiloityVTJ: true, hetu: UUSI_HETU }, 'DataInconsistencyError', 'Yksilöidyn henkilön A hetua ei löydy VTJ:stä'],
  ])('refuses %j', async (values, name, message) => {
    vtj.set(HETU, {});
    register.add('A', values);
    await expect(service.paivitaVtjTiedot('A')).rejects.toMatchObject({ name, message });
    expect([register.updated, register.audit]).toEqual([[], []]);
  });
});
