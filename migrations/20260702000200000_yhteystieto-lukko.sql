-- Up Migration
-- A contact detail belongs to a person through its group. While one transaction changes the detail and another moves the group to
-- somebody else, neither sees the other's work: the document of the new person could be built without the changed detail and
-- count. So who changes a detail keeps the group where it is (the lock that the foreign key takes anyhow), and who moves a group
-- waits for those who do. Nobody else waits: all other changes of a group go with that lock.

set local lock_timeout = '2s';

create or replace function onr_dokumentti_yhteystieto_muuttui() returns trigger language plpgsql as $$
begin
  if to_regclass('public.onr_henkilo_dokumentti') is null then
    return null;
  elsif tg_op = 'INSERT' then
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select h.oidhenkilo, pg_current_xact_id()::text::bigint, h.id from public.henkilo h
       where h.id = any (array(select g.henkilo_id from public.yhteystiedotryhma g
         where g.id = any (array(select yhteystiedotryhma_id from uudet)) for key share)) on conflict do nothing;
  elsif tg_op = 'DELETE' then
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select h.oidhenkilo, pg_current_xact_id()::text::bigint, h.id from public.henkilo h
       where h.id = any (array(select g.henkilo_id from public.yhteystiedotryhma g
         where g.id = any (array(select yhteystiedotryhma_id from vanhat)) for key share)) on conflict do nothing;
  else
    insert into public.onr_henkilo_dokumentti (oidhenkilo, muutos, id)
      select h.oidhenkilo, pg_current_xact_id()::text::bigint, h.id from public.henkilo h
       where h.id = any (array(select g.henkilo_id from public.yhteystiedotryhma g
         where g.id = any (array(select yhteystiedotryhma_id from uudet union all select yhteystiedotryhma_id from vanhat)) for key share))
      on conflict do nothing;
  end if;
  return null;
end $$;

create function onr_dokumentti_ryhma_siirtyi() returns trigger language plpgsql as $$
begin
  if to_regclass('public.onr_henkilo_dokumentti') is not null then
    perform 1 from public.yhteystiedotryhma g
      where g.id = any (array(select u.id from uudet u join vanhat v using (id) where u.henkilo_id is distinct from v.henkilo_id))
      for update;
  end if;
  return null;
end $$;
create trigger onr_dokumentti_siirto after update on yhteystiedotryhma
  referencing old table as vanhat new table as uudet for each statement execute function onr_dokumentti_ryhma_siirtyi();

-- Whatever has become wrong so is built anew.
select onr_dokumentti_uusi_polvi();
