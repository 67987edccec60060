import { rmSync } from 'node:fs';

/** Ends the server that the global set-up started. */
export default async function tearDown(): Promise<void> {
  if (!globalThis.testServer) return;
  const { server, dataDir } = globalThis.testServer;
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
