import { Global, Module } from '@nestjs/common';
import { AtaruClient } from './ataru/ataru.client.js';
import { HakuappClient } from './hakuapp/hakuapp.client.js';
import { KayttooikeusClient } from './kayttooikeus/kayttooikeus.client.js';
import { KoodistoClient } from './koodisto/koodisto.client.js';
import { OAuth2Token } from './oauth2-token.client.js';
import { ObjectStorageClient } from './object-storage/object-storage.client.js';
import { OrganisaatioClient } from './organisaatio/organisaatio.client.js';
import { SlackClient } from './slack/slack.client.js';
import { HenkiloModifiedTopic } from './sns/henkilo-modified.topic.js';
import { ViestinvalitysClient } from './viestinvalitys/viestinvalitys.client.js';
import { VtjCertificationCheckJob } from './vtj-kysely/vtj-certification-check.job.js';
import { VtjKyselyClient } from './vtj-kysely/vtj-kysely.client.js';
import { VtjMuutosrajapintaClient } from './vtj-muutosrajapinta/vtj-muutosrajapinta.client.js';

const CLIENTS = [
  AtaruClient,
  HakuappClient,
  HenkiloModifiedTopic,
  KayttooikeusClient,
  KoodistoClient,
  ObjectStorageClient,
  OrganisaatioClient,
  SlackClient,
  ViestinvalitysClient,
  VtjKyselyClient,
  VtjMuutosrajapintaClient,
];

/** One client per system outside; every call has a timeout, none belongs into a transaction. */
@Global()
@Module({ providers: [OAuth2Token, VtjCertificationCheckJob, ...CLIENTS], exports: [...CLIENTS] })
export class IntegrationsModule {}
