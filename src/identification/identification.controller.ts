import { Controller, Delete, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { anyAuthority, anyRole, spaced } from '../auth/permissions/permission.rules.js';
import { IdentificationDto } from '../henkilo/dto/identification.dto.js';
import { IDP_ENTITY_IDS, type IdpEntityId } from '../henkilo/henkilo-koodit.constants.js';
import { JsonBody } from '../http/binding/body.js';
import { PathEnum, PathText } from '../http/params.js';
import { IdentificationService } from './identification.service.js';

const MAY_REMOVE_IDENTIFICATION = spaced(
  anyAuthority('ROLE_APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA', 'ROLE_APP_HENKILONHALLINTA_OPHREKISTERI'),
);

/** Login identifiers of a person. */
@ApiTags('Henkilot')
@Controller('henkilo/:oid/identification')
export class IdentificationController {
  constructor(private readonly identifications: IdentificationService) {}

  /** Adds one identifier and answers all. 400: unknown kind, `eidas`, or someone has it; 404: unknown person. */
  @Post()
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
  @Delete(':idpEntityId/*')
  @AuditedRead('#oid')
  @Authorize(MAY_REMOVE_IDENTIFICATION)
  @ApiOkResponse({ type: [IdentificationDto] })
  removeIdentification(
    @PathText('oid') henkiloOid: string,
    @PathEnum('idpEntityId', IDP_ENTITY_IDS, 'fi.vm.sade.oppijanumerorekisteri.dto.IdpEntityId')
    idpEntityId: IdpEntityId,
    @Param('*') identifier: string,
  ): Promise<IdentificationDto[]> {
    return this.identifications.remove(henkiloOid, { idpEntityId, identifier });
  }
}
