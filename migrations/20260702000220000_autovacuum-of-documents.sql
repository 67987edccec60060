-- Up Migration

-- Every change of a person leaves dead rows here; a fifth of millions, the usual share, would be too many to wait for.
alter table if exists onr_henkilo_dokumentti set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
