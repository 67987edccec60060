import { Controller, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { OnlyReads } from '../auth/strong-authentication/only-reads.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { anyRole, withoutPrefix } from '../auth/permissions/permission.rules.js';
import { JsonBodyList } from '../http/binding/body.js';
import { KotikuntaHistoriaDto } from './kotikunta-historia.dto.js';
import { KotikuntaHistoriaRepository } from './kotikunta-historia.repository.js';

/** Persons of one question. */
const MAX_OIDS = 10_000;

/** Home municipalities for other services (docs/spec/api.md#E57, docs/spec/api.md#E58). */
@ApiTags('Service To Service')
@Controller('s2s/henkilo/kotikuntahistoria')
export class KotikuntaS2sController {
  constructor(private readonly kotikunnat: KotikuntaHistoriaRepository) {}

  /** Home municipalities of persons that neither are under turvakielto nor are a duplicate of someone who is. */
  @OnlyReads()
  @Post()
  @AuditedRead('$[*].oid')
  @Authorize(withoutPrefix(anyRole('KOTIKUNTAHISTORIA')))
  @ApiOkResponse({ type: [KotikuntaHistoriaDto] })
  getKotikuntaHistoria(
    @JsonBodyList({ max: MAX_OIDS }) henkiloOids: (string | null)[],
  ): Promise<KotikuntaHistoriaDto[]> {
    return this.kotikunnat.listByOids(henkiloOids, false);
  }

  /** Home municipalities of persons under turvakielto and of their duplicates. */
  @OnlyReads()
  @Post('turvakielto')
  @AuditedRead('$[*].oid')
  @Authorize(withoutPrefix(anyRole('TURVAKIELTOKOTIKUNTAHISTORIA')))
  @ApiOkResponse({ type: [KotikuntaHistoriaDto] })
  getTurvakieltoKotikuntaHistoria(
    @JsonBodyList({ max: MAX_OIDS }) henkiloOids: (string | null)[],
  ): Promise<KotikuntaHistoriaDto[]> {
    return this.kotikunnat.listByOids(henkiloOids, true);
  }
}
