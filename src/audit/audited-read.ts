import { injectInto, wrapHandler } from '../http/wrap-handler.js';
import { AuditLog } from './audit-log.js';

const AUDIT = Symbol('auditLog');

/** Which values of the answer name the persons that were read. */
export type AuditPath = '$..oidHenkilo' | '$[*].oidHenkilo' | '$.*';

/** The handler is read-audited (spec api 1.8), for the tests. */
export const AUDITED_READ = 'onr:audited-read';

/**
 * Writes one READ entry with the persons in the handler's answer, none when there is nobody.
 * @param path `$..oidHenkilo`: every member of that name at any depth; `$[*].oidHenkilo`: the same for a list of persons
 *   that hold no others, without the walk through all they hold; `$.*`: the elements of a list of OIDs
 */
export function AuditedRead(path: AuditPath = '$..oidHenkilo'): MethodDecorator {
  return (target, _key, descriptor: PropertyDescriptor) => {
    injectInto(target, AUDIT, AuditLog);
    wrapHandler(descriptor, (original) => {
      return async function (this: object, ...args: unknown[]): Promise<unknown> {
        const result = await original.apply(this, args);
        const oids = oidsOf(path, result);
        if (oids.length > 0) (this as { [AUDIT]: AuditLog })[AUDIT].write('READ', { oids: oids.join(',') });
        return result;
      };
    });
    Reflect.defineMetadata(AUDITED_READ, path, descriptor.value as object);
  };
}

function oidsOf(path: AuditPath, result: unknown): string[] {
  if (path === '$..oidHenkilo') {
    const oids: string[] = [];
    collectOids(result, oids);
    return oids;
  }
  if (!Array.isArray(result)) return [];
  if (path === '$.*') return (result as unknown[]).filter((element) => typeof element === 'string');
  return (result as { oidHenkilo: string }[]).map(({ oidHenkilo }) => oidHenkilo);
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
