import { Controller, Get } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Authorize, AuthorizeResult } from '../auth/permissions/authorize.decorator.js';
import { READ_RIGHTS } from '../auth/permissions/rights.constants.js';
import { anyRole, foundPerson, mayRead, withoutExternalService } from '../auth/permissions/permission.rules.js';
import { HenkiloDto } from '../henkilo/dto/henkilo.dto.js';
import { IdentificationDto } from '../henkilo/dto/identification.dto.js';
import { IDP_ENTITY_IDS, type IdpEntityId } from '../henkilo/henkilo-koodit.constants.js';
import { HenkiloReadService } from '../henkilo/luku/henkilo-read.service.js';
import { PathText, QueryEnum, QueryText } from '../http/params.js';

/** Java name of the enumeration, part of the message for an unknown value. */
const IDP_CLASS = 'fi.vm.sade.oppijanumerorekisteri.dto.IdpEntityId';

/** Reads of login identifiers (docs/spec/api.md#E23, docs/spec/api.md#E24). */
@ApiTags('Henkilot')
@Controller('henkilo')
export class IdentificationReadController {
  constructor(private readonly henkilot: HenkiloReadService) {}

  /** The person who has exactly this identifier. */
  @Get('identification')
  @AuditedRead()
  @AuthorizeResult(withoutExternalService(mayRead(foundPerson('oidHenkilo'), READ_RIGHTS)), { ownData: true })
  @ApiOkResponse({ type: HenkiloDto })
  @ApiNotFoundResponse({ description: 'Nobody has it' })
  @ApiConflictResponse({ description: 'Several persons have it' })
  findByIdpAndIdentifier(
    @QueryEnum('idp', IDP_ENTITY_IDS, IDP_CLASS, { required: true }) idp: IdpEntityId,
    @QueryText('id', { required: true }) id: string,
  ): Promise<HenkiloDto> {
    return this.henkilot.getByIdentification(idp, id);
  }

  /** Login identifiers of a person. */
  @Get(':oid/identification')
  @AuditedRead('#oid')
  @Authorize(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ'))
  @ApiOkResponse({ type: [IdentificationDto] })
  @ApiNotFoundResponse()
  getIdentifications(@PathText('oid') oid: string): Promise<IdentificationDto[]> {
    return this.henkilot.getIdentifications(oid);
  }
}
