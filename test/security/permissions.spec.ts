import { compileRule } from '../../src/auth/permissions/rule-compiler.js';
import { IN_CODE, OPEN } from '../../src/auth/permissions/rules.js';
import { OWN_DATA, POST_RULE, PRE_RULE } from '../../src/auth/permissions/authorize.js';
import { AUDITED_READ, type Whose } from '../../src/audit/audited-read.js';
import { argumentIndex } from '../../src/http/handler-arguments.js';
import { NO_PERSONAL_DATA } from '../../src/http/no-personal-data.js';
import { declaredRoutes, type DeclaredRoute } from '../support/declared-routes.js';
import { useTestApp, type TestAnswer } from '../support/test-app.js';
import { ROOT, userWith, YLIOPISTO, type TestUser } from '../support/users.js';
import { NOBODY, OPERATIONS, type Operation } from './operations.js';

const app = useTestApp();
const meta = (handler: object, key: string): unknown => Reflect.getMetadata(key, handler) ?? null;
/** Handlers of the same name in one class are told apart in TypeScript only. */
const operationIdOf = ({ handler, name }: DeclaredRoute) =>
  ((meta(handler, 'swagger/apiOperation') as { operationId?: string } | null)?.operationId ?? name).replace(
    /_\d+$/,
    '',
  );
const routeKey = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

/** Declared forms of one operation: an empty last value may have a form of its own, and E26's tail an optional one. */
const CANONICAL: readonly [RegExp, string][] = [
  [/^(\w+ \/henkilo\/hakutermi=)$/, '$1:hakutermi'],
  [/^(\w+ \/henkilo\/yhteystieto=)(\/oid)$/, '$1:arvo$2'],
  [/^(\w+ \/henkilo\/hetu=)$/, '$1:hetu'],
  [/^(\w+ \/(?:oppija|yleistunniste)\/tuonti=)(\/perustiedot)?$/, '$1:id$2'],
  [/^(DELETE \/henkilo\/:oid\/identification\/:idpEntityId)$/, '$1/*'],
];
const canonical = (key: string) => CANONICAL.reduce((text, [from, to]) => text.replace(from, to), key);

it('every route declares its permission; what is not in the specification is open or needs a login only', () => {
  const known = new Set(OPERATIONS.map(routeKey));
  const routes = declaredRoutes(app.nest);
  for (const route of routes) {
    const rules = [meta(route.handler, PRE_RULE), meta(route.handler, POST_RULE)];
    expect({ route: routeKey(route), declared: rules.some((rule) => rule !== null) }).toEqual({
      route: routeKey(route),
      declared: true,
    });
    if (!known.has(canonical(routeKey(route)))) expect([OPEN, 'isAuthenticated()']).toContain(rules[0]);
  }
});

it('every route says whose data it gives, or that it gives none', () => {
  const whose = ({ handler }: DeclaredRoute) => meta(handler, AUDITED_READ) as Whose[] | null;
  const none = ({ handler }: DeclaredRoute) => meta(handler, NO_PERSONAL_DATA) === true || meta(handler, PRE_RULE) === OPEN; // prettier-ignore
  const routes = declaredRoutes(app.nest);
  expect(routes.length).toBeGreaterThan(OPERATIONS.length);
  expect(routes.filter((route) => (whose(route) !== null) === none(route)).map(routeKey)).toEqual([]);
  const noSuchArgument = routes.filter(({ type, name, ...route }) =>
    whose({ type, name, ...route })?.some((one) => one.startsWith('#') && argumentIndex(type.prototype, name, one.slice(1)) === undefined),
  ); // prettier-ignore
  expect(noSuchArgument.map(routeKey)).toEqual([]);
});

const ROLES = [
  ...[
    'REKISTERINPITAJA',
    'REKISTERINPITAJA_READ',
    'HENKILON_RU',
    'READ',
    'OPPIJOIDENTUONTI',
    'TUONTIDATA_READ',
    'YLEISTUNNISTE_LUONTI',
  ],
  ...[
    'DUPLICATE_READ',
    'DUPLIKAATTINAKYMA',
    'YKSILOINNIN_PURKU',
    'MANUAALINEN_YKSILOINTI',
    'VTJ_VERTAILUNAKYMA',
    'KOTIKUNTAHISTORIA',
  ],
  ...['TURVAKIELTOKOTIKUNTAHISTORIA', 'EIDAS_HENKILON_LUONTI'],
];
const CALLERS: readonly TestUser[] = [
  ...ROLES.map((role, i) => userWith(`1.2.246.562.24.9910000000${i}`, YLIOPISTO, role)),
  userWith('1.2.246.562.24.99200000001', ROOT, 'REKISTERINPITAJA'),
  userWith('1.2.246.562.24.99200000002', ROOT, 'REKISTERINPITAJA_READ'),
  { sub: '1.2.246.562.24.99200000003', roles: { [YLIOPISTO]: ['HENKILONHALLINTA_OPHREKISTERI'] } },
  { sub: '1.2.246.562.24.99200000004', roles: {} },
];
const nameOf = ({ roles }: TestUser) =>
  Object.entries(roles)
    .map(([organisation, rights]) => `${rights.join()}@${organisation}`)
    .join() || 'no rights';
const authoritiesOf = ({ roles }: TestUser) =>
  Object.entries(roles).flatMap(([organisation, rights]) =>
    rights.flatMap((right) => [`ROLE_APP_${right}`, `ROLE_APP_${right}_${organisation}`]),
  );

/** Whether the caller passes, when käyttöoikeuspalvelu gives `peer` for everyone. */
function passes(expression: string | null, caller: TestUser, peer: boolean): boolean {
  if (expression === null) return true;
  const rule = compileRule(expression);
  const held = authoritiesOf(caller);
  const superUser = held.includes(`ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_${ROOT}`);
  const readAll = superUser || held.includes(`ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ_${ROOT}`);
  if (expression === IN_CODE) return superUser || peer;
  switch (rule.kind) {
    case 'everyone':
      return true;
    case 'superUser':
      return superUser;
    case 'anyRole':
      return rule.authorities.some((authority) => held.includes(authority));
    case 'person':
      return (rule.action === 'read' ? readAll : superUser) || peer;
  }
}

/** Their rule names a person who is not there: only who may read everyone passes (docs/spec/api.md#A5). */
const NOBODYS = ['E47', 'E48'];

const send = (operation: Operation, caller: TestUser): Promise<TestAnswer> =>
  app.as(caller).send(operation.method, operation.sample, operation.body ?? undefined);

describe.each(OPERATIONS)('$id $method $path', (operation) => {
  it('declares what the specification says', () => {
    const found = declaredRoutes(app.nest).find((r) => routeKey(r) === routeKey(operation))!;
    expect(found).toBeDefined();
    expect({
      handler: operationIdOf(found),
      pre: meta(found.handler, PRE_RULE),
      post: meta(found.handler, POST_RULE),
      audit: meta(found.handler, AUDITED_READ),
      own: meta(found.handler, OWN_DATA) ?? false,
    }).toEqual({
      handler: operation.handler,
      pre: operation.pre,
      post: operation.post,
      audit: operation.audit,
      own: operation.own,
    });
  });

  it('is open to a caller who asks about himself and holds nothing only where own data are a permission', async () => {
    await app.peers.state({ canAccess: ['*>*'] }); // nor does käyttöoikeuspalvelu give anybody a right over himself
    const own = '1.2.246.562.24.99200000005';
    const body = JSON.stringify(operation.body ?? undefined)?.replaceAll(NOBODY, own);
    const caller = app.as({ sub: own, roles: {} });
    const { status } = await caller.send(operation.method, operation.sample.replaceAll(NOBODY, own), body);
    const named = operation.post === null;
    // A person named in the answer only is nobody's here: 404 before the permission.
    const open = operation.pre === 'isAuthenticated()' || (operation.pre === null ? !named : operation.own && named);
    expect({ status, open: status !== 401 }).toEqual({ status, open });
  });

  it.each([false, true])('lets in exactly whom the rule names (käyttöoikeuspalvelu says %s)', async (peer) => {
    await app.peers.state({ canAccess: peer ? ['*>*'] : [] });
    const wrong: string[] = [];
    for (const caller of CALLERS) {
      const { status } = await send(operation, caller);
      const may = passes(operation.pre, caller, peer && !NOBODYS.includes(operation.id));
      if ((status === 401) === may || status === 302) wrong.push(`${nameOf(caller)}: ${status}`);
    }
    expect(wrong).toEqual([]);
    const anonymous = await app.anonymous.send(operation.method, operation.sample, operation.body ?? undefined);
    expect(anonymous.status).toBe(302);
  });
});

it('a person is nobody before the tests', async () => {
  expect(await app.query('select 1 from henkilo where oidhenkilo = $1', [NOBODY])).toEqual([]);
});
