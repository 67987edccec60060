import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { IntegrationsModule } from '../integrations/integrations.module.js';
import { CasAddresses } from './cas/cas-addresses.service.js';
import { CasStrategy } from './cas/cas.strategy.js';
import { CasClientSessionCleanerJob } from './cas/cas-client-session-cleaner.job.js';
import { CasController } from './cas/cas.controller.js';
import { ReturnAddresses } from './cas/return-addresses.service.js';
import { SessionStore } from './sessions/session.store.js';
import { LoginService } from './login.service.js';
import { BearerTokens } from './oauth2/bearer-tokens.service.js';
import { ResourceMetadataController } from './oauth2/resource-metadata.controller.js';
import { SigningKeys } from './oauth2/signing-keys.service.js';
import { HenkiloOrganisaatioRepository } from './permissions/henkilo-organisaatio.repository.js';
import { PermissionChecker } from './permissions/permission-checker.service.js';
import { PermissionGuard } from './permissions/permission.guard.js';
import { StrongAuthentication } from './strong-authentication/strong-authentication.service.js';
import { SuojattujenNakyvyys } from './permissions/suojattujen-nakyvyys.service.js';

@Global()
@Module({
  imports: [IntegrationsModule],
  controllers: [CasController, ResourceMetadataController],
  providers: [
    BearerTokens,
    SigningKeys,
    CasAddresses,
    CasStrategy,
    ReturnAddresses,
    CasClientSessionCleanerJob,
    SessionStore,
    LoginService,
    HenkiloOrganisaatioRepository,
    PermissionChecker,
    StrongAuthentication,
    SuojattujenNakyvyys,
    { provide: APP_GUARD, useClass: PermissionGuard },
  ],
  exports: [LoginService, PermissionChecker, StrongAuthentication, SuojattujenNakyvyys],
})
export class AuthModule {}
