import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { PALVELIN } from './tekstit/yleiset.constants.js';
import type { Kieli } from './tekstit/kieli.model.js';

/** Version of the API in the document; goes up with what clients see. */
export const API_VERSION = '1.1.0';

/** The document of the running application, made in a language when it is first asked for. */
export class OpenApiDocument {
  private app: INestApplication | null = null;
  private readonly made = new Map<Kieli, OpenAPIObject>();

  constructor(@InjectConfig() private readonly config: Config) {}

  /** Said once at start; the container itself cannot give the application. */
  describe(app: INestApplication): void {
    this.app = app;
  }

  /** @param base address under which the caller reached the service */
  async at(base: string, kieli: Kieli): Promise<OpenAPIObject> {
    const document = this.made.get(kieli) ?? (await this.make(base, kieli));
    return { ...document, servers: [{ url: base, description: PALVELIN[kieli] }] };
  }

  /** The texts take their memory only where somebody reads them. */
  private async make(server: string, kieli: Kieli): Promise<OpenAPIObject> {
    if (!this.app) throw new Error('The application has not started');
    const { createDocument } = await import('./openapi-document.mapper.js');
    const tokenUrl = `${this.config.oauth2.issuer}/oauth2/token`;
    const document = createDocument(this.app, { version: API_VERSION, server, tokenUrl, kieli });
    this.made.set(kieli, document);
    return document;
  }
}
