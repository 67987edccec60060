import { Injectable } from '@nestjs/common';
import { SuojattujenNakyvyys, type Piilotus } from '../auth/permissions/suojattujen-nakyvyys.service.js';
import type { LocalDate } from '../common/clock.js';
import { toHakuteksti } from '../hakuteksti/hakuteksti.rules.js';
import { SuojausRepository } from '../henkilo/luku/suojaus.repository.js';
import { findCurrentUserOid } from '../http/request-context.js';
import { DuplikaatitRepository, type DuplikaattiRivi } from './duplikaatit.repository.js';
import type { HakemusDto, HenkiloDuplicateDto } from './dto/henkilo-duplicate.dto.js';
import { HakemuksetService, withoutYhteystiedot } from './hakemukset.service.js';

/** Persons that may be the same, with their applications (docs/spec/duplicates-tuonti-yleistunniste.md#2, docs/spec/duplicates-tuonti-yleistunniste.md#3). */
@Injectable()
export class DuplikaatitService {
  constructor(
    private readonly duplikaatit: DuplikaatitRepository,
    private readonly hakemukset: HakemuksetService,
    private readonly suojatut: SuojattujenNakyvyys,
    private readonly suojaus: SuojausRepository,
  ) {}

  /** Candidates for one person, the most alike first; the caller itself is left out. @throws NotFoundError */
  async listByHenkilo(henkiloOid: string): Promise<HenkiloDuplicateDto[]> {
    const hides = this.suojatut.piilotus();
    const henkilo = await this.duplikaatit.getKohde(henkiloOid);
    return this.withHakemukset(await this.duplikaatit.listByHenkilo(henkilo, findCurrentUserOid()), hides);
  }

  /** Persons that resemble these names and birth date, the most alike first; the caller itself is left out. */
  async listByNimet(
    etunimet: string,
    kutsumanimi: string,
    sukunimi: string,
    syntymaaika: LocalDate | null,
  ): Promise<HenkiloDuplicateDto[]> {
    const hides = this.suojatut.piilotus();
    const hakuteksti = toHakuteksti({ etunimet, kutsumanimi, sukunimi, syntymaaika });
    return this.withHakemukset(await this.duplikaatit.listByHakuteksti(hakuteksti, findCurrentUserOid()), hides);
  }

  /**
   * Applications of a person and of everyone linked to it, by person; the person need not exist. They are one human being:
   * what is hidden of one is hidden of all.
   */
  async findHakemukset(henkiloOid: string): Promise<Map<string, HakemusDto[]>> {
    const hides = this.suojatut.piilotus();
    const seesAll = this.suojatut.seesAll();
    const oids = [...(await this.duplikaatit.listLinkedOids(henkiloOid)), henkiloOid];
    const suojattu = !seesAll && (await this.suojaus.listSuojatut(oids)).size > 0;
    const byHenkilo = await this.hakemukset.findByOids(oids);
    if (!hides({ oidHenkilo: henkiloOid, suojattu })) return byHenkilo;
    return new Map([...byHenkilo].map(([oid, hakemukset]) => [oid, hakemukset.map(withoutYhteystiedot)]));
  }

  private async withHakemukset(rivit: readonly DuplikaattiRivi[], hides: Piilotus): Promise<HenkiloDuplicateDto[]> {
    const byHenkilo = await this.hakemukset.findByOids(rivit.map(({ oidHenkilo }) => oidHenkilo));
    return rivit.map(({ suojattu, ...rivi }) => {
      const { oidHenkilo } = rivi;
      const hakemukset = byHenkilo.get(oidHenkilo) ?? [];
      if (!hides({ oidHenkilo, suojattu })) return { ...rivi, hakemukset };
      return { ...rivi, emails: [], hakemukset: hakemukset.map(withoutYhteystiedot) };
    });
  }
}
