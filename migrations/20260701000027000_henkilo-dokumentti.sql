-- Up Migration
-- Whole persons, ready to be answered (docs/adr/0120-person-documents.md). A row with `muutos` 0 is the document of a person;
-- every other is a change of that person that the document may not know, named after the transaction that made it. A document
-- counts where no change stands beside it, in the reader's own snapshot. Writers only insert: they wait for nobody, nobody
-- waits for them, and a million changes are a million small rows. Who builds a document from a snapshot takes away the changes
-- that the snapshot knows, if they are all still there, in the statement that stores it.

create table onr_henkilo_dokumentti (
  oidhenkilo text collate "C" not null,
  muutos bigint not null,
  id bigint not null,
  leima bigint,
  polvi integer,
  muoto smallint,
  turvakielto boolean,
  duplicate boolean,
  perustieto text,
  muut text,
  constraint onr_henkilo_dokumentti_pkey primary key (oidhenkilo, muutos),
  constraint onr_henkilo_dokumentti_check check (muutos <> 0 or (perustieto is not null and muut is not null and leima is not null and polvi is not null
    and muoto is not null and turvakielto is not null and duplicate is not null))
) with (
  fillfactor = 90,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.1,
  autovacuum_analyze_scale_factor = 0.05
);
create index onr_henkilo_dokumentti_muutos_idx on onr_henkilo_dokumentti (muutos, oidhenkilo) where muutos > 0;
comment on table onr_henkilo_dokumentti is 'Henkilöiden valmiit vastaukset ja muutokset, joita ne eivät tunne; sisältö syntyy tauluista ja sen voi aina poistaa';
comment on column onr_henkilo_dokumentti.oidhenkilo is 'Henkilön oid';
comment on column onr_henkilo_dokumentti.muutos is '0: dokumentti; muuten transaktio, jonka muutosta dokumentti ei tunne';
comment on column onr_henkilo_dokumentti.id is 'Taulun henkilo rivi';
comment on column onr_henkilo_dokumentti.leima is 'Kuinka monennen kerran dokumentti on talletettu';
comment on column onr_henkilo_dokumentti.polvi is 'Taulun onr_dokumentti_polvi arvo, jonka aikana dokumentti koottiin';
comment on column onr_henkilo_dokumentti.muoto is 'Dokumentin muoto, jonka palvelun versio tuntee';
comment on column onr_henkilo_dokumentti.turvakielto is 'Henkilön turvakielto';
comment on column onr_henkilo_dokumentti.duplicate is 'Henkilö on toisen henkilön duplikaatti';
comment on column onr_henkilo_dokumentti.perustieto is 'Perustietojen arvot JSON-teksteinä ilman avaimia';
comment on column onr_henkilo_dokumentti.muut is 'Koko henkilön muut arvot JSON-teksteinä ilman avaimia';

-- What touches everybody is a new generation: documents of an older one do not count.
create table onr_dokumentti_polvi (
  polvi integer not null
);
insert into onr_dokumentti_polvi (polvi) values (1);
comment on table onr_dokumentti_polvi is 'Yksi rivi: vanhempien polvien dokumentit eivät kelpaa';
comment on column onr_dokumentti_polvi.polvi is 'Kasvaa, kun koodi muuttuu tai taulu tyhjennetään';

-- How far all persons have been gone through for documents of a generation and a form.
create table onr_dokumentti_taytto (
  polvi integer not null,
  muoto smallint not null,
  kohta bigint
);
comment on table onr_dokumentti_taytto is 'Enintään yksi rivi: mihin asti henkilöt on käyty läpi dokumentteja koottaessa';
comment on column onr_dokumentti_taytto.polvi is 'Polvi, jota käydään läpi';
comment on column onr_dokumentti_taytto.muoto is 'Muoto, jota käydään läpi';
comment on column onr_dokumentti_taytto.kohta is 'Viimeisen läpikäydyn henkilön id; null, kun kaikki on käyty läpi';

-- The functions do nothing when the table is gone. Lists are hidden from the planner in arrays: a plan that was made for a
-- million rows must not serve for one, nor the other way round.

create function onr_dokumentti_henkilo_muuttui() returns trigger language plpgsql as $$
begin
  if to_regclass('public.onr_henkilo_dokumentti') is null then
    return null;
  elsif tg_op = 'INSERT' then
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select oidhenkilo, pg_current_xact_id()::text::bigint, id from uudet on conflict do nothing;
  elsif tg_op = 'DELETE' then
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select oidhenkilo, pg_current_xact_id()::text::bigint, id from vanhat on conflict do nothing;
  else
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select oidhenkilo, pg_current_xact_id()::text::bigint, id
        from (select oidhenkilo, id from uudet union select oidhenkilo, id from vanhat) m on conflict do nothing;
  end if;
  return null;
end $$;

create function onr_dokumentti_osa_muuttui() returns trigger language plpgsql as $$
begin
  if to_regclass('public.onr_henkilo_dokumentti') is null then
    return null;
  elsif tg_op = 'INSERT' then
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select h.oidhenkilo, pg_current_xact_id()::text::bigint, h.id from public.henkilo h
       where h.id = any (array(select henkilo_id from uudet)) on conflict do nothing;
  elsif tg_op = 'DELETE' then
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select h.oidhenkilo, pg_current_xact_id()::text::bigint, h.id from public.henkilo h
       where h.id = any (array(select henkilo_id from vanhat)) on conflict do nothing;
  else
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select h.oidhenkilo, pg_current_xact_id()::text::bigint, h.id from public.henkilo h
       where h.id = any (array(select henkilo_id from uudet union all select henkilo_id from vanhat)) on conflict do nothing;
  end if;
  return null;
end $$;

create function onr_dokumentti_yhteystieto_muuttui() returns trigger language plpgsql as $$
begin
  if to_regclass('public.onr_henkilo_dokumentti') is null then
    return null;
  elsif tg_op = 'INSERT' then
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select h.oidhenkilo, pg_current_xact_id()::text::bigint, h.id from public.henkilo h
       where h.id = any (array(select g.henkilo_id from public.yhteystiedotryhma g
         where g.id = any (array(select yhteystiedotryhma_id from uudet)))) on conflict do nothing;
  elsif tg_op = 'DELETE' then
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select h.oidhenkilo, pg_current_xact_id()::text::bigint, h.id from public.henkilo h
       where h.id = any (array(select g.henkilo_id from public.yhteystiedotryhma g
         where g.id = any (array(select yhteystiedotryhma_id from vanhat)))) on conflict do nothing;
  else
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select h.oidhenkilo, pg_current_xact_id()::text::bigint, h.id from public.henkilo h
       where h.id = any (array(select g.henkilo_id from public.yhteystiedotryhma g
         where g.id = any (array(select yhteystiedotryhma_id from uudet union all select yhteystiedotryhma_id from vanhat))))
      on conflict do nothing;
  end if;
  return null;
end $$;

create function onr_dokumentti_uusi_polvi() returns void language plpgsql as $$
begin
  if to_regclass('public.onr_dokumentti_polvi') is not null then
    update public.onr_dokumentti_polvi set polvi = polvi + 1;
  end if;
end $$;

-- A new code is in no document yet.
create function onr_dokumentti_koodi_muuttui() returns trigger language plpgsql as $$
begin
  if exists (select * from vanhat except select * from uudet) then
    perform public.onr_dokumentti_uusi_polvi();
  end if;
  return null;
end $$;

create function onr_dokumentti_koodi_poistui() returns trigger language plpgsql as $$
begin
  if exists (select * from vanhat) then
    perform public.onr_dokumentti_uusi_polvi();
  end if;
  return null;
end $$;

create function onr_dokumentti_taulu_tyhjeni() returns trigger language plpgsql as $$
begin
  perform public.onr_dokumentti_uusi_polvi();
  return null;
end $$;

do $$
declare
  taulu text;
  herate text;
begin
  for taulu, herate in values
    ('henkilo', 'onr_dokumentti_henkilo_muuttui'),
    ('eidastunniste', 'onr_dokumentti_osa_muuttui'),
    ('henkilo_hetu', 'onr_dokumentti_osa_muuttui'),
    ('henkilo_kansalaisuus', 'onr_dokumentti_osa_muuttui'),
    ('henkilo_passinumero', 'onr_dokumentti_osa_muuttui'),
    ('identification', 'onr_dokumentti_osa_muuttui'),
    ('yhteystiedotryhma', 'onr_dokumentti_osa_muuttui'),
    ('yksilointivirhe', 'onr_dokumentti_osa_muuttui'),
    ('yhteystiedot', 'onr_dokumentti_yhteystieto_muuttui')
  loop
    execute format('create trigger onr_dokumentti_insert after insert on %I referencing new table as uudet for each statement execute function %I()', taulu, herate);
    execute format('create trigger onr_dokumentti_update after update on %I referencing old table as vanhat new table as uudet for each statement execute function %I()', taulu, herate);
    execute format('create trigger onr_dokumentti_delete after delete on %I referencing old table as vanhat for each statement execute function %I()', taulu, herate);
    execute format('create trigger onr_dokumentti_truncate after truncate on %I for each statement execute function onr_dokumentti_taulu_tyhjeni()', taulu);
  end loop;
  foreach taulu in array array['kansalaisuus', 'kielisyys'] loop
    execute format('create trigger onr_dokumentti_update after update on %I referencing old table as vanhat new table as uudet for each statement execute function onr_dokumentti_koodi_muuttui()', taulu);
    execute format('create trigger onr_dokumentti_delete after delete on %I referencing old table as vanhat for each statement execute function onr_dokumentti_koodi_poistui()', taulu);
    execute format('create trigger onr_dokumentti_truncate after truncate on %I for each statement execute function onr_dokumentti_taulu_tyhjeni()', taulu);
  end loop;
end $$;
