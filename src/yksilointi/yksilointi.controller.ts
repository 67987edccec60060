import { Controller, Post, Put, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Hetuhaku } from '../audit/hetuhaku.decorator.js';
import { OnlyReads } from '../auth/strong-authentication/only-reads.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { onr } from '../auth/permissions/rights.constants.js';
import { anyRole, mayModify, person, publishedAs, spaced, superUser } from '../auth/permissions/permission.rules.js';
import { HenkiloExistenceCheckDto } from '../henkilo/dto/henkilo-existence-check.dto.js';
import { JsonBody } from '../http/binding/body.js';
import { NoPersonalData } from '../http/no-personal-data.js';
import { PathText, PermissionService, type ExternalPermissionService } from '../http/params.js';
import { ExistenceCheckResult } from './existence-check-result.dto.js';
import { HenkiloTarkistusService } from './henkilo-tarkistus.service.js';
import { KasinYksilointiService } from './kasin-yksilointi.service.js';
import { YksilointiService } from './yksilointi.service.js';

const MAY_IDENTIFY = mayModify(person('henkiloOid'), onr('MANUAALINEN_YKSILOINTI'));
/** The reference publishes other spaces. */
const MAY_IDENTIFY_WITHOUT_HETU = publishedAs(
  "@permissionChecker.isAllowedToModifyPerson(#henkiloOid, {'OPPIJANUMEROREKISTERI': {'MANUAALINEN_YKSILOINTI'}} , #permissionService )",
  MAY_IDENTIFY,
);

/** Identification of persons. */
@ApiTags('Henkilot')
@Controller('henkilo')
export class YksilointiController {
  constructor(
    private readonly yksilointi: YksilointiService,
    private readonly kasin: KasinYksilointiService,
    private readonly tarkistus: HenkiloTarkistusService,
  ) {}

  /**
   * 200 with the OID: the register has the person; 204: only VTJ has it. 404: nobody has the hetu; 409: it belongs to other
   * names.
   */
  @OnlyReads()
  @Post('exists')
  @Hetuhaku(() => 1)
  @AuditedRead('$.oid')
  @Authorize(spaced(anyRole('REKISTERINPITAJA', 'YLEISTUNNISTE_LUONTI')))
  @ApiOkResponse({ type: ExistenceCheckResult })
  @ApiNoContentResponse()
  async existenceCheck(
    @JsonBody(HenkiloExistenceCheckDto) henkilo: HenkiloExistenceCheckDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExistenceCheckResult | undefined> {
    const oid = await this.tarkistus.check(henkilo);
    if (oid !== undefined) return { oid };
    reply.status(204);
    return undefined;
  }

  /** Identifies the person against VTJ now; other names there are set aside, 200. 400: no hetu, or VTJ cannot identify it. */
  @Post(':oid/yksiloi')
  @NoPersonalData()
  @Authorize(MAY_IDENTIFY)
  @ApiOkResponse()
  yksiloiManuaalisesti(
    @PathText('oid', { as: 'henkiloOid' }) henkiloOid: string,
    @PermissionService() _permissionService: ExternalPermissionService | null,
  ): Promise<void> {
    return this.yksilointi.yksiloi(henkiloOid);
  }

  /** Marks a person without hetu as identified. 400: it has one. */
  @Post(':oid/yksiloihetuton')
  @NoPersonalData()
  @Authorize(MAY_IDENTIFY_WITHOUT_HETU)
  @ApiOkResponse()
  yksiloiHetuton(
    @PathText('oid', { as: 'henkiloOid' }) henkiloOid: string,
    @PermissionService() _permissionService: ExternalPermissionService | null,
  ): Promise<void> {
    return this.kasin.yksiloiHetuton(henkiloOid);
  }

  /** Takes that back. 400: not identified so, identified strongly, or with a hetu. */
  @Post(':oid/purayksilointi')
  @NoPersonalData()
  @Authorize(superUser())
  @ApiOkResponse()
  puraYksilointi(
    @PathText('oid') henkiloOid: string,
    @PermissionService() _permissionService: ExternalPermissionService | null,
  ): Promise<void> {
    return this.kasin.puraYksilointi(henkiloOid);
  }

  /** Takes over what VTJ now says of an identified person. 400: VTJ has not identified it; 500: VTJ does not know it any more. */
  @Put(':oid/yksilointitiedot')
  @NoPersonalData()
  @Authorize(anyRole('REKISTERINPITAJA'))
  @ApiOkResponse()
  paivitaYksilointitiedot(@PathText('oid') henkiloOid: string): Promise<void> {
    return this.yksilointi.paivitaVtjTiedot(henkiloOid);
  }

  /** Accepts the data of VTJ that were set aside for other names. 400: there are none. */
  @Put(':oid/yksilointitiedot/yliajayksiloimaton')
  @NoPersonalData()
  @Authorize(mayModify(person('oid'), onr('VTJ_VERTAILUNAKYMA')))
  @ApiOkResponse()
  yliajaHenkilonTiedot(
    @PathText('oid') henkiloOid: string,
    @PermissionService() _permissionService: ExternalPermissionService | null,
  ): Promise<void> {
    return this.kasin.hyvaksyVtjTiedot(henkiloOid);
  }
}
