import { OptimisticLockError, PeerError, UnprocessableError } from '../common/errors.js';
import { maskHetut } from '../common/hetu-mask.js';
import { MuutostietoRetryError } from '../integrations/vtj-muutosrajapinta/vtj-muutosrajapinta.client.js';

/** What an error says to operators: never hetut, names or other values. */
export function describeFailure(error: unknown): string {
  if (error instanceof UnprocessableError) {
    return error.fieldErrors.map(({ field, code }) => `${field}: ${code}`).join(', ');
  }
  const { code, constraint, message } = error as { code?: string; constraint?: string; message?: string };
  return maskHetut([message ?? String(error), code, constraint].filter(Boolean).join(' '));
}

/** Another writer was in the way: the same work may succeed at once (unique violation, changed row). */
export function isCollision(error: unknown): boolean {
  return error instanceof OptimisticLockError || (error as { code?: string } | null)?.code === '23505';
}

/** The peer gives no answer or asks to come later; when this happens again and again it is down. */
export function isOutage(error: unknown): boolean {
  return error instanceof MuutostietoRetryError || (error instanceof PeerError && error.status === null);
}

/** Consecutive outages after which a run ends: every further request would only wait. */
export const OUTAGES = 5;
