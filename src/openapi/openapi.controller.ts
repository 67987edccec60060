import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Controller, Get, Header, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dump } from 'js-yaml';
import { Authorize } from '../auth/permissions/authorize.decorator.js';
import { loggedIn, openToAll } from '../auth/permissions/permission.rules.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { NoPersonalData } from '../http/no-personal-data.js';
import { publicOrigin } from '../http/public-origin.js';
import { OpenApiDocument } from './openapi-document.service.js';
import { initializer, page, pagePolicy } from './swagger-page.html.js';
import { kieliOf, type Kieli } from './tekstit/kieli.model.js';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  js: 'text/javascript',
  png: 'image/png',
  html: 'text/html;charset=utf-8',
};
/** Where the package's files are; the package itself is never loaded, it would bring the whole page into memory. */
const PACKAGE = path.dirname(require.resolve('swagger-ui-dist/package.json'));
/** What the page loads from the package; nothing comes from the network. */
const FILES = [
  'swagger-ui.css',
  'index.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
  'oauth2-redirect.html',
  'oauth2-redirect.js',
];

/** The API's description and its page (docs/spec/api.md#8, docs/spec/security-integrations-jobs.md#1.2). */
@ApiExcludeController()
@Controller()
export class OpenApiController {
  constructor(
    private readonly document: OpenApiDocument,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** In Finnish unless `?lang=en`. */
  @Get('v3/api-docs')
  @Authorize(openToAll())
  getJson(
    @Headers('host') host: string,
    @Query('lang') lang: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.document.at(this.baseAt(host), chosen(lang, reply));
  }

  /** Needs a login, as in the reference. */
  @Get('v3/api-docs.yaml')
  @NoPersonalData()
  @Authorize(loggedIn())
  @Header('content-type', 'application/vnd.oai.openapi')
  async getYaml(
    @Headers('host') host: string,
    @Query('lang') lang: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return dump(await this.document.at(this.baseAt(host), chosen(lang, reply)), { noRefs: true });
  }

  @Get('v3/api-docs/swagger-config')
  @Authorize(openToAll())
  getConfig(@Headers('host') host: string, @Query('lang') lang: unknown): object {
    const { contextPath } = this.config;
    const query = kieliOf(lang) === 'fi' ? '' : `?lang=${kieliOf(lang)}`;
    return {
      configUrl: `${contextPath}/v3/api-docs/swagger-config${query}`,
      oauth2RedirectUrl: `${this.baseAt(host)}/swagger-ui/oauth2-redirect.html`,
      url: `${contextPath}/v3/api-docs${query}`,
      validatorUrl: '',
    };
  }

  @Get(['swagger-ui', 'swagger-ui/index.html'])
  @Authorize(openToAll())
  @Header('content-type', 'text/html;charset=utf-8')
  getPage(@Query('lang') lang: unknown, @Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.header('content-security-policy', pagePolicy(this.config));
    return page(this.config, chosen(lang, reply));
  }

  @Get('swagger-ui.html')
  @Authorize(openToAll())
  redirectToPage(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.status(302).header('location', `${this.config.contextPath}/swagger-ui/index.html`);
  }

  /** After the login, which is asked for on the way here. */
  @Get('login')
  @NoPersonalData()
  @Authorize(loggedIn())
  redirectAfterLogin(@Res({ passthrough: true }) reply: FastifyReply): void {
    this.redirectToPage(reply);
  }

  @Get('swagger-ui/swagger-initializer.js')
  @Authorize(openToAll())
  @Header('content-type', 'text/javascript')
  getInitializer(@Query('lang') lang: unknown): string {
    return initializer(this.config, kieliOf(lang));
  }

  @Get(FILES.map((file) => `swagger-ui/${file}`))
  @Authorize(openToAll())
  getFile(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const file = path.basename(request.routeOptions.url!);
    void reply.header('content-type', TYPES[file.split('.').at(-1)!]);
    if (file.endsWith('.html')) void reply.header('content-security-policy', pagePolicy(this.config));
    return fileOf(file);
  }

  private baseAt(host: string): string {
    return `${publicOrigin(this.config, host)}${this.config.contextPath}`;
  }
}

/** Files of the page that somebody has asked for: thousands of requests at once, whose answers nobody reads, share one copy. */
const files = new Map<string, Promise<Buffer>>();

function fileOf(file: string): Promise<Buffer> {
  let content = files.get(file);
  if (!content) {
    content = readFile(path.join(PACKAGE, file));
    content.catch(() => files.delete(file));
    files.set(file, content);
  }
  return content;
}

/** Says in the answer which language it is in. */
function chosen(lang: unknown, reply: FastifyReply): Kieli {
  const kieli = kieliOf(lang);
  void reply.header('content-language', kieli);
  return kieli;
}
