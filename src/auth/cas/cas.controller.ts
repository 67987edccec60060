import { Controller, Get, Header, Headers, Post } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { NotAcceptableError } from '../../http/http-errors.js';
import { acceptance } from '../../http/negotiation.js';
import { NoPersonalData } from '../../http/no-personal-data.js';
import { OnlyReads } from '../strong-authentication/only-reads.decorator.js';
import { Authorize } from '../permissions/authorize.decorator.js';
import { loggedIn } from '../permissions/permission.rules.js';

/** Opens a session before parallel calls (docs/spec/api.md#4.2). */
@ApiTags('CAS')
@Controller('cas/prequel')
export class CasController {
  /** Text only: 406 for a caller who accepts none. */
  @Get()
  @NoPersonalData()
  @Authorize(loggedIn())
  @ApiOperation({ summary: 'Autentikoi käyttäjän ja avaa istunnon' })
  @ApiProduces('text/plain')
  @Header('content-type', 'text/plain;charset=UTF-8')
  requestGet(@Headers('accept') accept: string | undefined): string {
    if (!acceptance(accept).plain) throw new NotAcceptableError('text/plain');
    return 'ok';
  }

  /** The body does not matter. */
  @OnlyReads()
  @Post()
  @NoPersonalData()
  @Authorize(loggedIn())
  @ApiOperation({ summary: 'Autentikoi käyttäjän ja avaa istunnon' })
  requestPost(): string {
    return 'ok';
  }
}
