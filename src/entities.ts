import { CasClientSession, SpringSession, SpringSessionAttribute } from './auth/sessions/spring-session.entity.js';
import type { EntityClass } from './database/data-source.js';
import { QueuedEmail } from './email/queued-email.entity.js';
import { EidasTunniste } from './henkilo/entities/eidas-tunniste.entity.js';
import { HenkiloHetu } from './henkilo/entities/henkilo-hetu.entity.js';
import { HenkiloHuoltajaSuhde } from './huoltajat/henkilo-huoltaja-suhde.entity.js';
import { HenkiloKansalaisuus } from './henkilo/entities/henkilo-kansalaisuus.entity.js';
import { HenkiloOrganisaatio } from './henkilo/entities/henkilo-organisaatio.entity.js';
import { HenkiloPassinumero } from './henkilo/entities/henkilo-passinumero.entity.js';
import { Henkilo } from './henkilo/entities/henkilo.entity.js';
import { Henkiloviite } from './henkiloviite/henkiloviite.entity.js';
import { Identification } from './henkilo/entities/identification.entity.js';
import { Kansalaisuus } from './koodit/kansalaisuus.entity.js';
import { Kielisyys } from './koodit/kielisyys.entity.js';
import { YhteystiedotRyhma } from './yhteystiedot/yhteystiedot-ryhma.entity.js';
import { Yhteystieto } from './yhteystiedot/yhteystieto.entity.js';
import { JobRun } from './jobs/job-run.entity.js';
import { ScheduledTask } from './jobs/scheduled-task.entity.js';
import { OutboxMessage } from './outbox/outbox-message.entity.js';
import { KotikuntaHistoria } from './kotikunta/kotikunta-historia.entity.js';
import { TuontiData } from './oppijat-tuonti/entities/tuonti-data.entity.js';
import { TuontiOrganisaatio } from './oppijat-tuonti/entities/tuonti-organisaatio.entity.js';
import { TuontiRivi } from './oppijat-tuonti/entities/tuonti-rivi.entity.js';
import { TuontiVirhe } from './oppijat-tuonti/entities/tuonti-virhe.entity.js';
import { Tuonti } from './oppijat-tuonti/entities/tuonti.entity.js';
import { Organisaatio } from './koodit/organisaatio.entity.js';
import { VtjMuutostietoKirjausavain } from './vtj/entities/vtj-muutostieto-kirjausavain.entity.js';
import { VtjMuutostieto } from './vtj/entities/vtj-muutostieto.entity.js';
import { YksilointiKansalaisuus } from './yksilointitieto/yksilointi-kansalaisuus.entity.js';
import { Yksilointitieto } from './yksilointitieto/yksilointitieto.entity.js';
import { Yksilointivirhe } from './yksilointitieto/yksilointivirhe.entity.js';

/** Every entity class of the service; a test compares each with the live schema. */
export const ENTITIES: EntityClass[] = [
  EidasTunniste,
  HenkiloHetu,
  HenkiloHuoltajaSuhde,
  HenkiloKansalaisuus,
  HenkiloOrganisaatio,
  HenkiloPassinumero,
  Henkilo,
  Henkiloviite,
  Identification,
  Kansalaisuus,
  Kielisyys,
  YhteystiedotRyhma,
  Yhteystieto,
  KotikuntaHistoria,
  TuontiData,
  TuontiOrganisaatio,
  TuontiRivi,
  TuontiVirhe,
  Tuonti,
  Organisaatio,
  VtjMuutostietoKirjausavain,
  VtjMuutostieto,
  YksilointiKansalaisuus,
  Yksilointitieto,
  Yksilointivirhe,
  CasClientSession,
  SpringSession,
  SpringSessionAttribute,
  QueuedEmail,
  JobRun,
  ScheduledTask,
  OutboxMessage,
];
