/** The handler gives no personal data; for the tests. */
export const NO_PERSONAL_DATA = 'onr:no-personal-data';

/**
 * Declares that a handler's answers hold no data of a person beyond what the caller sent: nothing to be audited as read. Every
 * other handler carries `@AuditedRead` (ADR 86). The OID of a person whom the call stored, changed or linked is in the
 * entry of that change.
 */
export function NoPersonalData(): MethodDecorator {
  return (_target, _key, descriptor) =>
    Reflect.defineMetadata(NO_PERSONAL_DATA, true, descriptor.value as unknown as object);
}
