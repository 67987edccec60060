import { Injectable } from '@nestjs/common';
import { isNimiarvaus } from '../../common/nimiarvaus.js';
import { Nimivertailu, type Nimet } from '../../common/nimivertailu.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import type { LoadedHenkilo } from '../../henkilo/muutos/loaded-henkilo.model.js';
import { OrganisaatioliitoksetService } from '../../henkilo/muutos/organisaatioliitokset.service.js';
import { TuontiRepository, type LukittuTuonti } from './tuonti.repository.js';

/** Rows of one day with other names than the person's after which the organisations may no longer attach that person. */
const MAX_GUESSES = 10;

/** A row that means a person of the register, or one that an earlier row of the part makes. */
export interface Osuma {
  readonly nimet: Nimet;
  readonly henkilo: LoadedHenkilo;
}

/**
 * Which persons an import brings into its organisations, whose members may then read all of them (ADR 83): those
 * whom a row names rightly. A hetu or an OID alone is known to too many, and names must not be found by trying.
 */
@Injectable()
export class LiittaminenService {
  private readonly vertailu: Nimivertailu;

  constructor(
    private readonly tuonnit: TuontiRepository,
    private readonly liitokset: OrganisaatioliitoksetService,
    @InjectConfig() private readonly config: Config,
  ) {
    this.vertailu = new Nimivertailu(config.nimi);
  }

  /** Are the names of the row those of the person? */
  namesMatch({ nimet, henkilo }: Osuma): boolean {
    return this.vertailu.namesMatch(nimet, henkilo);
  }

  /** Attaches those persons; the caller saves them. Inside the transaction of the part. */
  async attach(osumat: readonly Osuma[], tuonti: LukittuTuonti): Promise<void> {
    const outside = osumat.filter(({ henkilo }) => !isInAll(henkilo, tuonti.organisaatiot));
    const wrong = outside.filter((osuma) => !this.mayAttach(osuma)).map(({ henkilo }) => henkilo);
    const right = new Set(outside.filter((osuma) => this.mayAttach(osuma)).map(({ henkilo }) => henkilo));
    if (right.size === 0) return;
    const earlier = await this.countGuesses([...right], tuonti);
    for (const henkilo of right) {
      const guesses = wrong.filter((other) => other === henkilo).length + (earlier.get(henkilo.id) ?? 0);
      if (guesses < MAX_GUESSES) this.liitokset.add(henkilo, tuonti.organisaatiot, tuonti);
    }
  }

  private mayAttach(osuma: Osuma): boolean {
    if (this.config.imports.attachWhateverNames) return true;
    return this.namesMatch(osuma) && !isNimiarvaus(osuma.nimet, osuma.henkilo);
  }

  /** By person, rows with other names in imports into one of the organisations that were taken in during a day. */
  private async countGuesses(henkilot: readonly LoadedHenkilo[], tuonti: LukittuTuonti): Promise<Map<number, number>> {
    if (this.config.imports.attachWhateverNames) return new Map();
    return this.tuonnit.countConflicts(
      henkilot.map(({ id }) => id),
      [...tuonti.organisaatiot.keys()],
    );
  }
}

const isInAll = ({ organisaatioIds }: LoadedHenkilo, organisaatiot: ReadonlyMap<number, string>): boolean =>
  [...organisaatiot.keys()].every((id) => organisaatioIds.has(id));
