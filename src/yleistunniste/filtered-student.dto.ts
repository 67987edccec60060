/** A person without personal data: identifiers and links only. */
export class FilteredStudent {
  /** As asked. */
  oid!: string;

  /** Of the master, or the person's own; null when that one is not identified. */
  oppijanumero!: string | null;

  /** Of the person asked for. */
  passivoitu!: boolean;

  /** Every other OID of the same person. */
  linked?: string[];
}
