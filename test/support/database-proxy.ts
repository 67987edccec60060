import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy before PostgreSQL whose connections can go dead without being closed, as those to a vanished server do. */
export class DatabaseProxy {
  private readonly sockets = new Set<Socket>();
  private readonly dead = new Set<Socket>();
  private refuses = false;

  private constructor(
    private readonly server: Server,
    /** The address of the database through the proxy. */
    readonly url: string,
  ) {}

  static async start(databaseUrl: string): Promise<DatabaseProxy> {
    const target = new URL(databaseUrl);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = new DatabaseProxy(server, url.href);
    server.on('connection', (near) => proxy.join(near, connect(Number(target.port), target.hostname)));
    return proxy;
  }

  /** Connections that are open now swallow everything from here on; new ones work. */
  goDead(): void {
    for (const socket of this.sockets) this.dead.add(socket);
  }

  /** Every connection is cut off, and new ones are until the next call. */
  refuse(refuses: boolean): void {
    this.refuses = refuses;
    if (refuses) for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (chunk) => {
        if (!this.dead.has(from)) to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        if (!this.dead.has(from)) to.destroy();
      });
    }
    if (this.refuses) near.destroy();
  }
}
