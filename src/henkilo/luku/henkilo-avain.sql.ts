/**
 * Condition on `henkilo h`: owner of a hetu, current one first, then any former (docs/spec/henkilo.md#8.7). Each is unique.
 * @param hetu SQL of the hetu
 */
export const ownerOf = (hetu: string): string => `h.id = coalesce((select c.id from henkilo c where c.hetu = ${hetu}),
                                 (select f.henkilo_id from henkilo_hetu f where f.hetu = ${hetu}))`;

/**
 * SQL of the OID of a person's master in `henkiloviite`, if it is a person; the oldest link counts.
 * @param oid SQL of the person's OID
 */
export const masterOf = (oid: string): string =>
  `(select m.oidhenkilo from henkiloviite v join henkilo m on m.oidhenkilo = v.master_oid
     where v.slave_oid = ${oid} order by v.id limit 1)`;
