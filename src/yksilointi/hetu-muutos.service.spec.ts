import { RegisterInMemory } from '../../test/support/register-in-memory.js';
import { HetuMuutosService } from './hetu-muutos.service.js';

const VANHA = '010190-900P';
const UUSI = '010203A9013';

let register: RegisterInMemory;
beforeEach(() => (register = new RegisterInMemory()));

/** The outcome, with OIDs of whom to save. */
function apply(oid: string, uusi: string | null): Promise<{ isMaster: boolean; modified: string[] }> {
  const service = new HetuMuutosService(
    register.henkiloStore as never,
    register.tunnisteet as never,
    register.newLinkitys(),
  );
  return register.db.transaction(async () => {
    const { isMaster, modified } = await service.apply(await register.henkiloStore.lockOne(oid), uusi);
    for (const one of modified) await register.writes.update(one);
    return { isMaster, modified: modified.map(({ oidHenkilo }) => oidHenkilo) };
  });
}
const hetutOf = (oid: string) => [register.get(oid).hetu, ...register.get(oid).kaikkiHetut];

it.each([null, '', VANHA])('keeps the hetu as official when VTJ gives %j', async (uusi) => {
  register.add('A', { hetu: VANHA });
  expect(await apply('A', uusi)).toEqual({ isMaster: true, modified: ['A'] });
  expect(hetutOf('A')).toEqual([VANHA, VANHA]);
});

it.each([null, ''])('makes no hetu official for a person without one when VTJ gives %j', async (uusi) => {
  register.add('A');
  await apply('A', uusi);
  expect(hetutOf('A')).toEqual([null]);
});

it('takes a new hetu that nobody has', async () => {
  register.add('A', { hetu: VANHA, kaikkiHetut: new Set([VANHA]) });
  expect(await apply('A', UUSI)).toEqual({ isMaster: true, modified: ['A'] });
  expect(hetutOf('A')).toEqual([UUSI, VANHA, UUSI]);
  expect(register.links).toEqual([]);
});

it('takes the first hetu of a person that had none', async () => {
  register.add('A');
  await apply('A', UUSI);
  expect(hetutOf('A')).toEqual([UUSI, UUSI]);
});

it('puts whoever has the new hetu under the person, which gets both hetut', async () => {
  register.add('A', { hetu: VANHA });
  register.add('B', { hetu: UUSI, kaikkiHetut: new Set([UUSI]) });
  expect(await apply('A', UUSI)).toEqual({ isMaster: true, modified: ['A'] });
  expect(register.links).toEqual(['A>B']);
  expect([hetutOf('A'), hetutOf('B')]).toEqual([[UUSI, VANHA, UUSI], [null]]);
});

it('puts the person under the one whom VTJ has identified, which gets both hetut', async () => {
  register.add('A', { hetu: VANHA, kaikkiHetut: new Set([VANHA]) });
  register.add('B', { hetu: UUSI, kaikkiHetut: new Set([UUSI]), yksiloityVTJ: true });
  expect(await apply('A', UUSI)).toEqual({ isMaster: false, modified: ['B'] });
  expect(register.links).toEqual(['B>A']);
  expect([hetutOf('A'), hetutOf('B')]).toEqual([[null], [UUSI, UUSI, VANHA]]);
});

it('finds who had the same hetu before', async () => {
  register.add('A', { hetu: VANHA });
  register.add('B', { hetu: UUSI, kaikkiHetut: new Set([VANHA]), yksiloityVTJ: true });
  expect(await apply('A', VANHA)).toEqual({ isMaster: false, modified: ['B'] });
  expect(register.links).toEqual(['B>A']);
  expect(hetutOf('A')).toEqual([null]);
});

it('refuses two identified persons', async () => {
  register.add('A', { hetu: VANHA, yksiloity: true });
  register.add('B', { hetu: UUSI, yksiloityVTJ: true });
  await expect(apply('A', UUSI)).rejects.toThrow('molemmat ovat jo yksilöity');
  expect([register.links, hetutOf('A'), hetutOf('B')]).toEqual([[], [VANHA], [UUSI]]);
});
