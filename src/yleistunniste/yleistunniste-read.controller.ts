import { Controller, Get } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { MAY_CREATE_YLEISTUNNISTE } from '../auth/permissions/permission.rules.js';
import { PathText } from '../http/params.js';
import { FilteredStudent } from '../oppijat-tuonti/dto/oppija-tuonti.dto.js';
import { YleistunnisteReadRepository } from './yleistunniste-read.repository.js';

/** Look-ups of the oppijanumero (docs/spec/api.md#E71). */
@ApiTags('Yleistunniste - Oppijanumeron käyttö yleistunnisteena')
@Controller('yleistunniste')
export class YleistunnisteReadController {
  constructor(private readonly yleistunniste: YleistunnisteReadRepository) {}

  /** Oppijanumero and other OIDs of a person by any OID. */
  @Get('hae/:oid')
  @AuditedRead('$.oid', '$.linked[*]')
  @Authorize(MAY_CREATE_YLEISTUNNISTE)
  @ApiOkResponse({ type: FilteredStudent })
  @ApiNotFoundResponse()
  tarkistaOid(@PathText('oid') oid: string): Promise<FilteredStudent> {
    return this.yleistunniste.getByOid(oid);
  }
}
