-- No Transaction
-- Up Migration
-- The imported persons by organisation, instead of all persons by organisation.

drop index concurrently if exists onr_tuotu_organisaatio_organisaatio_idx;
create index concurrently onr_tuotu_organisaatio_organisaatio_idx on onr_tuotu_organisaatio (organisaatio_id, henkilo_id);

drop index concurrently if exists onr_henkilo_organisaatio_organisaatio_id_idx;
