-- Up Migration
-- The reference's schema as its newest migration (20260615120000000) leaves a fresh database: shape B of docs/spec/schema.md#2,
-- leftovers included. On a database that the reference built this file is marked as run and never executed.

create extension if not exists pg_trgm with schema public;
create extension if not exists unaccent with schema public;

create schema if not exists import;

create sequence hibernate_sequence;

-- Functions. The first two feed henkilo.duplicate_search_str, so they come before the table.

create function date_to_char(date) returns text
  language sql immutable
  as $$ select coalesce(to_char($1, 'YYYY-MM-DD'), '') $$;

create function duplicate_search_fmt(text) returns text
  language sql immutable
  as $$ select lower(public.unaccent($1)) $$;

create function fix_vtj_update_by_linking_henkilos(original_oid text, duplicate_oid text) returns void
  language plpgsql
  as $$
declare
  siirtyva_hetu text;
begin
  select hetu into siirtyva_hetu from henkilo where oidhenkilo = duplicate_oid;
  update henkilo
     set hetu = null, yksiloityvtj = false, vtj_register = false, duplicate = true, vtj_bucket = null,
         modified = current_timestamp
   where oidhenkilo = duplicate_oid;
  update henkilo_hetu
     set henkilo_id = (select id from henkilo where oidhenkilo = original_oid)
   where henkilo_id = (select id from henkilo where oidhenkilo = duplicate_oid);
  update henkilo
     set hetu = siirtyva_hetu, vtj_bucket = null, modified = current_timestamp
   where oidhenkilo = original_oid;
  insert into henkiloviite (id, version, master_oid, slave_oid)
  values (nextval('hibernate_sequence'), 0, original_oid, duplicate_oid);
end;
$$;

create function force_retry_automaattinen_yksilointi(henkilo_oid text) returns void
  language plpgsql
  as $$
declare
  tiedot bigint[];
begin
  select array_agg(y.id) into tiedot
    from yksilointitieto y
    join henkilo h on h.id = y.henkiloid
   where h.oidhenkilo = henkilo_oid;
  delete from yhteystiedot
   where yhteystiedotryhma_id in (select id from yhteystiedotryhma where yksilointitieto_id = any (tiedot));
  delete from yksilointi_kansalaisuus where yksilointitieto_id = any (tiedot);
  delete from yhteystiedotryhma where yksilointitieto_id = any (tiedot);
  delete from yksilointitieto where id = any (tiedot);
  update scheduled_tasks set execution_time = current_timestamp where task_name = 'yksilointi task';
end;
$$;

-- Leftovers of other systems; their tables do not exist here, so a call fails.

create function arkistoi_arvosana_deltat(amount integer) returns integer
  language plpgsql
  as $$
declare
  siirretty integer;
begin
  insert into a_arvosana
  select a.*
    from arvosana a
   where not exists (select 1 from v_arvosana v where v.id = a.id)
   limit amount;
  get diagnostics siirretty = row_count;
  return siirretty;
end;
$$;

create function insertkayttooikeus(character varying, character varying, character varying) returns integer
  language plpgsql
  as $$
begin
  if not exists (
    select 1 from kayttooikeus k join palvelu p on p.id = k.palvelu_id where p.name = $1 and k.rooli = $2
  ) then
    insert into text_group (id, version) values (nextval('public.hibernate_sequence'), 1);
    insert into text (id, version, lang, text, textgroup_id)
    select nextval('public.hibernate_sequence'), 1, kieli, $3, (select max(id) from text_group)
      from unnest(array['FI', 'SV', 'EN']) kieli;
    insert into kayttooikeus (id, version, palvelu_id, rooli, textgroup_id)
    values (nextval('public.hibernate_sequence'), 1, (select id from palvelu where name = $1), $2,
            (select max(id) from text_group));
  end if;
  return 1;
end;
$$;

create function insertpalvelu(character varying, character varying) returns integer
  language plpgsql
  as $$
begin
  if not exists (select 1 from palvelu where name = $1) then
    insert into text_group (id, version) values (nextval('public.hibernate_sequence'), 1);
    insert into text (id, version, lang, text, textgroup_id)
    select nextval('public.hibernate_sequence'), 1, kieli, $2, (select max(id) from text_group)
      from unnest(array['FI', 'SV', 'EN']) kieli;
    insert into palvelu (id, version, name, palvelutyyppi, textgroup_id)
    values (nextval('public.hibernate_sequence'), 1, $1, 'YKSITTAINEN', (select max(id) from text_group));
  end if;
  return 1;
end;
$$;

-- Codes, made when first needed.

create table kielisyys (
  id bigint not null,
  version bigint not null,
  kielikoodi varchar(255),
  kielityyppi varchar(255),
  constraint kielisyys_pkey primary key (id),
  constraint kielisyys_kielikoodi_key unique (kielikoodi)
);
comment on column kielisyys.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column kielisyys.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column kielisyys.kielikoodi is 'Kielen koodi pienin kirjaimin, koodisto kieli';
comment on column kielisyys.kielityyppi is 'Kielen nimi';

create table kansalaisuus (
  id bigint not null,
  version bigint not null,
  kansalaisuuskoodi varchar(255) not null,
  constraint kansalaisuus_pkey primary key (id)
);
comment on column kansalaisuus.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column kansalaisuus.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column kansalaisuus.kansalaisuuskoodi is 'Valtion koodi, koodisto maatjavaltiot2';

create table organisaatio (
  id bigint not null,
  version bigint not null,
  oid varchar(255) not null,
  constraint organisaatio_pkey primary key (id),
  constraint uk_organisaatio_01 unique (oid)
);
comment on column organisaatio.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column organisaatio.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column organisaatio.oid is 'Organisaation oid';

-- Persons and their parts.

create table henkilo (
  id bigint not null,
  version bigint not null,
  etunimet varchar(255) not null,
  hetu varchar(255),
  kotikunta varchar(255),
  kutsumanimi varchar(255) not null,
  oidhenkilo varchar(255) not null,
  sukunimi varchar(255) not null,
  sukupuoli varchar(255),
  turvakielto boolean not null default false,
  eisuomalaistahetua boolean not null default false,
  asiointikieli_id bigint,
  passivoitu boolean not null default false,
  yksiloity boolean not null default false,
  query_hetu varchar(255),
  syntymaaika date,
  duplicate boolean not null default false,
  aidinkieli_id bigint,
  yksilointi_yritetty boolean not null default false,
  created timestamp not null default now(),
  modified timestamp not null default now(),
  kasittelija varchar(255),
  yksiloityvtj boolean not null default false,
  vtjsync_timestamp timestamptz,
  kuolinpaiva date,
  vtj_register boolean not null default false,
  kuolinsiivous varchar(255),
  duplicate_search_str text generated always as (
    duplicate_search_fmt(etunimet || ' ' || kutsumanimi || ' ' || sukunimi || ' ' || date_to_char(syntymaaika))
  ) stored,
  vtj_bucket bigint,
  yksiloityeidas boolean default false,
  constraint henkilo_pkey primary key (id),
  constraint henkilo_hetu_key unique (hetu),
  constraint henkilo_oidhenkilo_key unique (oidhenkilo),
  constraint henkilo_yksiloityeidas_ei_hetua_check check (not (yksiloityeidas and hetu is not null)),
  constraint henkilo_yksiloityeidas_exclusive_check check (not (yksiloityeidas and (yksiloity or yksiloityvtj))),
  constraint fk24c7f3776ba553a1 foreign key (aidinkieli_id) references kielisyys (id),
  constraint fk3021ddf2565e98a4 foreign key (asiointikieli_id) references kielisyys (id)
) with (
  autovacuum_vacuum_scale_factor = 0.0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.0,
  autovacuum_analyze_threshold = 1000
);
create index henkilo_created_idx on henkilo (created);
create index henkilo_etunimet_idx on henkilo (etunimet);
create index henkilo_etunimet_lower_idx on henkilo (lower(etunimet) text_pattern_ops);
create index henkilo_kotikunta_idx on henkilo (kotikunta);
create index henkilo_kutsumanimi_idx on henkilo (kutsumanimi);
create index henkilo_kutsumanimi_lower_idx on henkilo (lower(kutsumanimi) text_pattern_ops);
create index henkilo_modified_idx on henkilo (modified);
create index henkilo_name_similarity on henkilo using gin (duplicate_search_str gin_trgm_ops);
create index henkilo_oid_idx on henkilo (oidhenkilo);
create index henkilo_pass_idx on henkilo (passivoitu);
create index henkilo_query_hetu_idx on henkilo (query_hetu);
create index henkilo_sukunimi_idx on henkilo (sukunimi);
create index henkilo_sukunimi_lower_idx on henkilo (lower(sukunimi) text_pattern_ops);
create index henkilo_syntymaaika_idx on henkilo (syntymaaika);
create index henkilo_vtj_bucket_idx on henkilo (vtj_bucket);
create index henkilo_yksiloityeidas_idx on henkilo (yksiloityeidas);
create index henkilo_yksiloityvtj_hetu_idx on henkilo (yksiloityvtj, hetu);
create index hetu_idx on henkilo (hetu);
create index query_hetu_idx on henkilo (query_hetu);
comment on column henkilo.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column henkilo.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column henkilo.etunimet is 'Etunimet välilyönnein erotettuina';
comment on column henkilo.hetu is 'Voimassa oleva henkilötunnus, vahvistettu tai vahvistamaton';
comment on column henkilo.kotikunta is 'Kotikunta, koodisto kunta; turvakielto peittää tiedon rajapinnoissa';
comment on column henkilo.kutsumanimi is 'Kutsumanimi';
comment on column henkilo.oidhenkilo is 'Henkilön yksilöivä oid';
comment on column henkilo.sukunimi is 'Sukunimi';
comment on column henkilo.sukupuoli is 'Sukupuoli, koodisto sukupuoli';
comment on column henkilo.turvakielto is 'Osoitetiedot on suojattu, tieto VTJ:stä';
comment on column henkilo.eisuomalaistahetua is 'Henkilöllä ei ole suomalaista henkilötunnusta';
comment on column henkilo.asiointikieli_id is 'Asiointikieli, ei VTJ:stä';
comment on column henkilo.passivoitu is 'Henkilö on poistettu käytöstä tai liitetty toiseen henkilöön';
comment on column henkilo.yksiloity is 'Virkailija on yksilöinyt henkilön käsin';
comment on column henkilo.syntymaaika is 'Syntymäaika';
comment on column henkilo.duplicate is 'Henkilö on toisen henkilön duplikaatti';
comment on column henkilo.aidinkieli_id is 'Äidinkieli';
comment on column henkilo.yksilointi_yritetty is 'Automaattista yksilöintiä on yritetty';
comment on column henkilo.created is 'Rivin luontihetki';
comment on column henkilo.modified is 'Viimeisen muutoksen hetki';
comment on column henkilo.kasittelija is 'Viimeisen muuttajan oid';
comment on column henkilo.yksiloityvtj is 'Henkilö on yksilöity VTJ:n tiedoilla';
comment on column henkilo.vtjsync_timestamp is 'Hetki, jolloin tiedot on viimeksi päivitetty VTJ:stä';
comment on column henkilo.kuolinpaiva is 'Kuolinpäivä, tieto VTJ:stä';
comment on column henkilo.vtj_register is 'Historiallinen merkintä VTJ-päivityksen piiriin kuulumisesta';

create table henkilo_hetu (
  henkilo_id bigint not null,
  hetu varchar(255) not null,
  constraint henkilo_hetu_pkey primary key (henkilo_id, hetu),
  constraint uk_henkilo_hetu_01 unique (hetu),
  constraint fk_henkilo_hetu_henkilo foreign key (henkilo_id) references henkilo (id)
);
comment on column henkilo_hetu.henkilo_id is 'Henkilö, jolle henkilötunnus kuuluu';
comment on column henkilo_hetu.hetu is 'Virallinen nykyinen tai entinen henkilötunnus';

create table henkilo_passinumero (
  henkilo_id bigint not null,
  passinumero varchar(255) not null,
  constraint henkilo_passinumero_pkey primary key (henkilo_id, passinumero),
  constraint uk_passinumero_01 unique (passinumero),
  constraint fk_henkilo_passinumero foreign key (henkilo_id) references henkilo (id)
);
comment on column henkilo_passinumero.henkilo_id is 'Henkilö, jolle passi kuuluu';
comment on column henkilo_passinumero.passinumero is 'Passin numero';

create table henkilo_kansalaisuus (
  henkilo_id bigint not null,
  kansalaisuus_id bigint not null,
  constraint henkilo_kansalaisuus_pkey primary key (henkilo_id, kansalaisuus_id),
  constraint fkd8005c5b620670b2 foreign key (henkilo_id) references henkilo (id),
  constraint fkd8005c5b992bc1c2 foreign key (kansalaisuus_id) references kansalaisuus (id)
) with (
  autovacuum_vacuum_scale_factor = 0.0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.0,
  autovacuum_analyze_threshold = 1000
);
comment on column henkilo_kansalaisuus.henkilo_id is 'Henkilö';
comment on column henkilo_kansalaisuus.kansalaisuus_id is 'Kansalaisuus';

create table henkilo_organisaatio (
  henkilo_id bigint not null,
  organisaatio_id bigint not null,
  constraint henkilo_organisaatio_pkey primary key (henkilo_id, organisaatio_id),
  constraint fk_henkilo_organisaatio_henkilo foreign key (henkilo_id) references henkilo (id),
  constraint fk_henkilo_organisaatio_organisaatio foreign key (organisaatio_id) references organisaatio (id)
);
comment on column henkilo_organisaatio.henkilo_id is 'Oppija';
comment on column henkilo_organisaatio.organisaatio_id is 'Organisaatio, johon oppija on liitetty';

create table henkilo_huoltaja_suhde (
  id bigint not null,
  version bigint not null,
  lapsi_id bigint not null,
  huoltaja_id bigint not null,
  created timestamp not null default now(),
  updated timestamp not null default now(),
  alkupvm date,
  loppupvm date,
  constraint henkilo_huoltaja_suhde_pkey primary key (id),
  constraint henkilo_huoltaja_suhde_huoltaja_id_fkey foreign key (huoltaja_id) references henkilo (id),
  constraint henkilo_huoltaja_suhde_lapsi_id_fkey foreign key (lapsi_id) references henkilo (id)
);
create index henkilo_huoltaja_suhde_updated_idx on henkilo_huoltaja_suhde (updated);
comment on column henkilo_huoltaja_suhde.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column henkilo_huoltaja_suhde.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column henkilo_huoltaja_suhde.lapsi_id is 'Huollettava';
comment on column henkilo_huoltaja_suhde.huoltaja_id is 'Huoltaja';

create table henkiloviite (
  id bigint not null,
  version bigint not null,
  master_oid varchar(255) not null,
  slave_oid varchar(255) not null
) with (
  autovacuum_vacuum_scale_factor = 0.0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.0,
  autovacuum_analyze_threshold = 1000
);
create index henkiloviite_master_idx on henkiloviite (master_oid);
create index henkiloviite_master_oid_idx on henkiloviite (master_oid);
create index henkiloviite_slave_idx on henkiloviite (slave_oid);
create index henkiloviite_slave_oid_idx on henkiloviite (slave_oid);
comment on column henkiloviite.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column henkiloviite.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column henkiloviite.master_oid is 'Oid, johon duplikaatti on liitetty';
comment on column henkiloviite.slave_oid is 'Duplikaatin oid';

create table identification (
  id bigint not null,
  version bigint not null,
  identifier text not null,
  idpentityid varchar(255) not null,
  henkilo_id bigint not null,
  constraint identification_pkey primary key (id),
  constraint fk187d426e620670b2 foreign key (henkilo_id) references henkilo (id)
) with (
  autovacuum_vacuum_scale_factor = 0.0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.0,
  autovacuum_analyze_threshold = 1000
);
create index identification_henkilo_id_idx on identification (henkilo_id);
create index identifier_idx on identification (identifier);
create unique index unique_identifier_eidas_idx on identification (identifier) where idpentityid = 'eidas';

create table eidastunniste (
  id bigint not null,
  version bigint not null,
  henkilo_id bigint not null,
  tunniste text not null,
  createdby text not null,
  created timestamptz not null default current_timestamp,
  constraint eidastunniste_pkey primary key (id),
  constraint eidastunniste_tunniste_key unique (tunniste),
  constraint eidastunniste_henkilo_id_fkey foreign key (henkilo_id) references henkilo (id)
);
create index eidastunniste_henkilo_id_idx on eidastunniste (henkilo_id);
create index eidastunniste_tunniste_idx on eidastunniste (tunniste);

-- Identification against VTJ.

create table yksilointitieto (
  id bigint not null,
  version bigint not null,
  henkiloid bigint not null,
  etunimet varchar(255),
  kutsumanimi varchar(255),
  sukunimi varchar(255),
  sukupuoli varchar(255),
  aidinkieli_id bigint,
  turvakielto boolean not null default false,
  kotikunta varchar(255),
  hetu varchar(255),
  constraint yksilointi_tiedot_pkey primary key (id),
  constraint yksilointi_tiedot_henkiloid_key unique (henkiloid),
  constraint fk36b34d7566a263b2 foreign key (aidinkieli_id) references kielisyys (id),
  constraint fka02a62f3dc0430b7 foreign key (henkiloid) references henkilo (id)
);
comment on column yksilointitieto.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column yksilointitieto.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column yksilointitieto.henkiloid is 'Henkilö, jota VTJ:n tiedot koskevat';
comment on column yksilointitieto.etunimet is 'Etunimet VTJ:ssä';
comment on column yksilointitieto.kutsumanimi is 'Kutsumanimi VTJ:ssä';
comment on column yksilointitieto.sukunimi is 'Sukunimi VTJ:ssä';
comment on column yksilointitieto.sukupuoli is 'Sukupuoli VTJ:ssä tai henkilötunnuksesta pääteltynä';
comment on column yksilointitieto.aidinkieli_id is 'Äidinkieli VTJ:ssä';
comment on column yksilointitieto.turvakielto is 'Osoitetiedot on suojattu VTJ:ssä';
comment on column yksilointitieto.kotikunta is 'Kotikunta VTJ:ssä';
comment on column yksilointitieto.hetu is 'VTJ:n palauttama henkilötunnus';

create table yksilointi_kansalaisuus (
  yksilointitieto_id bigint not null,
  kansalaisuus_id bigint not null,
  constraint fk31a7f27569a56372 foreign key (kansalaisuus_id) references kansalaisuus (id),
  constraint fk41c7a27769456177 foreign key (yksilointitieto_id) references yksilointitieto (id)
);

create table yksilointivirhe (
  id bigint not null,
  version bigint not null,
  aikaleima timestamp not null,
  poikkeus text not null,
  viesti text,
  henkilo_id bigint not null,
  uudelleenyritys_maara integer,
  uudelleenyritys_aikaleima timestamp,
  constraint yksilointivirhe_pkey primary key (id),
  constraint uk_yksilointivirhe_01 unique (henkilo_id),
  constraint fk_yksilointivirhe_henkilo foreign key (henkilo_id) references henkilo (id)
);
comment on column yksilointivirhe.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column yksilointivirhe.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column yksilointivirhe.aikaleima is 'Viimeisimmän virheen hetki';
comment on column yksilointivirhe.poikkeus is 'Virheen luokka';
comment on column yksilointivirhe.viesti is 'Virheen kuvaus';
comment on column yksilointivirhe.henkilo_id is 'Henkilö, jonka yksilöinti epäonnistui';
comment on column yksilointivirhe.uudelleenyritys_maara is 'Uudelleenyritysten määrä';
comment on column yksilointivirhe.uudelleenyritys_aikaleima is 'Hetki, jota ennen ei yritetä uudelleen; tyhjä estää uudet yritykset';

-- Contact details and municipalities.

create table yhteystiedotryhma (
  id bigint not null,
  version bigint not null,
  ryhmakuvaus varchar(255),
  henkilo_id bigint,
  ryhma_alkuperatieto varchar(255) not null,
  read_only boolean not null default false,
  yksilointitieto_id bigint,
  constraint yhteystiedotryhma_pkey primary key (id),
  constraint fkd2b4a4cf620670b2 foreign key (henkilo_id) references henkilo (id),
  constraint fkd2b4b4cf46057a12 foreign key (yksilointitieto_id) references yksilointitieto (id)
) with (
  autovacuum_vacuum_scale_factor = 0.0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.0,
  autovacuum_analyze_threshold = 1000
);
create index yhteystiedotryhma_henkilo_id_idx on yhteystiedotryhma (henkilo_id);
comment on column yhteystiedotryhma.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column yhteystiedotryhma.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column yhteystiedotryhma.ryhmakuvaus is 'Yhteystietojen tyyppi, koodisto yhteystietotyypit';
comment on column yhteystiedotryhma.henkilo_id is 'Henkilö, jonka yhteystietoja ryhmässä on';
comment on column yhteystiedotryhma.ryhma_alkuperatieto is 'Tietojen alkuperä, koodisto yhteystietojenalkupera';
comment on column yhteystiedotryhma.read_only is 'Ryhmää ei voi muokata tavallisella päivityksellä';

create table yhteystiedot (
  id bigint not null,
  version bigint not null,
  yhteystieto_tyyppi varchar(255) not null,
  yhteystieto_arvo varchar(255),
  yhteystiedotryhma_id bigint not null,
  constraint yhteystiedot_pkey primary key (id),
  constraint fkd2b8f4cf620670b2 foreign key (yhteystiedotryhma_id) references yhteystiedotryhma (id)
) with (
  autovacuum_vacuum_scale_factor = 0.0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.0,
  autovacuum_analyze_threshold = 1000
);
create index yhteystiedot_yhteystiedotryhma_id_idx on yhteystiedot (yhteystiedotryhma_id);
create index yhteystiedot_yhteystieto_arvo_idx on yhteystiedot (yhteystieto_arvo);
comment on column yhteystiedot.id is 'Tekninen tunniste hibernate_sequence-sekvenssistä';
comment on column yhteystiedot.version is 'Tekninen laskuri samanaikaisten muutosten havaitsemiseen';
comment on column yhteystiedot.yhteystieto_tyyppi is 'Arvon laji';
comment on column yhteystiedot.yhteystieto_arvo is 'Yhteystiedon arvo';
comment on column yhteystiedot.yhteystiedotryhma_id is 'Ryhmä, johon arvo kuuluu';

create table kotikunta_historia (
  id bigint not null,
  version bigint not null,
  henkilo_id bigint not null,
  kotikunta text not null,
  kuntaan_muuttopv date,
  kunnasta_pois_muuttopv date,
  constraint kotikunta_historia_pkey primary key (id),
  constraint fk_kotikunta_historia_henkilo_id foreign key (henkilo_id) references henkilo (id)
);

-- Changes from VTJ.

create table vtj_muutostieto (
  id bigint not null,
  version bigint not null,
  henkilotunnus text not null,
  muutospv timestamp not null,
  tietoryhmat jsonb not null,
  processed timestamp,
  error boolean default false,
  constraint vtj_muutostieto_pkey primary key (id)
);
create index vtj_muutostieto_error_idx on vtj_muutostieto (error);
create index vtj_muutostieto_henkilotunnus_idx on vtj_muutostieto (henkilotunnus);
create index vtj_muutostieto_muutospv_idx on vtj_muutostieto (muutospv);
create index vtj_muutostieto_processed_idx on vtj_muutostieto (processed);

create table vtj_muutostieto_kirjausavain (
  id bigint not null,
  avain bigint not null,
  updated_at timestamp default current_timestamp,
  constraint vtj_muutostieto_kirjausavain_pkey primary key (id)
);

-- Batch imports.

create table tuonti_data (
  id bigint not null,
  version bigint not null,
  data oid not null,
  constraint tuonti_data_pkey primary key (id)
);

create table tuonti (
  id bigint not null,
  version bigint not null,
  sahkoposti varchar(255),
  kasiteltavia integer not null,
  kasiteltyja integer not null,
  kasittelija_oid varchar(255),
  data_id bigint,
  ilmoitustarve_kasitelty boolean default false,
  aikaleima timestamp not null default current_timestamp,
  api text,
  constraint tuonti_pkey primary key (id),
  constraint fk_tuonti_tuonti_data foreign key (data_id) references tuonti_data (id)
);
create index tuonti_aikaleima_idx on tuonti (aikaleima);
create index tuonti_kasittelija_idx on tuonti (kasittelija_oid);
comment on column tuonti.data_id is 'Tuonnin alkuperäinen pyyntö';

create table tuonti_rivi (
  id bigint not null,
  version bigint not null,
  tunniste varchar(255),
  henkilo_id bigint not null,
  tuonti_id bigint not null,
  conflict boolean,
  constraint tuonti_rivi_pkey primary key (id),
  constraint fk_tuonti_rivi_henkilo foreign key (henkilo_id) references henkilo (id),
  constraint fk_tuonti_rivi_tuonti foreign key (tuonti_id) references tuonti (id)
);
create index ix_tuonti_rivi_01 on tuonti_rivi (tuonti_id, henkilo_id);
create index tuonti_rivi_henkilo_id_idx on tuonti_rivi (henkilo_id);
comment on column tuonti_rivi.henkilo_id is 'Henkilö, johon tuotu rivi johti';

create table tuonti_organisaatio (
  tuonti_id bigint not null,
  organisaatio_id bigint not null,
  constraint tuonti_organisaatio_pkey primary key (tuonti_id, organisaatio_id),
  constraint fk_tuonti_organisaatio_organisaatio foreign key (organisaatio_id) references organisaatio (id),
  constraint fk_tuonti_organisaatio_tuonti foreign key (tuonti_id) references tuonti (id)
);
comment on column tuonti_organisaatio.organisaatio_id is 'Organisaatio, jolle tuonti on tehty';

-- History.

create table revinfo (
  rev integer not null,
  revtstmp bigint,
  constraint revinfo_pkey primary key (rev)
);
comment on column revinfo.rev is 'Tekninen muutoshistorian numero';

create table henkilo_aud (
  id bigint not null,
  rev integer not null,
  revtype smallint,
  created timestamp,
  duplicate boolean,
  eisuomalaistahetua boolean,
  ei_yksiloida boolean,
  etunimet varchar(255),
  hetu varchar(255),
  kasittelija varchar(255),
  kotikunta varchar(255),
  kuolinpaiva date,
  kutsumanimi varchar(255),
  modified timestamp,
  oidhenkilo varchar(255),
  oppijanumero varchar(255),
  passivoitu boolean,
  sukunimi varchar(255),
  sukupuoli varchar(255),
  syntymaaika date,
  turvakielto boolean,
  vtj_register boolean default false,
  vtjsync_timestamp timestamp,
  yksilointi_yritetty boolean,
  yksiloity boolean,
  yksiloityvtj boolean,
  aidinkieli_id bigint,
  asiointikieli_id bigint,
  kuolinsiivous varchar(255),
  vtj_bucket bigint,
  yksiloityeidas boolean default false,
  constraint henkilo_aud_pkey primary key (id, rev),
  constraint fk51lq458r1exfr6c6tswgk8n3e foreign key (rev) references revinfo (rev)
);
create index henkilo_aud_rev_idx on henkilo_aud (rev);

create table henkilo_huoltaja_suhde_aud (
  id bigint not null,
  rev integer not null,
  revtype smallint,
  huoltaja_id bigint,
  lapsi_id bigint,
  updated timestamp default now(),
  created timestamp default now(),
  alkupvm date,
  loppupvm date,
  constraint henkilo_huoltaja_suhde_aud_pkey primary key (id, rev)
);
create index henkilo_huoltaja_suhde_aud_rev_idx on henkilo_huoltaja_suhde_aud (rev);

create table henkilo_kansalaisuus_aud (
  rev integer not null,
  henkilo_id bigint not null,
  kansalaisuus_id bigint not null,
  revtype smallint,
  constraint henkilo_kansalaisuus_aud_pkey primary key (rev, henkilo_id, kansalaisuus_id),
  constraint fkqxc9bei86pmc2oduhmsfn1h4t foreign key (rev) references revinfo (rev)
);

create table henkilo_organisaatio_aud (
  rev integer not null,
  henkilo_id bigint not null,
  organisaatio_id bigint not null,
  revtype smallint,
  constraint henkilo_organisaatio_aud_pkey primary key (rev, henkilo_id, organisaatio_id),
  constraint fk1lnfibi79dla4p3yr6nqr2uu1 foreign key (rev) references revinfo (rev)
);

create table henkilo_passinumero_aud (
  rev integer not null,
  henkilo_id bigint not null,
  passinumero varchar(255) not null,
  revtype smallint,
  constraint henkilo_passinumero_aud_pkey primary key (rev, henkilo_id, passinumero),
  constraint fk15eutxmeqyb0v9v43yye2blxj foreign key (rev) references revinfo (rev)
);

create table henkilo_kielisyys_aud (
  rev integer not null,
  henkilo_id bigint not null,
  kielisyys_id bigint not null,
  revtype smallint,
  constraint henkilo_kielisyys_aud_pkey primary key (rev, henkilo_id, kielisyys_id),
  constraint fkdv42xjyagek2570e9ftgfx1wp foreign key (rev) references revinfo (rev)
);

-- Jobs, sessions, mail, imported lists.

create table scheduled_tasks (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamptz not null,
  picked boolean not null,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  last_heartbeat timestamptz,
  version bigint not null,
  consecutive_failures integer,
  constraint scheduled_tasks_pkey primary key (task_name, task_instance)
);
comment on column scheduled_tasks.consecutive_failures is 'Tekninen laskuri peräkkäisistä epäonnistumisista';

create table spring_session (
  primary_id char(36) not null,
  session_id char(36) not null,
  creation_time bigint not null,
  last_access_time bigint not null,
  max_inactive_interval integer not null,
  expiry_time bigint not null,
  principal_name varchar(100),
  constraint spring_session_pk primary key (primary_id)
);
create unique index spring_session_ix1 on spring_session (session_id);
create index spring_session_ix2 on spring_session (expiry_time);
create index spring_session_ix3 on spring_session (principal_name);
comment on column spring_session.creation_time is 'Tekninen luontihetki millisekunteina';

create table spring_session_attributes (
  session_primary_id char(36) not null,
  attribute_name varchar(200) not null,
  attribute_bytes bytea not null,
  constraint spring_session_attributes_pk primary key (session_primary_id, attribute_name),
  constraint spring_session_attributes_fk foreign key (session_primary_id) references spring_session (primary_id) on delete cascade
);
create index spring_session_attributes_ix1 on spring_session_attributes (session_primary_id);
comment on column spring_session_attributes.attribute_bytes is 'Tekninen istunnon sisältö';

create table cas_client_session (
  mapping_id text not null,
  session_id text not null,
  constraint cas_client_session_pkey primary key (mapping_id),
  constraint cas_client_session_session_id_key unique (session_id)
);
comment on column cas_client_session.mapping_id is 'Tekninen CAS-tunniste';

create table queuedemailstatus (
  id text not null,
  description text not null,
  constraint queuedemailstatus_pkey primary key (id)
);

create table queuedemail (
  id uuid not null,
  queuedemailstatus_id text not null,
  recipients text[] not null,
  replyto text,
  subject text not null,
  body text not null,
  lahetystunniste text,
  copy text,
  created timestamp not null default current_timestamp,
  modified timestamp not null default current_timestamp,
  last_attempt timestamp,
  sent_at timestamp,
  batch_sent integer not null default 0,
  idempotency_key uuid not null,
  constraint queuedemail_pkey primary key (id),
  constraint recipients_required check (recipients <> '{}'),
  constraint sent_at_requires_status_sent check ((queuedemailstatus_id = 'SENT' and sent_at is not null) or queuedemailstatus_id <> 'SENT'),
  constraint sent_has_to_have_lahetystunniste check ((queuedemailstatus_id = 'SENT' and lahetystunniste is not null) or queuedemailstatus_id <> 'SENT'),
  constraint queuedemail_queuedemailstatus_id_fkey foreign key (queuedemailstatus_id) references queuedemailstatus (id)
);

create table testidatantuonti_henkilo (
  hetu text not null,
  etunimet text not null,
  sukunimi text not null,
  syntymaaika date not null,
  kuolinpaiva date,
  sukupuoli integer not null,
  turvakielto boolean not null,
  kotikunta text,
  aidinkieli text,
  kansalaisuudet text,
  huoltajat text,
  katuosoite text,
  postinumero text,
  kaupunki text
);
create index testidatantuonti_henkilo_hetu_idx on testidatantuonti_henkilo (hetu);

create table import.koski_datantuonti_henkilo_oids (
  oid text,
  processed timestamptz
);
create index koski_datantuonti_henkilo_oids_unprocessed_idx on import.koski_datantuonti_henkilo_oids (oid) where processed is null;

-- Leftovers that nothing reads or writes; a fresh database of the reference has them.

create table externalid (
  id bigint not null,
  version bigint not null,
  externalid varchar(255) not null,
  henkilo_id bigint not null,
  constraint externalid_pkey primary key (id),
  constraint fk_externalid_henkilo foreign key (henkilo_id) references henkilo (id)
);
create unique index externalid_externalid_idx on externalid (externalid);
comment on column externalid.externalid is 'Tekninen ulkoinen tunniste';

create table henkilo_kielisyys (
  henkilo_id bigint not null,
  kielisyys_id bigint not null,
  constraint henkilo_kielisyys_pkey primary key (henkilo_id, kielisyys_id),
  constraint fk41b7e277620670b2 foreign key (henkilo_id) references henkilo (id),
  constraint fk41b7e27769456172 foreign key (kielisyys_id) references kielisyys (id)
);
comment on column henkilo_kielisyys.henkilo_id is 'Henkilö';
comment on column henkilo_kielisyys.kielisyys_id is 'Kieli';

create table henkilo_bu (
  id bigint,
  version bigint,
  etunimet varchar(255),
  hetu varchar(255),
  kayttajatunnus varchar(255),
  kotikunta varchar(255),
  kutsumanimi varchar(255),
  oidhenkilo varchar(255),
  sukunimi varchar(255),
  sukupuoli varchar(255),
  turvakielto boolean,
  henkilotyyppi varchar(255),
  eisuomalaistahetua boolean,
  asiointikieli_id bigint,
  passivoitu boolean,
  yksiloity boolean,
  oppijanumero varchar(255)
);

create table kjhh_2422_invalid_identification (
  id bigint,
  version bigint,
  authtoken varchar(255),
  email varchar(255),
  identifier varchar(255),
  idpentityid varchar(255),
  henkilo_id bigint,
  expiration_date timestamp,
  auth_token_created timestamp
);

create table kotikunta_historia_mass_update (
  henkilo_id bigint not null,
  updated boolean not null default false,
  constraint kotikunta_historia_mass_update_pkey primary key (henkilo_id)
);
-- One row per batch and organisation of the batch. eIDAS-identified persons count as failures, as in the reference
-- (docs/spec/schema.md#12.3).

create view tuontikooste as
select tmp.*, total - successful as failures, total - done as inprogress
  from (
    select t.id,
           t.kasittelija_oid as oid,
           h2.sukunimi || ', ' || h2.etunimet as author,
           t.aikaleima as "timestamp",
           org.oid as org,
           t.kasiteltavia as total,
           t.kasiteltyja as done,
           t.api,
           sum(case when h.passivoitu or h.duplicate or h.yksiloity or h.yksiloityvtj then 1 else 0 end) as successful,
           sum(case when tr.conflict then 1 else 0 end) as conflicts
      from tuonti t
      join tuonti_organisaatio torg on torg.tuonti_id = t.id
      join organisaatio org on org.id = torg.organisaatio_id
      left join tuonti_rivi tr on tr.tuonti_id = t.id
      left join henkilo h on h.id = tr.henkilo_id
      left join henkilo h2 on h2.oidhenkilo = t.kasittelija_oid
     group by t.id, org.oid, h2.sukunimi || ', ' || h2.etunimet, t.aikaleima
  ) tmp;

-- History of the reference's migration tool as it writes it for a fresh database, so that the reference can start here
-- and finds nothing to do (docs/spec/schema.md#10.3, docs/spec/schema.md#10.4). Nothing newer is ever written to it.

create table schema_table_onr (
  installed_rank integer not null,
  version varchar(50),
  description varchar(200) not null,
  type varchar(20) not null,
  script varchar(1000) not null,
  checksum integer,
  installed_by varchar(100) not null,
  installed_on timestamp not null default now(),
  execution_time integer not null,
  success boolean not null,
  constraint schema_table_onr_pk primary key (installed_rank)
);
create index schema_table_onr_s_idx on schema_table_onr (success);

insert into schema_table_onr
  (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
select rank, version, description, case rank when 1 then 'SQL_BASELINE' else 'SQL' end,
       case rank when 1 then 'B' else 'V' end || version || '__' || replace(description, ' ', '_') || '.sql',
       checksum, current_user, 0, true
  from (values
    (1, '20241112112233000', 'baseline', -937179050),
    (2, '20250303112233000', 'testidatantuonti', 2099659343),
    (3, '20250502000000000', 'delete turvakielto kotikunta historias', 781290669),
    (4, '20251010000000000', 'add eidas columns', -954799305),
    (5, '20251017000000000', 'add eidastunniste table', 1781780167),
    (6, '20251022112233000', 'tuonti rivi henkilo id index', -1306535142),
    (7, '20251117112233000', 'migrate eidas', 1098112127),
    (8, '20260524000000000', 'koski datantuonti henkilo oids', 839293358),
    (9, '20260615120000000', 'audit retention indexes', 694211925)
  ) as reference (rank, version, description, checksum);
