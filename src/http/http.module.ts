import { Global, Module } from '@nestjs/common';
import { DtoValidator } from './binding/validate.js';

/** What the pipes of `@JsonBody` and `@QueryObject` need, in every module that has a controller. */
@Global()
@Module({ providers: [DtoValidator], exports: [DtoValidator] })
export class HttpModule {}
