/**
 * Condition on `henkilo h`: owner of a hetu, current one first, then any former (docs/spec/henkilo.md#8.7). Each is unique.
 * @param hetu SQL of the hetu
 */
export const ownerOf = (hetu: string): string => `h.id = coalesce((select c.id from henkilo c where c.hetu = ${hetu}),
                                 (select f.henkilo_id from henkilo_hetu f where f.hetu = ${hetu}))`;
