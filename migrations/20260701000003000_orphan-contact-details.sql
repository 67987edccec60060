-- Up Migration
-- Contact groups that belong to nobody: the reference detaches the VTJ addresses of a person who gets turvakielto instead
-- of deleting them (docs/spec/schema.md#12.8). Nothing reads them, and they are protected addresses.

delete from yhteystiedot
 where yhteystiedotryhma_id in (select id from yhteystiedotryhma where henkilo_id is null and yksilointitieto_id is null);
delete from yhteystiedotryhma where henkilo_id is null and yksilointitieto_id is null;
