import { findMemberFault } from './member-names.js';

const TWICE = 'A member is named twice';
const PROTO = 'No member may be named __proto__';

it.each<[json: string, fault: string | null]>([
  ['{}', null],
  ['[]', null],
  ['"a:b"', null],
  ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}', null],
  ['{"a":"x:y","b":"\\"a\\":\\\\"}', null],
  ['{"a:b":1,"c":"\\\\\\":"}', null],
  ['{"":1,"\\u0061":1,"b":null}', null],
  ['{"a":1,"a":1}', TWICE],
  ['{"a":1,"\\u0061":2}', TWICE],
  ['{"a":"x:y","a":"z"}', TWICE],
  ['[[{"b":[{"a":"\\\\","a":"\\\\"}]}]]', TWICE],
  ['{"a":1,"__proto__":{"a":2}}', PROTO],
  ['[{"b":{"\\u005f_proto__":1}}]', PROTO],
  ['{"constructor":1,"prototype":2,"toString":3,"__proto":4}', null],
  ['['.repeat(100_000) + ']'.repeat(100_000), null],
])('%.60s has the fault %s', (json, fault) => expect(findMemberFault(json, JSON.parse(json))).toBe(fault));
