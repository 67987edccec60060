import { runInRequest, type Caller, type RequestContext } from '../../http/request-context.js';
import type { UserAccessQuery } from '../../integrations/kayttooikeus/kayttooikeus.client.js';
import { holdsAny, PermissionChecker } from './permission-checker.service.js';
import { onr } from './rights.constants.js';

const CALLER = '1.2.246.562.24.99000000001';
const OPPIJA = '1.2.246.562.24.99000000002';
const TOINEN = '1.2.246.562.24.99000000003';
const KOULU = '1.2.246.562.10.99000000010';
const OSASTO = '1.2.246.562.10.99000000011';
const MUU_KOULU = '1.2.246.562.10.99000000020';
const ROOT = '1.2.246.562.10.00000000001';
const ONR = 'ROLE_APP_OPPIJANUMEROREKISTERI';

/** What the outside says: whose pairs `caller>person` käyttöoikeuspalvelu lets through, who belongs where. */
const world = {
  access: new Set<string>(),
  organisations: new Map<string, string[]>(),
  children: new Map<string, string[]>(),
  questions: [] as UserAccessQuery[],
  open: 0,
  mostOpen: 0,
};
beforeEach(() => {
  world.access = new Set([`${CALLER}>${OPPIJA}`]);
  world.organisations = new Map();
  world.children = new Map([[KOULU, [OSASTO]]]);
  world.questions = [];
  world.open = world.mostOpen = 0;
});

const organisaatiot = { listOids: (oid: string) => Promise.resolve(world.organisations.get(oid) ?? []) };
const kayttooikeus = {
  canUserAccessUser: async (query: UserAccessQuery) => {
    world.questions.push(query);
    world.mostOpen = Math.max(world.mostOpen, ++world.open);
    await new Promise((resolve) => setImmediate(resolve));
    world.open--;
    return world.access.has(`${query.callingUserOid}>${query.userOid}`);
  },
};
const organisaatio = { listChildOids: (oid: string) => Promise.resolve(world.children.get(oid) ?? []) };
const checker = new PermissionChecker(organisaatiot as never, kayttooikeus as never, organisaatio as never);

/** Runs as a caller with these authorities. */
function as<T>(authorities: readonly string[], work: () => T, oid: string | null = CALLER): T {
  const caller: Caller = { oid, protocol: 'oauth', authorities: new Set(authorities), authentication: null };
  return runInRequest({ caller, span: null } as RequestContext, work);
}

const SUPERUSER = [`${ONR}_REKISTERINPITAJA`, `${ONR}_REKISTERINPITAJA_${ROOT}`];
const READS_ALL = [`${ONR}_REKISTERINPITAJA_READ`, `${ONR}_REKISTERINPITAJA_READ_${ROOT}`];
const IMPORTER = [`${ONR}_OPPIJOIDENTUONTI`, `${ONR}_OPPIJOIDENTUONTI_${KOULU}`];
const READER = [`${ONR}_READ`, `${ONR}_READ_${KOULU}`];

describe('the caller', () => {
  it('is unknown outside a request and before login', () => {
    expect(() => checker.caller).toThrow('Nobody is logged in');
    expect(() => runInRequest({ caller: null, span: null } as RequestContext, () => checker.caller)).toThrow(
      expect.objectContaining({ name: 'UnauthorizedError', message: 'Nobody is logged in' }),
    );
  });

  it('has an OID, or is refused where one is needed', () => {
    expect(as([], () => checker.callerOid)).toBe(CALLER);
    expect(() => as([], () => checker.callerOid, null)).toThrow(
      expect.objectContaining({ name: 'UserHasNoOidError', message: 'The login has no OID' }),
    );
  });

  it('holds what was given, to the letter', () => {
    expect(as(READER, () => [checker.has(READER[0]!), checker.has(`${ONR}_REA`), checker.has('')])).toEqual([
      true,
      false,
      false,
    ]);
    expect(as(READER, () => checker.hasAny(['x', READER[1]!]))).toBe(true);
    expect(as(READER, () => checker.hasAny(['x', 'y']))).toBe(false);
    expect(as(READER, () => checker.hasAny([]))).toBe(false);
    expect(as(READER, () => holdsAny(checker.caller, [READER[0]!]))).toBe(true);
  });

  it.each([
    ['a superuser', SUPERUSER, true, true],
    ['a reader of everyone', READS_ALL, false, true],
    ['a registrar of one organisation', [`${ONR}_REKISTERINPITAJA`, `${ONR}_REKISTERINPITAJA_${KOULU}`], false, false],
    ['nobody', [], false, false],
  ])('that is %s', (_name, authorities, superUser, readsEveryone) => {
    expect(as(authorities, () => checker.isSuperUser())).toBe(superUser);
    expect(as(authorities, () => checker.mayReadEveryone())).toBe(readsEveryone);
  });

  it('knows himself', () => {
    expect(as([], () => [CALLER, OPPIJA, null].map((oid) => checker.isOwnData(oid)))).toEqual([true, false, false]);
    expect(as([], () => [CALLER, null].map((oid) => checker.isOwnData(oid)), null)).toEqual([false, false]);
  });
});

describe('a person', () => {
  const rights = onr('READ');
  const read = (authorities: readonly string[], oid: string | null) =>
    as(authorities, () => checker.isAllowedToReadPerson(oid, rights, 'ATARU'));
  const modify = (authorities: readonly string[], oid: string | null) =>
    as(authorities, () => checker.isAllowedToModifyPerson(oid, rights, 'ATARU'));
  const byService = (authorities: readonly string[], oid: string | null) =>
    as(authorities, () => checker.isAllowedByKayttooikeus(oid, rights, 'ATARU'));

  it('is read and changed by whom käyttöoikeuspalvelu lets', async () => {
    expect(await read(READER, OPPIJA)).toBe(true);
    expect(await modify(READER, OPPIJA)).toBe(true);
    expect(await byService(READER, OPPIJA)).toBe(true);
    expect(await read(READER, TOINEN)).toBe(false);
    expect(await modify(READER, TOINEN)).toBe(false);
    expect(await byService(READER, TOINEN)).toBe(false);
  });

  it('is asked for with all that the service needs', async () => {
    await read(READER, OPPIJA);
    expect(world.questions).toEqual([
      {
        callingUserOid: CALLER,
        userOid: OPPIJA,
        allowedPalveluRooli: { OPPIJANUMEROREKISTERI: ['READ'] },
        externalPermissionService: 'ATARU',
        callingUserRoles: READER,
      },
    ]);
  });

  it('may be asked of another service for a change by holders of the right only', async () => {
    await read([], OPPIJA);
    await modify([], OPPIJA);
    await modify(READER, OPPIJA);
    await byService([`${ONR}_HENKILON_RU`], OPPIJA);
    await byService(READER, OPPIJA);
    expect(world.questions.map((query) => query.externalPermissionService)).toEqual([
      'ATARU',
      null,
      'ATARU',
      null,
      'ATARU',
    ]);
  });

  it('may be asked for under a right of another service', async () => {
    const authorities = ['ROLE_APP_KAYTTOOIKEUS_PALVELUKAYTTAJA_CRUD'];
    const either = { OPPIJANUMEROREKISTERI: ['READ'], KAYTTOOIKEUS: ['X', 'PALVELUKAYTTAJA_CRUD'] };
    await as(authorities, () => checker.isAllowedToModifyPerson(OPPIJA, either, 'ATARU'));
    expect(world.questions).toMatchObject([{ externalPermissionService: 'ATARU' }]);
  });

  it('is open to whoever reads everyone, and changed by the superuser, without a question', async () => {
    expect(await read(SUPERUSER, TOINEN)).toBe(true);
    expect(await read(READS_ALL, TOINEN)).toBe(true);
    expect(await modify(SUPERUSER, TOINEN)).toBe(true);
    expect(await byService(SUPERUSER, TOINEN)).toBe(true);
    expect(world.questions).toEqual([]);
    expect(await modify(READS_ALL, TOINEN)).toBe(false);
    expect(await byService(READS_ALL, TOINEN)).toBe(false);
  });

  it('that is nobody is for those who need no right over anybody', async () => {
    expect(await read(READS_ALL, null)).toBe(true);
    expect(await modify(SUPERUSER, null)).toBe(true);
    expect(await byService(SUPERUSER, null)).toBe(true);
    for (const ask of [read, modify, byService]) expect(await ask(READER, null)).toBe(false);
    expect(await modify(READS_ALL, null)).toBe(false);
    expect(world.questions).toEqual([]);
  });

  it('that is the caller gives him nothing that he has no right to', async () => {
    world.access = new Set([`${CALLER}>${CALLER}`]);
    expect(await read([`${ONR}_HENKILON_RU`], CALLER)).toBe(false);
    expect(await modify([], CALLER)).toBe(false);
    expect(await byService([], CALLER)).toBe(false);
    expect(world.questions).toEqual([]);
    expect(await read(READER, CALLER)).toBe(true);
    expect(await modify(READER, CALLER)).toBe(true);
  });

  it('that the caller has imported is his to read and change, but not by the service alone', async () => {
    world.access = new Set();
    world.organisations = new Map([[OPPIJA, [KOULU]]]);
    expect(await read(IMPORTER, OPPIJA)).toBe(true);
    expect(await modify(IMPORTER, OPPIJA)).toBe(true);
    expect(world.questions).toEqual([]);
    expect(await byService(IMPORTER, OPPIJA)).toBe(false);
    expect(await read(IMPORTER, TOINEN)).toBe(false);
  });

  it('is nobody’s whose login has no OID, unless he reads everyone', async () => {
    await expect(as(READER, () => checker.isAllowedToReadPerson(OPPIJA, rights, null), null)).rejects.toThrow(
      'The login has no OID',
    );
  });

  it('ends in the failure of the service, never in a permission', async () => {
    const broken = { canUserAccessUser: () => Promise.reject(new Error('down')) };
    const failing = new PermissionChecker(organisaatiot as never, broken as never, organisaatio as never);
    await expect(as(READER, () => failing.isAllowedToReadPerson(OPPIJA, rights, null))).rejects.toThrow('down');
  });
});

describe('an importer', () => {
  const isImporterOf = (oids: (string | null)[], authorities = IMPORTER) =>
    as(authorities, () => checker.isImporterOf(oids));

  it('has those of the organisation and of those below it', async () => {
    world.organisations = new Map([
      [OPPIJA, [MUU_KOULU, KOULU]],
      [TOINEN, [OSASTO]],
    ]);
    expect(await isImporterOf([OPPIJA])).toBe(true);
    expect(await isImporterOf([TOINEN])).toBe(true);
    expect(await isImporterOf([OPPIJA, TOINEN, OPPIJA])).toBe(true);
    world.children = new Map([[KOULU, ['1.2.246.562.10.99000000012', OSASTO]]]);
    expect(await isImporterOf([TOINEN])).toBe(true);
  });

  it('has not those of other organisations, of none, nobody and himself', async () => {
    world.organisations = new Map([
      [OPPIJA, [KOULU]],
      [TOINEN, [MUU_KOULU]],
      [CALLER, [KOULU]],
    ]);
    expect(await isImporterOf([TOINEN])).toBe(false);
    expect(await isImporterOf([OPPIJA, TOINEN])).toBe(false);
    expect(await isImporterOf(['1.2.246.562.24.99000000009'])).toBe(false);
    expect(await isImporterOf([OPPIJA, null])).toBe(false);
    expect(await isImporterOf([OPPIJA, CALLER])).toBe(false);
  });

  it('is only who holds the right, in that organisation', async () => {
    world.organisations = new Map([[OPPIJA, [KOULU]]]);
    expect(await isImporterOf([OPPIJA], READER)).toBe(false);
    expect(await isImporterOf([OPPIJA], [`${ONR}_OPPIJOIDENTUONTI_${KOULU}`])).toBe(false);
    expect(await isImporterOf([OPPIJA], [`${ONR}_OPPIJOIDENTUONTI`, `${ONR}_READ_${KOULU}`])).toBe(false);
    expect(await isImporterOf([OPPIJA], [`${ONR}_OPPIJOIDENTUONTI`, `${ONR}_OPPIJOIDENTUONTI_${MUU_KOULU}`, IMPORTER[1]!])).toBe(true); // prettier-ignore
  });
});

describe('a list of persons', () => {
  const filter = (oids: string[], authorities = READER) =>
    as(authorities, () => checker.filterReadable(oids, onr('READ'), 'ATARU'));

  it('keeps whom the caller may read and himself, in order, each asked for once', async () => {
    expect(await filter([TOINEN, OPPIJA, CALLER, OPPIJA])).toEqual([OPPIJA, CALLER, OPPIJA]);
    expect(world.questions.map(({ userOid }) => userOid).sort()).toEqual([OPPIJA, TOINEN]);
    expect(world.questions[0]).toMatchObject({ externalPermissionService: 'ATARU' });
  });

  it('is given as it is to whoever reads everyone', async () => {
    const oids = [TOINEN, TOINEN, OPPIJA];
    const all = await filter(oids, READS_ALL);
    expect(all).toEqual([TOINEN, TOINEN, OPPIJA]);
    expect(all).not.toBe(oids);
    expect(world.questions).toEqual([]);
  });

  it('is asked for eight at a time', async () => {
    const oids = Array.from({ length: 30 }, (_, i) => `1.2.246.562.24.9900000${1000 + i}`);
    expect(await filter(oids)).toEqual([]);
    expect(world.questions).toHaveLength(30);
    expect(world.mostOpen).toBe(8);
    expect(await filter([])).toEqual([]);
  });
});

describe('organisations', () => {
  const authorities = [
    `${ONR}_READ`,
    `${ONR}_READ_${KOULU}`,
    `${ONR}_REKISTERINPITAJA_READ_${MUU_KOULU}`,
    `${ONR}_HENKILON_RU_${KOULU}`,
    `${ONR}_HENKILON_RU_${ROOT}`,
    `ROLE_APP_HENKILONHALLINTA_OPHREKISTERI_READ_${MUU_KOULU}`,
    `ROLE_APP_OPPIJANUMEROREKISTERY_READ_${MUU_KOULU}`, // of the same length
    `${ONR}_READ_1.2.246.562.24.99000000001`,
  ];

  it('are those in which the right is held, matched exactly', () => {
    const of = (...rights: string[]) => as(authorities, () => checker.organisationsFor(...rights));
    expect(of('READ')).toEqual([KOULU]);
    expect(of('REKISTERINPITAJA_READ')).toEqual([MUU_KOULU]);
    expect(of('READ', 'HENKILON_RU')).toEqual([KOULU, ROOT]);
    expect(of('REKISTERINPITAJA')).toEqual([]);
    expect(of()).toEqual([]);
  });

  it('come with those below them, each once', async () => {
    world.children = new Map([
      [KOULU, [OSASTO]],
      [ROOT, [KOULU, OSASTO, MUU_KOULU]],
    ]);
    expect(await as(authorities, () => checker.organisationsWithChildrenFor('HENKILON_RU'))).toEqual([
      KOULU,
      ROOT,
      OSASTO,
      MUU_KOULU,
    ]);
    expect(await as(authorities, () => checker.organisationsWithChildrenFor('REKISTERINPITAJA'))).toEqual([]);
  });
});
