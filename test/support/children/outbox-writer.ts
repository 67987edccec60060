import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readConfig } from '../../../src/config/config.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import { Database } from '../../../src/database/database.js';
import { DatabaseModule } from '../../../src/database/database.module.js';
import { IntegrationsModule } from '../../../src/integrations/integrations.module.js';
import { HenkiloModifiedOutbox } from '../../../src/outbox/henkilo-modified.outbox.js';
import { OutboxModule } from '../../../src/outbox/outbox.module.js';
import { OutboxMessage } from '../../../src/outbox/outbox-message.entity.js';

@Module({
  imports: [ConfigModule.of(readConfig()), DatabaseModule.forRoot([OutboxMessage]), IntegrationsModule, OutboxModule],
})
class Writer {}

/** Commits the messages named in MESSAGES, says so before any can be published, and stays. */
async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(Writer, { logger: ['error', 'warn'] });
  const oids = (process.env.MESSAGES ?? '').split(',').filter(Boolean);
  if (oids.length > 0) {
    const db = app.get(Database);
    await db.transaction(async () => {
      db.afterCommit(() => console.log('committed'));
      app.get(HenkiloModifiedOutbox).add(oids);
      await Promise.resolve();
    });
  }
  console.log('ready');
  setInterval(() => undefined, 1000);
}

void main();
