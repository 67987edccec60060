-- Up Migration
-- Counts that lists of imports and of imported persons show, kept by triggers whoever writes: a change is a row more, so that
-- no two writers ever want the same one; a count is the sum of its rows. LaskuriTask makes one row of many.
--   onnistuneet  rows of an import (kohde = tuonti.id) whose person is identified (eIDAS apart), passive or a duplicate
--   tuodut, virheet, keskeneraiset  imported persons: all, those whose identification has failed or cannot be tried, and
--                those with whom it has not been tried (kohde = 0)

create table onr_laskuri (
  nimi text not null,
  kohde bigint not null,
  maara bigint not null
);
create index onr_laskuri_nimi_idx on onr_laskuri (nimi, kohde) include (maara);
comment on table onr_laskuri is 'Lukumäärät muutoksina; luku on rivien summa. Herättimet lisäävät rivejä, LaskuriTask yhdistää niitä';
comment on column onr_laskuri.nimi is 'onnistuneet: tuonnin rivit, joiden henkilö on yksilöity (muuten kuin eIDASilla), passivoitu tai duplikaatti; tuodut, virheet, keskeneraiset: tuodut henkilöt, yksilöinti';
comment on column onr_laskuri.kohde is 'Tuonnin id; 0, kun laskettavaa ei ole jaettu';

-- Rows of imports come and go. Persons that the transaction has not written itself are locked first: one who is just being
-- identified would be counted by neither.
create function onr_laskuri_tuonti_rivi() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from onr_laskuri where nimi = 'onnistuneet';
    return null;
  end if;
  if tg_op <> 'DELETE' then
    perform 1 from henkilo where id in (select henkilo_id from uudet) and xmin <> pg_current_xact_id()::xid order by id for share;
    insert into onr_laskuri (nimi, kohde, maara)
      select 'onnistuneet', r.tuonti_id, count(*) from uudet r join henkilo h on h.id = r.henkilo_id
       where h.passivoitu or h.duplicate or h.yksiloity or h.yksiloityvtj group by r.tuonti_id;
  end if;
  if tg_op <> 'INSERT' then
    perform 1 from henkilo where id in (select henkilo_id from vanhat) and xmin <> pg_current_xact_id()::xid order by id for share;
    insert into onr_laskuri (nimi, kohde, maara)
      select 'onnistuneet', r.tuonti_id, -count(*) from vanhat r join henkilo h on h.id = r.henkilo_id
       where h.passivoitu or h.duplicate or h.yksiloity or h.yksiloityvtj group by r.tuonti_id;
  end if;
  return null;
end $$;
create trigger onr_laskuri_tuonti_rivi_insert after insert on tuonti_rivi
  referencing new table as uudet for each statement execute function onr_laskuri_tuonti_rivi();
create trigger onr_laskuri_tuonti_rivi_update after update on tuonti_rivi
  referencing old table as vanhat new table as uudet for each statement execute function onr_laskuri_tuonti_rivi();
create trigger onr_laskuri_tuonti_rivi_delete after delete on tuonti_rivi
  referencing old table as vanhat for each statement execute function onr_laskuri_tuonti_rivi();
create trigger onr_laskuri_tuonti_rivi_truncate after truncate on tuonti_rivi
  for each statement execute function onr_laskuri_tuonti_rivi();

-- A person becomes one that counts, or stops being one.
create function onr_laskuri_henkilo() returns trigger language plpgsql as $$
begin
  insert into onr_laskuri (nimi, kohde, maara)
    select 'onnistuneet', tuonti_id,
           case when new.passivoitu or new.duplicate or new.yksiloity or new.yksiloityvtj then count(*) else -count(*) end
      from tuonti_rivi where henkilo_id = new.id group by tuonti_id;
  return null;
end $$;
create trigger onr_laskuri_henkilo_update after update of passivoitu, duplicate, yksiloity, yksiloityvtj on henkilo
  for each row when ((old.passivoitu or old.duplicate or old.yksiloity or old.yksiloityvtj)
                     is distinct from (new.passivoitu or new.duplicate or new.yksiloity or new.yksiloityvtj))
  execute function onr_laskuri_henkilo();

-- How the identification of a person is: null when nothing is to be done.
create function onr_yksilointitila(duplicate boolean, passivoitu boolean, yksiloity boolean, yksiloityvtj boolean,
    yksiloityeidas boolean, hetu text, yksilointi_yritetty boolean) returns text language sql immutable as $$
  select case when duplicate or passivoitu or yksiloity or yksiloityvtj or yksiloityeidas then null
              when hetu is null or yksilointi_yritetty then 'virheet' else 'keskeneraiset' end
$$;
create function onr_yksilointitila(h henkilo) returns text language sql immutable as $$
  select onr_yksilointitila(h.duplicate, h.passivoitu, h.yksiloity, h.yksiloityvtj, h.yksiloityeidas, h.hetu, h.yksilointi_yritetty)
$$;

create function onr_laskuri_yksilointi() returns trigger language plpgsql as $$
begin
  insert into onr_laskuri (nimi, kohde, maara)
    select tila, 0, maara from onr_tuotu_henkilo, (values (onr_yksilointitila(old), -1), (onr_yksilointitila(new), 1)) m (tila, maara)
     where henkilo_id = new.id and tila is not null;
  return null;
end $$;
create trigger onr_laskuri_yksilointi_update
  after update of duplicate, passivoitu, yksiloity, yksiloityvtj, yksiloityeidas, hetu, yksilointi_yritetty on henkilo
  for each row when (
    onr_yksilointitila(old.duplicate, old.passivoitu, old.yksiloity, old.yksiloityvtj, old.yksiloityeidas, old.hetu, old.yksilointi_yritetty)
    is distinct from
    onr_yksilointitila(new.duplicate, new.passivoitu, new.yksiloity, new.yksiloityvtj, new.yksiloityeidas, new.hetu, new.yksilointi_yritetty))
  execute function onr_laskuri_yksilointi();

-- Persons are imported for the first time, or their last row goes.
create function onr_laskuri_tuotu() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from onr_laskuri where nimi in ('tuodut', 'virheet', 'keskeneraiset');
  elsif tg_op = 'INSERT' then
    perform 1 from henkilo where id in (select henkilo_id from uudet) and xmin <> pg_current_xact_id()::xid order by id for share;
    insert into onr_laskuri (nimi, kohde, maara)
      select 'tuodut', 0, count(*) from uudet having count(*) > 0
      union all
      select onr_yksilointitila(h), 0, count(*) from uudet join henkilo h on h.id = henkilo_id
       where onr_yksilointitila(h) is not null group by 1;
  else
    perform 1 from henkilo where id in (select henkilo_id from vanhat) and xmin <> pg_current_xact_id()::xid order by id for share;
    insert into onr_laskuri (nimi, kohde, maara)
      select 'tuodut', 0, -count(*) from vanhat having count(*) > 0
      union all
      select onr_yksilointitila(h), 0, -count(*) from vanhat join henkilo h on h.id = henkilo_id
       where onr_yksilointitila(h) is not null group by 1;
  end if;
  return null;
end $$;
create trigger onr_laskuri_tuotu_insert after insert on onr_tuotu_henkilo
  referencing new table as uudet for each statement execute function onr_laskuri_tuotu();
create trigger onr_laskuri_tuotu_delete after delete on onr_tuotu_henkilo
  referencing old table as vanhat for each statement execute function onr_laskuri_tuotu();
create trigger onr_laskuri_tuotu_truncate after truncate on onr_tuotu_henkilo
  for each statement execute function onr_laskuri_tuotu();

-- Counts everything anew, for rows that were written with triggers off. Writers wait meanwhile.
create function onr_laskuri_laske() returns void language plpgsql as $$
begin
  lock table henkilo, tuonti_rivi, onr_tuotu_henkilo in share row exclusive mode;
  delete from onr_laskuri;
  insert into onr_laskuri (nimi, kohde, maara)
    select 'onnistuneet', r.tuonti_id, count(*) from tuonti_rivi r join henkilo h on h.id = r.henkilo_id
     where h.passivoitu or h.duplicate or h.yksiloity or h.yksiloityvtj group by r.tuonti_id
    union all
    select 'tuodut', 0, count(*) from onr_tuotu_henkilo having count(*) > 0
    union all
    select onr_yksilointitila(h), 0, count(*) from onr_tuotu_henkilo join henkilo h on h.id = henkilo_id
     where onr_yksilointitila(h) is not null group by 1;
end $$;
comment on function onr_laskuri_laske() is 'Laskee lukumäärät (onr_laskuri) uudelleen';

select onr_laskuri_laske();
