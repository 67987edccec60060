/** What the sandbox page asks of the register, as the registrar or the importer among the sandbox users. */
import type { Context } from './route.ts';
import { users } from './users.ts';

const ANSWER_MS = 10_000;
const BELIEVED_MS = 2_000;
const HOUR_MS = 3_600_000;
const SHOWN = 10;

/** How far an import is. */
export interface Tuonti {
  readonly id: number;
  readonly kasiteltavia: number;
  readonly kasiteltyja: number;
}

/** null: the register does not answer. */
export interface RegisterView {
  readonly tuonnit: readonly Tuonti[] | null;
  /** OIDs of persons who have changed within an hour. */
  readonly muuttuneet: readonly string[] | null;
}

const NOTHING: RegisterView = { tuonnit: null, muuttuneet: null };

export class Register {
  private readonly context: Context;
  private seen: { at: number; view: Promise<RegisterView> } | null = null;
  /** Imports that the page has started, the latest first. */
  private readonly started: number[] = [];

  constructor(context: Context) {
    this.context = context;
  }

  /** What has come of the imports of the page, and who has changed; those who look at the same time share it. */
  view(): Promise<RegisterView> {
    if (!this.context.service) return Promise.resolve(NOTHING);
    if (!this.seen || performance.now() - this.seen.at > BELIEVED_MS)
      this.seen = { at: performance.now(), view: this.look() };
    return this.seen.view;
  }

  /** Starts an import of invented learners. @throws when the register refuses it */
  async import(henkilot: readonly object[]): Promise<void> {
    const tuonti = await this.ask<Tuonti>('tuoja', '/oppija', { henkilot });
    this.started.unshift(tuonti.id);
    this.started.splice(SHOWN);
    this.seen = null;
  }

  private async look(): Promise<RegisterView> {
    const since = new Date(Date.now() - HOUR_MS).toISOString();
    const orNull = <T>(answer: Promise<T>): Promise<T | null> => answer.catch(() => null);
    const [muuttuneet, ...tuonnit] = await Promise.all([
      orNull(this.ask<string[]>('rekisterinpitaja', `/s2s/changedSince/${since}?amount=${SHOWN}`)),
      ...this.started.map((id) => orNull(this.ask<Tuonti>('tuoja', `/oppija/tuonti=${id}/perustiedot`))),
    ]);
    return { muuttuneet, tuonnit: tuonnit.filter((tuonti) => tuonti !== null) };
  }

  private async ask<T>(user: string, path: string, body?: object): Promise<T> {
    const { oid, roles } = users.find(({ name }) => name === user) ?? { oid: null, roles: {} };
    const authorization = `Bearer ${this.context.issuer.token({ sub: oid, roles })}`;
    const answer = await fetch(`${this.context.service ?? ''}${path}`, {
      method: body ? 'PUT' : 'GET',
      headers: { authorization, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`The register answers ${answer.status}`);
    return (await answer.json()) as T;
  }
}
