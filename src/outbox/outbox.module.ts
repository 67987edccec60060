import { Global, Module } from '@nestjs/common';
import { HenkiloModifiedOutbox } from './henkilo-modified.outbox.js';
import { OutboxPublisher } from './outbox.publisher.js';
import { OutboxRepository } from './outbox.repository.js';

/** Messages to other services that no crash loses. */
@Global()
@Module({
  providers: [OutboxRepository, OutboxPublisher, HenkiloModifiedOutbox],
  exports: [HenkiloModifiedOutbox, OutboxPublisher],
})
export class OutboxModule {}
