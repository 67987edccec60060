import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { readConfig } from './config/config.js';
import { migrate } from './database/migrate.js';

async function main(): Promise<void> {
  const config = readConfig();
  await migrate(config.database.url);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
  await app.listen(config.port, '0.0.0.0');
}

void main();
