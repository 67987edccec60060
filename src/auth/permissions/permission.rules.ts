/**
 * What a caller must satisfy, as values that say it: `anyRole('REKISTERINPITAJA', 'READ')`, `mayRead(person('oid'))`. Each
 * rule carries the expression that the OpenAPI document publishes for it, which henkilo-ui reads (docs/spec/api.md#3); the
 * expression is written here and never read.
 */
import { SUPERUSER } from './permission-checker.service.js';
import { READ_RIGHTS_WITH_SERVICE_USERS, type Oikeus, type PalveluRoolit } from './rights.constants.js';

/** Whose person a rule is about: an argument of the handler by its Java name or a member of it, or a member of the answer. */
export type PersonSource =
  | { readonly from: 'argument'; readonly name: string; readonly member: string | null }
  | { readonly from: 'result'; readonly member: string };

interface Published {
  /** The expression in `x-preauthorize` and `x-postauthorize`; null: nothing is published. */
  readonly published: string | null;
}

/** Nothing is asked of the caller here. */
export interface EveryoneRule extends Published {
  readonly kind: 'everyone';
  /** Whether the caller has logged in. */
  readonly login: boolean;
}

/** The caller holds one of the authorities. */
export interface AuthorityRule extends Published {
  readonly kind: 'anyAuthority';
  readonly authorities: readonly string[];
}

/** The caller has one of the rights over a person. */
export interface PersonRule extends Published {
  readonly kind: 'person';
  readonly action: 'read' | 'modify';
  readonly person: PersonSource;
  readonly rights: PalveluRoolit;
  /** The handler's argument `permissionService` names another service that is asked, too. */
  readonly asksExternalService: boolean;
}

export type Rule = EveryoneRule | AuthorityRule | PersonRule;

/** Whoever has logged in. */
export const loggedIn = (): EveryoneRule => ({ kind: 'everyone', login: true, published: 'isAuthenticated()' });

/** Anyone, also without login: health, API documents and the login itself. */
export const openToAll = (): EveryoneRule => ({ kind: 'everyone', login: false, published: null });

/** Whoever has logged in reaches the handler, which refuses by itself. */
export const decidedByHandler = (): EveryoneRule => ({ kind: 'everyone', login: true, published: null });

/** REKISTERINPITAJA of the root organisation. */
export const superUser = (): AuthorityRule => ({
  kind: 'anyAuthority',
  authorities: [SUPERUSER],
  published: '@permissionChecker.isSuperUser()',
});

/** One of these rights of OPPIJANUMEROREKISTERI, in whatever organisation. */
export const anyRole = (...oikeudet: readonly [Oikeus, ...Oikeus[]]): AuthorityRule =>
  anyAuthority(...oikeudet.map((oikeus) => `ROLE_APP_OPPIJANUMEROREKISTERI_${oikeus}`));

/** One of these authorities, which may be rights of other services. */
export const anyAuthority = (...authorities: readonly string[]): AuthorityRule => ({
  kind: 'anyAuthority',
  authorities,
  published: `hasAnyRole(${authorities.map((authority) => `'${authority}'`).join(',')})`,
});

/** @param rights over the person; who may read everyone needs none */
export const mayRead = (person: PersonSource, rights: PalveluRoolit = READ_RIGHTS_WITH_SERVICE_USERS): PersonRule =>
  personRule('read', person, rights, true);

/** @param rights over the person; the superuser needs none */
export const mayModify = (person: PersonSource, rights: PalveluRoolit): PersonRule =>
  personRule('modify', person, rights, true);

/** The same rule where callers name no other service to ask. */
export const withoutExternalService = ({ action, person, rights }: PersonRule): PersonRule =>
  personRule(action, person, rights, false);

/** The person whose OID the argument of that name is, or a member of the argument. */
export const person = (argument: string, member: string | null = null): PersonSource => ({
  from: 'argument',
  name: argument,
  member,
});

/** The person whose OID is that member of the answer. */
export const foundPerson = (member: string): PersonSource => ({ from: 'result', member });

/** Published with the names of the authorities without `ROLE_`, as some of the reference's are. */
export const withoutPrefix = (rule: AuthorityRule): AuthorityRule =>
  publishedAs(rule.published!.replaceAll("'ROLE_", "'"), rule);

/** Published with spaces between the authorities, as some of the reference's are. */
export const spaced = (rule: AuthorityRule): AuthorityRule =>
  publishedAs(rule.published!.replaceAll("','", "', '"), rule);

/** The same rule, published in words of its own that mean the same. */
export const publishedAs = <R extends Rule>(published: string, rule: R): R => ({ ...rule, published });

/** Creating and looking up learner numbers; the reference publishes the name of a constant. */
export const MAY_CREATE_YLEISTUNNISTE = publishedAs(
  'hasAnyRole(T(fi.vm.sade.oppijanumerorekisteri.services.impl.PermissionCheckerImpl).YLEISTUNNISTE_LUONTI_ACCESS_RIGHT)',
  anyRole('YLEISTUNNISTE_LUONTI'),
);

function personRule(
  action: PersonRule['action'],
  source: PersonSource,
  rights: PalveluRoolit,
  asksExternalService: boolean,
): PersonRule {
  const subject =
    source.from === 'result'
      ? `returnObject.${source.member}`
      : `#${source.name}${source.member === null ? '' : `.${source.member}`}`;
  const services = Object.entries(rights).map(
    ([palvelu, oikeudet]) => `'${palvelu}': {${oikeudet.map((oikeus) => `'${oikeus}'`).join(', ')}}`,
  );
  const external = asksExternalService ? '#permissionService' : 'null';
  return {
    kind: 'person',
    action,
    person: source,
    rights,
    asksExternalService,
    published: `@permissionChecker.isAllowedTo${action === 'read' ? 'Read' : 'Modify'}Person(${subject}, {${services.join(', ')}}, ${external})`,
  };
}
