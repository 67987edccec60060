import { argumentIndex } from '../http/handler-arguments.js';
import { told } from '../http/json-text.js';
import { findCurrentUserOid } from '../http/request-context.js';
import { injectInto, wrapHandler } from '../http/wrap-handler.js';
import { AuditLog } from './audit-log.service.js';

const AUDIT = Symbol('auditLog');
/** What a stored request calls an OID may be any text. */
const OID = /^\d+(\.\d+)+$/;

/**
 * Whose data an answer holds:
 * - a path into the answer: `$` itself, `.name` a member, `[*]` the elements of a list, `.*` those or the values of an object,
 *   `..oidHenkilo` every member of that name at any depth;
 * - `#name`: the person whose OID the argument of that name is, as in permission expressions;
 * - `caller`: the caller's own;
 * - `handler`: the handler says so itself, by `AuditLog.writeRead`.
 */
export type Whose = `$${string}` | `#${string}` | 'caller' | 'handler';

/** What `@AuditedRead` of a handler was given, for the tests. */
export const AUDITED_READ = 'onr:audited-read';

type Collect = (value: unknown, oids: string[]) => void;

/**
 * Writes who was read into the audit log, once the handler has answered and before the answer is sent: nothing for errors and
 * for lists of nobody (docs/spec/api.md#1.8, ADR 86). Above `@Authorize` and `@AuthorizeResult`: only what the caller may see
 * is logged. The OIDs come from the answer, nothing is asked of the database.
 * @param whose several are added up; without one every `oidHenkilo` of the answer
 */
export function AuditedRead(...whose: Whose[]): MethodDecorator {
  const sources = whose.length === 0 ? (['$..oidHenkilo'] as const) : whose;
  return (target, key, descriptor: PropertyDescriptor) => {
    const readers = sources
      .filter((source) => source !== 'handler')
      .map((source) => toReader(source, target, String(key)));
    if (readers.length > 0) {
      injectInto(target, AUDIT, AuditLog);
      wrapHandler(descriptor, (original) => {
        return async function (this: object, ...args: unknown[]): Promise<unknown> {
          const result = await original.apply(this, args);
          const oids: string[] = [];
          for (const read of readers) read(told(result), args, oids);
          const writing = (this as { [AUDIT]: AuditLog })[AUDIT].writeRead(oids.length > 1 ? [...new Set(oids)] : oids);
          if (writing) await writing;
          return result;
        };
      });
    }
    Reflect.defineMetadata(AUDITED_READ, sources, descriptor.value as object);
  };
}

function toReader(
  source: Exclude<Whose, 'handler'>,
  target: object,
  key: string,
): (result: unknown, args: readonly unknown[], oids: string[]) => void {
  if (source === 'caller') return (_result, _args, oids) => addOid(findCurrentUserOid(), oids);
  if (source.startsWith('#')) {
    const name = source.slice(1);
    return (_result, args, oids) => addOid(args[argumentIndex(target, key, name)!], oids);
  }
  const collect = compile(source.slice(1));
  return (result, _args, oids) => collect(result, oids);
}

/** @param path without the `$` */
function compile(path: string): Collect {
  if (path === '') return addOid;
  if (path === '..oidHenkilo') return collectOids;
  const [step, every, list, member] = /^(?:(\.\*)|(\[\*\])|\.(\w+))/.exec(path) ?? [];
  if (step === undefined) throw new Error(`No path: ${path}`);
  const rest = compile(path.slice(step.length));
  return (value, oids) => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      if (every ?? list) for (const element of value) rest(element, oids);
    } else if (member !== undefined) rest((value as Record<string, unknown>)[member], oids);
    else if (every !== undefined) for (const name in value) rest((value as Record<string, unknown>)[name], oids);
  };
}

function addOid(value: unknown, oids: string[]): void {
  if (typeof value === 'string' && OID.test(value)) oids.push(value);
}

/** Values of `oidHenkilo` in document order; a null is the text `null`, as in the reference. */
function collectOids(value: unknown, oids: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const element of value) collectOids(element, oids);
    return;
  }
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (key === 'oidHenkilo') oids.push(String(member));
    else if (typeof member === 'object') collectOids(member, oids);
  }
}
