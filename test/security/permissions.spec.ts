import { POST_RULE, PRE_RULE } from '../../src/auth/permissions/authorize.decorator.js';
import { loggedIn, openToAll } from '../../src/auth/permissions/permission.rules.js';
import { AUDITED_READ, type Whose } from '../../src/audit/audited-read.decorator.js';
import { argumentIndex } from '../../src/http/handler-arguments.js';
import { NO_PERSONAL_DATA } from '../../src/http/no-personal-data.js';
import { declaredRoutes, type DeclaredRoute } from '../support/declared-routes.js';
import { newHetu } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { MALLIKOULU, ROOT, YLIOPISTO, type TestUser } from '../support/users.js';
import { HETU, IDENTIFIER, NOBODY, OPERATIONS, type Operation } from './operations.js';
import { CALLERS, readMatrix, WHOSE, type CallerName, type Whose as WhoseData } from './permission-matrix.js';

const app = useTestApp();
const meta = (handler: object, key: string): unknown => Reflect.getMetadata(key, handler) ?? null;
/** Handlers of the same name in one class are told apart in TypeScript only. */
const operationIdOf = ({ handler, name }: DeclaredRoute) =>
  ((meta(handler, 'swagger/apiOperation') as { operationId?: string } | null)?.operationId ?? name).replace(
    /_\d+$/,
    '',
  );
const isOpenToAll = (handler: object) => (meta(handler, PRE_RULE) as { login?: boolean } | null)?.login === false;
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
    if (!known.has(canonical(routeKey(route)))) expect([openToAll(), loggedIn()]).toContainEqual(rules[0]);
  }
});

it('every route says whose data it gives, or that it gives none', () => {
  const whose = ({ handler }: DeclaredRoute) => meta(handler, AUDITED_READ) as Whose[] | null;
  const none = ({ handler }: DeclaredRoute) => meta(handler, NO_PERSONAL_DATA) === true || isOpenToAll(handler); // prettier-ignore
  const routes = declaredRoutes(app.nest);
  expect(routes.length).toBeGreaterThan(OPERATIONS.length);
  expect(routes.filter((route) => (whose(route) !== null) === none(route)).map(routeKey)).toEqual([]);
  const noSuchArgument = routes.filter(({ type, name, ...route }) =>
    whose({ type, name, ...route })?.some((one) => one.startsWith('#') && argumentIndex(type.prototype, name, one.slice(1)) === undefined),
  ); // prettier-ignore
  expect(noSuchArgument.map(routeKey)).toEqual([]);
});

interface Person {
  readonly oid: string;
  readonly hetu: string;
}
const NAMES = Object.keys(CALLERS) as CallerName[];
const ORGANISATIONS: Readonly<Record<string, string>> = { root: ROOT, yliopisto: YLIOPISTO };
/** Persons whom the stand-in for käyttöoikeuspalvelu knows, by their organisations there. */
const ORGANISATIONS_OWN: Person = { oid: '1.2.246.562.24.30000000025', hetu: newHetu() };
const ANOTHERS: Person = { oid: '1.2.246.562.24.30000000135', hetu: newHetu() };

const users = new Map<CallerName, TestUser>();
const own = new Map<CallerName, Person>();
NAMES.forEach((name, i) => {
  const [right, organisation] = (CALLERS[name] ?? '-').split('@');
  const sub = `1.2.246.562.24.${99_100_000_000 + i}`;
  users.set(name, { sub, roles: organisation === undefined ? {} : { [ORGANISATIONS[organisation]!]: [right!] } });
  own.set(name, { oid: sub, hetu: newHetu() });
});

/** All persons as they were before the tests. */
async function storePersons(): Promise<void> {
  const stored: [Person, string | null][] = [
    [ORGANISATIONS_OWN, YLIOPISTO],
    [ANOTHERS, MALLIKOULU],
    ...[...own.values()].map((person): [Person, null] => [person, null]),
  ];
  const statements = stored.map(
    ([{ oid, hetu }, organisation], i) => `
      insert into henkilo (id, version, oidhenkilo, hetu, etunimet, kutsumanimi, sukunimi, asiointikieli_id)
        values (${-1 - i}, 0, '${oid}', '${hetu}', 'Aatu Eevert', 'Aatu', 'Testilä', null);
      insert into identification (id, version, henkilo_id, idpentityid, identifier)
        values (${-1 - i}, 0, ${-1 - i}, 'email', '${identifierOf({ oid })}');
      insert into henkilo_organisaatio (henkilo_id, organisaatio_id)
        select ${-1 - i}, id from organisaatio where oid = '${organisation}';`,
  );
  await app.query(`truncate henkilo cascade; ${statements.join('')}`);
}

const identifierOf = ({ oid }: { oid: string }) => `${oid.replaceAll('.', '-')}@example.com`;

function personOf(whose: WhoseData, caller: CallerName): Person {
  if (whose === 'own') return own.get(caller)!;
  return whose === 'organisation' ? ORGANISATIONS_OWN : ANOTHERS;
}

/** The operation's sample about a person. */
async function statusOf(operation: Operation, whose: WhoseData, name: CallerName): Promise<number> {
  const person = personOf(whose, name);
  const path = operation.sample
    .replaceAll(NOBODY, person.oid)
    .replaceAll(HETU, person.hetu)
    .replaceAll(IDENTIFIER, identifierOf(person));
  const body = operation.body === null ? undefined : JSON.stringify(operation.body).replaceAll(NOBODY, person.oid);
  const caller = name === 'anon' ? app.anonymous : app.as(users.get(name)!);
  const { status } = await caller.send(operation.method, path, body);
  if (status < 300 && !['GET', 'HEAD'].includes(operation.method)) await storePersons();
  return status;
}

describe('the permission matrix', () => {
  const matrix = readMatrix();

  beforeAll(async () => {
    await app.query(
      `insert into organisaatio (id, version, oid) values (-1, 0, '${YLIOPISTO}'), (-2, 0, '${MALLIKOULU}')`,
    );
    await storePersons();
  });

  it('has a row for every operation and whose data, and no answer that is a failure', () => {
    expect([...matrix.keys()]).toEqual(OPERATIONS.map(routeKey));
    for (const [key, row] of matrix) {
      expect([key, ...Object.keys(row).sort()]).toEqual([key, ...[...WHOSE].sort()]);
      const statuses = Object.values(row).flatMap((cells) => Object.values(cells));
      expect([key, ...statuses.filter((status) => status >= 500)]).toEqual([key]);
    }
  });

  it.each(OPERATIONS)('$id $method $path answers as written', async (operation) => {
    const answers: Record<string, Partial<Record<CallerName, number>>> = {};
    for (const whose of WHOSE) {
      answers[whose] = {};
      for (const name of NAMES) answers[whose][name] = await statusOf(operation, whose, name);
    }
    expect(answers).toEqual(matrix.get(routeKey(operation)));
  });
});

describe.each(OPERATIONS)('$id $method $path', (operation) => {
  it('is the handler and names the persons that the specification says', () => {
    const found = declaredRoutes(app.nest).find((r) => routeKey(r) === routeKey(operation))!;
    expect(found).toBeDefined();
    expect({ handler: operationIdOf(found), audit: meta(found.handler, AUDITED_READ) }).toEqual({
      handler: operation.handler,
      audit: operation.audit,
    });
  });
});
