import { Module } from '@nestjs/common';
import { YksilointijaljetRepository } from './yksilointijaljet.repository.js';
import { YksilointitietoRepository } from './yksilointitieto.repository.js';

const PROVIDERS = [YksilointijaljetRepository, YksilointitietoRepository];

/** What VTJ told about a person, and what came of identifications. */
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class YksilointitietoModule {}
