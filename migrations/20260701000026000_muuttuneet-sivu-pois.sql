-- Up Migration
-- Takes away the table that onr_muutosluku has replaced; nothing has read or written it since. Who still holds it is not
-- waited for long: others would queue behind. The next start tries again.

set local lock_timeout = '5s';
drop table if exists onr_muuttuneet_sivu;
