import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long unused connections stay open, for callers that are about to send a request on them. */
const IDLE_CONNECTIONS_KEPT_MS = 2_000;
const DRAIN_POLL_MS = 50;
/** Longer than any queue of a listening port. */
const MAX_QUEUED_CONNECTIONS = 5_000;

/**
 * Ends a server without resetting anybody: no new connections; what is sent on those that are open is answered, each with
 * `Connection: close` (`installHooks`); those that stay unused are closed then.
 *
 * @param untilMs connections are cut after so long, whatever they do
 */
export async function drain(server: Server, connections: Connections, untilMs: number): Promise<void> {
  await connections.takeWaiting();
  let isClosed = false;
  // Not http.Server's own close: it would at once close connections on which the next request may be under way.
  NetServer.prototype.close.call(server, () => (isClosed = true));
  const force = setTimeout(() => server.closeAllConnections(), untilMs);
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it closes meanwhile
  for (let waited = 0; !isClosed; waited += DRAIN_POLL_MS) {
    await sleep(DRAIN_POLL_MS);
    if (waited < IDLE_CONNECTIONS_KEPT_MS) continue;
    await oneRound(); // what has arrived is read before
    server.closeIdleConnections();
    connections.closeUnused();
  }
  clearTimeout(force);
}

/** The open connections of a server. */
export class Connections {
  private readonly sockets = new Set<Socket>();
  private taken = 0;

  /** @param server not listening yet */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.taken += 1;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** Accepts the connections that wait in the queue, one per turn of the event loop: closing the port would reset them. */
  async takeWaiting(): Promise<void> {
    for (let rounds = 0, before = -1; before !== this.taken && rounds < MAX_QUEUED_CONNECTIONS; rounds++) {
      before = this.taken;
      await oneRound();
    }
  }

  /** Connections on which nothing was ever sent, which Node counts as busy. */
  closeUnused(): void {
    for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}

/** Everything that has arrived by now is read. */
const oneRound = () => new Promise<void>((resolve) => setImmediate(resolve));
