import { Injectable } from '@nestjs/common';
import { SuojattujenNakyvyys } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import { henkiloNotFound } from '../../common/errors.js';
import { Database } from '../../database/database.js';
import type { HenkiloPerustietoDto } from '../dto/henkilo-perustieto.dto.js';
import { PERUSTIETO_COLUMNS, type PerustietoRivi } from './henkilo-rivi.sql.js';
import { PERUSTIETO_OSAT, toHenkiloPerustietoDto } from './henkilo.mapper.js';
import { OsatRepository } from './osat.repository.js';

/** Basic data of one person. */
@Injectable()
export class HenkiloPerustietoRepository {
  constructor(
    private readonly db: Database,
    private readonly osat: OsatRepository,
    private readonly suojatut: SuojattujenNakyvyys,
  ) {}

  /** What the caller may see. @throws NotFoundError unknown OID */
  async get(henkiloOid: string): Promise<HenkiloPerustietoDto> {
    const sql = `select ${PERUSTIETO_COLUMNS} from henkilo h where h.oidhenkilo = $1`;
    const [henkilo] = await this.db.prepared<PerustietoRivi>('perustieto-of-one', sql, [henkiloOid]);
    if (!henkilo) throw henkiloNotFound(henkiloOid);
    const osat = await this.osat.load([henkilo], PERUSTIETO_OSAT);
    return toHenkiloPerustietoDto(henkilo, osat, this.suojatut.piilotus());
  }
}
