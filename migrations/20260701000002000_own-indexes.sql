-- No Transaction
-- Up Migration
-- Indexes that the reference lacks (docs/spec/schema.md#11), built without locking writers out: the database may be a live one
-- with millions of rows. One statement at a time; a failed build leaves an invalid index, so each is dropped first.

drop index concurrently if exists onr_kotikunta_historia_henkilo_id_idx;
create index concurrently onr_kotikunta_historia_henkilo_id_idx on kotikunta_historia (henkilo_id);

drop index concurrently if exists onr_henkilo_huoltaja_suhde_lapsi_id_idx;
create index concurrently onr_henkilo_huoltaja_suhde_lapsi_id_idx on henkilo_huoltaja_suhde (lapsi_id);

drop index concurrently if exists onr_henkilo_huoltaja_suhde_huoltaja_id_idx;
create index concurrently onr_henkilo_huoltaja_suhde_huoltaja_id_idx on henkilo_huoltaja_suhde (huoltaja_id);

drop index concurrently if exists onr_yhteystiedotryhma_yksilointitieto_id_idx;
create index concurrently onr_yhteystiedotryhma_yksilointitieto_id_idx
  on yhteystiedotryhma (yksilointitieto_id) where yksilointitieto_id is not null;

drop index concurrently if exists onr_yksilointi_kansalaisuus_yksilointitieto_id_idx;
create index concurrently onr_yksilointi_kansalaisuus_yksilointitieto_id_idx on yksilointi_kansalaisuus (yksilointitieto_id);

drop index concurrently if exists onr_queuedemail_queued_idx;
create index concurrently onr_queuedemail_queued_idx on queuedemail (last_attempt) where queuedemailstatus_id = 'QUEUED';

drop index concurrently if exists onr_revinfo_revtstmp_idx;
create index concurrently onr_revinfo_revtstmp_idx on revinfo (revtstmp);

-- The daily clean-up of dead persons.
drop index concurrently if exists onr_henkilo_kuolinpaiva_idx;
create index concurrently onr_henkilo_kuolinpaiva_idx on henkilo (kuolinpaiva) where kuolinpaiva is not null;
