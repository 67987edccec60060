import { IsOptional } from 'class-validator';
import { IsString } from '../../http/binding/rules.js';

/** Question for the person with an eIDAS identifier. */
export class OidByEidasRequest {
  @IsOptional()
  @IsString()
  eidasTunniste!: string | null;
}
