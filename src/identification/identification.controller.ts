import { Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Authorize, AuthorizeResult } from '../auth/permissions/authorize.decorator.js';
import {
  anyAuthority,
  anyRole,
  foundPerson,
  mayRead,
  spaced,
  withoutExternalService,
} from '../auth/permissions/permission.rules.js';
import { READ_RIGHTS } from '../auth/permissions/rights.constants.js';
import { HenkiloDto } from '../henkilo/dto/henkilo.dto.js';
import { IdentificationDto } from '../henkilo/dto/identification.dto.js';
import { IDP_ENTITY_IDS, type IdpEntityId } from '../henkilo/henkilo-koodit.constants.js';
import { HenkiloReadService } from '../henkilo/luku/henkilo-read.service.js';
import { JsonBody } from '../http/binding/body.js';
import { JsonText } from '../http/json-text.js';
import { PathEnum, PathText, QueryEnum, QueryText } from '../http/params.js';
import { IdentificationService } from './identification.service.js';

/** Java name of the enumeration, part of the message for an unknown value. */
const IDP_CLASS = 'fi.vm.sade.oppijanumerorekisteri.dto.IdpEntityId';

const MAY_REMOVE_IDENTIFICATION = spaced(
  anyAuthority('ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA', 'ROLE_APP_HENKILONHALLINTA_OPHREKISTERI'),
);

/** Login identifiers of a person (docs/spec/api.md#E23, docs/spec/api.md#E24). */
@ApiTags('Henkilot')
@Controller('henkilo')
export class IdentificationController {
  constructor(
    private readonly henkilot: HenkiloReadService,
    private readonly identifications: IdentificationService,
  ) {}

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
  ): Promise<HenkiloDto | JsonText> {
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

  /** Adds one identifier and answers all. 400: unknown kind, `eidas`, or someone has it; 404: unknown person. */
  @Post(':oid/identification')
  @AuditedRead('#oid')
  @Authorize(anyRole('REKISTERINPITAJA'))
  @ApiOkResponse({ type: [IdentificationDto] })
  addIdentification(
    @PathText('oid') henkiloOid: string,
    @JsonBody(IdentificationDto) tunniste: IdentificationDto,
  ): Promise<IdentificationDto[]> {
    return this.identifications.add(henkiloOid, tunniste);
  }

  /** Removes the identifier, everything after its kind with slashes, and answers the rest. 404: unknown person. */
  @Delete(':oid/identification/:idpEntityId/*')
  @AuditedRead('#oid')
  @Authorize(MAY_REMOVE_IDENTIFICATION)
  @ApiOkResponse({ type: [IdentificationDto] })
  removeIdentification(
    @PathText('oid') henkiloOid: string,
    @PathEnum('idpEntityId', IDP_ENTITY_IDS, IDP_CLASS)
    idpEntityId: IdpEntityId,
    @Param('*') identifier: string,
  ): Promise<IdentificationDto[]> {
    return this.identifications.remove(henkiloOid, { idpEntityId, identifier });
  }
}
