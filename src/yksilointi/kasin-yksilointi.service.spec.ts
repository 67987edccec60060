import { RegisterInMemory } from '../../test/support/register-in-memory.js';
import type { LoadedHenkilo } from '../henkilo/muutos/loaded-henkilo.model.js';
import type { LoadedYhteystiedotRyhma } from '../yhteystiedot/loaded-yhteystiedot.model.js';
import type { YksilointitietoTiedot } from '../yksilointitieto/yksilointitieto.repository.js';
import { HetuMuutosService } from './hetu-muutos.service.js';
import { KasinYksilointiService } from './kasin-yksilointi.service.js';

const HETU = '010190-900P';
const UUSI_HETU = '010203A9013';

let register: RegisterInMemory;
/** Data set aside from VTJ, by id of the person. */
let tiedot: Map<number, YksilointitietoTiedot>;
let service: KasinYksilointiService;

beforeEach(() => {
  register = new RegisterInMemory();
  tiedot = new Map();
  const { db, henkiloStore, writes, viitteet, tunnisteet, auditLog } = register;
  service = new KasinYksilointiService(
    db as never,
    henkiloStore as never,
    writes as never,
    viitteet as never,
    new HetuMuutosService(henkiloStore as never, tunnisteet as never, register.newLinkitys()),
    { find: (id: number) => Promise.resolve(tiedot.get(id)) } as never,
    { removeTieto: (id: number) => Promise.resolve(void tiedot.delete(id)) } as never,
    auditLog as never,
  );
});

const refusal = (message: string) => ({ name: 'ValidationError', message });
const UNKNOWN = { name: 'NotFoundError', message: 'Henkilö X not found' };

describe('identifying a person without hetu', () => {
  it.each([null, '', ' '])('marks it, and as no duplicate: hetu %j', async (hetu) => {
    register.add('A', { hetu, duplicate: true });
    await service.yksiloiHetuton('A');
    expect(register.get('A')).toMatchObject({ yksiloity: true, duplicate: false, yksiloityVTJ: false });
    expect(register.updated).toEqual(['A']);
    expect(register.audit).toEqual(['HETUTTOMAN_YKSILOINTI A Yksilöidään hetuton henkilo.']);
  });

  it('leaves a slave a duplicate', async () => {
    register.add('A', { duplicate: true });
    register.add('B');
    register.addLink('B', 'A');
    await service.yksiloiHetuton('A');
    expect(register.get('A')).toMatchObject({ yksiloity: true, duplicate: true });
  });

  it('refuses one with a hetu, and an unknown one', async () => {
    register.add('A', { hetu: HETU });
    await expect(service.yksiloiHetuton('A')).rejects.toMatchObject(
      refusal('Henkilöllä A on hetu, yksilöintiä ei voida tehdä'),
    );
    await expect(service.yksiloiHetuton('X')).rejects.toMatchObject(UNKNOWN);
    expect([register.get('A').yksiloity, register.updated, register.audit]).toEqual([false, [], []]);
  });
});

describe('taking the identification back', () => {
  it.each([null, '', ' '])('is for whom an official has identified: hetu %j', async (hetu) => {
    register.add('A', { yksiloity: true, hetu });
    await service.puraYksilointi('A');
    expect(register.get('A').yksiloity).toBe(false);
    expect(register.updated).toEqual(['A']);
    expect(register.audit).toEqual(['PURA_HETUTTOMAN_YKSILOINTI A Puretaan hetuttoman henkilon yksilointi.']);
  });

  it.each<[Partial<LoadedHenkilo>, string]>([
    [{}, 'Henkilöä A ei ole yksilöity'],
    [{ yksiloityVTJ: true }, 'Henkilöä A ei ole yksilöity'],
    [{ yksiloity: true, yksiloityVTJ: true }, 'Henkilö A on vahvasti yksilöity'],
    [{ yksiloity: true, yksiloityEidas: true }, 'Henkilö A on vahvasti yksilöity'],
    [{ yksiloity: true, hetu: HETU }, 'Henkilöllä A on hetu'],
  ])('refuses %j', async (values, message) => {
    register.add('A', values);
    await expect(service.puraYksilointi('A')).rejects.toMatchObject(refusal(message));
    expect(register.get('A').yksiloity).toBe(values.yksiloity ?? false);
    expect(register.updated).toEqual([]);
  });
});

describe('accepting what VTJ said', () => {
  const ryhma = (id: number, ryhmaAlkuperaTieto: string): LoadedYhteystiedotRyhma => ({
    id,
    ryhmaKuvaus: 'yhteystietotyyppi4',
    ryhmaAlkuperaTieto,
    readOnly: ryhmaAlkuperaTieto === 'alkupera1',
    yhteystieto: [],
  });
  const NOTHING: YksilointitietoTiedot = {
    hetu: null,
    etunimet: null,
    kutsumanimi: null,
    sukunimi: null,
    sukupuoli: null,
    kotikunta: null,
    turvakielto: false,
    aidinkieliId: null,
    kansalaisuusIds: new Set(),
    yhteystiedotRyhma: [],
  };
  const setAside = (oid: string, values: Partial<YksilointitietoTiedot>) =>
    tiedot.set(register.get(oid).id, { ...NOTHING, ...values });
  const STORED = {
    hetu: HETU,
    etunimet: 'Aino Maria',
    kutsumanimi: 'Aino',
    sukunimi: 'Testi',
    sukupuoli: '1',
    kotikunta: '049',
    aidinkieliId: 1,
    kansalaisuusIds: new Set([1]),
    yksiloity: true,
    yhteystiedotRyhma: [ryhma(1, 'alkupera1'), ryhma(2, 'alkupera2')],
  };

  const SET_ASIDE = {
    hetu: UUSI_HETU,
    etunimet: 'Anna Liisa',
    kutsumanimi: 'Liisa',
    sukunimi: 'Toinen',
    sukupuoli: '2',
    kotikunta: '091',
    turvakielto: true,
    aidinkieliId: 2,
    kansalaisuusIds: new Set([2, 3]),
  };

  it('replaces the data of the person and identifies it', async () => {
    register.add('A', STORED);
    setAside('A', { ...SET_ASIDE, yhteystiedotRyhma: [ryhma(3, 'alkupera1')] });
    await service.hyvaksyVtjTiedot('A');
    expect(register.get('A')).toMatchObject({
      ...SET_ASIDE,
      kaikkiHetut: new Set([HETU, UUSI_HETU]),
      yksiloityVTJ: true,
      yksiloity: false,
      yhteystiedotRyhma: [ryhma(2, 'alkupera2'), ryhma(3, 'alkupera1')],
    });
    expect(register.updated).toEqual(['A']);
    expect(tiedot.size).toBe(0);
  });

  it.each([null, '', ' '])('keeps what VTJ does not tell: %j', async (nothing) => {
    register.add('A', STORED);
    setAside('A', { etunimet: nothing, kutsumanimi: nothing, sukunimi: nothing });
    await service.hyvaksyVtjTiedot('A');
    expect(register.get('A')).toMatchObject({
      hetu: HETU,
      etunimet: 'Aino Maria',
      kutsumanimi: 'Aino',
      sukunimi: 'Testi',
      sukupuoli: null,
      kotikunta: null,
      turvakielto: false,
      yksiloityVTJ: true,
      aidinkieliId: 1,
      kansalaisuusIds: new Set([1]),
      yhteystiedotRyhma: STORED.yhteystiedotRyhma,
    });
  });

  it('replaces a kutsumanimi that is none of the first names by all of them', async () => {
    register.add('A', STORED);
    setAside('A', { etunimet: 'Anna Liisa' });
    await service.hyvaksyVtjTiedot('A');
    expect(register.get('A')).toMatchObject({ etunimet: 'Anna Liisa', kutsumanimi: 'Anna Liisa' });
  });

  it('changes nothing of a person that becomes the slave of another', async () => {
    register.add('A', { ...STORED, yksiloity: false });
    register.add('B', { hetu: UUSI_HETU, yksiloityVTJ: true });
    setAside('A', { hetu: UUSI_HETU, etunimet: 'Anna', turvakielto: true });
    await service.hyvaksyVtjTiedot('A');
    expect(register.links).toEqual(['B>A']);
    expect(register.get('A')).toMatchObject({
      etunimet: 'Aino Maria',
      turvakielto: false,
      yksiloityVTJ: false,
      hetu: null,
    });
    expect(register.get('B')).toMatchObject({ hetu: UUSI_HETU, kaikkiHetut: new Set([HETU, UUSI_HETU]) });
    expect(register.updated).toEqual(['B']);
    expect(tiedot.size).toBe(0);
  });

  it('refuses a person of whom nothing is set aside, and an unknown one', async () => {
    register.add('A', STORED);
    await expect(service.hyvaksyVtjTiedot('A')).rejects.toMatchObject(refusal('No VTJ-data found for henkilo'));
    await expect(service.hyvaksyVtjTiedot('X')).rejects.toMatchObject(UNKNOWN);
    expect(register.updated).toEqual([]);
  });
});
