import { Injectable } from '@nestjs/common';
import type { LocalDate } from '../common/clock.js';
import { findCurrentUserOid } from '../http/request-context.js';
import { DuplikaatitRepository, type DuplikaattiRivi } from './duplikaatit.repository.js';
import type { HakemusDto, HenkiloDuplicateDto } from './dto/henkilo-duplicate.dto.js';
import { HakemuksetService } from './hakemukset.service.js';

/** Persons that may be the same, with their applications (spec duplicates-tuonti-yleistunniste 2, 3). */
@Injectable()
export class DuplikaatitService {
  constructor(
    private readonly duplikaatit: DuplikaatitRepository,
    private readonly hakemukset: HakemuksetService,
  ) {}

  /** Candidates for one person, the most alike first; the caller itself is left out. @throws NotFoundError */
  async listByHenkilo(henkiloOid: string): Promise<HenkiloDuplicateDto[]> {
    const henkilo = await this.duplikaatit.getHaettava(henkiloOid);
    return this.withHakemukset(await this.duplikaatit.listByHenkilo(henkilo, findCurrentUserOid()));
  }

  /** Persons that resemble these names and birth date, the most alike first; the caller itself is left out. */
  async listByNimet(
    etunimet: string,
    kutsumanimi: string,
    sukunimi: string,
    syntymaaika: LocalDate | null,
  ): Promise<HenkiloDuplicateDto[]> {
    const hakuteksti = [etunimet, kutsumanimi, sukunimi, syntymaaika ?? ''].join(' ');
    return this.withHakemukset(await this.duplikaatit.listByHakuteksti(hakuteksti, findCurrentUserOid()));
  }

  /** Applications of a person and of everyone linked to it, by person; the person need not exist. */
  async findHakemukset(henkiloOid: string): Promise<Map<string, HakemusDto[]>> {
    const linked = await this.duplikaatit.listLinkedOids(henkiloOid);
    return this.hakemukset.findByOids([...linked, henkiloOid]);
  }

  private async withHakemukset(rivit: readonly DuplikaattiRivi[]): Promise<HenkiloDuplicateDto[]> {
    const byHenkilo = await this.hakemukset.findByOids(rivit.map(({ oidHenkilo }) => oidHenkilo));
    return rivit.map((rivi) => ({ ...rivi, hakemukset: byHenkilo.get(rivi.oidHenkilo) ?? [] }));
  }
}
