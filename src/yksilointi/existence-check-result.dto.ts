import { ApiProperty } from '@nestjs/swagger';

/** A person that the register has. */
export class ExistenceCheckResult {
  @ApiProperty({ type: String })
  oid!: string;
}
