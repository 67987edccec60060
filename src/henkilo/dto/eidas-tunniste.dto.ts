/** An eIDAS identifier. */
export class EidasTunnisteDto {
  /** E.g. `DE/FI/123abc`. */
  tunniste!: string;
}
