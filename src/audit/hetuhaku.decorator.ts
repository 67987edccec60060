import { ApiTooManyRequestsResponse } from '@nestjs/swagger';
import { ConflictError, NotFoundError, UnauthorizedError } from '../common/errors.js';
import { looksLikeHetu } from '../common/hetu.js';
import { told } from '../http/json-text.js';
import { injectInto, wrapHandler } from '../http/wrap-handler.js';
import { Hetuhaut } from './hetuhaut.service.js';

const HETUHAUT = Symbol('hetuhaut');

/** For the tests: the handler's look-ups are counted. */
export const HETUHAKU = 'onr:hetuhaku';

/**
 * The handler looks for persons by hetu: how often that leads to nobody is counted by caller, and who tries hetut may be refused
 * (ADR 140). Topmost of the decorators that wrap the handler: a person whom the caller may not see counts as nobody.
 * @param hetut the arguments → number of hetut that are looked for; 0: this call does not
 * @param found the answer and the arguments → how many of them led to somebody; without it an answer is somebody
 */
export function Hetuhaku<Args extends readonly unknown[]>(
  hetut: (...args: Args) => number,
  found: (answer: unknown, args: Args) => number = (_, args) => hetut(...args),
): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    injectInto(target, HETUHAUT, Hetuhaut);
    ApiTooManyRequestsResponse({ description: 'Too many hetut that lead to nobody' })(target, key, descriptor);
    wrapHandler(descriptor, (original) => {
      return async function (this: object, ...args: unknown[]): Promise<unknown> {
        const count = hetut(...(args as unknown as Args));
        if (count === 0) return original.apply(this, args);
        const haut = (this as { [HETUHAUT]: Hetuhaut })[HETUHAUT];
        haut.check();
        try {
          const answer = await original.apply(this, args);
          const known = Math.min(count, found(answer, args as unknown as Args));
          haut.add(known, count - known);
          return answer;
        } catch (error) {
          if (NOBODY.some((type) => error instanceof type)) haut.add(0, count);
          throw error;
        }
      };
    });
    Reflect.defineMetadata(HETUHAKU, true, descriptor.value as object);
  };
}

/** One when a hetu is given as a condition. */
export const haettu = (hetu: string | null | undefined): number => (hetu ? 1 : 0);

/** One when a search text is a hetu. */
export const haettuTekstilla = (teksti: string | null | undefined): number => (looksLikeHetu(teksti ?? '') ? 1 : 0);

/** How many are in the answer: a list, or a page of one. */
export function countFound(answer: unknown): number {
  const list = told(answer);
  if (Array.isArray(list)) return list.length;
  const { results, content } = (list ?? {}) as { readonly results?: unknown; readonly content?: unknown };
  const page = results ?? content;
  return Array.isArray(page) ? page.length : 0;
}

/** Nobody, other names, or nobody whom the caller may see. */
const NOBODY = [NotFoundError, ConflictError, UnauthorizedError];
