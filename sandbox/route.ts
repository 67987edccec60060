/** What a stand-in is made of: routes, and what their handlers are given and answer. */
import type { IncomingMessage } from 'node:http';
import type { Cas } from './cas.ts';
import type { Issuer } from './oauth2.ts';
import type { SandboxState } from './state.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Call {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: string;
  /** The body read as a form. */
  readonly form: URLSearchParams;
  /** The body read as JSON; undefined when it is none. Its shape is what the real service expects of its callers. */
  readonly data: unknown;
}

/** @param group what the first group of the route's pattern took; empty when it has none */
export type Handler = (group: string, call: Call) => Answer | Promise<Answer>;

/** Peer, method, pattern of the path. Calls of peer `sandbox` are not recorded. */
export type Route = readonly [peer: string, method: string, pattern: RegExp, handle: Handler];

/** What all stand-ins share. */
export interface Context {
  readonly state: SandboxState;
  readonly cas: Cas;
  readonly issuer: Issuer;
  /** The register's address, for the links of the pages. */
  readonly service?: string;
  /** The sandbox's own address, without a trailing slash; known once it listens. */
  readonly origin: () => string;
}
