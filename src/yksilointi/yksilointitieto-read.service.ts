import { Injectable } from '@nestjs/common';
import { henkiloNotFound } from '../common/errors.js';
import { toPage, type Page } from '../common/page.js';
import { toHenkiloHakuDto } from '../henkilo/luku/henkilo.mapper.js';
import { YksilointitietoReadRepository } from './yksilointitieto-read.repository.js';
import type { YksilointitietoDto, YksilointiVertailuDto } from './yksilointitieto.dto.js';

/** The VTJ data that waits for a decision (docs/spec/yksilointi-vtj.md#3). */
@Injectable()
export class YksilointitietoReadService {
  constructor(private readonly yksilointitiedot: YksilointitietoReadRepository) {}

  /** @throws NotFoundError there is no such person; a person without VTJ data has null members */
  async getByOid(henkiloOid: string): Promise<YksilointitietoDto> {
    const row = await this.yksilointitiedot.findByOid(henkiloOid);
    if (!row) throw henkiloNotFound(henkiloOid);
    const { etunimet, sukunimi, kutsumanimi, sukupuoli } = row;
    return { etunimet, sukunimi, kutsumanimi, sukupuoli, yhteystiedot: null };
  }

  /** @param page from 1 */
  async listFailed(page: number, count: number): Promise<Page<YksilointiVertailuDto>> {
    const total = await this.yksilointitiedot.countFailed();
    const rows = await this.yksilointitiedot.listFailed((page - 1) * count, count);
    const results = rows.map((row) => ({
      oppijanumerorekisteri: toHenkiloHakuDto(row),
      vaestotietojarjestelma: {
        etunimet: row.vtjEtunimet,
        kutsumanimi: row.vtjKutsumanimi,
        sukunimi: row.vtjSukunimi,
      },
    }));
    return toPage(results, page, count, total);
  }
}
