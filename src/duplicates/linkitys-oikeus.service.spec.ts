import { LinkitysOikeusService } from './linkitys-oikeus.service.js';

interface Caller {
  readonly superUser?: boolean;
  /** Whom käyttöoikeuspalvelu lets the caller change. */
  readonly mayChange?: readonly string[];
  readonly imported?: readonly string[];
  readonly virkailijat?: readonly string[];
}

const CALLER = 'caller';

function service({ superUser = false, mayChange = [], imported = [], virkailijat = [] }: Caller) {
  const asked: unknown[] = [];
  let open = 0;
  const seen = { asked, most: 0, calls: [] as string[] };
  const permissions = {
    isSuperUser: () => superUser,
    isOwnData: (oid: string | null) => oid === CALLER,
    isImporterOf: (oids: readonly (string | null)[]) =>
      Promise.resolve(oids.every((oid) => oid !== null && imported.includes(oid))),
    isAllowedByKayttooikeus: (oid: string, rights: unknown, external: unknown) => {
      asked.push([oid, rights, external]);
      return Promise.resolve(superUser || mayChange.includes(oid));
    },
  };
  const kayttooikeus = {
    isOppija: async (oid: string) => {
      seen.calls.push(oid);
      seen.most = Math.max(seen.most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      return !virkailijat.includes(oid);
    },
  };
  const keys: string[] = [];
  /** Answers are known from the second time on, as after the restart of a transaction. */
  const known = new Map<string, unknown>();
  const db = {
    outsideTransaction: (key: string, call: () => Promise<unknown>) => {
      keys.push(key);
      if (known.has(key)) return known.get(key);
      throw Object.assign(new Error('restart'), { key, call });
    },
  };
  const oikeus = new LinkitysOikeusService(db as never, permissions as never, kayttooikeus as never);
  const assertOppijat = async (oids: readonly string[]): Promise<void> => {
    try {
      oikeus.assertOppijat(oids);
    } catch (error) {
      const { key, call } = error as { key?: string; call?: () => Promise<unknown> };
      if (!call) throw error;
      known.set(key!, await call());
      oikeus.assertOppijat(oids);
    }
  };
  return { oikeus, seen, keys, assertOppijat };
}

const RIGHT = { OPPIJANUMEROREKISTERI: ['HENKILON_RU'] };
const link = (caller: Caller, henkiloOid: string, ...candidates: (string | null)[]) =>
  service(caller).oikeus.assertMayLink('HENKILON_RU', henkiloOid, candidates, 'ATARU');
const MISSING = { name: 'UnauthorizedError', message: 'Permission missing' };
const HIMSELF = { name: 'UnauthorizedError', message: 'Nobody links or unlinks himself' };

describe('joining', () => {
  it('two needs the right over either', async () => {
    await expect(link({ mayChange: ['A'] }, 'A', 'B')).resolves.toBeUndefined();
    await expect(link({ mayChange: ['B'] }, 'A', 'B')).resolves.toBeUndefined();
    await expect(link({ mayChange: ['C'] }, 'A', 'B')).rejects.toMatchObject(MISSING);
  });

  it('more or none needs the right over the person', async () => {
    await expect(link({ mayChange: ['A'] }, 'A', 'B', 'C')).resolves.toBeUndefined();
    await expect(link({ mayChange: ['B', 'C'] }, 'A', 'B', 'C')).rejects.toMatchObject(MISSING);
    await expect(link({ mayChange: ['A'] }, 'A')).resolves.toBeUndefined();
  });

  it('asks for the right that was named, and the service that the caller names', async () => {
    const { oikeus, seen } = service({});
    await expect(oikeus.assertMayLink('HENKILON_RU', 'A', ['B'], 'ATARU')).rejects.toMatchObject(MISSING);
    expect(seen.asked).toEqual([
      ['A', RIGHT, 'ATARU'],
      ['B', RIGHT, 'ATARU'],
    ]);
  });

  it('what an importer has imported needs no question; all of it must be imported', async () => {
    const { oikeus, seen } = service({ imported: ['A', 'B'] });
    await expect(oikeus.assertMayLink('HENKILON_RU', 'A', ['B'], null)).resolves.toBeUndefined();
    expect(seen.asked).toEqual([]);
    await expect(link({ imported: ['A', 'B'] }, 'A', 'B', 'C')).rejects.toMatchObject(MISSING);
    await expect(link({ imported: ['A'] }, 'A', null)).rejects.toMatchObject(MISSING);
    await expect(link({ imported: ['B'] }, 'A', 'B')).rejects.toMatchObject(MISSING);
  });

  it('is never with oneself, but for the superuser', async () => {
    await expect(link({ mayChange: ['A', CALLER] }, CALLER, 'A')).rejects.toMatchObject(HIMSELF);
    await expect(link({ mayChange: ['A', CALLER] }, 'A', 'B', CALLER)).rejects.toMatchObject(HIMSELF);
    await expect(link({ superUser: true }, 'A', CALLER)).resolves.toBeUndefined();
  });
});

describe('whose links change', () => {
  it('must be oppijat, asked for once each, in order', async () => {
    const { assertOppijat, seen, keys } = service({});
    await expect(assertOppijat(['C', 'A', 'C', 'B'])).resolves.toBeUndefined();
    expect(seen.calls).toEqual(['A', 'B', 'C']);
    expect(keys).toEqual(['oppijat A B C', 'oppijat A B C']);
  });

  it('must not be the caller, nor an official', async () => {
    const own = service({});
    await expect(own.assertOppijat(['A', CALLER])).rejects.toMatchObject(HIMSELF);
    expect(own.seen.calls).toEqual([]);
    await expect(service({ virkailijat: ['B'] }).assertOppijat(['A', 'B'])).rejects.toMatchObject({
      name: 'UnauthorizedError',
      message: 'B is not an oppija',
    });
  });

  it('may be anybody for the superuser, who asks nobody', async () => {
    const { assertOppijat, seen } = service({ superUser: true, virkailijat: ['A'] });
    await expect(assertOppijat(['A', CALLER])).resolves.toBeUndefined();
    expect(seen.calls).toEqual([]);
  });

  it('are asked for eight at a time, until the first official', async () => {
    const oids = Array.from({ length: 20 }, (_, i) => `oid${10 + i}`);
    const all = service({ virkailijat: ['oid29'] });
    await expect(all.assertOppijat(oids)).rejects.toThrow('oid29 is not an oppija');
    expect([all.seen.calls.length, all.seen.most]).toEqual([20, 8]);
    const early = service({ virkailijat: ['oid12'] });
    await expect(early.assertOppijat(oids)).rejects.toThrow('oid12 is not an oppija');
    expect(early.seen.calls).toHaveLength(8);
  });
});
