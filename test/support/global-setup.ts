import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres, type EmbeddedPostgres } from '../../scripts/lib/embedded-pg.ts';

declare global {
  /** What this started, for the global tear-down. */
  var testServer: { readonly server: EmbeddedPostgres; readonly dataDir: string } | undefined;
}

/**
 * Starts one PostgreSQL for the whole test run, unless ONR_TEST_SERVER_URL names a server to use. The variable tells
 * every test file the address of its database `postgres`. Nothing on the started server outlives the run.
 */
export default async function setUp(): Promise<void> {
  // What tests start again and again is compiled once.
  process.env.NODE_COMPILE_CACHE ??= path.resolve(__dirname, '../../node_modules/.cache/compiled');
  if (process.env.ONR_TEST_SERVER_URL) return;
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'onr-test-pg-'));
  const server = await startPostgres({ dataDir, durable: false, settings: ['max_connections=400'] });
  globalThis.testServer = { server, dataDir };
  process.env.ONR_TEST_SERVER_URL = `postgres://${server.user}@127.0.0.1:${server.port}/postgres`;
}
