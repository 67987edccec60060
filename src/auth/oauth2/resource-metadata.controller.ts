import { Controller, Get, Headers } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { publicOrigin } from '../../http/public-origin.js';
import { Authorize } from '../permissions/authorize.decorator.js';
import { openToAll } from '../permissions/permission.rules.js';

/** What OAuth2 clients are told about this resource (docs/spec/security-integrations-jobs.md#1.1); only for Bearer callers. */
@ApiExcludeController()
@Controller('.well-known/oauth-protected-resource')
export class ResourceMetadataController {
  constructor(@InjectConfig() private readonly config: Config) {}

  @Get()
  @Authorize(openToAll())
  getMetadata(@Headers('host') host: string): object {
    return {
      resource: `${publicOrigin(this.config, host)}${this.config.contextPath}`,
      bearer_methods_supported: ['header'],
      tls_client_certificate_bound_access_tokens: true,
    };
  }
}
