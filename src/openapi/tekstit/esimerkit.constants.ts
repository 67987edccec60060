/*
 * Values of the examples: invented persons as the sandbox has them from the start (sandbox/persons.ts), so that every read
 * operation answers 200 when it is tried with what the page has filled in.
 */
export const AINO = '1.2.246.562.24.30000000012';
/** A duplicate that is linked to Aino. */
export const AINON_DUPLIKAATTI = '1.2.246.562.24.30000000423';
export const EINO = '1.2.246.562.24.30000000025';
/** A child of Aino and Eino. */
export const LAURI = '1.2.246.562.24.30000000261';
/** Under turvakielto. */
export const TUULA = '1.2.246.562.24.30000000216';
/** Without hetu, identified by an official. */
export const JOHN = '1.2.246.562.24.30000000300';
/** Without hetu, not identified. */
export const AMIR = '1.2.246.562.24.30000000339';
/** VTJ has other names for his hetu. */
export const ERKKI = '1.2.246.562.24.30000000410';
/** A look-alike of Eino that nobody has linked. */
export const TOINEN_EINO = '1.2.246.562.24.30000000465';
export const AINON_HETU = '150385-9024';
export const EINON_HETU = '030790-903X';
export const YLIOPISTO = '1.2.246.562.10.10000000001';
/** Finished imports of the sandbox, one of learners, one of yleistunniste. */
export const OPPIJATUONTI = 1;
export const YLEISTUNNISTETUONTI = 2;
/** Before everything in the sandbox. */
export const HETKI = '2024-01-01T00:00:00Z';

export const AINON_NIMET = { etunimet: 'Aino Maria', kutsumanimi: 'Aino', sukunimi: 'Korhonen' };
