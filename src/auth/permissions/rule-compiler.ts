import { IN_CODE, OPEN } from './rules.js';

/** Rights by service, e.g. `{ OPPIJANUMEROREKISTERI: ['READ'] }`. */
export type PalveluRoolit = Readonly<Record<string, readonly string[]>>;

/** Whose person a rule is about: an argument of the handler by its Java name, or a member of the answer. */
export type PersonSource =
  | { readonly from: 'argument'; readonly name: string; readonly member: string | null }
  | { readonly from: 'result'; readonly member: string };

export type Rule =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'anyRole'; readonly authorities: readonly string[] }
  | { readonly kind: 'superUser' }
  | {
      readonly kind: 'person';
      readonly action: 'read' | 'modify';
      readonly person: PersonSource;
      readonly rights: PalveluRoolit;
      /** Name of the handler's argument with the external permission service; null: never one. */
      readonly externalService: string | null;
    };

const CONSTANTS: Readonly<Record<string, string>> = {
  'T(fi.vm.sade.oppijanumerorekisteri.services.impl.PermissionCheckerImpl).YLEISTUNNISTE_LUONTI_ACCESS_RIGHT':
    'APP_OPPIJANUMEROREKISTERI_YLEISTUNNISTE_LUONTI',
};

const PERSON = /^@permissionChecker\.isAllowedTo(Read|Modify)Person\(([#\w.]+), \{(.*)\} ?, (#\w+|null) ?\)$/;

/** Reads one expression of rules.ts. @throws Error a text that it does not know: nothing is allowed by accident */
export function compileRule(expression: string): Rule {
  if (expression === 'isAuthenticated()' || expression === IN_CODE || expression === OPEN) return { kind: 'everyone' };
  if (expression === '@permissionChecker.isSuperUser()') return { kind: 'superUser' };
  const roles = /^hasAnyRole\((.*)\)$/.exec(expression);
  if (roles) return { kind: 'anyRole', authorities: readRoles(roles[1]!) };
  const person = PERSON.exec(expression);
  if (!person) throw new Error(`Unknown permission expression: ${expression}`);
  const [, action, source, rights, external] = person;
  return {
    kind: 'person',
    action: action === 'Read' ? 'read' : 'modify',
    person: readSource(source!),
    rights: readRights(rights!),
    externalService: external === 'null' ? null : external!.slice(1),
  };
}

/** Names without `ROLE_` get it, as `hasAnyRole` does; an empty name grants nothing. */
function readRoles(list: string): string[] {
  const constant = CONSTANTS[list];
  const names = constant === undefined ? [...list.matchAll(/'([^']*)'/g)].map((m) => m[1]!) : [constant];
  if (names.length === 0) throw new Error(`No roles in ${list}`);
  return names.filter((name) => name !== '').map((name) => (name.startsWith('ROLE_') ? name : `ROLE_${name}`));
}

function readSource(source: string): PersonSource {
  const [head, member = null] = source.split('.') as [string, string?];
  if (head === 'returnObject' && member !== null) return { from: 'result', member };
  if (!head.startsWith('#')) throw new Error(`Unknown person in a permission expression: ${source}`);
  return { from: 'argument', name: head.slice(1), member };
}

function readRights(map: string): PalveluRoolit {
  const entries = [...map.matchAll(/'(\w+)': \{([^}]*)\}/g)].map(
    ([, palvelu, list]) => [palvelu!, [...list!.matchAll(/'(\w+)'/g)].map((m) => m[1]!)] as const,
  );
  return Object.fromEntries(entries);
}
