import { Controller, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuditedRead } from '../../audit/audited-read.decorator.js';
import { haettu, Hetuhaku } from '../../audit/hetuhaku.decorator.js';
import { Authorize } from '../../auth/permissions/authorize.decorator.js';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { anyRole, withoutPrefix } from '../../auth/permissions/permission.rules.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import type { JsonText } from '../../http/json-text.js';
import { JsonBody } from '../../http/binding/body.js';
import { HenkiloDokumentit } from '../dokumentti/henkilo-dokumentit.service.js';
import { HenkiloPerustietoCreateDto } from '../dto/henkilo-perustieto-create.dto.js';
import { HenkiloPerustietoDto } from '../dto/henkilo-perustieto.dto.js';
import { HenkiloFindOrCreateService } from './henkilo-find-or-create.service.js';
import { HenkiloPerustietoRepository } from '../luku/henkilo-perustieto.repository.js';

const MAY_CREATE_WITH_EIDAS = 'ROLE_APP_OPPIJANUMEROREKISTERI_EIDAS_HENKILON_LUONTI';

const CREATED = 201;

/** Finding or storing persons for other services. */
@ApiTags('Service To Service')
@Controller('s2s')
export class HenkiloFindOrCreateS2SController {
  constructor(
    private readonly permissions: PermissionChecker,
    private readonly service: HenkiloFindOrCreateService,
    private readonly dokumentit: HenkiloDokumentit,
    private readonly perustiedot: HenkiloPerustietoRepository,
    @InjectConfig() private readonly config: Config,
  ) {}

  /**
   * Answers 200 with the person found, or 201 with the one stored. 404: the given OID is unknown; 400 also when the login
   * identifiers belong to several persons.
   */
  @Post('findOrCreateHenkiloPerustieto')
  @Hetuhaku(
    (dto: HenkiloPerustietoCreateDto, _reply: FastifyReply) => haettu(dto.hetu),
    (_, [, reply]) => (reply.statusCode === CREATED ? 0 : 1),
  )
  @AuditedRead('$.oidHenkilo')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA')))
  @ApiOkResponse({ type: HenkiloPerustietoDto })
  @ApiCreatedResponse({ type: HenkiloPerustietoDto })
  async createNewHenkilo(
    @JsonBody(HenkiloPerustietoCreateDto) dto: HenkiloPerustietoCreateDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HenkiloPerustietoDto | JsonText> {
    const dokumentti = await this.service.findDokumentti(dto);
    if (dokumentti) return this.dokumentit.toPerustieto(dokumentti);
    const { henkiloOid, created } = await this.service.findOrCreate(dto, {
      kasittelijaOid: this.permissions.callerOid,
      mayCreateWithEidas: this.permissions.has(MAY_CREATE_WITH_EIDAS),
    });
    const perustieto = await this.perustiedot.get(henkiloOid);
    if (!created) {
      this.dokumentit.build([perustieto]);
      return perustieto;
    }
    reply.status(CREATED).header('location', `${this.config.contextPath}/henkilo/${henkiloOid}`);
    const { eidasTunnisteet } = perustieto;
    return { ...perustieto, eidasTunnisteet: eidasTunnisteet?.length ? eidasTunnisteet : null }; // docs/spec/api.md#5.3
  }
}
