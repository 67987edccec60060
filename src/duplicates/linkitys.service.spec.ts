import { RegisterInMemory } from '../../test/support/register-in-memory.js';
import type { LinkitysService } from './linkitys.service.js';

const HETU = '010190-900P';
const TOINEN_HETU = '010203A9013';

/** OID of the caller. */
const CALLER = 'virkailija';
let register: RegisterInMemory;
let caller: { superUser?: boolean; oid?: string };
let service: LinkitysService;

beforeEach(() => {
  register = new RegisterInMemory();
  caller = { oid: CALLER };
  service = register.newLinkitys(caller);
});

/** Flags of a person: d duplicate, p passivoitu, y yksiloity by hand. */
const flags = (oid: string) => {
  const { duplicate, passivoitu, yksiloity } = register.get(oid);
  return `${duplicate ? 'd' : ''}${passivoitu ? 'p' : ''}${yksiloity ? 'y' : ''}`;
};
const add = (...oids: string[]) => {
  for (const oid of oids) register.add(oid);
};
const everything = () => ({ links: register.links, updated: register.updated, audit: register.audit });
const UNCHANGED = { updated: [], audit: [] };

describe('linking', () => {
  it('puts the candidate under the person, takes its rights away and says so', async () => {
    add('A', 'B');
    expect(await service.linkAndUpdate('A', ['B'])).toEqual(['B']);
    expect(register.links).toEqual(['A>B']);
    expect([flags('A'), flags('B')]).toEqual(['', 'dp']);
    expect(register.withoutHuoltajat).toEqual(['B']);
    expect(register.calls).toEqual(['isOppija A', 'isOppija B', 'passivoi B null']);
    expect(register.updated).toEqual(['A']);
    expect(register.audit).toEqual([
      'LINKITYS A Henkilöön linkitetty duplikaatit: B',
      'LINKITYS B Henkilö merkitty duplikaatiksi ja linkitetty henkilöön A',
    ]);
  });

  it('puts several under one, each once, the person itself never', async () => {
    add('A', 'B', 'C');
    expect(await service.linkAndUpdate('A', ['C', 'A', 'B', 'C'])).toEqual(['C', 'B']);
    expect(register.links).toEqual(['A>B', 'A>C']);
    expect(register.audit[0]).toBe('LINKITYS A Henkilöön linkitetty duplikaatit: C, B');
    expect(register.calls.filter((call) => call.startsWith('passivoi'))).toEqual([
      'passivoi C null',
      'passivoi B null',
    ]);
  });

  it.each([
    ['identified by hand', { yksiloity: true }],
    ['identified by VTJ', { yksiloityVTJ: true }],
    ['identified with eIDAS', { yksiloityEidas: true }],
    ['with a hetu', { hetu: HETU }],
  ])('makes the candidate the master that is %s', async (_name, values) => {
    add('A', 'C');
    register.add('B', { ...values, passivoitu: true });
    expect(await service.linkAndUpdate('A', ['B', 'C'])).toEqual(['C', 'A']);
    expect(register.links).toEqual(['B>A', 'B>C']);
    expect([flags('A').includes('d'), flags('B').includes('p')]).toEqual([true, false]);
    expect(register.updated).toEqual(['B']);
    expect(register.audit[0]).toBe('LINKITYS B Henkilöön linkitetty duplikaatit: C, A');
  });

  it('keeps the person the master when it is the identified one', async () => {
    register.add('A', { hetu: HETU });
    add('B');
    expect(await service.linkAndUpdate('A', ['B'])).toEqual(['B']);
    expect(register.links).toEqual(['A>B']);
  });

  it.each([
    ['a hetu', { hetu: HETU }],
    ['an identification', { yksiloity: true }],
  ])('refuses two persons of whom the second has %s too', async (_name, values) => {
    register.add('A', { yksiloityVTJ: true });
    register.add('B', values);
    await expect(service.linkAndUpdate('A', ['B'])).rejects.toMatchObject({
      name: 'ForbiddenError',
      message: 'More than one identified Henkilo',
    });
    expect(everything()).toEqual({ links: [], ...UNCHANGED });
    expect(register.calls).toEqual([]);
  });

  it('refuses what is a duplicate, unknown, or has an unknown candidate, and changes nothing', async () => {
    add('A', 'B', 'C');
    register.addLink('A', 'B');
    await expect(service.linkAndUpdate('B', ['C'])).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Henkilo B is already a duplicate',
    });
    await expect(service.linkAndUpdate('X', ['C'])).rejects.toMatchObject({
      name: 'NotFoundError',
      message: 'Henkilö X not found',
    });
    await expect(service.linkAndUpdate('C', ['X'])).rejects.toMatchObject({
      name: 'NotFoundError',
      message: 'Henkilö X not found',
    });
    expect(everything()).toEqual({ links: ['A>B'], ...UNCHANGED });
  });

  it('changes nothing for nobody to link', async () => {
    register.add('A', { passivoitu: true });
    expect(await service.linkAndUpdate('A', [])).toEqual([]);
    expect(await service.linkAndUpdate('A', ['A', 'A'])).toEqual([]);
    expect(everything()).toEqual({ links: [], ...UNCHANGED });
    expect(flags('A')).toBe('p');
    await expect(service.linkAndUpdate('X', [])).rejects.toThrow('Henkilö X not found');
  });

  it('takes the slaves of a slave along', async () => {
    add('A', 'B', 'C', 'D');
    register.addLink('B', 'C');
    register.addLink('B', 'D');
    expect(await service.linkAndUpdate('A', ['B'])).toEqual(['B']);
    expect(register.links).toEqual(['A>B', 'A>C', 'A>D']);
    expect([flags('B'), flags('C')]).toEqual(['dp', 'dp']);
    expect(register.calls).toEqual(['isOppija A', 'isOppija B', 'isOppija C', 'isOppija D', 'passivoi B null']);
  });

  it('takes a slave from another master, who counts as changed', async () => {
    add('A', 'B', 'C');
    register.addLink('B', 'C');
    expect(await service.linkAndUpdate('A', ['C'])).toEqual(['C']);
    expect(register.links).toEqual(['A>C']);
    expect(register.updated).toEqual(['B', 'A']);
    expect(register.calls).toEqual(['isOppija A', 'isOppija B', 'isOppija C', 'passivoi C null']);
  });

  it.each([
    ['before', ['B', 'C'], ['A']],
    ['after', ['C', 'B'], ['B', 'A']],
  ])('links once who is named %s its master', async (_when, candidates, updated) => {
    add('A', 'B', 'C');
    register.addLink('B', 'C');
    expect(await service.linkAndUpdate('A', candidates)).toEqual(candidates);
    expect(register.links).toEqual(['A>B', 'A>C']);
    expect(register.updated).toEqual(updated);
  });

  it('turns the link between the two round', async () => {
    add('B');
    register.add('A', { yksiloity: true });
    register.addLink('B', 'A');
    await service.linkAndUpdate('B', ['A']);
    expect(register.links).toEqual(['A>B']);
    expect([flags('A'), flags('B')]).toEqual(['y', 'dp']);
  });

  it('counts a master changed for each slave that it loses', async () => {
    add('A', 'B', 'C', 'D');
    register.addLink('B', 'C');
    register.addLink('B', 'D');
    await service.linkAndUpdate('A', ['C', 'D']);
    expect(register.links).toEqual(['A>C', 'A>D']);
    expect(register.updated).toEqual(['B', 'B', 'A']);
  });

  it('leaves a link that is there, and takes no rights away for it', async () => {
    add('A', 'B');
    register.addLink('A', 'B');
    expect(await service.linkAndUpdate('A', ['B'])).toEqual(['B']);
    expect(register.links).toEqual(['A>B']);
    expect(register.calls).toEqual(['isOppija A', 'isOppija B']);
    expect(register.withoutHuoltajat).toEqual([]);
    expect(register.updated).toEqual(['A']);
  });

  it('turns a link round when the slave is the identified one: its master becomes its slave', async () => {
    add('A', 'B', 'C', 'D');
    register.addLink('B', 'C');
    register.addLink('B', 'D');
    register.get('C').yksiloity = true;
    expect(await service.linkAndUpdate('A', ['C'])).toEqual(['A', 'B']);
    expect(register.links).toEqual(['C>A', 'C>B', 'C>D']);
    expect([flags('A'), flags('B'), flags('C'), flags('D')]).toEqual(['dp', 'dp', 'y', 'dp']);
    expect(register.calls.filter((call) => call.startsWith('passivoi'))).toEqual([
      'passivoi A null',
      'passivoi B null',
    ]);
  });

  it('refuses to make a former master a slave that is identified too', async () => {
    add('A', 'C');
    register.add('B', { hetu: HETU });
    register.addLink('B', 'C');
    register.get('C').yksiloity = true;
    await expect(service.linkAndUpdate('A', ['C'])).rejects.toThrow('More than one identified Henkilo');
    expect(everything()).toEqual({ links: ['B>C'], ...UNCHANGED });
  });

  it('moves login identifiers, nationalities and a missing mother tongue between two without hetu', async () => {
    const tunniste = (identifier: string) => ({ id: 7, idpEntityId: 'email' as const, identifier });
    register.add('A', { kansalaisuusIds: new Set([1]), identifications: [tunniste('a@example.fi')] });
    register.add('B', {
      kansalaisuusIds: new Set([2, 1]),
      aidinkieliId: 5,
      identifications: [tunniste('b@example.fi')],
    });
    await service.linkAndUpdate('A', ['B']);
    expect(register.get('A')).toMatchObject({ kansalaisuusIds: new Set([1, 2]), aidinkieliId: 5 });
    expect(register.get('A').identifications).toEqual([
      { id: 7, idpEntityId: 'email', identifier: 'a@example.fi' },
      { id: null, idpEntityId: 'email', identifier: 'b@example.fi' },
    ]);
    expect(register.get('B')).toMatchObject({ identifications: [], kansalaisuusIds: new Set([2, 1]), aidinkieliId: 5 });
  });

  it('keeps the mother tongue that the master has', async () => {
    register.add('A', { aidinkieliId: 4 });
    register.add('B', { aidinkieliId: 5 });
    await service.linkAndUpdate('A', ['B']);
    expect(register.get('A').aidinkieliId).toBe(4);
  });

  it('moves nothing where one has a hetu', async () => {
    const identifications = [{ id: 7, idpEntityId: 'email' as const, identifier: 'b@example.fi' }];
    register.add('A', { hetu: HETU });
    register.add('B', { identifications, kansalaisuusIds: new Set([2]) });
    await service.linkAndUpdate('A', ['B']);
    expect(register.get('A')).toMatchObject({ identifications: [], kansalaisuusIds: new Set() });
    expect(register.get('B').identifications).toEqual(identifications);
  });

  it('changes nothing while rights cannot be taken away', async () => {
    add('A', 'B');
    caller.superUser = true;
    register.isDown = true;
    await expect(service.linkAndUpdate('A', ['B'])).rejects.toThrow('down');
    expect(register.calls).toEqual(['passivoi B null']);
    expect(everything()).toEqual({ links: [], ...UNCHANGED });
    expect([flags('A'), flags('B')]).toEqual(['', '']);
  });
});

describe('whom a caller may join', () => {
  it('are no officials: nothing is linked and no right is taken away', async () => {
    add('A', 'B', 'C');
    register.addLink('B', 'C');
    for (const virkailija of ['A', 'B', 'C']) {
      register.virkailijat.clear();
      register.virkailijat.add(virkailija);
      await expect(service.linkAndUpdate('A', ['B'])).rejects.toMatchObject({
        name: 'UnauthorizedError',
        message: `${virkailija} is not an oppija`,
      });
    }
    expect(everything()).toEqual({ links: ['B>C'], ...UNCHANGED });
    expect(register.calls.filter((call) => call.startsWith('passivoi'))).toEqual([]);
    caller.superUser = true;
    expect(await service.linkAndUpdate('A', ['B'])).toEqual(['B']);
  });

  it('are not the caller, as a former master or a slave of a slave either', async () => {
    add('A', 'B', CALLER);
    register.addLink(CALLER, 'B');
    await expect(service.linkAndUpdate('A', ['B'])).rejects.toThrow('Nobody links or unlinks himself');
    await expect(service.linkAndUpdate('A', [CALLER])).rejects.toThrow('Nobody links or unlinks himself');
    await expect(service.linkAndUpdate(CALLER, ['A'])).rejects.toThrow('Nobody links or unlinks himself');
    expect(everything()).toEqual({ links: [`${CALLER}>B`], ...UNCHANGED });
    expect(register.calls).toEqual([]);
  });
});

describe('linking by force', () => {
  it('takes an identification by hand from the candidates only', async () => {
    register.add('A', { yksiloity: true });
    register.add('B', { yksiloity: true });
    expect(await service.forceLink('A', ['B', 'A'])).toEqual(['B']);
    expect(register.links).toEqual(['A>B']);
    expect([flags('A'), flags('B')]).toEqual(['y', 'dp']);
  });

  it('leaves the identification of a former master alone, and is refused for it', async () => {
    register.add('A', { yksiloity: true });
    register.add('B', { yksiloity: true });
    add('C');
    register.addLink('B', 'C');
    expect(await service.forceLink('A', ['C'])).toEqual(['C']);
    expect(flags('B')).toBe('y');
  });

  it.each([
    ['a hetu', { hetu: HETU }],
    ['an identification by VTJ', { yksiloityVTJ: true }],
    ['an identification with eIDAS', { yksiloityEidas: true }],
  ])('refuses a candidate with %s, without a text', async (_name, values) => {
    add('A', 'C');
    register.add('B', values);
    await expect(service.forceLink('A', ['C', 'B'])).rejects.toMatchObject({ name: 'ValidationError', message: '' });
    expect(everything()).toEqual({ links: [], ...UNCHANGED });
  });

  it('needs the same right as linking, but none in a job', async () => {
    add('A', 'B');
    register.virkailijat.add('B');
    await expect(service.forceLink('A', ['B'])).rejects.toThrow('B is not an oppija');
    expect(await service.forceLinkByJob('A', ['B'])).toEqual(['B']);
    expect(register.calls).toEqual(['isOppija A', 'isOppija B', 'passivoi B null']);
  });
});

describe('unlinking', () => {
  const AUDIT = ['PURA_LINKITYS A Linkitys henkilöön B purettu', 'PURA_LINKITYS B Linkitys henkilöön A purettu'];

  it('makes the slave active', async () => {
    add('A', 'B');
    register.addLink('A', 'B');
    await service.unlink('A', 'B');
    expect(everything()).toEqual({ links: [], updated: ['A', 'B'], audit: AUDIT });
    expect(flags('B')).toBe('');
  });

  it('makes a person active that was no slave', async () => {
    add('A', 'B');
    Object.assign(register.get('B'), { duplicate: true, passivoitu: true });
    await service.unlink('A', 'B');
    expect(flags('B')).toBe('');
    expect(register.audit).toEqual(AUDIT);
  });

  it('leaves a slave of somebody else one', async () => {
    add('A', 'B', 'C');
    register.addLink('C', 'B');
    await service.unlink('A', 'B');
    expect(register.links).toEqual(['C>B']);
    expect(flags('B')).toBe('dp');
  });

  it('makes a slave active that has slaves of its own', async () => {
    add('A', 'B', 'C');
    register.addLink('A', 'B');
    register.addLink('B', 'C');
    await service.unlink('A', 'B');
    expect(register.links).toEqual(['B>C']);
    expect(flags('B')).toBe('');
  });

  it('refuses unknown persons', async () => {
    add('A');
    await expect(service.unlink('A', 'X')).rejects.toThrow('Henkilö X not found');
    await expect(service.unlink('X', 'A')).rejects.toThrow('Henkilö X not found');
    expect(everything()).toEqual({ links: [], ...UNCHANGED });
  });
});

describe('linking with whoever has a hetu', () => {
  const linkWithHetu = (oid: string, hetu: string) =>
    register.db.transaction(async () => {
      const { master, modified, slaveOids } = await service.linkWithHetu(
        await register.henkiloStore.lockOne(oid),
        hetu,
      );
      return { master: master.oidHenkilo, modified: modified.map(({ oidHenkilo }) => oidHenkilo), slaveOids };
    });

  it('does nothing where nobody else has it', async () => {
    register.add('A', { hetu: HETU, kaikkiHetut: new Set([HETU]) });
    for (const hetu of [HETU, TOINEN_HETU])
      expect(await linkWithHetu('A', hetu)).toEqual({ master: 'A', modified: ['A'], slaveOids: [] });
    expect(register.links).toEqual([]);
    expect(register.get('A').hetu).toBe(HETU);
  });

  it('makes who has it now the slave, without the hetu', async () => {
    add('A');
    register.add('B', { hetu: HETU });
    expect(await linkWithHetu('A', HETU)).toEqual({ master: 'A', modified: ['A'], slaveOids: ['B'] });
    expect(register.links).toEqual(['A>B']);
    expect(register.get('B').hetu).toBeNull();
  });

  it('makes who had it the master where VTJ has identified that one', async () => {
    register.add('A', { hetu: TOINEN_HETU });
    register.add('B', { kaikkiHetut: new Set([HETU]), yksiloityVTJ: true });
    expect(await linkWithHetu('A', HETU)).toEqual({ master: 'B', modified: ['B'], slaveOids: ['A'] });
    expect(register.links).toEqual(['B>A']);
    expect(register.get('A').hetu).toBeNull();
  });

  it('looks at who has it now when only the person itself had it before', async () => {
    register.add('A', { kaikkiHetut: new Set([HETU]) });
    register.add('B', { hetu: HETU });
    expect(await linkWithHetu('A', HETU)).toMatchObject({ master: 'A', slaveOids: ['B'] });
  });

  it.each([{ yksiloityVTJ: true }, { yksiloity: true }, { yksiloityEidas: true }])(
    'refuses two that are identified: %j',
    async (values) => {
      register.add('A', values);
      register.add('B', { hetu: HETU, yksiloityVTJ: true });
      await expect(linkWithHetu('A', HETU)).rejects.toMatchObject({
        name: 'ValidationError',
        message: 'Henkilöitä A ja B ei voida yhdistää koska molemmat ovat jo yksilöity',
      });
      expect(register.links).toEqual([]);
      expect(register.get('B').hetu).toBe(HETU);
    },
  );
});

describe('taking a hetu from whoever has it', () => {
  const take = (oid: string, hetu: string) =>
    register.db.transaction(async () => {
      const result = await service.removeDuplicateHetuAndLink(await register.henkiloStore.lockOne(oid), hetu);
      return { master: result.master.oidHenkilo, slaveOids: result.slaveOids, modified: result.modified.length };
    });

  it('puts that person under the other, without hetut, identification and municipalities', async () => {
    register.add('A', { kaikkiHetut: new Set([TOINEN_HETU]) });
    register.add('B', { hetu: HETU, kaikkiHetut: new Set([HETU, '010190-901R']), yksiloity: true, yksiloityVTJ: true });
    expect(await take('A', HETU)).toEqual({ master: 'A', slaveOids: ['B'], modified: 1 });
    expect(register.links).toEqual(['A>B']);
    expect(register.get('B')).toMatchObject({
      hetu: null,
      kaikkiHetut: new Set(),
      yksiloity: false,
      yksiloityVTJ: false,
      duplicate: true,
      passivoitu: true,
    });
    expect(register.get('A').kaikkiHetut).toEqual(new Set([TOINEN_HETU, HETU, '010190-901R']));
    expect(register.withoutKotikunnat).toEqual(['B']);
  });

  it('does nothing where nobody else has it now', async () => {
    register.add('A', { hetu: HETU });
    register.add('B', { kaikkiHetut: new Set([TOINEN_HETU]), yksiloityVTJ: true });
    for (const hetu of [HETU, TOINEN_HETU])
      expect(await take('A', hetu)).toEqual({ master: 'A', slaveOids: [], modified: 1 });
    expect(register.links).toEqual([]);
    expect(register.get('B').yksiloityVTJ).toBe(true);
  });
});
