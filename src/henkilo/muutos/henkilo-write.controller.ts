import { Controller, Delete, HttpCode, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authorize } from '../../auth/permissions/authorize.decorator.js';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { UPDATE_RIGHTS } from '../../auth/permissions/rights.constants.js';
import { anyRole, mayModify, person, spaced } from '../../auth/permissions/permission.rules.js';
import { JsonBody, JsonBodyList } from '../../http/binding/body.js';
import { NoPersonalData } from '../../http/no-personal-data.js';
import { PathText, PermissionService, type ExternalPermissionService } from '../../http/params.js';
import { HenkiloCreateDto } from '../dto/henkilo-create.dto.js';
import { HenkiloUpdateDto } from '../dto/henkilo-update.dto.js';
import { HenkiloCreateService } from '../luonti/henkilo-create.service.js';
import { HenkiloUpdateService } from './henkilo-update.service.js';
import { PassinumerotService } from './passinumerot.service.js';
import { PassivointiService } from './passivointi.service.js';
import { MAX_PASSINUMEROT } from '../dto/henkilo-limits.constants.js';

/** Writing persons. */
@ApiTags('Henkilot')
@Controller('henkilo')
export class HenkiloWriteController {
  constructor(
    private readonly permissions: PermissionChecker,
    private readonly creation: HenkiloCreateService,
    private readonly updates: HenkiloUpdateService,
    private readonly passivointi: PassivointiService,
    private readonly passinumerot: PassinumerotService,
  ) {}

  /** Stores a person and answers its OID. 400 with `fieldErrors`: a hetu that is taken, unknown codes, names that do not fit. */
  @Post()
  @NoPersonalData()
  @HttpCode(201)
  @Authorize(spaced(anyRole('REKISTERINPITAJA', 'YLEISTUNNISTE_LUONTI')))
  @ApiCreatedResponse({ type: String })
  createHenkiloFromHenkiloCreateDto(@JsonBody(HenkiloCreateDto) henkilo: HenkiloCreateDto): Promise<string> {
    return this.creation.createAndIdentify(henkilo, this.permissions.callerOid);
  }

  /**
   * Writes the given values and answers the OID. 404: unknown person; 403: only the keeper may make a person active again.
   * About themselves, without a right, callers change contact details and language of contact only: 401 if another member
   * is given that differs from what is stored.
   */
  @Put()
  @NoPersonalData()
  @Authorize(mayModify(person('henkiloUpdateDto', 'oidHenkilo'), UPDATE_RIGHTS), { ownData: true })
  @ApiOkResponse({ type: String })
  async updateHenkilo(
    @JsonBody(HenkiloUpdateDto) henkilo: HenkiloUpdateDto,
    @PermissionService() permissionService: ExternalPermissionService | null,
  ): Promise<string> {
    const { oidHenkilo } = henkilo;
    const omatTiedot =
      this.permissions.isOwnData(oidHenkilo) &&
      !(await this.permissions.isAllowedToModifyPerson(oidHenkilo, UPDATE_RIGHTS, permissionService));
    await this.updates.update(henkilo, { maySetActive: this.permissions.isSuperUser(), omatTiedot });
    return oidHenkilo!;
  }

  /** Makes the person passive and takes its access rights away. 404: unknown person. */
  @Delete(':oid')
  @NoPersonalData()
  @Authorize(anyRole('REKISTERINPITAJA', 'HENKILON_RU'))
  @ApiOkResponse()
  async passivateHenkilo(@PathText('oid') henkiloOid: string): Promise<void> {
    await this.passivointi.assertMayPassivate(henkiloOid);
    return this.passivointi.passivate(henkiloOid);
  }

  /** Takes the access rights and the work contact details away; no error for an unknown person. */
  @Delete(':oid/access')
  @NoPersonalData()
  @Authorize(anyRole('REKISTERINPITAJA', 'HENKILON_RU'))
  @ApiOkResponse()
  async removeAccessRights(@PathText('oid') henkiloOid: string): Promise<void> {
    await this.passivointi.assertMayPassivate(henkiloOid);
    return this.passivointi.removeAccessRights(henkiloOid);
  }

  /** Replaces the passport numbers and answers them. 400: a blank one, or one of someone else; 404: unknown person. */
  @Post(':oid/passinumerot')
  @NoPersonalData()
  @Authorize(anyRole('REKISTERINPITAJA'))
  @ApiOkResponse({ type: [String] })
  setPassportNumbers(
    @PathText('oid') henkiloOid: string,
    @JsonBodyList({ max: MAX_PASSINUMEROT }) passinumerot: (string | null)[],
  ): Promise<string[]> {
    return this.passinumerot.replace(henkiloOid, passinumerot);
  }
}
