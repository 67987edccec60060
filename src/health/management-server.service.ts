import { createServer } from 'node:http';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { register } from 'prom-client';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { everyAddress } from '../http/listen.js';

const PATH = '/actuator/prometheus';
const ANSWER_TIMEOUT_MS = 10_000;
/** Those who ask for metrics are few. */
const MAX_CONNECTIONS = 50;

/** The metrics on a port of their own, which only monitoring can reach (docs/adr/0099-management-port.md). */
@Injectable()
export class ManagementServer implements OnApplicationShutdown {
  private readonly log = new Logger(ManagementServer.name);
  private readonly server = createServer((request, response) => {
    const [path] = request.url!.split('?');
    if (path !== PATH && path !== this.config.contextPath + PATH) return void response.writeHead(404).end();
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { allow: 'GET,HEAD' }).end();
    register.metrics().then(
      (text) =>
        response.writeHead(200, { 'content-type': register.contentType, 'cache-control': 'no-store' }).end(text),
      (error: unknown) => {
        this.log.error(`The metrics cannot be gathered: ${String(error)}`);
        response.writeHead(500).end();
      },
    );
  });

  constructor(@InjectConfig() private readonly config: Config) {
    Object.assign(this.server, { maxConnections: MAX_CONNECTIONS, requestTimeout: ANSWER_TIMEOUT_MS });
  }

  /** Opens the port, where one is set. @throws when it is taken */
  async listen(): Promise<void> {
    const { management } = this.config;
    if (management === null) return;
    const address = management.address ?? (await everyAddress());
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(management.port, address, resolve);
    });
  }

  onApplicationShutdown(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
