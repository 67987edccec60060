/**
 * SQL of the OID of a person's master in `henkiloviite`, if it is a person; the oldest link counts.
 * @param oid SQL of the person's OID
 */
export const masterOf = (oid: string): string =>
  `(select m.oidhenkilo from henkiloviite v join henkilo m on m.oidhenkilo = v.master_oid
     where v.slave_oid = ${oid} order by v.id limit 1)`;

/**
 * SQL of the OIDs that links join with a person, as rows of `oid`: masters, their other slaves, own slaves; the person itself too
 * when it has a master.
 * @param oid SQL of the person's OID
 */
export const linkedTo = (oid: string): string =>
  `(with master as materialized (select master_oid as oid from henkiloviite where slave_oid = ${oid})
    select oid from master
     union select v.slave_oid from master m join henkiloviite v on v.master_oid = m.oid
     union select slave_oid from henkiloviite where master_oid = ${oid})`;
