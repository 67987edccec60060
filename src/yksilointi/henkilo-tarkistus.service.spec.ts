import { readConfig } from '../config/config.js';
import { HenkiloTarkistusService } from './henkilo-tarkistus.service.js';

const HETU = '010190-900P';
const given = { hetu: HETU, etunimet: 'Aino', sukunimi: 'Testi' };

/** @param stored who has the hetu @param vastaus what VTJ says; without it nobody may ask */
const service = (stored?: object, vastaus?: object) =>
  new HenkiloTarkistusService(
    { findNimetByNykyinenHetu: (hetu: string) => Promise.resolve(hetu === HETU ? stored : undefined) } as never,
    { find: () => (vastaus ? Promise.resolve(vastaus) : Promise.reject(new Error('VTJ was asked'))) } as never,
    readConfig({}),
  );
const vtj = (etunimi: string, sukunimi: string) => ({ kind: 'found', henkilo: { etunimi, sukunimi } });

it('gives whoever has the hetu and those names, without asking VTJ', async () => {
  const stored = { henkiloOid: 'A', etunimet: 'Aino Maria', sukunimi: 'Testi' };
  expect(await service(stored).check(given)).toBe('A');
  expect(await service(stored).findInRegister(given)).toBe('A');
});

it('refuses the names of somebody else, by OID only', async () => {
  const stored = { henkiloOid: 'A', etunimet: 'Pekka', sukunimi: 'Karhu' };
  const refusal = { name: 'ConflictError', message: 'The names differ from those of A' };
  await expect(service(stored).check(given)).rejects.toMatchObject(refusal);
  await expect(service(stored).findInRegister(given)).rejects.toMatchObject(refusal);
});

it('asks VTJ about a hetu that nobody has', async () => {
  expect(await service(undefined, vtj('Aino', 'Testi')).check(given)).toBeUndefined();
  expect(await service().findInRegister(given)).toBeUndefined();
  await expect(service().check(given)).rejects.toThrow('VTJ was asked');
});

it.each([
  [vtj('Pekka', 'Testi'), 'ConflictError', 'The names differ from those of VTJ'],
  [vtj('Aino', 'Karhu'), 'ConflictError', 'The names differ from those of VTJ'],
  [{ kind: 'notFound' }, 'NotFoundError', 'VTJ does not know the hetu'],
  [{ kind: 'passivated' }, 'ConflictError', 'VTJ has passivated the hetu'],
])('refuses when VTJ says %j', async (vastaus, name, message) => {
  await expect(service(undefined, vastaus).check(given)).rejects.toMatchObject({ name, message });
});
