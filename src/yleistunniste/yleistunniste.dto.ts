import { ApiProperty } from '@nestjs/swagger';

/** A person and its learner number. */
export class YleistunnisteDto {
  @ApiProperty({ type: String })
  oid!: string;

  /** That of its master; null when that one is not identified. */
  @ApiProperty({ type: String, nullable: true })
  oppijanumero!: string | null;
}
