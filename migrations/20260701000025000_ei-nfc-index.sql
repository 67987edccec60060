-- No Transaction
-- Up Migration
-- The few persons with names that are not in form NFC, whom the indexes of names do not find.

drop index concurrently if exists onr_henkilo_ei_nfc_idx;
create index concurrently onr_henkilo_ei_nfc_idx on henkilo (id)
  where etunimet is not nfc normalized or kutsumanimi is not nfc normalized or sukunimi is not nfc normalized;
