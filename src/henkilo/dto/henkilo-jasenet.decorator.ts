/** Members that several bodies about a person have: how they are read and checked. */
import { Type } from 'class-transformer';
import { IsOptional } from 'class-validator';
import {
  ArrayMaxSize,
  IsObject,
  IsSet,
  IsString,
  member,
  ValidateNested,
  WithoutNulls,
} from '../../http/binding/rules.js';
import { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import { KielisyysDto } from '../../koodit/kielisyys.dto.js';
import { YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';
import { MAX_KANSALAISUUDET, MAX_PASSINUMEROT, MAX_YHTEYSTIEDOT_RYHMAT } from './henkilo-limits.constants.js';

/** A language, or null. */
export const Kieli = () =>
  member(
    IsOptional(),
    IsObject(),
    Type(() => KielisyysDto),
  );

/** Nationalities, or null; null elements are left out. */
export const Kansalaisuudet = () =>
  member(
    IsOptional(),
    IsSet(),
    ArrayMaxSize(MAX_KANSALAISUUDET),
    Type(() => KansalaisuusDto),
    WithoutNulls(),
  );

/** Passport numbers, or null. */
export const Passinumerot = () =>
  member(IsOptional(), IsSet(), ArrayMaxSize(MAX_PASSINUMEROT), IsString({ each: true }));

/** Contact groups, or null; a null element is refused unless `WithoutNulls` stands below. */
export const YhteystiedotRyhmat = () =>
  member(
    IsOptional(),
    IsSet(),
    ArrayMaxSize(MAX_YHTEYSTIEDOT_RYHMAT),
    ValidateNested({ each: true }),
    Type(() => YhteystiedotRyhmaDto),
  );
