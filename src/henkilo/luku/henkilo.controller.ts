import { Controller, Get, Head, Post } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiNotFoundResponse, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { AuditedRead } from '../../audit/audited-read.decorator.js';
import { countFound, haettu, haettuTekstilla, Hetuhaku } from '../../audit/hetuhaku.decorator.js';
import { OnlyReads } from '../../auth/strong-authentication/only-reads.decorator.js';
import { Authorize, AuthorizeResult } from '../../auth/permissions/authorize.decorator.js';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { READ_RIGHTS, onr } from '../../auth/permissions/rights.constants.js';
import { anyRole, foundPerson, loggedIn, mayRead, person } from '../../auth/permissions/permission.rules.js';
import { JsonBody, JsonBodyList } from '../../http/binding/body.js';
import { QueryObject } from '../../http/binding/query.js';
import type { JsonText } from '../../http/json-text.js';
import { NoPersonalData } from '../../http/no-personal-data.js';
import { PathText, PermissionService, QueryInt, type ExternalPermissionService } from '../../http/params.js';
import type { Slice } from '../../common/page.js';
import { HenkiloCriteria, HenkiloHakuCriteria } from '../dto/henkilo-criteria.dto.js';
import { HenkiloHakuDto } from '../dto/henkilo-haku.dto.js';
import { HenkiloPerustietoDto } from '../dto/henkilo-perustieto.dto.js';
import { HenkiloOmattiedotDto, HenkiloYhteystiedotDto } from '../dto/henkilo-yhteystiedot.dto.js';
import { HenkiloDto } from '../dto/henkilo.dto.js';
import { HenkiloHakuService } from '../haku/henkilo-haku.service.js';
import { HenkiloReadService } from './henkilo-read.service.js';
import { OIDS_BODY } from '../../http/route-config.js';

/** OIDs of one question, of which at most 5 000 differ. */
const MAX_REPEATED_OIDS = 10_000;

type External = ExternalPermissionService | null;

/** Reads of persons (docs/spec/api.md#4.3). Methods are named as the operations are published. */
@ApiTags('Henkilot')
@Controller('henkilo')
export class HenkiloController {
  constructor(
    private readonly henkilot: HenkiloReadService,
    private readonly haku: HenkiloHakuService,
    private readonly permissions: PermissionChecker,
  ) {}

  /** Persons among those whom the caller may see; deprecated and not published. */
  @Get()
  @Hetuhaku((criteria: HenkiloHakuCriteria) => haettu(criteria.hetu), countFound)
  @AuditedRead()
  @Authorize(anyRole('READ', 'REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'HENKILON_RU'))
  @ApiExcludeEndpoint()
  list(
    @QueryObject(HenkiloHakuCriteria) criteria: HenkiloHakuCriteria,
    @QueryInt('page', { default: 1, min: 1 }) page: number,
    @QueryInt('count', { default: 20, min: 1 }) count: number,
  ): Promise<Slice<HenkiloHakuDto>> {
    return this.haku.list(criteria, page, count);
  }

  /** The best match for one term: a hetu, an OID or a part of a name. */
  @Get(['hakutermi=:hakutermi', 'hakutermi='])
  @Hetuhaku(haettuTekstilla)
  @AuditedRead()
  @AuthorizeResult(mayRead(foundPerson('oidHenkilo'), READ_RIGHTS), { ownData: true })
  @Authorize(anyRole('READ', 'HENKILON_RU', 'REKISTERINPITAJA_READ', 'REKISTERINPITAJA'))
  @ApiOkResponse({ type: HenkiloHakuDto })
  getByHakutermi(
    @PathText('hakutermi') hakutermi: string,
    @PermissionService() _permissionService: External,
  ): Promise<HenkiloHakuDto> {
    return this.haku.getByHakutermi(hakutermi);
  }

  /** OIDs of the persons with exactly this contact value. */
  @Get(['yhteystieto=:arvo/oid', 'yhteystieto=/oid'])
  @AuditedRead('$.*')
  @Authorize(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ'))
  @ApiOkResponse({ type: [String] })
  getByYhteystieto(@PathText('arvo') arvo: string): Promise<string[]> {
    return this.haku.listOidsByYhteystieto(arvo);
  }

  /** Contact details of persons; `henkiloOids` is required. */
  @OnlyReads()
  @Post('yhteystiedot')
  @Hetuhaku((criteria: HenkiloCriteria) => haettu(criteria.hetu), countFound)
  @AuditedRead('$[*].oidHenkilo')
  @Authorize(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ'))
  @ApiOkResponse({ type: [HenkiloYhteystiedotDto] })
  getYhteystiedot(@JsonBody(HenkiloCriteria, OIDS_BODY) criteria: HenkiloCriteria): Promise<HenkiloYhteystiedotDto[]> {
    return this.haku.listYhteystiedot(criteria);
  }

  /** Whether the caller has a hetu. */
  @Get('current/hasHetu')
  @AuditedRead('caller')
  @Authorize(loggedIn())
  @ApiOkResponse({ type: Boolean })
  hasHetu(): Promise<boolean> {
    return this.henkilot.hasHetu(this.permissions.callerOid);
  }

  /** The caller's language of contact as text, `fi` when none is stored. */
  @Get('current/asiointiKieli')
  @AuditedRead('caller')
  @Authorize(loggedIn())
  @ApiOkResponse({ type: String })
  getCurrentUserAsiointikieli(): Promise<string> {
    return this.henkilot.getAsiointikieli(this.permissions.callerOid);
  }

  /** The caller's own data. */
  @Get('current/omattiedot')
  @AuditedRead('caller')
  @Authorize(loggedIn())
  @ApiOkResponse({ type: HenkiloOmattiedotDto })
  getCurrentUserOmatTiedot(): Promise<HenkiloOmattiedotDto> {
    return this.henkilot.getOmattiedot(this.permissions.callerOid);
  }

  /** OID, hetu and names by current or former hetu. */
  @Get('henkiloPerusByHetu/:hetu')
  @Hetuhaku(() => 1)
  @AuditedRead()
  @AuthorizeResult(mayRead(foundPerson('oidHenkilo'), onr('HENKILON_RU')), { ownData: true })
  @ApiOkResponse({ type: HenkiloHakuDto })
  @ApiNotFoundResponse()
  henkiloOidHetuNimiByHetu(@PathText('hetu') hetu: string): Promise<HenkiloHakuDto> {
    return this.henkilot.getHakuByHetu(hetu);
  }

  /** Basic data of at most 5 000 persons; unknown ones and those whom the caller may not read are left out. */
  @OnlyReads()
  @Post('henkiloPerustietosByHenkiloOidList')
  @AuditedRead('$[*].oidHenkilo')
  @Authorize(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'HENKILON_RU'))
  @ApiOkResponse({ type: [HenkiloPerustietoDto] })
  henkilotByHenkiloOidList(@JsonBodyList() henkiloOids: (string | null)[]): Promise<JsonText> {
    return this.henkilot.listPerustiedotByOids(henkiloOids);
  }

  /** Basic data of at most 5 000 persons by current hetu. */
  @OnlyReads()
  @Post('henkiloPerustietosByHenkiloHetuList')
  @Hetuhaku((hetut: readonly (string | null)[]) => new Set(hetut).size, countFound)
  @AuditedRead('$[*].oidHenkilo')
  @Authorize(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'HENKILON_RU'))
  @ApiOkResponse({ type: [HenkiloPerustietoDto] })
  henkilotByHenkiloHetuList(
    @JsonBodyList() hetut: (string | null)[],
    @PermissionService() permissionService: External,
  ): Promise<JsonText> {
    return this.henkilot.listPerustiedotByHetut(hetut, permissionService);
  }

  /** All data of at most 5 000 persons; unknown ones and those whom the caller may not read are left out. */
  @OnlyReads()
  @Post('henkilotByHenkiloOidList')
  @AuditedRead('$[*].oidHenkilo')
  @Authorize(anyRole('READ', 'REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'HENKILON_RU'))
  @ApiOkResponse({ type: [HenkiloDto] })
  findHenkilotByOidList(
    @JsonBodyList() henkiloOids: (string | null)[],
    @PermissionService() permissionService: External,
  ): Promise<JsonText> {
    return this.henkilot.listByOids(henkiloOids, permissionService);
  }

  /** Masters of at most 5 000 persons by requested OID. */
  @OnlyReads()
  @Post('masterHenkilosByOidList')
  @AuditedRead('$.*.oidHenkilo')
  @Authorize(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'HENKILON_RU'))
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: { $ref: getSchemaPath(HenkiloDto) } } })
  masterHenkilosByOidList(
    @JsonBodyList({ max: MAX_REPEATED_OIDS }) henkiloOids: (string | null)[],
    @PermissionService() permissionService: External,
  ): Promise<JsonText> {
    return this.henkilot.mapMasters(henkiloOids, permissionService);
  }

  /** All data by current or former hetu. */
  @Get(['hetu=:hetu', 'hetu='])
  @Hetuhaku(() => 1)
  @AuditedRead()
  @AuthorizeResult(mayRead(foundPerson('oidHenkilo'), READ_RIGHTS), { ownData: true })
  @ApiOkResponse({ type: HenkiloDto })
  getByHetu(
    @PathText('hetu') hetu: string,
    @PermissionService() _permissionService: External,
  ): Promise<HenkiloDto | JsonText> {
    return this.henkilot.getByHetu(hetu);
  }

  /** Whether the person exists. Declared before the GET, which would answer HEAD as well. */
  @Head(':oid')
  @NoPersonalData()
  @Authorize(mayRead(person('oid')), { ownData: true })
  @ApiOkResponse()
  @ApiNotFoundResponse()
  oidExists(@PathText('oid') oid: string, @PermissionService() _permissionService: External): Promise<void> {
    return this.henkilot.assertExists(oid);
  }

  /** All data of a person. */
  @Get(':oid')
  @AuditedRead()
  @Authorize(mayRead(person('oid')), { ownData: true })
  @ApiOkResponse({ type: HenkiloDto })
  @ApiNotFoundResponse()
  findByOid(
    @PathText('oid') oid: string,
    @PermissionService() _permissionService: External,
  ): Promise<HenkiloDto | JsonText> {
    return this.henkilot.getByOid(oid);
  }

  /** All data of the person's master, or of the person itself. Of his own master the caller needs a right. */
  @Get(':oid/master')
  @AuditedRead()
  @Authorize(mayRead(person('oid')), { ownData: true })
  @ApiOkResponse({ type: HenkiloDto })
  getMasterByOid(
    @PathText('oid') oid: string,
    @PermissionService() permissionService: External,
  ): Promise<HenkiloDto | JsonText> {
    return this.henkilot.getMaster(oid, permissionService);
  }

  /** Persons that are linked under this one. Who asks about himself gets those whom he may read. */
  @Get(':oid/slaves')
  @AuditedRead('$[*].oidHenkilo')
  @Authorize(mayRead(person('oid'), READ_RIGHTS), { ownData: true })
  @ApiOkResponse({ type: [HenkiloDto] })
  findSlavesByMasterOid(
    @PathText('oid') oid: string,
    @PermissionService() permissionService: External,
  ): Promise<JsonText> {
    return this.henkilot.listSlaves(oid, permissionService);
  }

  /** Passport numbers of a person. */
  @Get(':oid/passinumerot')
  @AuditedRead('#oid')
  @Authorize(anyRole('REKISTERINPITAJA'))
  @ApiOkResponse({ type: [String] })
  getPassportNumbers(@PathText('oid') oid: string): Promise<string[]> {
    return this.henkilot.getPassinumerot(oid);
  }

  /** Language of contact as text, `fi` when none is stored. */
  @Get(':oidHenkilo/asiointiKieli')
  @AuditedRead('#oidHenkilo')
  @Authorize(mayRead(person('oidHenkilo')), { ownData: true })
  @ApiOkResponse({ type: String })
  @ApiNotFoundResponse()
  getAsiointikieli(
    @PathText('oidHenkilo') oidHenkilo: string,
    @PermissionService() _permissionService: External,
  ): Promise<string> {
    return this.henkilot.getAsiointikieli(oidHenkilo);
  }

  /** What a person is shown about themselves. */
  @Get(':oidHenkilo/omattiedot')
  @AuditedRead('#oidHenkilo')
  @Authorize(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ'))
  @ApiOkResponse({ type: HenkiloOmattiedotDto })
  getUserOmatTiedot(@PathText('oidHenkilo') oidHenkilo: string): Promise<HenkiloOmattiedotDto> {
    return this.henkilot.getOmattiedot(oidHenkilo);
  }
}
