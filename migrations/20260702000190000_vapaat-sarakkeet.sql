-- Up Migration
-- The reference may alter its tables as it likes beside the service: no trigger of ours names columns in its declaration, since
-- their types could not be changed then, and no foreign key of ours keeps a key of the reference from being dropped.

set local lock_timeout = '2s';

create function onr_yksilointitila(h jsonb) returns text language sql immutable as $$
  select public.onr_yksilointitila(
    coalesce((h ->> 'duplicate')::boolean, false), coalesce((h ->> 'passivoitu')::boolean, false),
    coalesce((h ->> 'yksiloity')::boolean, false), coalesce((h ->> 'yksiloityvtj')::boolean, false),
    (h ->> 'yksiloityeidas')::boolean, h ->> 'hetu', coalesce((h ->> 'yksilointi_yritetty')::boolean, false))
$$;
create function onr_onnistunut(h jsonb) returns boolean language sql immutable as $$
  select coalesce((h ->> 'passivoitu')::boolean, false) or coalesce((h ->> 'duplicate')::boolean, false)
      or coalesce((h ->> 'yksiloity')::boolean, false) or coalesce((h ->> 'yksiloityvtj')::boolean, false)
$$;

-- What a change of a person means for the search texts and the counts. A session that knew the columns before they were
-- altered cannot read them any more: it goes by JSON, which is slower and fits any columns.
create function onr_henkilo_muuttui() returns trigger language plpgsql as $$
declare
  teksti_muuttui boolean;
  onnistui boolean;
  onnistuu boolean;
  vanha_tila text;
  uusi_tila text;
begin
  begin
    teksti_muuttui := old.duplicate_search_str is distinct from new.duplicate_search_str or old.id <> new.id;
    onnistui := old.passivoitu or old.duplicate or old.yksiloity or old.yksiloityvtj;
    onnistuu := new.passivoitu or new.duplicate or new.yksiloity or new.yksiloityvtj;
    vanha_tila := case when onnistui or old.yksiloityeidas then null when old.hetu is null or old.yksilointi_yritetty then 'virheet' else 'keskeneraiset' end;
    uusi_tila := case when onnistuu or new.yksiloityeidas then null when new.hetu is null or new.yksilointi_yritetty then 'virheet' else 'keskeneraiset' end;
  exception when datatype_mismatch or undefined_column then
    teksti_muuttui := to_jsonb(old) -> 'duplicate_search_str' is distinct from to_jsonb(new) -> 'duplicate_search_str' or old.id <> new.id;
    onnistui := public.onr_onnistunut(to_jsonb(old));
    onnistuu := public.onr_onnistunut(to_jsonb(new));
    vanha_tila := public.onr_yksilointitila(to_jsonb(old));
    uusi_tila := public.onr_yksilointitila(to_jsonb(new));
  end;
  if teksti_muuttui then
    insert into public.onr_hakuteksti_muutos (henkilo_id) values (new.id);
  end if;
  if onnistui <> onnistuu then
    insert into public.onr_laskuri (nimi, kohde, maara)
      select 'onnistuneet', tuonti_id, case when onnistuu then count(*) else -count(*) end
        from public.tuonti_rivi where henkilo_id = new.id group by tuonti_id;
  end if;
  if vanha_tila is distinct from uusi_tila then
    insert into public.onr_laskuri (nimi, kohde, maara)
      select tila, 0, maara from public.onr_tuotu_henkilo, (values (vanha_tila, -1), (uusi_tila, 1)) m (tila, maara)
       where henkilo_id = new.id and tila is not null;
    update public.onr_tuotu_organisaatio set tila = uusi_tila where henkilo_id = new.id;
  end if;
  return null;
end $$;

lock table henkilo, tuonti, tuonti_rivi in access exclusive mode;
drop trigger onr_henkilo_hakuteksti_update on henkilo;
drop trigger onr_laskuri_henkilo_update on henkilo;
drop trigger onr_laskuri_yksilointi_update on henkilo;
drop function onr_laskuri_henkilo();
drop function onr_laskuri_yksilointi();
create trigger onr_henkilo_muuttui_update after update on henkilo
  for each row execute function onr_henkilo_muuttui();

-- Rows of ours follow those of the reference by triggers. A person cannot go before the last row of an import that led there.
alter table onr_tuotu_henkilo drop constraint onr_tuotu_henkilo_henkilo_fkey;
alter table onr_tuonti_rivi_nro drop constraint onr_tuonti_rivi_nro_tuonti_rivi_fkey;
alter table onr_tuonti_virhe drop constraint onr_tuonti_virhe_tuonti_fkey;

create or replace function onr_tuotu_henkilo_poista() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from public.onr_tuonti_rivi_nro;
    delete from public.onr_tuotu_henkilo;
  else
    delete from public.onr_tuonti_rivi_nro where tuonti_rivi_id in (select id from vanhat);
    delete from public.onr_tuotu_henkilo t
     where t.henkilo_id in (select henkilo_id from vanhat)
       and not exists (select 1 from public.tuonti_rivi r where r.henkilo_id = t.henkilo_id);
  end if;
  return null;
end $$;

create function onr_tuonti_poista() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from public.onr_tuonti_virhe;
  else
    delete from public.onr_tuonti_virhe where tuonti_id in (select id from vanhat);
  end if;
  return null;
end $$;
create trigger onr_tuonti_delete after delete on tuonti
  referencing old table as vanhat for each statement execute function onr_tuonti_poista();
create trigger onr_tuonti_truncate after truncate on tuonti
  for each statement execute function onr_tuonti_poista();

-- ALTER TABLE that writes a table anew may give its rows other values, and no trigger sees it. The files of the tables tell.
create function onr_dokumentti_taulut() returns text language sql stable as $$
  select string_agg(oid || ':' || relfilenode, ' ' order by oid) from pg_class
   where relnamespace = 'public'::regnamespace and relname in ('henkilo', 'eidastunniste', 'henkilo_hetu', 'henkilo_kansalaisuus',
     'henkilo_passinumero', 'identification', 'yhteystiedotryhma', 'yksilointivirhe', 'yhteystiedot', 'kansalaisuus', 'kielisyys')
$$;
alter table onr_dokumentti_polvi add column taulut text;
update onr_dokumentti_polvi set taulut = onr_dokumentti_taulut();
comment on column onr_dokumentti_polvi.taulut is 'Taulut ja niiden tiedostot, joista dokumentit on koottu';
