import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { openToAll } from '../auth/permissions/permission.rules.js';
import { NotFoundError } from '../common/errors.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { publicOrigin } from '../http/public-origin.js';
import { HealthService } from './health.service.js';

/** What load balancers and monitoring ask (docs/spec/security-integrations-jobs.md#7.5); open to everyone. */
@ApiExcludeController()
@Controller('actuator')
export class ActuatorController {
  constructor(
    private readonly health: HealthService,
    @InjectConfig() private readonly config: Config,
  ) {}

  @Get()
  @Authorize(openToAll())
  getIndex(@Headers('host') host: string): object {
    const base = `${publicOrigin(this.config, host)}${this.config.contextPath}/actuator`;
    const link = (path: string, templated = false) => ({ href: `${base}${path}`, templated });
    return {
      _links: {
        self: link(''),
        health: link('/health'),
        'health-path': link('/health/{*path}', true),
      },
    };
  }

  /** 503 while the database is away or a registered part is not well. */
  @Get('health')
  @Authorize(openToAll())
  async getHealth(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return { ...(await this.readiness(reply)), groups: ['liveness', 'readiness'] };
  }

  /** The process itself is alive; the database does not matter. */
  @Get('health/liveness')
  @Authorize(openToAll())
  getLiveness(): object {
    return { status: 'UP' };
  }

  @Get('health/readiness')
  @Authorize(openToAll())
  getReadiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    return this.readiness(reply);
  }

  /** Nobody learns here what the management port tells (docs/adr/0099-management-port.md). */
  @Get('prometheus')
  @Authorize(openToAll())
  refuseMetrics(): never {
    throw new NotFoundError(null);
  }

  private async readiness(reply: FastifyReply): Promise<object> {
    const ready = await this.health.isReady();
    if (!ready) void reply.status(503);
    return { status: ready ? 'UP' : 'DOWN' };
  }
}
