import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of a span. Never hetut, names or contents of bodies: whoever sees traces is not who may see persons. */
export type SpanFacts = Readonly<Record<string, string | number>>;

/** A step of a trace. */
export interface Span {
  set(facts: SpanFacts): void;
  rename(name: string): void;
  /** @param reason a code or a class of errors, not a message */
  fail(reason: string): void;
  end(): void;
  /** Headers by which the next system goes on with the trace (W3C Trace Context). */
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes spans. */
export interface Tracer {
  /** @param parent a span here, the headers of a request, or null: a new trace */
  start(
    name: string,
    kind: 'server' | 'client' | 'internal',
    parent: Span | Readonly<Record<string, string | string[] | undefined>> | null,
    facts: SpanFacts,
  ): Span;
}

/** `tracer` null: nothing is traced, and nothing is spent on it. */
export const tracing: { tracer: Tracer | null } = { tracer: null };

/** The step under way; undefined: none is traced. */
export const spans = new AsyncLocalStorage<Span>();

/** A step within the one under way; of what is not part of a trace there is none. */
export const startStep = (name: string, facts: SpanFacts): Span | null => {
  const parent = tracing.tracer === null ? undefined : spans.getStore();
  return parent === undefined ? null : tracing.tracer!.start(name, 'client', parent, facts);
};

/** Runs `work` as a trace of its own. */
export async function traceWork<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T> {
  if (tracing.tracer === null) return work();
  const span = tracing.tracer.start(name, 'internal', null, facts);
  return spans.run(span, () => endWith(span, work()));
}

/** Ends the span with the work, which fails it when it fails. */
export async function endWith<T>(span: Span, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code, name } = error as { readonly code?: unknown; readonly name?: string };
    span.fail(typeof code === 'string' ? code : (name ?? 'Error'));
    throw error;
  } finally {
    span.end();
  }
}
