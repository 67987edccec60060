/** One stay of a person in a municipality. */
export class KotikuntaHistoriaDto {
  /** OID of the person. */
  oid!: string;

  /** Code in code set `kunta`, three digits. */
  kotikunta!: string;

  /** First day there, `YYYY-MM-DD`; null: unknown. */
  kuntaanMuuttopv!: string | null;

  /** Day of moving out, `YYYY-MM-DD`; null: still there. */
  kunnastaPoisMuuttopv!: string | null;
}
