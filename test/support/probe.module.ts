import { Controller, Get, HttpCode, Module, Post, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AuditedRead } from '../../src/audit/audited-read.decorator.js';
import { Authorize, AuthorizeResult } from '../../src/auth/permissions/authorize.decorator.js';
import { READ_RIGHTS, UPDATE_RIGHTS } from '../../src/auth/permissions/rights.constants.js';
import {
  anyRole,
  foundPerson,
  loggedIn,
  mayModify,
  mayRead,
  person,
} from '../../src/auth/permissions/permission.rules.js';
import {
  ConflictError,
  DataInconsistencyError,
  ForbiddenError,
  IllegalArgumentError,
  NonUniqueResultError,
  NotFoundError,
  UnprocessableError,
  ValidationError,
} from '../../src/common/errors.js';
import { Database } from '../../src/database/database.js';
import { JsonBody, JsonBodyList } from '../../src/http/binding/body.js';
import { IsHetu, IsString } from '../../src/http/binding/rules.js';
import {
  PathDate,
  PathLong,
  PathText,
  PathTimestamp,
  PermissionService,
  QueryInt,
  QueryText,
} from '../../src/http/params.js';

class HenkiloUpdateDto {
  @IsString() oidHenkilo!: string | null;
  @IsString() @IsHetu() hetu!: string | null;
}

const ERRORS: Readonly<Record<string, () => Error>> = {
  notFound: () => new NotFoundError('secret 010190-900P'),
  conflict: () => new ConflictError('secret'),
  forbidden: () => new ForbiddenError('no'),
  nonUnique: () => new NonUniqueResultError('several'),
  validation: () => new ValidationError(null),
  illegal: () => new IllegalArgumentError('too many'),
  inconsistent: () => new DataInconsistencyError('contradiction'),
  unprocessable: () =>
    new UnprocessableError('henkiloUpdateDto', [
      { code: 'invalid.sukupuoli', arguments: ['x'], message: 'Tuntematon', field: 'sukupuoli', rejectedValue: 'x' },
    ]),
  unknown: () => new Error('secret select * from henkilo'),
};

/** Operations that answer what the tests of the HTTP layer ask for. */
@ApiExcludeController()
@Controller('probe')
class ProbeController {
  constructor(private readonly db: Database) {}

  @Get('error/:kind')
  @Authorize(loggedIn())
  error(@PathText('kind') kind: string): never {
    throw ERRORS[kind]!();
  }

  @Get('text')
  @Authorize(loggedIn())
  text(): string {
    return 'fi';
  }

  @Get('json')
  @Authorize(loggedIn())
  json(): object {
    return { a: null, ä: 'ö' };
  }

  @Get('boolean')
  @Authorize(loggedIn())
  boolean(): boolean {
    return false;
  }

  @Post('nothing')
  @Authorize(loggedIn())
  nothing(): void {
    // answers nothing
  }

  @Post('created')
  @HttpCode(201)
  @Authorize(loggedIn())
  created(): string {
    return 'oid';
  }

  @Get(['hetu=:hetu', 'hetu='])
  @Authorize(loggedIn())
  hetu(@PathText('hetu') hetu: string): object {
    return { hetu };
  }

  @Get('range')
  @Authorize(anyRole('REKISTERINPITAJA'))
  list(
    @QueryInt('page', { default: 1, min: 1 }) page: number,
    @QueryText('q', { required: true }) q: string | null,
  ): object {
    return { page, q };
  }

  @Get('values/:id/:date/:at')
  @Authorize(loggedIn())
  values(@PathLong('id') id: number, @PathDate('date') date: string, @PathTimestamp('at') at: Date): object {
    return { id, date, at: at.toISOString() };
  }

  @Post('oids')
  @Authorize(loggedIn())
  oids(@JsonBodyList({ max: 5_000 }) oids: (string | null)[]): object {
    return { count: oids.length, first: oids[0] ?? null };
  }

  @Put('person')
  @Authorize(mayModify(person('henkiloUpdateDto', 'oidHenkilo'), UPDATE_RIGHTS), { ownData: true })
  update(
    @JsonBody(HenkiloUpdateDto) dto: HenkiloUpdateDto,
    @PermissionService() permissionService: string | null,
  ): object {
    return { ...dto, permissionService };
  }

  @Get('person/:oid')
  @AuditedRead()
  @Authorize(mayRead(person('oid')), { ownData: true })
  read(@PathText('oid') oid: string, @PermissionService() permissionService: string | null): object {
    return { oidHenkilo: oid, permissionService, lapset: [{ oidHenkilo: '1.2.3' }, { oidHenkilo: null }] };
  }

  @Get('found/:oid')
  @AuditedRead()
  @AuthorizeResult(mayRead(foundPerson('oidHenkilo'), READ_RIGHTS))
  find(@PathText('oid') oid: string): object {
    if (oid === 'nobody') throw new NotFoundError('nobody');
    return { oidHenkilo: oid };
  }

  @Get('muutokset')
  @AuditedRead('$.*')
  @Authorize(loggedIn())
  changes(): string[] {
    return ['1.2.3', '1.2.4'];
  }

  @Post('database/:kind')
  @Authorize(loggedIn())
  async database(@PathText('kind') kind: string): Promise<void> {
    const mail = `insert into queuedemailstatus (id, description) values ($1, 'x')`;
    if (kind === 'duplicate') await this.db.execute(mail, ['QUEUED']);
    else if (kind === 'null') await this.db.execute(mail, [null]);
    else if (kind === 'nul-character') await this.db.execute(mail, ['a\u0000']);
    else await this.db.query('select secret from nosuch');
  }

  @Get('slow')
  @Authorize(loggedIn())
  async slow(@QueryInt('ms', { default: 500 }) ms: number): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return 'done';
  }

  /** Declares nothing. */
  @Get('undeclared')
  undeclared(): string {
    return 'leak';
  }
}

@Module({ controllers: [ProbeController] })
export class ProbeModule {}
