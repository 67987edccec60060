import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { ConfigModule } from '../config/config.module.js';
import { readConfig } from '../config/config.js';
import { createAdapter } from '../http/server.js';
import { createDocument } from '../openapi/openapi-document.mapper.js';
import { API_VERSION } from '../openapi/openapi-document.service.js';
import { KIELET } from '../openapi/tekstit/kieli.model.js';

/** Beside the service in production, on the same host. */
const TOKEN_URL = '/kayttooikeus-service/oauth2/token';

/**
 * Writes openapi.json (Finnish) and openapi.en.json, or another file that is named and its neighbour `.en.json`. Nothing is
 * connected to: only declarations are read.
 */
async function main(file = path.resolve(__dirname, '../../openapi.json')): Promise<void> {
  class Root {}
  const config = readConfig({ NODE_ENV: 'test' });
  const root = { module: Root, imports: [ConfigModule.of(config), AppModule] };
  const app = await NestFactory.create(root, createAdapter(config.contextPath), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  for (const kieli of KIELET) {
    const document = createDocument(app, {
      version: API_VERSION,
      server: config.contextPath,
      tokenUrl: TOKEN_URL,
      kieli,
    });
    const target = kieli === 'fi' ? file : file.replace(/(\.json)?$/, `.${kieli}.json`);
    writeFileSync(target, `${JSON.stringify(document, null, 2)}\n`);
  }
  process.exit(0);
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
