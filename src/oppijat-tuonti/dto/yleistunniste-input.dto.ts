import { Type } from 'class-transformer';
import { IsOptional } from 'class-validator';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsEmail,
  IsNotBlank,
  IsString,
  StorableText,
  ValidateNested,
} from '../../http/binding/rules.js';
import { HenkiloExistenceCheckDto } from '../../henkilo/dto/henkilo-existence-check.dto.js';
import { MAX_ROWS } from './oppija-tuonti-create.dto.js';

/** A row of an import. */
export class YleistunnisteInputRow {
  /** Key of the row in the sending system; not repeated within an import. */
  @IsString()
  @IsDefined()
  @IsNotBlank()
  @StorableText()
  tunniste!: string;

  @ValidateNested()
  @Type(() => HenkiloExistenceCheckDto)
  @IsDefined()
  henkilo!: HenkiloExistenceCheckDto;
}

/** An import of persons by hetu, at most 10 000 rows. */
export class YleistunnisteInput {
  /** Address that is told when persons could not be identified; may be empty. */
  @IsOptional()
  @IsString()
  @IsEmail()
  @StorableText()
  sahkoposti!: string | null;

  @IsArray()
  @ArrayMaxSize(MAX_ROWS)
  @ValidateNested({ each: true })
  @Type(() => YleistunnisteInputRow)
  @IsDefined()
  @ArrayMinSize(1, MAX_ROWS)
  henkilot!: YleistunnisteInputRow[];
}
