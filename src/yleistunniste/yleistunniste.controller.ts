import { Controller, Get, Post } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Hetuhaku } from '../audit/hetuhaku.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { PermissionChecker } from '../auth/permissions/permission-checker.service.js';
import { MAY_CREATE_YLEISTUNNISTE } from '../auth/permissions/permission.rules.js';
import { HenkiloExistenceCheckDto } from '../henkilo/dto/henkilo-existence-check.dto.js';
import { JsonBody } from '../http/binding/body.js';
import { PathText } from '../http/params.js';
import { FilteredStudent } from '../oppijat-tuonti/dto/oppija-tuonti.dto.js';
import { YleistunnisteHakuService } from './yleistunniste-haku.service.js';
import { YleistunnisteReadRepository } from './yleistunniste-read.repository.js';
import { YleistunnisteDto } from './yleistunniste.dto.js';

/** Learner number by any OID (docs/spec/api.md#E71), and by hetu and names. */
@ApiTags('Yleistunniste - Oppijanumeron käyttö yleistunnisteena')
@Controller('yleistunniste/hae')
export class YleistunnisteController {
  constructor(
    private readonly permissions: PermissionChecker,
    private readonly haku: YleistunnisteHakuService,
    private readonly yleistunniste: YleistunnisteReadRepository,
  ) {}

  /** Finds the person, or stores it if VTJ knows it. 404: nobody has the hetu; 409: it belongs to other names. */
  @Post()
  @Hetuhaku(() => 1)
  @AuditedRead('$.oid', '$.oppijanumero')
  @Authorize(MAY_CREATE_YLEISTUNNISTE)
  @ApiOkResponse({ type: YleistunnisteDto })
  yleistunnisteenHaku(
    @JsonBody(HenkiloExistenceCheckDto) henkilo: HenkiloExistenceCheckDto,
  ): Promise<YleistunnisteDto> {
    return this.haku.findOrCreate(henkilo, {
      kasittelijaOid: this.permissions.callerOid,
      organisaatioOids: this.permissions.organisationsFor('YLEISTUNNISTE_LUONTI'),
    });
  }

  /** Oppijanumero and other OIDs of a person by any OID. */
  @Get(':oid')
  @AuditedRead('$.oid', '$.linked[*]')
  @Authorize(MAY_CREATE_YLEISTUNNISTE)
  @ApiOkResponse({ type: FilteredStudent })
  @ApiNotFoundResponse()
  tarkistaOid(@PathText('oid') oid: string): Promise<FilteredStudent> {
    return this.yleistunniste.getByOid(oid);
  }
}
