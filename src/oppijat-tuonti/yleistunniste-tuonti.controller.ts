import { Controller, Get, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { MAY_CREATE_YLEISTUNNISTE } from '../auth/permissions/permission.rules.js';
import { JsonBody } from '../http/binding/body.js';
import { NoPersonalData } from '../http/no-personal-data.js';
import { PathLong } from '../http/params.js';
import { FilteredResult, OppijaTuontiPerustiedotReadDto } from './dto/oppija-tuonti.dto.js';
import { YleistunnisteInput } from './dto/yleistunniste-input.dto.js';
import { TuontiTulosService } from './listaukset/tuonti-tulos.service.js';
import { TuontiService } from './tuonti/tuonti.service.js';
import { IMPORT_BODY } from '../http/route-config.js';

/** Oppijanumerot for many persons at once. */
@ApiTags('Yleistunniste - Oppijanumeron käyttö yleistunnisteena')
@Controller('yleistunniste')
export class YleistunnisteTuontiController {
  constructor(
    private readonly tuonnit: TuontiService,
    private readonly tulokset: TuontiTulosService,
  ) {}

  /** Starts an import of persons by hetu; at most 10 000 rows. It goes on in the background. */
  @Put()
  @NoPersonalData()
  @Authorize(MAY_CREATE_YLEISTUNNISTE)
  @ApiOkResponse({ type: OppijaTuontiPerustiedotReadDto })
  create(
    @JsonBody(YleistunnisteInput, IMPORT_BODY) input: YleistunnisteInput,
  ): Promise<OppijaTuontiPerustiedotReadDto> {
    return this.tuonnit.createYleistunniste(input);
  }

  /** The result of an import so far. 403: none of its persons is in the caller's organisations. */
  @Get('tuonti=:id')
  @AuditedRead('$.henkilot[*].henkilo.oid', '$.henkilot[*].henkilo.linked[*]')
  @Authorize(MAY_CREATE_YLEISTUNNISTE)
  @ApiOkResponse({ type: FilteredResult })
  getOppijatByTuontiId(@PathLong('id') id: number): Promise<FilteredResult> {
    return this.tulokset.getFiltered(id);
  }

  /** Goes on with an import at once. Imports go on by themselves, too. */
  @Post('tuonti=:id')
  @NoPersonalData()
  @Authorize(MAY_CREATE_YLEISTUNNISTE)
  @ApiOperation({ operationId: 'create' })
  @ApiOkResponse({ type: OppijaTuontiPerustiedotReadDto })
  restart(@PathLong('id') id: number): Promise<OppijaTuontiPerustiedotReadDto> {
    return this.tuonnit.restart(id, 'YLEISTUNNISTE');
  }

  /** How far an import is. */
  @Get('tuonti=:id/perustiedot')
  @NoPersonalData()
  @Authorize(MAY_CREATE_YLEISTUNNISTE)
  @ApiOkResponse({ type: OppijaTuontiPerustiedotReadDto })
  getTuontiById(@PathLong('id') id: number): Promise<OppijaTuontiPerustiedotReadDto> {
    return this.tuonnit.getPerustiedot(id);
  }
}
