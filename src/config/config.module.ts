import { Global, Inject, Module } from '@nestjs/common';
import { readConfig, type Config } from './config.js';

export const CONFIG = Symbol('config');

/** `constructor(@InjectConfig() private readonly config: Config)` */
export const InjectConfig = () => Inject(CONFIG);

@Global()
@Module({ providers: [{ provide: CONFIG, useFactory: (): Config => readConfig() }], exports: [CONFIG] })
export class ConfigModule {}
