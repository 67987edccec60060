import { ForbiddenError, OptimisticLockError, PeerError, ValidationError, DomainError } from '../common/errors.js';
import { SUSPENDABLE } from '../yksilointitieto/yksilointivirhe-tila.rules.js';
import type { YksilointivirheTiedot } from '../yksilointitieto/yksilointijaljet.repository.js';
import { EiYksiloitavissaError } from './yksilointi.errors.js';

const EXCEPTIONS = 'fi.vm.sade.oppijanumerorekisteri.exceptions';
/** Class name of any failure that has none of its own; it only must not be the one of SUSPENDABLE. */
const OTHER = 'java.lang.RuntimeException';
const MINUTE_MS = 60_000;
/** Later retries wait one month, which is less than the last of these waits (docs/spec/yksilointi-vtj.md#9, item 19, kept). */
const LAST_RETRY_BY_FORMULA = 9;

/** @param maara of the stored failure; undefined: there is none; null: it was not to be retried */
export function toYksilointivirhe(error: unknown, maara: number | null | undefined, now: Date): YksilointivirheTiedot {
  if (error instanceof EiYksiloitavissaError) {
    return { poikkeus: SUSPENDABLE, viesti: error.viesti, uudelleenyritysMaara: null, uudelleenyritysAikaleima: null };
  }
  const uudelleenyritysMaara = maara == null ? 0 : maara + 1;
  return {
    poikkeus: toPoikkeus(error),
    viesti: error instanceof DomainError ? error.message : null, // other texts may hold what must not be stored
    uudelleenyritysMaara,
    uudelleenyritysAikaleima: nextTry(uudelleenyritysMaara, now),
  };
}

/** Waits n⁵ + 10 minutes, from the tenth retry on a calendar month. */
function nextTry(maara: number, now: Date): Date {
  if (maara <= LAST_RETRY_BY_FORMULA) return new Date(now.getTime() + (maara ** 5 + 10) * MINUTE_MS);
  const next = new Date(now);
  next.setUTCMonth(now.getUTCMonth() + 1);
  if (next.getUTCDate() !== now.getUTCDate()) next.setUTCDate(0); // 31 January: the end of February
  return next;
}

function toPoikkeus(error: unknown): string {
  if (error instanceof PeerError) return `${EXCEPTIONS}.HttpConnectionException`;
  if (error instanceof ValidationError) return `${EXCEPTIONS}.ValidationException`;
  if (error instanceof ForbiddenError) return `${EXCEPTIONS}.ForbiddenException`;
  if (error instanceof OptimisticLockError) return 'org.springframework.orm.ObjectOptimisticLockingFailureException';
  return OTHER;
}
