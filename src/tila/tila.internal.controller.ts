import { Controller, Get, Headers, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { superUser } from '../auth/permissions/permission.rules.js';
import { ConflictError, ForbiddenError } from '../common/errors.js';
import type { Html } from '../common/html.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { formField } from '../http/form.js';
import { acceptance } from '../http/negotiation.js';
import { NoPersonalData } from '../http/no-personal-data.js';
import { QueryText } from '../http/params.js';
import { AjonKaynnistys } from './ajon-kaynnistys.service.js';
import { kieliOf } from './tekstit.constants.js';
import { TilaService } from './tila.service.js';
import { PAGE_POLICY, confirmationPage, messagePage, statusPage } from './tila.html.js';
import type { Tila } from './tila.model.js';

/** Longer than the name of any job. */
const MAX_NAME = 200;

/**
 * The status page for operators (docs/adr/0164-status-page.md): HTML for browsers, the same as JSON for programs. The two
 * addresses that start a job are pages only.
 */
@ApiExcludeController()
@Controller('internal/tila')
export class TilaController {
  private readonly path: string;

  constructor(
    private readonly tila: TilaService,
    private readonly ajot: AjonKaynnistys,
    @InjectConfig() { contextPath }: Config,
  ) {
    this.path = `${contextPath}/internal/tila`;
  }

  @Get()
  @NoPersonalData()
  @Authorize(superUser())
  async getTila(
    @Headers('accept') accept: string | undefined,
    @Headers('accept-language') languages: string | undefined,
    @QueryText('lang', { maxLength: 10 }) lang: string | null,
    @QueryText('ajettu', { maxLength: MAX_NAME }) ajettu: string | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tila | string> {
    const tila = await this.tila.getTila();
    void reply.header('vary', 'accept, accept-language');
    if (acceptance(accept).error !== 'html') return tila;
    return this.page(reply, statusPage(tila, { kieli: kieliOf(lang, languages), path: this.path, ajettu }));
  }

  /** Asks whether the job is really meant to run now. */
  @Get('ajo')
  @NoPersonalData()
  @Authorize(superUser())
  confirm(
    @Headers('accept-language') languages: string | undefined,
    @QueryText('lang', { maxLength: 10 }) lang: string | null,
    @QueryText('nimi', { maxLength: MAX_NAME, required: true }) nimi: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const { name } = this.ajot.getJob(nimi);
    const kieli = kieliOf(lang, languages);
    return this.page(reply, confirmationPage(name, { kieli, path: this.path, token: this.ajot.tokenOf(name) }));
  }

  /** Starts the job of a form that `confirm` has given, and shows the status again. */
  @Post('ajo')
  @NoPersonalData()
  @Authorize(superUser())
  async start(
    @Headers('accept-language') languages: string | undefined,
    @QueryText('lang', { maxLength: 10 }) lang: string | null,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const kieli = kieliOf(lang, languages);
    const nimi = formField(request, 'nimi') ?? '';
    try {
      await this.ajot.start(nimi, formField(request, 'token'));
    } catch (error) {
      if (error instanceof ForbiddenError) void reply.status(403);
      else if (error instanceof ConflictError) void reply.status(409);
      else throw error;
      const why = error instanceof ForbiddenError ? 'wrongForm' : 'isRunning';
      return this.page(reply, messagePage(why, { kieli, path: this.path }));
    }
    this.tila.forget();
    void reply.status(303).header('location', `${this.path}?lang=${kieli}&ajettu=${encodeURIComponent(nimi)}`);
    return undefined;
  }

  private page(reply: FastifyReply, page: Html): string {
    void reply.header('content-type', 'text/html;charset=utf-8').header('content-security-policy', PAGE_POLICY);
    return page.text;
  }
}
