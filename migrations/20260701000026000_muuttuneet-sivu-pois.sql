-- Up Migration
-- Takes away the table that onr_muutosluku has replaced; nothing has read or written it since. If another transaction
-- still holds a lock on it, this waits at most 5 s, since others would queue behind. The next start tries again.

set local lock_timeout = '5s';
drop table if exists onr_muuttuneet_sivu;
