import { Module } from '@nestjs/common';
import { YhteystiedotModule } from '../yhteystiedot/yhteystiedot.module.js';
import { YksilointijaljetRepository } from './yksilointijaljet.repository.js';
import { YksilointitietoRepository } from './yksilointitieto.repository.js';

const PROVIDERS = [YksilointijaljetRepository, YksilointitietoRepository];

/** What VTJ told about a person, and what came of identifications. */
@Module({ imports: [YhteystiedotModule], providers: PROVIDERS, exports: PROVIDERS })
export class YksilointitietoModule {}
