import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { Caller } from './request-context.js';

/** Largest body in bytes, above it 413, unless an operation takes long lists (docs/adr/0089-hostile-bodies.md). */
export const BODY_LIMIT = 1_000_000;
/** Values in one body, those of unknown members included. */
export const VALUES_LIMIT = 100_000;

/** What an operation reads. */
export interface BodyLimits {
  /** Largest body; 413 above. */
  readonly maxBytes?: number;
  /** Most values, those of unknown members included; 400 above. */
  readonly maxValues?: number;
}

/** For 50 000 OIDs. */
export const OIDS_BODY: BodyLimits = { maxBytes: 2_000_000 };
/** For ten thousand import rows of 40 values. */
export const IMPORT_BODY: BodyLimits = { maxBytes: 9_500_000, maxValues: 400_000 };

/** What is known of an operation before its body is read. */
export interface RouteConfig {
  /** It reads a JSON body of at most so many bytes. */
  readonly jsonBodyLimit?: number;
  /** The permission rule, where neither arguments nor answer are needed to judge it. */
  readonly allows?: (caller: Caller) => boolean;
}

/** Adds to what the router knows of a controller method; copied by `wrapHandler` as every metadata. */
export function addRouteConfig(handler: object, part: RouteConfig): void {
  const known = (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) ?? {}) as RouteConfig;
  Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...known, ...part }, handler);
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteConfig {}
}
