import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Controller, Get, Header, Headers, Req, Res } from '@nestjs/common';
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
import { initializer, page, PAGE_POLICY } from './swagger-page.html.js';

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

  @Get('v3/api-docs')
  @Authorize(openToAll())
  getJson(@Headers('host') host: string): object {
    return this.document.at(this.baseAt(host));
  }

  /** Needs a login, as in the reference. */
  @Get('v3/api-docs.yaml')
  @NoPersonalData()
  @Authorize(loggedIn())
  @Header('content-type', 'application/vnd.oai.openapi')
  getYaml(@Headers('host') host: string): string {
    return dump(this.document.at(this.baseAt(host)), { noRefs: true });
  }

  @Get('v3/api-docs/swagger-config')
  @Authorize(openToAll())
  getConfig(@Headers('host') host: string): object {
    const { contextPath } = this.config;
    return {
      configUrl: `${contextPath}/v3/api-docs/swagger-config`,
      oauth2RedirectUrl: `${this.baseAt(host)}/swagger-ui/oauth2-redirect.html`,
      url: `${contextPath}/v3/api-docs`,
      validatorUrl: '',
    };
  }

  @Get(['swagger-ui', 'swagger-ui/index.html'])
  @Authorize(openToAll())
  @Header('content-type', 'text/html;charset=utf-8')
  @Header('content-security-policy', PAGE_POLICY)
  getPage(): string {
    return page(this.config);
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
  getInitializer(): string {
    return initializer(this.config);
  }

  @Get(FILES.map((file) => `swagger-ui/${file}`))
  @Authorize(openToAll())
  async getFile(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const file = path.basename(request.routeOptions.url!);
    void reply.header('content-type', TYPES[file.split('.').at(-1)!]);
    if (file.endsWith('.html')) void reply.header('content-security-policy', PAGE_POLICY);
    return readFile(path.join(PACKAGE, file));
  }

  private baseAt(host: string): string {
    return `${publicOrigin(this.config, host)}${this.config.contextPath}`;
  }
}
