import { Controller, Delete, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { anyRole, decidedByHandler } from '../auth/permissions/permission.rules.js';
import { IllegalArgumentError } from '../common/errors.js';
import { JsonBodyList } from '../http/binding/body.js';
import { NoPersonalData } from '../http/no-personal-data.js';
import { PathText, PermissionService, type ExternalPermissionService } from '../http/params.js';
import { LinkitysOikeusService } from './linkitys-oikeus.service.js';
import { LinkitysService } from './linkitys.service.js';
import { MAX_LINKITETTAVAT } from '../henkilo/dto/henkilo-limits.constants.js';

/** Linking of duplicates. */
@ApiTags('Henkilot')
@Controller('henkilo/:oid')
export class LinkitysController {
  constructor(
    private readonly oikeus: LinkitysOikeusService,
    private readonly linkitys: LinkitysService,
  ) {}

  /**
   * Links persons and answers the slaves, `oid` itself among them when the identified one became the master. 400: `oid` is
   * a duplicate; 403: more than one is identified; 404: one is unknown.
   */
  @Post('link')
  @NoPersonalData()
  @Authorize(decidedByHandler())
  @ApiOkResponse({ type: [String] })
  async linkDuplicates(
    @PathText('oid') henkiloOid: string,
    @JsonBodyList({ max: MAX_LINKITETTAVAT }) oids: (string | null)[],
    @PermissionService() permissionService: ExternalPermissionService | null,
  ): Promise<readonly string[]> {
    await this.oikeus.assertMayLink('DUPLIKAATTINAKYMA', henkiloOid, oids, permissionService);
    return this.linkitys.linkAndUpdate(henkiloOid, withoutNull(oids));
  }

  /** As `link`; persons identified by hand lose that first. 400: one is identified strongly or has a hetu. */
  @Post('forcelink')
  @NoPersonalData()
  @Authorize(decidedByHandler())
  @ApiOkResponse({ type: [String] })
  async forceLinkDuplicates(
    @PathText('oid') henkiloOid: string,
    @JsonBodyList({ max: MAX_LINKITETTAVAT }) oids: (string | null)[],
    @PermissionService() permissionService: ExternalPermissionService | null,
  ): Promise<readonly string[]> {
    await this.oikeus.assertMayLink('YKSILOINNIN_PURKU', henkiloOid, oids, permissionService);
    return this.linkitys.forceLink(henkiloOid, withoutNull(oids));
  }

  /** Takes the slave from the master and makes it active, linked or not. 404: one of them is unknown. */
  @Delete('unlink/:slaveOid')
  @NoPersonalData()
  @Authorize(anyRole('REKISTERINPITAJA'))
  @ApiOkResponse()
  async unlinkHenkilo(@PathText('oid') henkiloOid: string, @PathText('slaveOid') slaveOid: string): Promise<void> {
    this.oikeus.assertOthers([henkiloOid, slaveOid]);
    return this.linkitys.unlink(henkiloOid, slaveOid);
  }
}

function withoutNull(oids: readonly (string | null)[]): string[] {
  if (oids.includes(null)) throw new IllegalArgumentError('An OID is null');
  return oids as string[];
}
