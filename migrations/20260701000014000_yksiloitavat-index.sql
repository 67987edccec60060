-- No Transaction
-- Up Migration
-- Whom the job `yksilointi task` takes: few among millions, read in pages by id. Built without locking writers out.

drop index concurrently if exists onr_henkilo_yksiloitava_idx;
create index concurrently onr_henkilo_yksiloitava_idx on henkilo (id) where not yksiloityvtj and hetu is not null;
