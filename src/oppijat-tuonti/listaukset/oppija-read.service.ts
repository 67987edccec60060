import { Injectable } from '@nestjs/common';
import { SuojattujenNakyvyys } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import type { HenkiloRivi } from '../../henkilo/luku/henkilo-rivi.sql.js';
import { OsatRepository } from '../../henkilo/luku/osat.repository.js';
import { KoodistoClient } from '../../integrations/koodisto/koodisto.client.js';
import type { OppijaReadDto } from '../dto/oppija-tuonti.dto.js';
import type { Linkitys } from '../../henkiloviite/henkiloviite.repository.js';
import { OPPIJA_OSAT, toOppijaReadDto, type OppijaKoodistot } from './oppija.mapper.js';

/** Persons whose parts are read with one statement. */
const PERSONS_OF_STATEMENT = 5_000;

/** Puts together the data of learners, with the names of their codes. */
@Injectable()
export class OppijaReadService {
  constructor(
    private readonly osat: OsatRepository,
    private readonly koodistot: KoodistoClient,
    private readonly suojatut: SuojattujenNakyvyys,
  ) {}

  /**
   * The persons in the given order.
   * @param linkitykset null: links are not shown
   */
  async toDtos(
    henkilot: readonly HenkiloRivi[],
    linkitykset: ((henkiloOid: string) => Linkitys) | null,
  ): Promise<OppijaReadDto[]> {
    const hides = this.suojatut.piilotus();
    const koodistot = await this.getKoodistot();
    const dtos: OppijaReadDto[] = [];
    for (let i = 0; i < henkilot.length; i += PERSONS_OF_STATEMENT) {
      const lot = henkilot.slice(i, i + PERSONS_OF_STATEMENT);
      const osat = await this.osat.load(lot, OPPIJA_OSAT);
      for (const henkilo of lot)
        dtos.push(toOppijaReadDto(henkilo, osat, hides, koodistot, linkitykset && linkitykset(henkilo.oidHenkilo)));
    }
    return dtos;
  }

  private async getKoodistot(): Promise<OppijaKoodistot> {
    const [sukupuoli, kieli, kansalaisuus, kunta] = await Promise.all([
      this.koodistot.get('sukupuoli'),
      this.koodistot.get('kieli'),
      this.koodistot.get('kansalaisuus'),
      this.koodistot.get('kunta'),
    ]);
    return { sukupuoli, kieli, kansalaisuus, kunta };
  }
}
