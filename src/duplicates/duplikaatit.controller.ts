import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '../audit/audit-log.service.js';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { onr } from '../auth/permissions/rights.constants.js';
import { anyRole, mayRead, person, publishedAs } from '../auth/permissions/permission.rules.js';
import type { LocalDate } from '../common/clock.js';
import { LONGEST_NAME } from '../http/binding/rules.js';
import { PathText, PermissionService, QueryDate, QueryText, type ExternalPermissionService } from '../http/params.js';
import { HakemusDto, HenkiloDuplicateDto } from './dto/henkilo-duplicate.dto.js';
import { DuplikaatitService } from './duplikaatit.service.js';

type External = ExternalPermissionService | null;

/** Before a person is created. The reference publishes one of the names without `ROLE_`. */
const MAY_COMPARE_NEW_PERSON = publishedAs(
  "hasAnyRole('ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ','APP_OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI')",
  anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'OPPIJOIDENTUONTI'),
);

/** Search of duplicates. */
@ApiTags('Henkilot')
@Controller('henkilo')
export class DuplikaatitController {
  constructor(
    private readonly duplikaatit: DuplikaatitService,
    private readonly audit: AuditLog,
  ) {}

  /** Persons that resemble the given names and birth date, the most alike first. 400: a name is missing. */
  @Get('duplikaatit')
  @AuditedRead('$[*].oidHenkilo')
  @Authorize(MAY_COMPARE_NEW_PERSON)
  @ApiOkResponse({ type: [HenkiloDuplicateDto] })
  getDuplikaatit(
    @QueryText('etunimet', { required: true, maxLength: LONGEST_NAME }) etunimet: string,
    @QueryText('kutsumanimi', { required: true, maxLength: LONGEST_NAME }) kutsumanimi: string,
    @QueryText('sukunimi', { required: true, maxLength: LONGEST_NAME }) sukunimi: string,
    @QueryDate('syntymaaika') syntymaaika: LocalDate | null,
  ): Promise<HenkiloDuplicateDto[]> {
    return this.duplikaatit.listByNimet(etunimet, kutsumanimi, sukunimi, syntymaaika);
  }

  /** Persons that may be the same as this one, the most alike first. 404: the person is unknown. */
  @Get(':oid/duplicates')
  @AuditedRead('$[*].oidHenkilo')
  @Authorize(mayRead(person('oid'), onr('DUPLIKAATTINAKYMA')))
  @ApiOkResponse({ type: [HenkiloDuplicateDto] })
  findDuplicates(
    @PathText('oid') henkiloOid: string,
    @PermissionService() _permissionService: External,
  ): Promise<HenkiloDuplicateDto[]> {
    return this.duplikaatit.listByHenkilo(henkiloOid);
  }

  /** Applications of a person and of everyone linked to it; empty for an unknown one. */
  @Get(':oid/hakemukset')
  @AuditedRead('handler')
  @Authorize(mayRead(person('oid'), onr('DUPLIKAATTINAKYMA')))
  @ApiOkResponse({ type: [HakemusDto] })
  async getApplications(
    @PathText('oid') henkiloOid: string,
    @PermissionService() _permissionService: External,
  ): Promise<HakemusDto[]> {
    const byHenkilo = await this.duplikaatit.findHakemukset(henkiloOid);
    await this.audit.writeRead([...byHenkilo].filter(([, hakemukset]) => hakemukset.length > 0).map(([oid]) => oid));
    return [...byHenkilo.values()].flat();
  }
}
