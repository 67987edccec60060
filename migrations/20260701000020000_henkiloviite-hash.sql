-- No Transaction
-- Up Migration
-- Links by one of their OIDs, thousands at a time: a hash is found at once, where the trees on the same columns compare
-- texts by the rules of a language at every level. Built without locking writers out.

drop index concurrently if exists onr_henkiloviite_slave_oid_idx;
create index concurrently onr_henkiloviite_slave_oid_idx on henkiloviite using hash (slave_oid);

drop index concurrently if exists onr_henkiloviite_master_oid_idx;
create index concurrently onr_henkiloviite_master_oid_idx on henkiloviite using hash (master_oid);
