/** Stored for a municipality that code set `kunta` does not know (docs/spec/yksilointi-vtj.md#5.9). */
export const TUNTEMATON_KUNTA = '999';
