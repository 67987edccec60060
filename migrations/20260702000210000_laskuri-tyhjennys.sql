-- Up Migration
-- When imports are emptied with the persons, the rows of ours are deleted by a trigger, which can no longer look at the persons:
-- nothing is left to be counted then.

create or replace function onr_tuotu_henkilo_poista() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from public.onr_tuonti_rivi_nro;
    delete from public.onr_tuotu_henkilo;
    delete from public.onr_laskuri where nimi in ('tuodut', 'virheet', 'keskeneraiset');
  else
    delete from public.onr_tuonti_rivi_nro where tuonti_rivi_id in (select id from vanhat);
    delete from public.onr_tuotu_henkilo t
     where t.henkilo_id in (select henkilo_id from vanhat)
       and not exists (select 1 from public.tuonti_rivi r where r.henkilo_id = t.henkilo_id);
  end if;
  return null;
end $$;
