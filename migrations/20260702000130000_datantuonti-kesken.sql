-- Up Migration
-- Persons that a job of test data has stored but not finished: their links or guardians are still to be set. A run that was
-- killed leaves them here for the next one.
create table onr_datantuonti_kesken (
  tyo text not null,
  oidhenkilo text not null,
  constraint onr_datantuonti_kesken_pkey primary key (tyo, oidhenkilo)
);
comment on table onr_datantuonti_kesken is 'Testidatan töiden luomat henkilöt, joiden linkitykset tai huoltajat ovat asettamatta';
comment on column onr_datantuonti_kesken.tyo is 'Työn nimi taulussa scheduled_tasks';
comment on column onr_datantuonti_kesken.oidhenkilo is 'Henkilön oid';
