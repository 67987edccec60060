import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.service.js';
import { Hetuhaut } from './hetuhaut.service.js';

@Global()
@Module({ providers: [AuditLog, Hetuhaut], exports: [AuditLog, Hetuhaut] })
export class AuditModule {}
