import { Injectable, Logger } from '@nestjs/common';
import { SuojattujenNakyvyys, type Piilotus } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { codeOf } from '../../database/unavailable.js';
import { JsonText } from '../../http/json-text.js';
import { toHenkiloJson, toPerustietoJson } from './dokumentti.mapper.js';
import { DokumenttiKokoaja } from './dokumentti-kokoaja.service.js';
import {
  DokumenttiRepository,
  type Haettu,
  type HenkiloDokumentti,
  type PerustietoDokumentti,
  type PerustietoLista,
} from './dokumentti.repository.js';

/** How long documents are not asked for after their table was found missing. */
const PAUSE_AFTER_MISSING_TABLE_MS = 60_000;
/** The table, or a column of it, is not there. */
const IS_MISSING = /^42(P01|703)$/;

/**
 * Gives readers the ready documents of persons (ADR 120). Where there is none that counts, nothing is found: the reader builds the
 * answer from the tables, and asks for a document for the next reader (`build`). With the setting off, or the table gone, nothing
 * is ever found.
 */
@Injectable()
export class HenkiloDokumentit {
  private readonly log = new Logger(HenkiloDokumentit.name);
  /** On the clock of `performance.now()`. */
  private missedUntil = -Infinity;

  constructor(
    private readonly dokumentit: DokumenttiRepository,
    private readonly kokoaja: DokumenttiKokoaja,
    private readonly suojatut: SuojattujenNakyvyys,
    @InjectConfig() private readonly config: Config,
  ) {}

  findByOid(henkiloOid: string): Promise<HenkiloDokumentti | null> {
    return this.read(() => this.dokumentit.findByOid(henkiloOid), null);
  }

  findPerustietoByOid(henkiloOid: string): Promise<PerustietoDokumentti | null> {
    return this.read(() => this.dokumentit.findPerustietoByOid(henkiloOid), null);
  }

  findPerustietoByHetu(hetu: string): Promise<PerustietoDokumentti | null> {
    return this.read(() => this.dokumentit.findPerustietoByHetu(hetu), null);
  }

  findMaster(henkiloOid: string): Promise<HenkiloDokumentti | null> {
    return this.read(() => this.dokumentit.findMaster(henkiloOid), null);
  }

  findByHetu(hetu: string): Promise<HenkiloDokumentti | null> {
    return this.read(() => this.dokumentit.findByHetu(hetu), null);
  }

  /** By id of the person. */
  listByOids(henkiloOids: readonly (string | null)[]): Promise<HenkiloDokumentti[]> {
    return this.read(() => this.dokumentit.listByOids(henkiloOids), []);
  }

  /** By id of the person. */
  listPerustiedotByOids(henkiloOids: readonly (string | null)[]): Promise<PerustietoDokumentti[]> {
    return this.read(() => this.dokumentit.listPerustiedotByOids(henkiloOids), []);
  }

  /** As `DokumenttiRepository.findPerustietoLista`; null when documents are off too. Nothing is hidden from it. */
  findPerustietoLista(henkiloOids: readonly (string | null)[]): Promise<PerustietoLista | null> {
    return this.read(() => this.dokumentit.findPerustietoLista(henkiloOids), null);
  }

  /** As `findPerustietoLista`. */
  findPerustietoListaByHetut(hetut: readonly (string | null)[]): Promise<PerustietoLista | null> {
    return this.read(() => this.dokumentit.findPerustietoListaByHetut(hetut), null);
  }

  /** As `DokumenttiRepository.listMasters`; null when documents are off, as in those below. */
  listMasters(henkiloOids: readonly (string | null)[]): Promise<Haettu<HenkiloDokumentti>[] | null> {
    return this.read(() => this.dokumentit.listMasters(henkiloOids), null);
  }

  listPerustiedotByHetut(hetut: readonly (string | null)[]): Promise<Haettu<PerustietoDokumentti>[] | null> {
    return this.read(() => this.dokumentit.listPerustiedotByHetut(hetut), null);
  }

  listSlaves(masterOid: string): Promise<Haettu<HenkiloDokumentti>[] | null> {
    return this.read(() => this.dokumentit.listSlaves(masterOid), null);
  }

  listByIdentification(idpEntityId: string, identifier: string): Promise<Haettu<HenkiloDokumentti>[] | null> {
    return this.read(() => this.dokumentit.listByIdentification(idpEntityId, identifier), null);
  }

  /** The answer for the caller. */
  toHenkilo(dokumentti: HenkiloDokumentti, hides: Piilotus = this.suojatut.piilotus()): JsonText {
    return new JsonText(toHenkiloJson(dokumentti, hides(dokumentti)), dokumentti);
  }

  toPerustieto(dokumentti: PerustietoDokumentti): JsonText {
    return new JsonText(toPerustietoJson(dokumentti, this.suojatut.piilotus()(dokumentti)), dokumentti);
  }

  /** Has documents built for persons who have none, after those asked for earlier. */
  build(henkilot: readonly { readonly oidHenkilo: string }[]): void {
    if (this.isOn) this.kokoaja.add(henkilot.map(({ oidHenkilo }) => oidHenkilo));
  }

  private get isOn(): boolean {
    return this.config.personDocuments.enabled && performance.now() >= this.missedUntil;
  }

  private async read<T>(find: () => Promise<T>, none: T): Promise<T> {
    if (!this.isOn) return none;
    try {
      return await find();
    } catch (error) {
      if (!IS_MISSING.test(codeOf(error) ?? '')) throw error;
      this.missedUntil = performance.now() + PAUSE_AFTER_MISSING_TABLE_MS;
      this.log.warn('The table of person documents is missing: persons are read from their tables');
      return none;
    }
  }
}
