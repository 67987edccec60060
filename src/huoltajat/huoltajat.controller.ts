import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { mayRead, person } from '../auth/permissions/permission.rules.js';
import type { LocalDate } from '../common/clock.js';
import {
  PathText,
  PathTimestamp,
  PermissionService,
  QueryDate,
  QueryInt,
  type ExternalPermissionService,
} from '../http/params.js';
import { HuoltajaReadService } from './huoltaja-read.service.js';
import { HuoltajaDto } from './huoltaja.dto.js';

type External = ExternalPermissionService | null;

/** Guardians (docs/spec/api.md#E46, docs/spec/api.md#E48). Methods are named as the operations are published. */
@ApiTags('Henkilot')
@Controller('henkilo')
export class HuoltajatController {
  constructor(private readonly huoltajat: HuoltajaReadService) {}

  /** Current guardians of a person. Who asks about himself gets those whom he may read. */
  @Get(':oid/huoltajat')
  @AuditedRead('$[*].oidHenkilo')
  @Authorize(mayRead(person('oid')), { ownData: true })
  @ApiOkResponse({ type: [HuoltajaDto] })
  getHenkiloHuoltajat(
    @PathText('oid') oid: string,
    @PermissionService() permissionService: External,
  ): Promise<HuoltajaDto[]> {
    return this.huoltajat.list(oid, permissionService);
  }

  /**
   * OIDs of children whose guardians changed between two days, both included. The published rule names a parameter that
   * does not exist: only those who may read everyone pass.
   */
  @Get('huoltajasuhdemuutokset')
  @AuditedRead('$.*')
  @Authorize(mayRead(person('oid')))
  @ApiOkResponse({ type: [String] })
  getHuoltajaSuhdeMuutokset(
    @QueryDate('startdate', { required: true }) startdate: LocalDate,
    @QueryDate('enddate', { required: true }) enddate: LocalDate,
    @PermissionService() _permissionService: External,
  ): Promise<string[]> {
    return this.huoltajat.listChangedBetween(startdate, enddate);
  }

  /** OIDs of children whose guardians changed at or after an instant, in order of change; 10 000 unless `amount` says more. */
  @Get('huoltajasuhdemuutokset/alkaen/:at')
  @AuditedRead('$.*')
  @Authorize(mayRead(person('oid')))
  @ApiOkResponse({ type: [String] })
  getHuoltajaSuhdeMuutokset_1(
    @PathTimestamp('at') at: Date,
    @QueryInt('offset') offset: number | null,
    @QueryInt('amount') amount: number | null,
    @PermissionService() _permissionService: External,
  ): Promise<string[]> {
    return this.huoltajat.listChangedSince(at, offset, amount);
  }
}
