-- Up Migration
-- Documents by OID, thousands at a time: a hash is found at once, where the tree compares texts at every level. All documents
-- get a new form (MUOTO) and are built anew: those of the old one make room, so that the index is built at once. Nothing is done
-- where the table has been dropped.

do $$
begin
  if to_regclass('public.onr_henkilo_dokumentti') is not null then
    truncate onr_henkilo_dokumentti;
    perform onr_dokumentti_uusi_polvi();
    create index if not exists onr_henkilo_dokumentti_oid_idx on onr_henkilo_dokumentti using hash (oidhenkilo);
  end if;
end $$;
