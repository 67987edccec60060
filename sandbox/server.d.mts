/** What the tests use of the sandbox; the behaviour is described in server.mjs. */
export interface Sandbox {
  readonly url: string;
  readonly port: number;
  readonly state: Record<string, unknown> & {
    readonly traffic: { peer: string; method: string; path: string; body: unknown }[];
    readonly lahetykset: Record<string, unknown>[];
    readonly messages: { sns: string[]; slack: unknown[] };
    reset(): void;
    merge(values: Record<string, unknown>): Record<string, unknown>;
  };
  readonly vtjTlsPort?: number;
  close(): Promise<void>;
}
export function startSandbox(options?: {
  port?: number;
  origin?: string;
  service?: string;
  vtjTls?: { port: number; directory: string };
}): Promise<Sandbox>;
