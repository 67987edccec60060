import { Controller, Get } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { READ_RIGHTS } from '../auth/permissions/rights.constants.js';
import { anyRole, mayRead, person } from '../auth/permissions/permission.rules.js';
import type { Page } from '../common/page.js';
import { PathText, PermissionService, QueryInt, type ExternalPermissionService } from '../http/params.js';
import { YksilointitietoReadService } from './yksilointitieto-read.service.js';
import { YksilointitietoDto, YksilointiVertailuDto, YksilointiVertailuPageDto } from './yksilointitieto.dto.js';

/** Failed identifications against VTJ (docs/spec/api.md#E31, docs/spec/api.md#E33). */
@ApiTags('Henkilot')
@Controller('henkilo')
export class YksilointitietoController {
  constructor(private readonly yksilointitiedot: YksilointitietoReadService) {}

  /** Persons whose names differ from VTJ's. */
  @Get('yksilointitiedot')
  @AuditedRead()
  @Authorize(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ'))
  @ApiOkResponse({ type: YksilointiVertailuPageDto })
  listYksilointitiedot(
    @QueryInt('page', { default: 1, min: 1 }) page: number,
    @QueryInt('count', { default: 20, min: 1 }) count: number,
  ): Promise<Page<YksilointiVertailuDto>> {
    return this.yksilointitiedot.listFailed(page, count);
  }

  /** What VTJ said about the person; members are null when nothing is stored. */
  @Get(':oid/yksilointitiedot')
  @AuditedRead('#oid')
  @Authorize(mayRead(person('oid'), READ_RIGHTS))
  @ApiOkResponse({ type: YksilointitietoDto })
  @ApiNotFoundResponse()
  getYksilointitiedot(
    @PathText('oid') oid: string,
    @PermissionService() _permissionService: ExternalPermissionService | null,
  ): Promise<YksilointitietoDto> {
    return this.yksilointitiedot.getByOid(oid);
  }
}
