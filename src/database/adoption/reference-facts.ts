/**
 * Everything that a complete database of the reference has in every shape (docs/spec/schema.md#2, docs/spec/schema.md#10.2), in the form of
 * `listSchemaFacts`; a test compares it with what the first migration builds. The leftovers of docs/spec/schema.md#3.7, the
 * history table and `henkilo.query_hetu` are not required.
 */
export const REFERENCE_FACTS: readonly string[] = `
  column cas_client_session.mapping_id text not null
  column cas_client_session.session_id text not null
  column eidastunniste.created timestamp with time zone not null
  column eidastunniste.createdby text not null
  column eidastunniste.henkilo_id bigint not null
  column eidastunniste.id bigint not null
  column eidastunniste.tunniste text not null
  column eidastunniste.version bigint not null
  column henkilo.aidinkieli_id bigint
  column henkilo.asiointikieli_id bigint
  column henkilo.created timestamp without time zone not null
  column henkilo.duplicate boolean not null
  column henkilo.duplicate_search_str text generated
  column henkilo.eisuomalaistahetua boolean not null
  column henkilo.etunimet character varying(255) not null
  column henkilo.hetu character varying(255)
  column henkilo.id bigint not null
  column henkilo.kasittelija character varying(255)
  column henkilo.kotikunta character varying(255)
  column henkilo.kuolinpaiva date
  column henkilo.kuolinsiivous character varying(255)
  column henkilo.kutsumanimi character varying(255) not null
  column henkilo.modified timestamp without time zone not null
  column henkilo.oidhenkilo character varying(255) not null
  column henkilo.passivoitu boolean not null
  column henkilo.sukunimi character varying(255) not null
  column henkilo.sukupuoli character varying(255)
  column henkilo.syntymaaika date
  column henkilo.turvakielto boolean not null
  column henkilo.version bigint not null
  column henkilo.vtj_bucket bigint
  column henkilo.vtj_register boolean not null
  column henkilo.vtjsync_timestamp timestamp with time zone
  column henkilo.yksilointi_yritetty boolean not null
  column henkilo.yksiloity boolean not null
  column henkilo.yksiloityeidas boolean
  column henkilo.yksiloityvtj boolean not null
  column henkilo_aud.aidinkieli_id bigint
  column henkilo_aud.asiointikieli_id bigint
  column henkilo_aud.created timestamp without time zone
  column henkilo_aud.duplicate boolean
  column henkilo_aud.ei_yksiloida boolean
  column henkilo_aud.eisuomalaistahetua boolean
  column henkilo_aud.etunimet character varying(255)
  column henkilo_aud.hetu character varying(255)
  column henkilo_aud.id bigint not null
  column henkilo_aud.kasittelija character varying(255)
  column henkilo_aud.kotikunta character varying(255)
  column henkilo_aud.kuolinpaiva date
  column henkilo_aud.kuolinsiivous character varying(255)
  column henkilo_aud.kutsumanimi character varying(255)
  column henkilo_aud.modified timestamp without time zone
  column henkilo_aud.oidhenkilo character varying(255)
  column henkilo_aud.oppijanumero character varying(255)
  column henkilo_aud.passivoitu boolean
  column henkilo_aud.rev integer not null
  column henkilo_aud.revtype smallint
  column henkilo_aud.sukunimi character varying(255)
  column henkilo_aud.sukupuoli character varying(255)
  column henkilo_aud.syntymaaika date
  column henkilo_aud.turvakielto boolean
  column henkilo_aud.vtj_bucket bigint
  column henkilo_aud.vtj_register boolean
  column henkilo_aud.vtjsync_timestamp timestamp without time zone
  column henkilo_aud.yksilointi_yritetty boolean
  column henkilo_aud.yksiloity boolean
  column henkilo_aud.yksiloityeidas boolean
  column henkilo_aud.yksiloityvtj boolean
  column henkilo_hetu.henkilo_id bigint not null
  column henkilo_hetu.hetu character varying(255) not null
  column henkilo_huoltaja_suhde.alkupvm date
  column henkilo_huoltaja_suhde.created timestamp without time zone not null
  column henkilo_huoltaja_suhde.huoltaja_id bigint not null
  column henkilo_huoltaja_suhde.id bigint not null
  column henkilo_huoltaja_suhde.lapsi_id bigint not null
  column henkilo_huoltaja_suhde.loppupvm date
  column henkilo_huoltaja_suhde.updated timestamp without time zone not null
  column henkilo_huoltaja_suhde.version bigint not null
  column henkilo_huoltaja_suhde_aud.alkupvm date
  column henkilo_huoltaja_suhde_aud.created timestamp without time zone
  column henkilo_huoltaja_suhde_aud.huoltaja_id bigint
  column henkilo_huoltaja_suhde_aud.id bigint not null
  column henkilo_huoltaja_suhde_aud.lapsi_id bigint
  column henkilo_huoltaja_suhde_aud.loppupvm date
  column henkilo_huoltaja_suhde_aud.rev integer not null
  column henkilo_huoltaja_suhde_aud.revtype smallint
  column henkilo_huoltaja_suhde_aud.updated timestamp without time zone
  column henkilo_kansalaisuus.henkilo_id bigint not null
  column henkilo_kansalaisuus.kansalaisuus_id bigint not null
  column henkilo_kansalaisuus_aud.henkilo_id bigint not null
  column henkilo_kansalaisuus_aud.kansalaisuus_id bigint not null
  column henkilo_kansalaisuus_aud.rev integer not null
  column henkilo_kansalaisuus_aud.revtype smallint
  column henkilo_kielisyys_aud.henkilo_id bigint not null
  column henkilo_kielisyys_aud.kielisyys_id bigint not null
  column henkilo_kielisyys_aud.rev integer not null
  column henkilo_kielisyys_aud.revtype smallint
  column henkilo_organisaatio.henkilo_id bigint not null
  column henkilo_organisaatio.organisaatio_id bigint not null
  column henkilo_organisaatio_aud.henkilo_id bigint not null
  column henkilo_organisaatio_aud.organisaatio_id bigint not null
  column henkilo_organisaatio_aud.rev integer not null
  column henkilo_organisaatio_aud.revtype smallint
  column henkilo_passinumero.henkilo_id bigint not null
  column henkilo_passinumero.passinumero character varying(255) not null
  column henkilo_passinumero_aud.henkilo_id bigint not null
  column henkilo_passinumero_aud.passinumero character varying(255) not null
  column henkilo_passinumero_aud.rev integer not null
  column henkilo_passinumero_aud.revtype smallint
  column henkiloviite.id bigint not null
  column henkiloviite.master_oid character varying(255) not null
  column henkiloviite.slave_oid character varying(255) not null
  column henkiloviite.version bigint not null
  column identification.henkilo_id bigint not null
  column identification.id bigint not null
  column identification.identifier text not null
  column identification.idpentityid character varying(255) not null
  column identification.version bigint not null
  column kansalaisuus.id bigint not null
  column kansalaisuus.kansalaisuuskoodi character varying(255) not null
  column kansalaisuus.version bigint not null
  column kielisyys.id bigint not null
  column kielisyys.kielikoodi character varying(255)
  column kielisyys.kielityyppi character varying(255)
  column kielisyys.version bigint not null
  column koski_datantuonti_henkilo_oids.oid text
  column koski_datantuonti_henkilo_oids.processed timestamp with time zone
  column kotikunta_historia.henkilo_id bigint not null
  column kotikunta_historia.id bigint not null
  column kotikunta_historia.kotikunta text not null
  column kotikunta_historia.kunnasta_pois_muuttopv date
  column kotikunta_historia.kuntaan_muuttopv date
  column kotikunta_historia.version bigint not null
  column organisaatio.id bigint not null
  column organisaatio.oid character varying(255) not null
  column organisaatio.version bigint not null
  column queuedemail.batch_sent integer not null
  column queuedemail.body text not null
  column queuedemail.copy text
  column queuedemail.created timestamp without time zone not null
  column queuedemail.id uuid not null
  column queuedemail.idempotency_key uuid not null
  column queuedemail.lahetystunniste text
  column queuedemail.last_attempt timestamp without time zone
  column queuedemail.modified timestamp without time zone not null
  column queuedemail.queuedemailstatus_id text not null
  column queuedemail.recipients text[] not null
  column queuedemail.replyto text
  column queuedemail.sent_at timestamp without time zone
  column queuedemail.subject text not null
  column queuedemailstatus.description text not null
  column queuedemailstatus.id text not null
  column revinfo.rev integer not null
  column revinfo.revtstmp bigint
  column scheduled_tasks.consecutive_failures integer
  column scheduled_tasks.execution_time timestamp with time zone not null
  column scheduled_tasks.last_failure timestamp with time zone
  column scheduled_tasks.last_heartbeat timestamp with time zone
  column scheduled_tasks.last_success timestamp with time zone
  column scheduled_tasks.picked boolean not null
  column scheduled_tasks.picked_by text
  column scheduled_tasks.task_data bytea
  column scheduled_tasks.task_instance text not null
  column scheduled_tasks.task_name text not null
  column scheduled_tasks.version bigint not null
  column spring_session.creation_time bigint not null
  column spring_session.expiry_time bigint not null
  column spring_session.last_access_time bigint not null
  column spring_session.max_inactive_interval integer not null
  column spring_session.primary_id character(36) not null
  column spring_session.principal_name character varying(100)
  column spring_session.session_id character(36) not null
  column spring_session_attributes.attribute_bytes bytea not null
  column spring_session_attributes.attribute_name character varying(200) not null
  column spring_session_attributes.session_primary_id character(36) not null
  column testidatantuonti_henkilo.aidinkieli text
  column testidatantuonti_henkilo.etunimet text not null
  column testidatantuonti_henkilo.hetu text not null
  column testidatantuonti_henkilo.huoltajat text
  column testidatantuonti_henkilo.kansalaisuudet text
  column testidatantuonti_henkilo.katuosoite text
  column testidatantuonti_henkilo.kaupunki text
  column testidatantuonti_henkilo.kotikunta text
  column testidatantuonti_henkilo.kuolinpaiva date
  column testidatantuonti_henkilo.postinumero text
  column testidatantuonti_henkilo.sukunimi text not null
  column testidatantuonti_henkilo.sukupuoli integer not null
  column testidatantuonti_henkilo.syntymaaika date not null
  column testidatantuonti_henkilo.turvakielto boolean not null
  column tuonti.aikaleima timestamp without time zone not null
  column tuonti.api text
  column tuonti.data_id bigint
  column tuonti.id bigint not null
  column tuonti.ilmoitustarve_kasitelty boolean
  column tuonti.kasiteltavia integer not null
  column tuonti.kasiteltyja integer not null
  column tuonti.kasittelija_oid character varying(255)
  column tuonti.sahkoposti character varying(255)
  column tuonti.version bigint not null
  column tuonti_data.data oid not null
  column tuonti_data.id bigint not null
  column tuonti_data.version bigint not null
  column tuonti_organisaatio.organisaatio_id bigint not null
  column tuonti_organisaatio.tuonti_id bigint not null
  column tuonti_rivi.conflict boolean
  column tuonti_rivi.henkilo_id bigint not null
  column tuonti_rivi.id bigint not null
  column tuonti_rivi.tunniste character varying(255)
  column tuonti_rivi.tuonti_id bigint not null
  column tuonti_rivi.version bigint not null
  column tuontikooste.api text
  column tuontikooste.author text
  column tuontikooste.conflicts bigint
  column tuontikooste.done integer
  column tuontikooste.failures bigint
  column tuontikooste.id bigint
  column tuontikooste.inprogress integer
  column tuontikooste.oid character varying(255)
  column tuontikooste.org character varying(255)
  column tuontikooste.successful bigint
  column tuontikooste.timestamp timestamp without time zone
  column tuontikooste.total integer
  column vtj_muutostieto.error boolean
  column vtj_muutostieto.henkilotunnus text not null
  column vtj_muutostieto.id bigint not null
  column vtj_muutostieto.muutospv timestamp without time zone not null
  column vtj_muutostieto.processed timestamp without time zone
  column vtj_muutostieto.tietoryhmat jsonb not null
  column vtj_muutostieto.version bigint not null
  column vtj_muutostieto_kirjausavain.avain bigint not null
  column vtj_muutostieto_kirjausavain.id bigint not null
  column vtj_muutostieto_kirjausavain.updated_at timestamp without time zone
  column yhteystiedot.id bigint not null
  column yhteystiedot.version bigint not null
  column yhteystiedot.yhteystiedotryhma_id bigint not null
  column yhteystiedot.yhteystieto_arvo character varying(255)
  column yhteystiedot.yhteystieto_tyyppi character varying(255) not null
  column yhteystiedotryhma.henkilo_id bigint
  column yhteystiedotryhma.id bigint not null
  column yhteystiedotryhma.read_only boolean not null
  column yhteystiedotryhma.ryhma_alkuperatieto character varying(255) not null
  column yhteystiedotryhma.ryhmakuvaus character varying(255)
  column yhteystiedotryhma.version bigint not null
  column yhteystiedotryhma.yksilointitieto_id bigint
  column yksilointi_kansalaisuus.kansalaisuus_id bigint not null
  column yksilointi_kansalaisuus.yksilointitieto_id bigint not null
  column yksilointitieto.aidinkieli_id bigint
  column yksilointitieto.etunimet character varying(255)
  column yksilointitieto.henkiloid bigint not null
  column yksilointitieto.hetu character varying(255)
  column yksilointitieto.id bigint not null
  column yksilointitieto.kotikunta character varying(255)
  column yksilointitieto.kutsumanimi character varying(255)
  column yksilointitieto.sukunimi character varying(255)
  column yksilointitieto.sukupuoli character varying(255)
  column yksilointitieto.turvakielto boolean not null
  column yksilointitieto.version bigint not null
  column yksilointivirhe.aikaleima timestamp without time zone not null
  column yksilointivirhe.henkilo_id bigint not null
  column yksilointivirhe.id bigint not null
  column yksilointivirhe.poikkeus text not null
  column yksilointivirhe.uudelleenyritys_aikaleima timestamp without time zone
  column yksilointivirhe.uudelleenyritys_maara integer
  column yksilointivirhe.version bigint not null
  column yksilointivirhe.viesti text
  constraint cas_client_session PRIMARY KEY (mapping_id)
  constraint cas_client_session UNIQUE (session_id)
  constraint eidastunniste FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint eidastunniste PRIMARY KEY (id)
  constraint eidastunniste UNIQUE (tunniste)
  constraint henkilo CHECK ((NOT (yksiloityeidas AND (hetu IS NOT NULL))))
  constraint henkilo CHECK ((NOT (yksiloityeidas AND (yksiloity OR yksiloityvtj))))
  constraint henkilo FOREIGN KEY (aidinkieli_id) REFERENCES kielisyys(id)
  constraint henkilo FOREIGN KEY (asiointikieli_id) REFERENCES kielisyys(id)
  constraint henkilo PRIMARY KEY (id)
  constraint henkilo UNIQUE (hetu)
  constraint henkilo UNIQUE (oidhenkilo)
  constraint henkilo_aud FOREIGN KEY (rev) REFERENCES revinfo(rev)
  constraint henkilo_aud PRIMARY KEY (id, rev)
  constraint henkilo_hetu FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint henkilo_hetu PRIMARY KEY (henkilo_id, hetu)
  constraint henkilo_hetu UNIQUE (hetu)
  constraint henkilo_huoltaja_suhde FOREIGN KEY (huoltaja_id) REFERENCES henkilo(id)
  constraint henkilo_huoltaja_suhde FOREIGN KEY (lapsi_id) REFERENCES henkilo(id)
  constraint henkilo_huoltaja_suhde PRIMARY KEY (id)
  constraint henkilo_huoltaja_suhde_aud PRIMARY KEY (id, rev)
  constraint henkilo_kansalaisuus FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint henkilo_kansalaisuus FOREIGN KEY (kansalaisuus_id) REFERENCES kansalaisuus(id)
  constraint henkilo_kansalaisuus PRIMARY KEY (henkilo_id, kansalaisuus_id)
  constraint henkilo_kansalaisuus_aud FOREIGN KEY (rev) REFERENCES revinfo(rev)
  constraint henkilo_kansalaisuus_aud PRIMARY KEY (rev, henkilo_id, kansalaisuus_id)
  constraint henkilo_kielisyys_aud FOREIGN KEY (rev) REFERENCES revinfo(rev)
  constraint henkilo_kielisyys_aud PRIMARY KEY (rev, henkilo_id, kielisyys_id)
  constraint henkilo_organisaatio FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint henkilo_organisaatio FOREIGN KEY (organisaatio_id) REFERENCES organisaatio(id)
  constraint henkilo_organisaatio PRIMARY KEY (henkilo_id, organisaatio_id)
  constraint henkilo_organisaatio_aud FOREIGN KEY (rev) REFERENCES revinfo(rev)
  constraint henkilo_organisaatio_aud PRIMARY KEY (rev, henkilo_id, organisaatio_id)
  constraint henkilo_passinumero FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint henkilo_passinumero PRIMARY KEY (henkilo_id, passinumero)
  constraint henkilo_passinumero UNIQUE (passinumero)
  constraint henkilo_passinumero_aud FOREIGN KEY (rev) REFERENCES revinfo(rev)
  constraint henkilo_passinumero_aud PRIMARY KEY (rev, henkilo_id, passinumero)
  constraint identification FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint identification PRIMARY KEY (id)
  constraint kansalaisuus PRIMARY KEY (id)
  constraint kielisyys PRIMARY KEY (id)
  constraint kielisyys UNIQUE (kielikoodi)
  constraint kotikunta_historia FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint kotikunta_historia PRIMARY KEY (id)
  constraint organisaatio PRIMARY KEY (id)
  constraint organisaatio UNIQUE (oid)
  constraint queuedemail CHECK ((((queuedemailstatus_id = 'SENT'::text) AND (lahetystunniste IS NOT NULL)) OR (queuedemailstatus_id <> 'SENT'::text)))
  constraint queuedemail CHECK ((((queuedemailstatus_id = 'SENT'::text) AND (sent_at IS NOT NULL)) OR (queuedemailstatus_id <> 'SENT'::text)))
  constraint queuedemail CHECK ((recipients <> '{}'::text[]))
  constraint queuedemail FOREIGN KEY (queuedemailstatus_id) REFERENCES queuedemailstatus(id)
  constraint queuedemail PRIMARY KEY (id)
  constraint queuedemailstatus PRIMARY KEY (id)
  constraint revinfo PRIMARY KEY (rev)
  constraint scheduled_tasks PRIMARY KEY (task_name, task_instance)
  constraint spring_session PRIMARY KEY (primary_id)
  constraint spring_session_attributes FOREIGN KEY (session_primary_id) REFERENCES spring_session(primary_id) ON DELETE CASCADE
  constraint spring_session_attributes PRIMARY KEY (session_primary_id, attribute_name)
  constraint tuonti FOREIGN KEY (data_id) REFERENCES tuonti_data(id)
  constraint tuonti PRIMARY KEY (id)
  constraint tuonti_data PRIMARY KEY (id)
  constraint tuonti_organisaatio FOREIGN KEY (organisaatio_id) REFERENCES organisaatio(id)
  constraint tuonti_organisaatio FOREIGN KEY (tuonti_id) REFERENCES tuonti(id)
  constraint tuonti_organisaatio PRIMARY KEY (tuonti_id, organisaatio_id)
  constraint tuonti_rivi FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint tuonti_rivi FOREIGN KEY (tuonti_id) REFERENCES tuonti(id)
  constraint tuonti_rivi PRIMARY KEY (id)
  constraint vtj_muutostieto PRIMARY KEY (id)
  constraint vtj_muutostieto_kirjausavain PRIMARY KEY (id)
  constraint yhteystiedot FOREIGN KEY (yhteystiedotryhma_id) REFERENCES yhteystiedotryhma(id)
  constraint yhteystiedot PRIMARY KEY (id)
  constraint yhteystiedotryhma FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint yhteystiedotryhma FOREIGN KEY (yksilointitieto_id) REFERENCES yksilointitieto(id)
  constraint yhteystiedotryhma PRIMARY KEY (id)
  constraint yksilointi_kansalaisuus FOREIGN KEY (kansalaisuus_id) REFERENCES kansalaisuus(id)
  constraint yksilointi_kansalaisuus FOREIGN KEY (yksilointitieto_id) REFERENCES yksilointitieto(id)
  constraint yksilointitieto FOREIGN KEY (aidinkieli_id) REFERENCES kielisyys(id)
  constraint yksilointitieto FOREIGN KEY (henkiloid) REFERENCES henkilo(id)
  constraint yksilointitieto PRIMARY KEY (id)
  constraint yksilointitieto UNIQUE (henkiloid)
  constraint yksilointivirhe FOREIGN KEY (henkilo_id) REFERENCES henkilo(id)
  constraint yksilointivirhe PRIMARY KEY (id)
  constraint yksilointivirhe UNIQUE (henkilo_id)
  extension pg_trgm
  extension unaccent
  function date_to_char(date) text
  function duplicate_search_fmt(text) text
  function fix_vtj_update_by_linking_henkilos(original_oid text, duplicate_oid text) void
  sequence hibernate_sequence
`
  .trim()
  .split(/\n\s*/);
