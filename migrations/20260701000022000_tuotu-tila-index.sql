-- No Transaction
-- Up Migration
-- The imported persons that are to be identified, by organisation.

drop index concurrently if exists onr_tuotu_organisaatio_tila_idx;
create index concurrently onr_tuotu_organisaatio_tila_idx on onr_tuotu_organisaatio (organisaatio_id, tila, henkilo_id)
  where tila is not null;
