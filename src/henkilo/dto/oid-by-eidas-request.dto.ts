import { JsonText } from '../../http/binding/fields.js';

/** Question for the person with an eIDAS identifier. */
export class OidByEidasRequest {
  @JsonText()
  eidasTunniste!: string | null;
}
