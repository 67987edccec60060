import { Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { countFound, haettuTekstilla, Hetuhaku } from '../audit/hetuhaku.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { anyRole, publishedAs, withoutPrefix } from '../auth/permissions/permission.rules.js';
import { JsonBody } from '../http/binding/body.js';
import { QueryObject } from '../http/binding/query.js';
import { NoPersonalData } from '../http/no-personal-data.js';
import { PathLong, PathText, QueryInt } from '../http/params.js';
import { OppijaCreateDto } from './dto/oppija-create.dto.js';
import { MasterHenkiloPage, OppijaTuontiYhteenvetoDto } from './dto/oppija-list.dto.js';
import { OppijaTuontiCreateDto } from './dto/oppija-tuonti-create.dto.js';
import { OppijaTuontiCriteria } from './dto/oppija-tuonti-criteria.dto.js';
import { OppijaTuontiPerustiedotReadDto, OppijaTuontiReadDto, TuontiDataRiviDto } from './dto/oppija-tuonti.dto.js';
import { TuontiKoostePage, TuontiKoosteRequest } from './dto/tuontikooste.dto.js';
import { MuuttuneetService } from './listaukset/muuttuneet.service.js';
import { OppijaListausService } from './listaukset/oppija-listaus.service.js';
import { OppijaService } from './oppija.service.js';
import { TuontiTulosService } from './listaukset/tuonti-tulos.service.js';
import { TuontiService } from './tuonti/tuonti.service.js';
import { IMPORT_BODY } from '../http/route-config.js';

const MAY_IMPORT = withoutPrefix(anyRole('REKISTERINPITAJA', 'OPPIJOIDENTUONTI'));
const MAY_READ_IMPORTS = withoutPrefix(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'OPPIJOIDENTUONTI'));
/** The reference publishes a name that is empty besides, which nobody holds. */
const MAY_FOLLOW_IMPORT = publishedAs(
  "hasAnyRole('APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA','','APP_OPPIJANUMEROREKISTERI_REKISTERINPITAJA_READ','APP_OPPIJANUMEROREKISTERI_OPPIJOIDENTUONTI')",
  MAY_READ_IMPORTS,
);

/** Imports of learners. */
@ApiTags('oppija-controller')
@Controller('oppija')
export class OppijaController {
  constructor(
    private readonly oppijat: OppijaService,
    private readonly tuonnit: TuontiService,
    private readonly tulokset: TuontiTulosService,
    private readonly listaukset: OppijaListausService,
    private readonly muuttuneet: MuuttuneetService,
  ) {}

  /** Stores one learner in the caller's organisations and answers the OID. */
  @Post()
  @NoPersonalData()
  @Authorize(MAY_IMPORT)
  @ApiOkResponse({ type: String })
  create(@JsonBody(OppijaCreateDto) oppija: OppijaCreateDto): Promise<string> {
    return this.oppijat.create(oppija);
  }

  /** Starts an import of learners into the caller's organisations; at most 10 000 rows. It goes on in the background. */
  @Put()
  @NoPersonalData()
  @Authorize(MAY_IMPORT)
  @ApiOperation({ operationId: 'create' })
  @ApiOkResponse({ type: OppijaTuontiPerustiedotReadDto })
  createTuonti(
    @JsonBody(OppijaTuontiCreateDto, IMPORT_BODY) tuonti: OppijaTuontiCreateDto,
  ): Promise<OppijaTuontiPerustiedotReadDto> {
    return this.tuonnit.create(tuonti);
  }

  /** Counts of imported persons. */
  @Get('yhteenveto')
  @Hetuhaku(
    ({ nimiHaku }: OppijaTuontiCriteria) => haettuTekstilla(nimiHaku),
    (yhteenveto) => (yhteenveto as OppijaTuontiYhteenvetoDto).yhteensa,
  )
  @NoPersonalData()
  @Authorize(MAY_READ_IMPORTS)
  @ApiOkResponse({ type: OppijaTuontiYhteenvetoDto })
  getYhteenveto(@QueryObject(OppijaTuontiCriteria) criteria: OppijaTuontiCriteria): Promise<OppijaTuontiYhteenvetoDto> {
    return this.listaukset.getYhteenveto(criteria);
  }

  /** Imports with their counts. */
  @Get('tuontikooste')
  @AuditedRead('$.content[*].oid')
  @Authorize(MAY_READ_IMPORTS)
  @ApiOkResponse({ type: TuontiKoostePage })
  tuontiKooste(
    @QueryObject(TuontiKoosteRequest, 'tuontiKoosteRequest') request: TuontiKoosteRequest,
  ): Promise<TuontiKoostePage> {
    return this.listaukset.listKooste(request);
  }

  /** Imported persons with the data of their masters, the oldest change first. */
  @Get('muuttuneet')
  @Hetuhaku(({ nimiHaku }: OppijaTuontiCriteria) => haettuTekstilla(nimiHaku), countFound)
  @AuditedRead('$.results[*].oid', '$.results[*].master.oid')
  @Authorize(MAY_READ_IMPORTS)
  @ApiOkResponse({ type: MasterHenkiloPage })
  getMuuttuneet(
    @QueryObject(OppijaTuontiCriteria) criteria: OppijaTuontiCriteria,
    @QueryInt('page', { default: 1, min: 1 }) page: number,
    @QueryInt('count', { default: 20, min: 1, max: 10_000 }) count: number,
  ): Promise<MasterHenkiloPage> {
    return this.muuttuneet.list(criteria, page, count);
  }

  /** The rows of an import as they were sent, and the persons they led to. */
  @Get('tuontidata/:tuontiId')
  @AuditedRead('$[*].henkiloOid', '$[*].henkilo.oid')
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA', 'REKISTERINPITAJA_READ', 'TUONTIDATA_READ')))
  @ApiOkResponse({ type: [TuontiDataRiviDto] })
  tuontiData(@PathLong('tuontiId') tuontiId: number): Promise<TuontiDataRiviDto[]> {
    return this.tulokset.getData(tuontiId);
  }

  /** An import and the persons of its rows so far. 403: none of them is in the caller's organisations. */
  @Get('tuonti=:id')
  @AuditedRead('$.henkilot[*].henkilo.oid', '$.henkilot[*].henkilo.linked[*]')
  @Authorize(MAY_READ_IMPORTS)
  @ApiOkResponse({ type: OppijaTuontiReadDto })
  getOppijatByTuontiId(@PathLong('id') id: number): Promise<OppijaTuontiReadDto> {
    return this.tulokset.getTulos(id);
  }

  /** Goes on with an import at once. Imports go on by themselves, too. */
  @Post('tuonti=:id')
  @NoPersonalData()
  @Authorize(MAY_IMPORT)
  @ApiOperation({ operationId: 'create' })
  @ApiOkResponse({ type: OppijaTuontiPerustiedotReadDto })
  restartTuonti(@PathLong('id') id: number): Promise<OppijaTuontiPerustiedotReadDto> {
    return this.tuonnit.restart(id, 'OPPIJA');
  }

  /** How far an import is. */
  @Get('tuonti=:id/perustiedot')
  @NoPersonalData()
  @Authorize(MAY_FOLLOW_IMPORT)
  @ApiOkResponse({ type: OppijaTuontiPerustiedotReadDto })
  getTuontiById(@PathLong('id') id: number): Promise<OppijaTuontiPerustiedotReadDto> {
    return this.tuonnit.getPerustiedot(id);
  }

  /** Puts a person into the caller's organisations. */
  @Post(':henkiloOid/organisaatio')
  @NoPersonalData()
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA')))
  @ApiOkResponse()
  addKayttajanOrganisaatiot(@PathText('henkiloOid') henkiloOid: string): Promise<void> {
    return this.oppijat.addOwnOrganisaatiot(henkiloOid);
  }

  /** Puts a person into an organisation. */
  @Put(':henkiloOid/organisaatio/:organisaatioOid')
  @NoPersonalData()
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA')))
  @ApiOkResponse()
  addOrganisaatio(
    @PathText('henkiloOid') henkiloOid: string,
    @PathText('organisaatioOid') organisaatioOid: string,
  ): Promise<void> {
    return this.oppijat.addOrganisaatio(henkiloOid, organisaatioOid);
  }

  /** Takes a person out of an organisation. */
  @Delete(':henkiloOid/organisaatio/:organisaatioOid')
  @NoPersonalData()
  @Authorize(withoutPrefix(anyRole('REKISTERINPITAJA')))
  @ApiOkResponse()
  deleteOrganisaatio(
    @PathText('henkiloOid') henkiloOid: string,
    @PathText('organisaatioOid') organisaatioOid: string,
  ): Promise<void> {
    return this.oppijat.removeOrganisaatio(henkiloOid, organisaatioOid);
  }
}
