/** A link between two persons that are one. */
export class HenkiloViiteDto {
  /** OID of the slave. */
  henkiloOid!: string;

  masterOid!: string;
}
