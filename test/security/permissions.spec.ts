import { readFileSync } from 'node:fs';
import path from 'node:path';
import { POST_RULE, PRE_RULE } from '../../src/auth/permissions/authorize.decorator.js';
import { loggedIn, openToAll } from '../../src/auth/permissions/permission.rules.js';
import { AUDITED_READ, type Whose } from '../../src/audit/audited-read.decorator.js';
import { argumentIndex } from '../../src/http/handler-arguments.js';
import { NO_PERSONAL_DATA } from '../../src/http/no-personal-data.js';
import { declaredRoutes, type DeclaredRoute } from '../support/declared-routes.js';
import { newHetu } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { MALLIKOULU, ROOT, YLIOPISTO, type TestUser } from '../support/users.js';
import { HETU, IDENTIFIER, NO_IMPORT, NOBODY, OPERATIONS, SUKUNIMI, type Operation } from './operations.js';
import {
  CALLERS,
  OTHER_ROUTES,
  readMatrix,
  WHOSE,
  type CallerName,
  type Whose as WhoseData,
} from './permission-matrix.js';
import { renderPermissions } from './permission-page.js';

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

/** The files of Swagger UI are one row. */
const fileless = (key: string) => key.replace(/^(GET \/swagger-ui)(?:\/.*)?$/, '$1/*');

it('every route has a row: of the matrix, or among the addresses that give no data of persons', () => {
  const known = new Set(OPERATIONS.map(routeKey));
  const others = declaredRoutes(app.nest).filter((route) => !known.has(canonical(routeKey(route))));
  expect(
    Object.fromEntries(
      others.map((route) => [
        fileless(routeKey(route)),
        isOpenToAll(route.handler) ? 'everybody' : 'everybody logged in',
      ]),
    ),
  ).toEqual(OTHER_ROUTES);
  expect(others.filter(({ handler }) => meta(handler, AUDITED_READ) !== null).map(routeKey)).toEqual([]);
});

it('docs/permissions.md is what the matrix says; npm run permissions writes it', () => {
  expect(readFileSync(path.resolve(__dirname, '../../docs/permissions.md'), 'utf8')).toBe(renderPermissions());
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

/** Operations after which the persons are restored. */
const CHANGES = /^E(?:10|13|14|17|2[25-9]|30|32|38|39|40|54|59|60|62|68|69|70|72|73|75)$/;

/** All persons. */
async function storePersons(): Promise<void> {
  const statements = stored.map(({ oid, hetu, n, organisation }) => {
    const [id, slaveId] = [-n, -n - 1000];
    const importedBy = organisation === null ? oid : '1.2.246.562.24.99200000000';
    return `
      insert into henkilo (id, version, oidhenkilo, hetu, etunimet, kutsumanimi, sukunimi, syntymaaika, kotikunta, turvakielto, modified)
        values (${id}, 0, '${oid}', '${hetu}', 'Aatu Eevert', 'Aatu', '${sukunimiOf({ n })}', '1990-01-01', '091', false, now());
      insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, duplicate)
        values (${slaveId}, 0, '${slaveOf({ n })}', 'Sama', 'Sama', 'Testilä', true);
      insert into henkiloviite (id, version, master_oid, slave_oid) values (${id}, 0, '${oid}', '${slaveOf({ n })}');
      insert into henkilo_huoltaja_suhde (id, version, lapsi_id, huoltaja_id, updated) values (${id}, 0, ${id}, ${GUARDIAN}, now());
      insert into identification (id, version, henkilo_id, idpentityid, identifier)
        values (${id}, 0, ${id}, 'email', '${identifierOf({ oid })}');
      insert into yhteystiedotryhma (id, version, henkilo_id, ryhmakuvaus, ryhma_alkuperatieto) values (${id}, 0, ${id}, 'yhteystietotyyppi1', 'alkupera2');
      insert into yhteystiedot (id, version, yhteystiedotryhma_id, yhteystieto_tyyppi, yhteystieto_arvo)
        values (${id}, 0, ${id}, 'YHTEYSTIETO_SAHKOPOSTI', '${identifierOf({ oid })}');
      insert into henkilo_passinumero (henkilo_id, passinumero) values (${id}, 'PASSI${n}');
      insert into kotikunta_historia (id, version, henkilo_id, kotikunta, kuntaan_muuttopv) values (${id}, 0, ${id}, '091', '2020-01-01');
      insert into henkilo_organisaatio (henkilo_id, organisaatio_id)
        select ${id}, id from organisaatio where oid = '${organisation}';
      insert into tuonti (id, version, kasiteltavia, kasiteltyja, kasittelija_oid, data_id) values (${id}, 0, 1, 1, '${importedBy}', -1);
      insert into tuonti_rivi (id, version, tunniste, henkilo_id, tuonti_id, conflict) values (${id}, 0, 'x', ${id}, ${id}, false);
      insert into tuonti_organisaatio (tuonti_id, organisaatio_id)
        select ${id}, id from organisaatio where oid = '${organisation ?? YLIOPISTO}';`;
  });
  await app.query(
    `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi)
       values (${GUARDIAN}, 0, '1.2.246.562.24.99200000001', 'Huolto', 'Huolto', 'Testilä');
     ${statements.join('')}
     create schema before;
     ${STORED_IN.map((table) => `create table before.${table} as select * from ${table};`).join('')}`,
  );
  const columns = await app.query<{ name: string; columns: string }>(
    `select attrelid::regclass::text as name, string_agg(quote_ident(attname), ',') as columns from pg_attribute
      where attrelid = any ($1::regclass[]) and attnum > 0 and not attisdropped and attgenerated = '' group by attrelid`,
    [STORED_IN],
  );
  for (const { name, columns: list } of columns) columnsOf.set(name, list);
}

/** Tables with rows of the persons, those that others refer to first. */
const STORED_IN = [
  'henkilo', 'henkiloviite', 'henkilo_huoltaja_suhde', 'identification', 'yhteystiedotryhma', 'yhteystiedot',
  'henkilo_passinumero', 'kotikunta_historia', 'henkilo_organisaatio', 'tuonti', 'tuonti_rivi', 'tuonti_organisaatio',
]; // prettier-ignore

/** Their columns, without those that the database computes. */
const columnsOf = new Map<string, string>();

/** All persons as they were stored. */
async function restorePersons(): Promise<void> {
  // An import of the operation before may be under way, and one of the two is the victim of a deadlock then.
  await againAfterDeadlock(
    `truncate henkilo, henkiloviite, tuonti cascade;
     ${STORED_IN.map((table) => `insert into ${table} (${columnsOf.get(table)}) select ${columnsOf.get(table)} from before.${table};`).join('')}`, // prettier-ignore
  );
}

async function againAfterDeadlock(statements: string): Promise<void> {
  for (let times = 1; ; times++) {
    try {
      await app.query(statements);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '40P01' || times === 5) throw error;
    }
  }
}

/** Whether the organisation's own person is under turvakielto. */
const protect = (turvakielto: boolean) =>
  app.query(`update henkilo set turvakielto = ${turvakielto} where oidhenkilo = '${ORGANISATIONS_OWN.oid}'`);

/** Of everybody. */
const GUARDIAN = -999;
const identifierOf = ({ oid }: { oid: string }) => `${oid.replaceAll('.', '-')}@example.com`;
/** Of everybody another, so that the best match of a name is one person. */
const sukunimiOf = ({ n }: { n: number }) => SUKUNIMI + String.fromCharCode(97 + n).repeat(5);
const slaveOf = ({ n }: { n: number }) => `1.2.246.562.24.${99_400_000_000 + n}`;

/** Everybody that is stored: number, and organisation if there is one. */
const stored = [
  { ...ORGANISATIONS_OWN, organisation: YLIOPISTO },
  { ...ANOTHERS, organisation: MALLIKOULU },
  ...[...own.values()].map((person) => ({ ...person, organisation: null })),
].map((person, i) => ({ ...person, n: i + 2 }));

function personOf(whose: WhoseData, caller: CallerName): (typeof stored)[number] {
  const { oid } = whose === 'own' ? own.get(caller)! : whose === 'other' ? ANOTHERS : ORGANISATIONS_OWN;
  return stored.find((person) => person.oid === oid)!;
}

/** Answers that tell municipalities without contact details, and lists of something else than persons. */
const STAYS = /^E(?:36|5[78])$/;
const NO_PERSONS = /^E(?:36|47|65|77)$/;

/** `-`: the answer is a list without the person; `+`: it tells how the person is reached. */
function signOf({ id }: Operation, text: string, person: (typeof stored)[number]): '' | '-' | '+' {
  const holds = (...texts: string[]) => texts.some((part) => text.includes(part));
  if (holds(identifierOf(person)) || (STAYS.test(id) && holds('"kotikunta":"091"'))) return '+';
  if (NO_PERSONS.test(id) || !/^\[|^\{\}|"(?:results|content|henkilot)":\[/.test(text)) return '';
  return holds(person.oid, person.hetu, slaveOf(person), 'Huolto', 'PASSI') ? '' : '-';
}

/** What the operation's sample about a person gives, as the matrix writes it. */
async function answerOf(operation: Operation, whose: WhoseData, name: CallerName): Promise<string> {
  const person = personOf(whose, name);
  const path = operation.sample
    .replaceAll(NOBODY, person.oid)
    .replaceAll(HETU, person.hetu)
    .replaceAll(IDENTIFIER, identifierOf(person))
    .replaceAll(encodeURIComponent(SUKUNIMI), encodeURIComponent(sukunimiOf(person)))
    .replace(new RegExp(`(tuonti=|tuontidata/)${NO_IMPORT}`), `$1${-person.n}`);
  const body =
    operation.body === null
      ? undefined
      : JSON.stringify(operation.body)
          .replaceAll(NOBODY, person.oid)
          .replaceAll(HETU, person.hetu)
          .replaceAll(SUKUNIMI, sukunimiOf(person));
  const caller = name === 'anon' ? app.anonymous : app.as(users.get(name)!);
  const { status, text } = await caller.send(operation.method, path, body);
  if (status < 300 && CHANGES.test(operation.id)) {
    await restorePersons();
    if (whose === 'turvakielto') await protect(true);
  }
  return status < 300 ? `${status}${signOf(operation, text, person)}` : `${status}`;
}

describe('the permission matrix', () => {
  const matrix = readMatrix();

  beforeAll(async () => {
    await app.query(
      `insert into organisaatio (id, version, oid) values (-1, 0, '${YLIOPISTO}'), (-2, 0, '${MALLIKOULU}')`,
    );
    const rows = { sahkoposti: null, henkilot: [{ tunniste: 'x', henkilo: { etunimet: 'Aatu' } }] };
    await app.query(
      `insert into tuonti_data (id, version, data) values (-1, 0, lo_from_bytea(0, convert_to('${JSON.stringify(rows)}', 'UTF8')))`,
    );
    await app.peers.state({
      kayttooikeudet: Object.fromEntries(
        [...users].map(([name, { sub }]) => [
          sub,
          /^RPR?@root$/.test(name) ? { admin: true, oids: null } : { admin: false, oids: [sub, ORGANISATIONS_OWN.oid] },
        ]),
      ),
    });
    await storePersons();
  });

  it('has a row for every operation and whose data, and no answer that is a failure', () => {
    expect([...matrix.keys()]).toEqual(OPERATIONS.map(routeKey));
    for (const [key, { id, ...row }] of matrix) {
      expect([id, ...Object.keys(row).sort()]).toEqual([
        OPERATIONS.find((one) => routeKey(one) === key)!.id,
        ...[...WHOSE].sort(),
      ]);
      const answers = Object.values(row).flatMap((cells) => Object.values(cells));
      expect([key, ...answers.filter((answer) => !/^(?:20[014][+-]?|302|40[01349])$/.test(answer))]).toEqual([key]);
    }
  });

  it.each(OPERATIONS)('$id $method $path answers as written', async (operation) => {
    const answers: Record<string, Partial<Record<CallerName, string>>> = {};
    for (const whose of WHOSE) {
      answers[whose] = {};
      await protect(whose === 'turvakielto');
      for (const name of NAMES) answers[whose][name] = await answerOf(operation, whose, name);
    }
    expect({ id: operation.id, ...answers }).toEqual(matrix.get(routeKey(operation)));
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
