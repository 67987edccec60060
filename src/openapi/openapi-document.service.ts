import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createDocument } from './openapi-document.mapper.js';

/** Version of the API in the document; goes up with what clients see. */
export const API_VERSION = '1.0.0';

/** The document of the running application, made when it is first asked for. */
export class OpenApiDocument {
  private app: INestApplication | null = null;
  private made: OpenAPIObject | null = null;

  /** Said once at start; the container itself cannot give the application. */
  describe(app: INestApplication): void {
    this.app = app;
  }

  /** @param base address under which the caller reached the service */
  at(base: string): OpenAPIObject {
    if (!this.app) throw new Error('The application has not started');
    this.made ??= createDocument(this.app, { version: API_VERSION, server: base });
    return { ...this.made, servers: [{ url: base, description: 'Generated server url' }] };
  }
}
