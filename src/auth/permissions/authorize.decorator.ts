import { ApiExtension } from '@nestjs/swagger';
import { HTTP_CODE_METADATA } from '@nestjs/common/constants.js';
import { UnauthorizedError } from '../../common/errors.js';
import { argumentIndex, checkRanges } from '../../http/handler-arguments.js';
import { told } from '../../http/json-text.js';
import { addRouteConfig } from '../../http/route-config.js';
import { injectInto, wrapHandler, type Handler } from '../../http/wrap-handler.js';
import { StrongAuthentication } from '../strong-authentication/strong-authentication.service.js';
import { holdsAny, PermissionChecker } from './permission-checker.service.js';
import type { PersonRule, Rule } from './permission.rules.js';

/** Metadata of a handler: its rules, for the guard, the OpenAPI document and the tests. */
export const PRE_RULE = 'onr:pre-authorize';
export const POST_RULE = 'onr:post-authorize';
/** Metadata of a handler that everybody may call about himself. */
const OWN_DATA = 'onr:own-data';

/** What counts beside the rule. */
interface Besides {
  /** The person of the rule may be the caller, without any right. Never for what reaches further than his own record. */
  readonly ownData?: boolean;
}

/** Extension of an operation that tells the OpenAPI document which handler it is; not published. */
export const HANDLER_EXTENSION = 'x-handler';

const CHECKER = Symbol('permissionChecker');
const STRONG = Symbol('strongAuthentication');
const checkerOf = (controller: object) => (controller as { [CHECKER]: PermissionChecker })[CHECKER];

/**
 * The caller must satisfy `rule` (rules.ts) or gets 401. Checked after the arguments are read and validated, so
 * that a bad body is 400 for anyone (docs/spec/api.md#1.7). Handlers answer 200 unless they carry `@HttpCode`.
 */
export function Authorize(rule: Rule, besides: Besides = {}): MethodDecorator {
  return decorate(PRE_RULE, rule, besides, (original, target, key) => {
    return async function (this: object, ...args: unknown[]): Promise<unknown> {
      if (!(await isAllowed(checkerOf(this), rule, besides, target, key, args, undefined))) refuse();
      if (rule.kind !== 'everyone' || rule.login) checkLogin(this, target, key);
      checkRanges(target, key, args);
      return original.apply(this, args);
    };
  });
}

/** The caller must satisfy `rule` for what the handler found, or gets 401; 404 comes first (docs/spec/api.md#1.7). */
export function AuthorizeResult(rule: Rule, besides: Besides = {}): MethodDecorator {
  return decorate(POST_RULE, rule, besides, (original, target, key) => {
    return async function (this: object, ...args: unknown[]): Promise<unknown> {
      const result = await original.apply(this, args);
      if (!(await isAllowed(checkerOf(this), rule, besides, target, key, args, result))) refuse();
      if (!Reflect.hasMetadata(PRE_RULE, handlerOf(target, key))) checkLogin(this, target, key);
      return result;
    };
  });
}

const handlerOf = (controller: object, key: string): object => (controller as Record<string, object>)[key]!;

/** The caller may call the handler; is the login good enough, too? */
function checkLogin(controller: object, target: object, key: string): void {
  (controller as { [STRONG]: StrongAuthentication })[STRONG].checkOperation(handlerOf(target, key));
}

function refuse(): never {
  throw new UnauthorizedError('Permission missing');
}

function decorate(
  kind: string,
  rule: Rule,
  { ownData = false }: Besides,
  wrap: (original: Handler, target: object, key: string) => Handler,
): MethodDecorator {
  return (target, key, descriptor) => {
    injectInto(target, CHECKER, PermissionChecker);
    injectInto(target, STRONG, StrongAuthentication);
    wrapHandler(descriptor, (original) => wrap(original, target, String(key)));
    const handler = descriptor.value as object;
    Reflect.defineMetadata(kind, rule, handler);
    if (ownData) Reflect.defineMetadata(OWN_DATA, true, handler);
    if (kind === PRE_RULE) noteEarlyRule(handler, rule);
    ApiExtension(HANDLER_EXTENSION, `${target.constructor.name}#${String(key)}`)(target, key, descriptor);
    if (!Reflect.hasMetadata(HTTP_CODE_METADATA, handler)) Reflect.defineMetadata(HTTP_CODE_METADATA, 200, handler);
  };
}

/** Rules that need neither arguments nor answer are judged before the body is read, too. */
function noteEarlyRule(handler: object, rule: Rule): void {
  if (rule.kind === 'anyAuthority') addRouteConfig(handler, { allows: (caller) => holdsAny(caller, rule.authorities) });
}

async function isAllowed(
  checker: PermissionChecker,
  rule: Rule,
  { ownData = false }: Besides,
  target: object,
  key: string,
  args: readonly unknown[],
  result: unknown,
): Promise<boolean> {
  switch (rule.kind) {
    case 'everyone':
      return true;
    case 'anyAuthority':
      return checker.hasAny(rule.authorities);
    case 'person': {
      const oid = personOf(rule, target, key, args, result);
      if (ownData && checker.isOwnData(oid)) return true;
      const external = rule.asksExternalService ? argument(target, key, 'permissionService', args) : null;
      return rule.action === 'read'
        ? checker.isAllowedToReadPerson(oid, rule.rights, (external ?? null) as string | null)
        : checker.isAllowedToModifyPerson(oid, rule.rights, (external ?? null) as string | null);
    }
  }
}

/** OID of the person that the rule is about; null: nobody. */
function personOf(
  { person }: PersonRule,
  target: object,
  key: string,
  args: readonly unknown[],
  result: unknown,
): string | null {
  const holder = person.from === 'result' ? told(result) : argument(target, key, person.name, args);
  const oid = person.member === null ? holder : (holder as Record<string, unknown> | null)?.[person.member];
  return (oid ?? null) as string | null;
}

/** Value of the argument that a rule names; undefined when the handler has none (E08, E47). */
function argument(target: object, key: string, name: string, args: readonly unknown[]): unknown {
  const index = argumentIndex(target, key, name);
  return index === undefined ? undefined : args[index];
}
