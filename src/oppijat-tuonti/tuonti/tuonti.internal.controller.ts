import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController, ApiOkResponse } from '@nestjs/swagger';
import { AuditedRead } from '../../audit/audited-read.decorator.js';
import { countFound, haettuTekstilla, Hetuhaku } from '../../audit/hetuhaku.decorator.js';
import { Authorize } from '../../auth/permissions/authorize.decorator.js';
import { anyRole, withoutPrefix } from '../../auth/permissions/permission.rules.js';
import { QueryObject } from '../../http/binding/query.js';
import { QueryIntFrom } from '../../http/params.js';
import { OppijaListPage } from '../dto/oppija-list.dto.js';
import { OppijaTuontiCriteria } from '../dto/oppija-tuonti-criteria.dto.js';
import { OppijaListausService } from '../listaukset/oppija-listaus.service.js';

/** For the user interface only. */
@ApiExcludeController()
@Controller('internal/oppijoidentuonti')
export class TuontiInternalController {
  constructor(private readonly listaukset: OppijaListausService) {}

  /** Imported persons whose identification fails, the newest first. */
  @Get('virheet')
  @Hetuhaku(({ nimiHaku }: OppijaTuontiCriteria) => haettuTekstilla(nimiHaku), countFound)
  @AuditedRead('$.results[*].oid', '$.results[*].serviceUserOid')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'OPPIJOIDENTUONTI')))
  @ApiOkResponse({ type: OppijaListPage })
  oppijoidenTuontienVirheet(
    @QueryObject(OppijaTuontiCriteria) criteria: OppijaTuontiCriteria,
    @QueryIntFrom('page', 1, { default: 1 }) page: number,
    @QueryIntFrom('count', 1, { default: 20 }) count: number,
  ): Promise<OppijaListPage> {
    return this.listaukset.listVirheet(criteria, page, count);
  }
}
