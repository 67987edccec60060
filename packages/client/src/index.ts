import type { Client } from 'openapi-fetch';
import { createFetch, type ClientOptions } from './client.js';
import { OnrError } from './errors.js';
import { inBatches, MAX_LIST, readChanging } from './paging.js';
import type { components, paths } from './schema.js';

export { OnrError } from './errors.js';
export { cas, oauth2, type CasOptions, type Login, type OAuth2Options } from './login.js';
export { inBatches, MAX_LIST } from './paging.js';
export type { ClientOptions } from './client.js';
export type { RetryOptions } from './retry.js';
export type * from './schema.js';

type Schemas = components['schemas'];
export type Henkilo = Schemas['HenkiloDto'];
export type HenkiloPerustieto = Schemas['HenkiloPerustietoDto'];

export interface ChangedSinceOptions {
  /** Rows a page, 2 to 50 000. Default 5 000. */
  readonly amount?: number;
  /** Further conditions on the persons. */
  readonly criteria?: Schemas['HenkiloCriteria'];
}

/** What a call gave, or an exception. */
interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The register: every operation by path (`GET`, `POST`, …, as in openapi-fetch), and what takes several calls. */
export interface OnrClient extends Client<paths> {
  /**
   * OIDs of the persons changed at or after an instant, the oldest change first, each once. Ask next time from the instant
   * at which this began, less a minute for what was being stored then.
   */
  changedSince(at: Date, options?: ChangedSinceOptions): AsyncGenerator<string, void, void>;
  /** All data of persons, of any number: unknown ones and those whom the caller may not see are absent. */
  henkilot(oids: readonly string[]): Promise<Henkilo[]>;
  /** Basic data of persons by OID, of any number. */
  perustiedot(oids: readonly string[]): Promise<HenkiloPerustieto[]>;
  /** Basic data of persons by current hetu, of any number. */
  perustiedotHetuilla(hetut: readonly string[]): Promise<HenkiloPerustieto[]>;
  /** The master of each person, by the given OID, of any number. */
  paahenkilot(oids: readonly string[]): Promise<Map<string, Henkilo>>;
}

/** A client; it logs in when first used. */
export function createClient(options: ClientOptions): OnrClient {
  const calls = createFetch(options);

  /** The answers to all parts of a list. */
  async function inParts<T>(list: readonly string[], ask: (part: string[]) => Promise<Answer<T>>): Promise<T[]> {
    const answers: T[] = [];
    for (const part of inBatches(list)) answers.push(unwrap(await ask(part)));
    return answers;
  }

  return {
    ...calls,
    changedSince(at, { amount = MAX_LIST, criteria } = {}) {
      if (!Number.isInteger(amount) || amount < 2 || amount > 50_000)
        throw new RangeError('amount must be 2 to 50 000');
      const path = { at: at.toISOString() };
      return readChanging(async (offset, most) => {
        const params = { path, query: { offset, ...(most !== null && { amount: most }) } };
        return unwrap(
          criteria === undefined
            ? await calls.GET('/s2s/changedSince/{at}', { params })
            : await calls.POST('/s2s/changedSince/{at}', { params, body: criteria }),
        );
      }, amount);
    },
    async henkilot(oids) {
      return (await inParts(oids, (body) => calls.POST('/henkilo/henkilotByHenkiloOidList', { body }))).flat();
    },
    async perustiedot(oids) {
      return (
        await inParts(oids, (body) => calls.POST('/henkilo/henkiloPerustietosByHenkiloOidList', { body }))
      ).flat();
    },
    async perustiedotHetuilla(hetut) {
      return (
        await inParts(hetut, (body) => calls.POST('/henkilo/henkiloPerustietosByHenkiloHetuList', { body }))
      ).flat();
    },
    async paahenkilot(oids) {
      const answers = await inParts(oids, (body) => calls.POST('/henkilo/masterHenkilosByOidList', { body }));
      return new Map(answers.flatMap((answer) => Object.entries(answer)));
    },
  };
}

/** What the register gave. @throws OnrError it gave an error */
export function unwrap<T>({ data, error, response }: Answer<T>): T {
  if (response.ok) return data as T;
  const message = (error as { message?: string | null } | undefined)?.message;
  throw new OnrError(message ?? `${response.status} ${response.statusText}`.trim(), response.status, error ?? null);
}
