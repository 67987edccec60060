-- No Transaction
-- Up Migration
-- Indexes of the imports and their listings, built without locking writers out; a failed build is dropped first.

-- Imports that are not finished.
drop index concurrently if exists onr_tuonti_kesken_idx;
create index concurrently onr_tuonti_kesken_idx on tuonti (id) where kasiteltyja < kasiteltavia;

drop index concurrently if exists onr_tuonti_rivi_conflict_idx;
create index concurrently onr_tuonti_rivi_conflict_idx on tuonti_rivi (tuonti_id) where conflict;

drop index concurrently if exists onr_henkilo_organisaatio_organisaatio_id_idx;
create index concurrently onr_henkilo_organisaatio_organisaatio_id_idx on henkilo_organisaatio (organisaatio_id, henkilo_id);

-- The few persons that still need to be identified.
drop index concurrently if exists onr_henkilo_yksiloimaton_idx;
create index concurrently onr_henkilo_yksiloimaton_idx on henkilo (id) include (yksiloityeidas, hetu, yksilointi_yritetty)
  where not duplicate and not passivoitu and not yksiloity and not yksiloityvtj;

-- Lists of changes are read in this order.
drop index concurrently if exists onr_henkilo_modified_id_idx;
create index concurrently onr_henkilo_modified_id_idx on henkilo (modified, id);
