-- Up Migration
-- The triggers behind onr_laskuri lock persons as those do who are going to change them: two imports of the reference that share
-- a person write their rows first and the person later, and each would wait for the other to give up its share.

do $$
declare
  herate regprocedure;
begin
  foreach herate in array array['onr_laskuri_tuonti_rivi()', 'onr_laskuri_tuotu()', 'onr_tuotu_organisaatio_lisaa()']::regprocedure[] loop
    execute replace(pg_get_functiondef(herate), 'for share', 'for no key update');
  end loop;
end $$;
