import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { LoginService } from './auth/login.service.js';
import { StrongAuthentication } from './auth/strong-authentication/strong-authentication.service.js';
import { Callers } from './common/callers.js';
import { ConfigModule } from './config/config.module.js';
import { readConfig, type Config } from './config/config.js';
import { Database } from './database/database.js';
import { observeRequest, watchOverload } from './health/metrics.registry.js';
import { AccessLog } from './http/access-log.js';
import { AllowedMethods } from './http/allowed-methods.js';
import { AppLogger } from './http/app-logger.js';
import { ErrorFilter } from './http/error.filter.js';
import { OverloadGate } from './http/overload.js';
import { OpenApiDocument } from './openapi/openapi-document.service.js';
import { securityHeaders } from './http/security-headers.js';
import { createAdapter, installHooks } from './http/server.js';

/**
 * The whole application, ready to `listen`, on the settings of the environment unless others are given. The caller
 * closes it.
 *
 * @param further modules beside the application's own, for tests
 */
export async function createApp(
  config: Config = readConfig(),
  further: readonly Type[] = [],
): Promise<NestFastifyApplication> {
  const headers = securityHeaders({ https: config.usesSslProxy });
  const adapter = createAdapter(config.contextPath, headers);
  const instance = adapter.getInstance();
  const gate = new OverloadGate(instance.server, headers, `${config.contextPath}/actuator/`);
  const allowed = new AllowedMethods();
  allowed.watch(instance);
  const root = { module: Root, imports: [ConfigModule.of(config), AppModule, ...further] };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
    routeResolutionStrategy: 'specificity',
    routeConflictPolicy: { duplicate: 'error' },
  });
  app.useLogger(new AppLogger());
  app.useGlobalFilters(new ErrorFilter());
  // After the container, which makes the login, and before `init`, which declares the routes that the hooks are for.
  installHooks(instance, {
    authenticator: app.get(LoginService),
    allowed,
    accessLog: new AccessLog(config.environmentName),
    observe: observeRequest,
    headers,
    trustedProxies: config.trustedProxies,
    patienceMs: config.requestPatienceMs,
  });
  const { pool } = app.get(Database).pools.requests;
  gate.watch(() => pool.waitingCount);
  watchOverload(gate);
  app.get(Callers).watch(() => gate.lastAsked);
  app.get(OpenApiDocument).describe(app);
  await app.init();
  await instance.ready();
  app.get(StrongAuthentication).assertOperationsExist(allowed.list());
  return app;
}

class Root {}
