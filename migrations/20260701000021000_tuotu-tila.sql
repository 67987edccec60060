-- Up Migration
-- How the identification of an imported person is, beside its organisations: importers count the few that are to be identified
-- without going through all of their persons. Kept like onr_laskuri.

alter table onr_tuotu_organisaatio add column tila text;
comment on column onr_tuotu_organisaatio.tila is 'Henkilön yksilöinti: virheet, keskeneraiset tai null, kun tehtävää ei ole';

-- The persons are locked by onr_laskuri_tuonti_rivi, which comes first.
create or replace function onr_tuotu_henkilo_lisaa() returns trigger language plpgsql as $$
begin
  insert into onr_tuotu_henkilo (henkilo_id) select distinct henkilo_id from uudet order by henkilo_id on conflict do nothing;
  insert into onr_tuotu_organisaatio (henkilo_id, organisaatio_id, tila)
    select o.henkilo_id, o.organisaatio_id, onr_yksilointitila(h) from henkilo_organisaatio o join henkilo h on h.id = o.henkilo_id
     where o.henkilo_id in (select henkilo_id from uudet)
     order by o.henkilo_id, o.organisaatio_id on conflict do nothing;
  return null;
end $$;

create or replace function onr_tuotu_organisaatio_lisaa() returns trigger language plpgsql as $$
begin
  perform 1 from henkilo where id in (select henkilo_id from uudet) and xmin <> pg_current_xact_id()::xid order by id for share;
  insert into onr_tuotu_organisaatio (henkilo_id, organisaatio_id, tila)
    select o.henkilo_id, o.organisaatio_id, onr_yksilointitila(h) from uudet o join henkilo h on h.id = o.henkilo_id
     where exists (select 1 from onr_tuotu_henkilo t where t.henkilo_id = o.henkilo_id)
     order by o.henkilo_id, o.organisaatio_id on conflict do nothing;
  return null;
end $$;

create or replace function onr_laskuri_yksilointi() returns trigger language plpgsql as $$
begin
  insert into onr_laskuri (nimi, kohde, maara)
    select tila, 0, maara from onr_tuotu_henkilo, (values (onr_yksilointitila(old), -1), (onr_yksilointitila(new), 1)) m (tila, maara)
     where henkilo_id = new.id and tila is not null;
  update onr_tuotu_organisaatio set tila = onr_yksilointitila(new) where henkilo_id = new.id;
  return null;
end $$;

create or replace function onr_laskuri_laske() returns void language plpgsql as $$
begin
  lock table henkilo, henkilo_organisaatio, tuonti_rivi, onr_tuotu_henkilo, onr_tuotu_organisaatio in share row exclusive mode;
  delete from onr_laskuri;
  insert into onr_laskuri (nimi, kohde, maara)
    select 'onnistuneet', r.tuonti_id, count(*) from tuonti_rivi r join henkilo h on h.id = r.henkilo_id
     where h.passivoitu or h.duplicate or h.yksiloity or h.yksiloityvtj group by r.tuonti_id
    union all
    select 'tuodut', 0, count(*) from onr_tuotu_henkilo having count(*) > 0
    union all
    select onr_yksilointitila(h), 0, count(*) from onr_tuotu_henkilo join henkilo h on h.id = henkilo_id
     where onr_yksilointitila(h) is not null group by 1;
  update onr_tuotu_organisaatio t set tila = onr_yksilointitila(h) from henkilo h
   where h.id = t.henkilo_id and t.tila is distinct from onr_yksilointitila(h);
end $$;

select onr_laskuri_laske();
