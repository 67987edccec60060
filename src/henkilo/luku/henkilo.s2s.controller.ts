import { Controller, Get, Post } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../../audit/audited-read.decorator.js';
import { countFound, haettu, Hetuhaku } from '../../audit/hetuhaku.decorator.js';
import { OnlyReads } from '../../auth/strong-authentication/only-reads.decorator.js';
import { Authorize } from '../../auth/permissions/authorize.decorator.js';
import { anyRole, withoutPrefix } from '../../auth/permissions/permission.rules.js';
import type { LocalDate } from '../../common/clock.js';
import type { Slice } from '../../common/page.js';
import { JsonBody } from '../../http/binding/body.js';
import { PathDate, PathText, PathTimestamp, QueryInt } from '../../http/params.js';
import { HenkiloCriteria, HenkiloHakuCriteriaDto } from '../dto/henkilo-criteria.dto.js';
import {
  HenkiloHakuPerustietoDto,
  HenkiloMunicipalDobDto,
  HenkiloMunicipalDobSliceDto,
} from '../dto/henkilo-haku.dto.js';
import { HenkiloViiteDto } from '../../henkiloviite/henkilo-viite.dto.js';
import { OidByEidasRequest } from '../dto/oid-by-eidas-request.dto.js';
import { HenkiloHakuService } from '../haku/henkilo-haku.service.js';
import { HenkiloReadService } from './henkilo-read.service.js';
import { OIDS_BODY } from '../../http/route-config.js';

/** Reads of persons for other services (docs/spec/api.md#4.4). Methods are named as the operations are published. */
@ApiTags('Service To Service')
@Controller('s2s')
export class HenkiloS2sController {
  constructor(
    private readonly henkilot: HenkiloReadService,
    private readonly haku: HenkiloHakuService,
  ) {}

  /** OID as text by current or former hetu. */
  @Get('oidByHetu/:hetu')
  @Hetuhaku(() => 1)
  @AuditedRead('$')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ')))
  @ApiOkResponse({ type: String })
  @ApiNotFoundResponse()
  oidByHetu(@PathText('hetu') hetu: string): Promise<string> {
    return this.henkilot.getOidByHetu(hetu);
  }

  /** OID as text by eIDAS identifier. */
  @OnlyReads()
  @Post('oidByEidas')
  @AuditedRead('$')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ')))
  @ApiOkResponse({ type: String })
  @ApiNotFoundResponse()
  oidByEidasTunniste(@JsonBody(OidByEidasRequest) request: OidByEidasRequest): Promise<string> {
    return this.henkilot.getOidByEidas(request.eidasTunniste);
  }

  /** Links of the persons' groups; without `henkiloOids` every link of the register. */
  @OnlyReads()
  @Post('duplicateHenkilos')
  @AuditedRead('$[*].henkiloOid', '$[*].masterOid')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'DUPLICATE_READ')))
  @ApiOkResponse({ type: [HenkiloViiteDto] })
  findDuplicateHenkilos(@JsonBody(HenkiloCriteria, OIDS_BODY) criteria: HenkiloCriteria): Promise<HenkiloViiteDto[]> {
    return this.haku.listViitteet(criteria.henkiloOids);
  }

  /** OIDs of the persons changed at or after an instant, in order of change. */
  @Get('changedSince/:at')
  @AuditedRead('$.*')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ')))
  @ApiOkResponse({ type: [String] })
  findChangedPersons(
    @PathTimestamp('at') at: Date,
    @QueryInt('offset') offset: number | null,
    @QueryInt('amount') amount: number | null,
  ): Promise<string[]> {
    return this.haku.listChangedSince(at, {}, { offset, limit: amount });
  }

  /** As the GET, with further conditions. */
  @OnlyReads()
  @Post('changedSince/:at')
  @Hetuhaku((criteria: HenkiloCriteria) => haettu(criteria.hetu), countFound)
  @AuditedRead('$.*')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ')))
  @ApiOkResponse({ type: [String] })
  findChangedPersons_1(
    @JsonBody(HenkiloCriteria, OIDS_BODY) criteria: HenkiloCriteria,
    @PathTimestamp('at') at: Date,
    @QueryInt('offset') offset: number | null,
    @QueryInt('amount') amount: number | null,
  ): Promise<string[]> {
    return this.haku.listChangedSince(at, criteria, { offset, limit: amount });
  }

  /** Persons of a municipality born on a day or later, 5 000 a page. */
  @Get('henkilo/list/:municipal/:birthdate')
  @AuditedRead('$.results[*].oidHenkilo')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA')))
  @ApiOkResponse({ type: HenkiloMunicipalDobSliceDto })
  findByMunicipalAndBirthdate(
    @PathText('municipal') municipal: string,
    @PathDate('birthdate') birthdate: LocalDate,
    @QueryInt('page', { default: 1, min: 1 }) page: number,
  ): Promise<Slice<HenkiloMunicipalDobDto>> {
    return this.haku.listByKotikunta(municipal, birthdate, page);
  }

  /** Persons by conditions, ordered by name; without `limit` all of them. */
  @OnlyReads()
  @Post('henkilo/perustiedotAsAdmin')
  @AuditedRead('$[*].oidHenkilo')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ')))
  @ApiOkResponse({ type: [HenkiloHakuPerustietoDto] })
  listAsAdmin(
    @JsonBody(HenkiloHakuCriteriaDto, OIDS_BODY) criteria: HenkiloHakuCriteriaDto,
    @QueryInt('offset') offset: number | null,
    @QueryInt('limit') limit: number | null,
  ): Promise<HenkiloHakuPerustietoDto[]> {
    return this.haku.listPerustiedot(criteria, { offset, limit });
  }
}
