import { Controller, Post } from '@nestjs/common';
import { ApiExcludeController, ApiOkResponse } from '@nestjs/swagger';
import { AuditedRead } from '../audit/audited-read.decorator.js';
import { countFound, haettuTekstilla, Hetuhaku } from '../audit/hetuhaku.decorator.js';
import { OnlyReads } from '../auth/strong-authentication/only-reads.decorator.js';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { SUPERUSER } from '../auth/permissions/permission-checker.service.js';
import { anyAuthority, withoutPrefix } from '../auth/permissions/permission.rules.js';
import { JsonBody } from '../http/binding/body.js';
import { OppijahakuCriteria, OppijahakuPage } from './dto/oppijahaku.dto.js';
import { OppijahakuRepository } from './oppijahaku.repository.js';

/** For the user interface only. */
@ApiExcludeController()
@Controller('internal/oppijahaku')
export class OppijahakuController {
  constructor(private readonly oppijat: OppijahakuRepository) {}

  /** A page of fifty persons by OID, hetu or names. */
  @OnlyReads()
  @Post()
  @Hetuhaku(({ query }: OppijahakuCriteria) => haettuTekstilla(query), countFound)
  @AuditedRead('$.content[*].oid')
  @Authorize(withoutPrefix(anyAuthority(SUPERUSER)))
  @ApiOkResponse({ type: OppijahakuPage })
  oppijahaku(@JsonBody(OppijahakuCriteria) criteria: OppijahakuCriteria): Promise<OppijahakuPage> {
    return this.oppijat.findPage(criteria);
  }
}
