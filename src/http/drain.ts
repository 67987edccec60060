import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Connections that nobody uses are left open so long, for callers who are about to send a request on them. */
const IDLE_MS = 2_000;
const POLL_MS = 50;

/**
 * Ends a server without resetting anybody: no new connections; what is sent on those that are open is answered, each with
 * `Connection: close` (`installHooks`); those that stay unused are closed then.
 *
 * @param untilMs connections are cut after so long, whatever they do
 */
export async function drain(server: Server, unused: UnusedConnections, untilMs: number): Promise<void> {
  let isClosed = false;
  // Not http.Server's own close: it would at once close connections on which the next request may be under way.
  NetServer.prototype.close.call(server, () => (isClosed = true));
  const force = setTimeout(() => server.closeAllConnections(), untilMs);
  for (let waited = 0; !isClosed; waited += POLL_MS) {
    await sleep(POLL_MS);
    if (waited < IDLE_MS) continue;
    await new Promise((resolve) => setImmediate(resolve)); // what has arrived is read before
    server.closeIdleConnections();
    unused.close();
  }
  clearTimeout(force);
}

/** Connections on which nothing was ever sent: Node counts them as busy. */
export class UnusedConnections {
  private readonly sockets = new Set<Socket>();

  /** @param server not listening yet */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  close(): void {
    for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}
