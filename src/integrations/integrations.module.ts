import { Global, Module } from '@nestjs/common';
import { KayttooikeusClient } from './kayttooikeus/kayttooikeus.client.js';
import { KoodistoClient } from './koodisto/koodisto.client.js';
import { OAuth2Token } from './oauth2-token.js';
import { OrganisaatioClient } from './organisaatio/organisaatio.client.js';

const CLIENTS = [KayttooikeusClient, KoodistoClient, OrganisaatioClient];

/** One client per system outside; every call has a timeout, none belongs into a transaction. */
@Global()
@Module({ providers: [OAuth2Token, ...CLIENTS], exports: [...CLIENTS] })
export class IntegrationsModule {}
