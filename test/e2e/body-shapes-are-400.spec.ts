import { createHenkilo } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { rekisterinpitaja } from '../support/users.js';

const app = useTestApp();
const keeper = () => app.as(rekisterinpitaja);
let oid: string;
beforeAll(async () => {
  oid = await createHenkilo(app, { passinumerot: ['ODD-1'] });
});

const deep = (open: string, middle: string, close: string, times = 100_000) =>
  open.repeat(times) + middle + close.repeat(times);
const large = 10_000_000;
/** Operations that take a JSON body: method, path with `{oid}`. */
const OPERATIONS: readonly [string, string][] = [
  ['PUT', '/henkilo'],
  ['POST', '/henkilo'],
  ['POST', '/s2s/findOrCreateHenkiloPerustieto'],
  ['POST', '/henkilo/{oid}/identification'],
  ['POST', '/henkilo/{oid}/passinumerot'],
  ['POST', '/henkilo/{oid}/link'],
  ['POST', '/henkilo/{oid}/forcelink'],
  ['POST', '/oppija'],
  ['PUT', '/oppija'],
];
const BODIES: readonly [string, string, number?][] = [
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '1'],
  ['a text', '"x"'],
  ['half of a document', '{"oidHenkilo": "1'],
  ['two documents', '{}{}'],
  ['a byte order mark', '\ufeff'],
  ['deep objects', deep('{"a":', '1', '}')],
  ['deep lists', deep('[', '', ']')],
  ['a deep unknown member', `{"unknown": ${deep('[{"a":', '1', '}]')}}`],
  ['members of the prototype', '{"__proto__": {"oidHenkilo": "x"}, "constructor": {"prototype": {"a": 1}}}'],
  ['a list with null', '[null]'],
  ['a list with an object', '[{"a": 1}]'],
  ['a list in a list', '[["x"]]'],
  ['a list with a blank', '[" "]'],
  ['a list with U+0000', '["a\\u0000"]'],
  ['a list with half of a pair', '["a\\ud800"]'],
  ['a long text in a list', JSON.stringify(['x'.repeat(100_000)])],
  ['a person that is a list', '[{"etunimet":"a","kutsumanimi":"a","sukunimi":"b"}]'],
  ['ten megabytes', `{"sukunimi":"${'a'.repeat(large)}"}`, 413],
  ['ten megabytes in a list', `["${'a'.repeat(large)}"]`, 413],
  ['ten megabytes of blanks', ' '.repeat(large), 413],
];

/** Everything that a write changes. */
const snapshot = async () =>
  (
    await app.query(
      `select (select count(*) || ' ' || coalesce(sum(version), 0) from henkilo) as henkilo, (select count(*) from henkilo_aud) as aud,
              (select count(*) from identification) as identification, (select array_agg(passinumero order by 1) from henkilo_passinumero) as passinumero,
              (select count(*) from henkiloviite) as viite, (select count(*) from tuonti) as tuonti, (select count(*) from revinfo) as revisions,
              (select count(*) from kansalaisuus) || ' ' || (select count(*) from kielisyys) || ' ' || (select count(*) from organisaatio) as codes`,
    )
  )[0];

describe.each(OPERATIONS)('%s %s', (method, path) => {
  it.each(BODIES)(
    '%s is refused and changes nothing',
    async (...[, body, status]: readonly [string, string, number?]) => {
      const before = await snapshot();
      const audit = app.audit.length;
      const answer = await keeper().send(method, path.replace('{oid}', oid), body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      if (status !== undefined) expect(answer.status).toBe(status);
      expect(answer.text.length).toBeLessThan(300_000);
      expect(answer.text).not.toMatch(/\bat .*\.[jt]s:\d|node_modules|insert into|select /);
      expect(await snapshot()).toEqual(before);
      expect(app.audit.length).toBe(audit);
    },
  );

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded'])(
    'a body of type %s is refused',
    async (type) => {
      const before = await snapshot();
      const answer = await keeper().send(method, path.replace('{oid}', oid), '{}', { 'content-type': type });
      expect([400, 415]).toContain(answer.status);
      expect(await snapshot()).toEqual(before);
    },
  );
});

it('the prototype of objects stays as it is', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>).oidHenkilo).toBeUndefined();
});
