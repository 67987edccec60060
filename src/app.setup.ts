import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { LoginService } from './auth/login.service.js';
import { ConfigModule } from './config/config.module.js';
import { readConfig, type Config } from './config/config.js';
import { observeRequest } from './health/metrics.js';
import { AccessLog } from './http/access-log.js';
import { AllowedMethods } from './http/allowed-methods.js';
import { AppLogger } from './http/app-logger.js';
import { ErrorFilter } from './http/error.filter.js';
import { OpenApiDocument } from './openapi/openapi-document.js';
import { securityHeaders } from './http/security-headers.js';
import { createAdapter, installHooks, type Authenticator } from './http/server.js';

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
  const allowed = new AllowedMethods();
  allowed.watch(instance);
  const login: { current?: LoginService } = {};
  installHooks(instance, {
    authenticator: authenticatorOf(login),
    allowed,
    accessLog: new AccessLog(config.environmentName),
    observe: observeRequest,
    headers,
    trustedProxies: config.trustedProxies,
    patienceMs: config.requestPatienceMs,
  });
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
  login.current = app.get(LoginService);
  app.get(OpenApiDocument).describe(app);
  await app.init();
  await instance.ready();
  return app;
}

class Root {}

/** Hooks must be installed before the routes, the login exists after the container. */
function authenticatorOf(login: { current?: LoginService }): Authenticator {
  return {
    authenticate: (request, reply, done) => login.current!.authenticate(request, reply, done),
    challenge: (request, reply) => login.current!.challenge(request, reply),
    refuseUrl: (request, reply) => login.current!.refuseUrl(request, reply),
    needsBody: (request) => login.current!.needsBody(request),
  };
}
