import { Inject, Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';

export const CONFIG = Symbol('config');

/** `constructor(@InjectConfig() private readonly config: Config)` */
export const InjectConfig = () => Inject(CONFIG);

@Module({})
export class ConfigModule {
  /** The settings of this application, for every module. */
  static of(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
