import { Global, Module } from '@nestjs/common';
import { Callers } from '../common/callers.js';
import { DtoValidator } from './binding/validate.js';

/** What the pipes of `@JsonBody` and `@QueryObject` need, in every module that has a controller, and who knows of requests. */
@Global()
@Module({ providers: [Callers, DtoValidator], exports: [Callers, DtoValidator] })
export class HttpModule {}
