import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** `pass` everything; `refuse` and cut connections; `dead`: swallow everything without closing; `slow`: every piece a while later. */
export type Fault = 'pass' | 'refuse' | 'dead' | 'slow';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** A TCP proxy that fails as it is told, on the connections that are open and on new ones. */
export class FaultProxy {
  /** Where it leads; may be moved. */
  target: Address;
  /** How much later a piece comes while it is slow. */
  slowMs = 100;
  private fault: Fault = 'pass';
  private readonly near = new Set<Socket>();
  private readonly server: Server;

  private constructor(server: Server, target: Address) {
    this.server = server;
    this.target = target;
    server.on('connection', (socket) => this.join(socket));
  }

  static async start(target: Address): Promise<FaultProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  set(fault: Fault): void {
    this.fault = fault;
    if (fault === 'refuse') for (const socket of this.near) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.near) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket): void {
    this.near.add(near);
    near.on('close', () => this.near.delete(near));
    near.on('error', () => undefined);
    if (this.fault === 'refuse') return void near.destroy();
    const far = connect(this.target.port, this.target.host);
    let isDead = false; // once dead, a connection stays so
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      let late: Promise<unknown> = Promise.resolve();
      let waiting = 0;
      const write = (chunk: Buffer) => to.writable && to.write(chunk);
      from.setNoDelay(true);
      from.on('data', (chunk: Buffer) => {
        isDead ||= this.fault === 'dead';
        if (isDead) return;
        if (this.fault !== 'slow' && waiting === 0) return void write(chunk);
        const due = performance.now() + (this.fault === 'slow' ? this.slowMs : 0);
        waiting++;
        late = late.then(async () => {
          await sleep(Math.max(0, due - performance.now()));
          write(chunk);
          waiting--;
        });
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        isDead ||= this.fault === 'dead';
        if (!isDead) to.end();
        else if (from === near) to.destroy();
      });
    }
  }
}
