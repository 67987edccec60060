import { Module } from '@nestjs/common';
import { History } from '../../history/history.js';
import { HenkiloMuokkaus } from './henkilo-muokkaus.js';
import { HenkiloStore } from './henkilo-store.js';
import { HenkiloTunnisteRepository } from './henkilo-tunniste.repository.js';
import { HenkiloUpdateValidator } from './henkilo-update.validator.js';
import { HenkiloviiteRepository } from '../../henkiloviite/henkiloviite.repository.js';
import { KoodiValidator } from '../../koodit/koodi-validator.js';
import { Koodirivit } from '../../koodit/koodirivit.js';
import { Organisaatioliitokset } from './organisaatioliitokset.js';
import { SuojausRepository } from '../luku/suojaus.repository.js';

const PARTS = [
  HenkiloMuokkaus,
  HenkiloStore,
  HenkiloTunnisteRepository,
  HenkiloUpdateValidator,
  HenkiloviiteRepository,
  History,
  KoodiValidator,
  Koodirivit,
  Organisaatioliitokset,
  SuojausRepository,
];

/** What every writer of persons builds on. */
@Module({ providers: PARTS, exports: PARTS })
export class HenkiloStoreModule {}
