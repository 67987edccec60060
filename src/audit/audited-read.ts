import { injectInto, wrapHandler } from '../http/wrap-handler.js';
import { AuditLog } from './audit-log.js';

const AUDIT = Symbol('auditLog');

/** Which values of the answer name the persons that were read. */
export type AuditPath = '$..oidHenkilo' | '$.*';

/** The handler is read-audited (spec api 1.8), for the tests. */
export const AUDITED_READ = 'onr:audited-read';

/**
 * Writes one READ entry with the persons in the handler's answer, none when there is nobody.
 * @param path `$..oidHenkilo`: every member of that name at any depth; `$.*`: the elements of a list of OIDs
 */
export function AuditedRead(path: AuditPath = '$..oidHenkilo'): MethodDecorator {
  return (target, _key, descriptor: PropertyDescriptor) => {
    injectInto(target, AUDIT, AuditLog);
    wrapHandler(descriptor, (original) => {
      return async function (this: object, ...args: unknown[]): Promise<unknown> {
        const result = await original.apply(this, args);
        const oids: string[] = [];
        if (path === '$..oidHenkilo') collectOids(result, oids);
        else if (Array.isArray(result))
          oids.push(...(result as unknown[]).filter((v): v is string => typeof v === 'string'));
        if (oids.length > 0) (this as { [AUDIT]: AuditLog })[AUDIT].write('READ', { oids: oids.join(',') });
        return result;
      };
    });
    Reflect.defineMetadata(AUDITED_READ, path, descriptor.value as object);
  };
}

/** Values of `oidHenkilo` in document order, repeated ones kept. */
export function collectOids(value: unknown, out: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const element of value) collectOids(element, out);
    return;
  }
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (key === 'oidHenkilo') out.push(String(member));
    else if (typeof member === 'object') collectOids(member, out);
  }
}
