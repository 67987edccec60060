-- Up Migration
-- The organisations of imported persons, apart from those of everyone else: importers list and count their own learners
-- without sorting out who was imported. Kept by triggers like onr_tuotu_henkilo.

create table onr_tuotu_organisaatio (
  henkilo_id bigint not null,
  organisaatio_id bigint not null,
  constraint onr_tuotu_organisaatio_pkey primary key (henkilo_id, organisaatio_id),
  constraint onr_tuotu_organisaatio_henkilo_fkey foreign key (henkilo_id)
    references onr_tuotu_henkilo (henkilo_id) on delete cascade
);
comment on table onr_tuotu_organisaatio is 'Tuotujen henkilöiden organisaatiot; taulujen tuonti_rivi ja henkilo_organisaatio herättimet pitävät ajan tasalla';

create or replace function onr_tuotu_henkilo_lisaa() returns trigger language plpgsql as $$
begin
  insert into onr_tuotu_henkilo (henkilo_id) select distinct henkilo_id from uudet order by henkilo_id on conflict do nothing;
  insert into onr_tuotu_organisaatio (henkilo_id, organisaatio_id)
    select o.henkilo_id, o.organisaatio_id from henkilo_organisaatio o
     where o.henkilo_id in (select henkilo_id from uudet)
     order by o.henkilo_id, o.organisaatio_id on conflict do nothing;
  return null;
end $$;

create function onr_tuotu_organisaatio_lisaa() returns trigger language plpgsql as $$
begin
  insert into onr_tuotu_organisaatio (henkilo_id, organisaatio_id)
    select o.henkilo_id, o.organisaatio_id from uudet o
     where exists (select 1 from onr_tuotu_henkilo t where t.henkilo_id = o.henkilo_id)
     order by o.henkilo_id, o.organisaatio_id on conflict do nothing;
  return null;
end $$;
create function onr_tuotu_organisaatio_poista() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from onr_tuotu_organisaatio;
  else
    delete from onr_tuotu_organisaatio t using vanhat v
     where t.henkilo_id = v.henkilo_id and t.organisaatio_id = v.organisaatio_id;
  end if;
  return null;
end $$;
create trigger onr_henkilo_organisaatio_insert after insert on henkilo_organisaatio
  referencing new table as uudet for each statement execute function onr_tuotu_organisaatio_lisaa();
create trigger onr_henkilo_organisaatio_delete after delete on henkilo_organisaatio
  referencing old table as vanhat for each statement execute function onr_tuotu_organisaatio_poista();
create trigger onr_henkilo_organisaatio_truncate after truncate on henkilo_organisaatio
  for each statement execute function onr_tuotu_organisaatio_poista();

insert into onr_tuotu_organisaatio (henkilo_id, organisaatio_id)
  select o.henkilo_id, o.organisaatio_id from henkilo_organisaatio o join onr_tuotu_henkilo t using (henkilo_id);
