/**
 * Whose contact details and municipality not everybody may see (SuojattujenNakyvyys): who is under turvakielto, and a duplicate of
 * such a person, whose details are the same human's; the table is `henkilo h`, or its documents. Theirs are OIDs with another
 * collation, for which the index on links does not serve: each duplicate would read the whole table.
 */
export const SUOJATTU = `(h.turvakielto or (h.duplicate and exists (
  select 1 from henkiloviite sv join henkilo sm on sm.oidhenkilo = sv.master_oid
   where sv.slave_oid = h.oidhenkilo collate "default" and sm.turvakielto)))`;
