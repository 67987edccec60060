import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { toPage } from '../common/page.js';
import { currentRequest } from '../http/request-context.js';
import type { MasterHenkiloPage } from './dto/oppija-list.dto.js';
import type { OppijaTuontiCriteria } from './dto/oppija-tuonti-criteria.dto.js';
import { MuutosSijaintiRepository } from './muutos-sijainti.repository.js';
import type { OppijaEhdot } from './oppija-ehdot.js';
import { ALKU, OppijaHakuRepository } from './oppija-haku.repository.js';
import { OppijaReader } from './oppija-reader.js';
import { OppijaRajaus } from './oppija-rajaus.js';

/**
 * The changed persons, page by page, so that a reader who follows the pages while others write sees every change at
 * least once (spec duplicates-tuonti-yleistunniste 7.8, docs/adr/0022). A page goes on from where the reader's page
 * before it ended, not from a count of rows: a person that is changed again moves to the end of the list, and those
 * behind it would move up past the reader. Changes that an earlier one still under way could come before are left
 * for later.
 */
@Injectable()
export class MuuttuneetService {
  constructor(
    private readonly haku: OppijaHakuRepository,
    private readonly sijainnit: MuutosSijaintiRepository,
    private readonly oppijat: OppijaReader,
    private readonly rajaus: OppijaRajaus,
  ) {}

  /**
   * @param sivu from 1
   * @param koko persons of a page, at most 10 000
   * @throws ValidationError the caller has no organisations
   */
  async list(criteria: OppijaTuontiCriteria, sivu: number, koko: number): Promise<MasterHenkiloPage> {
    const ehdot = await this.rajaus.toEhdot(criteria);
    const lukija = lukijaOf(ehdot, koko);
    const edellinen = sivu === 1 ? null : await this.sijainnit.find(lukija, sivu - 1);
    const ohitettavia = (sivu - 1) * koko;
    const raja = await this.haku.getMuutosraja();
    const loydetyt = await this.haku.listMuuttuneet(ehdot, edellinen ?? ohitettavia, koko + 1, raja);
    const rivit = loydetyt.slice(0, koko);
    const annettu = (edellinen?.annettu ?? ohitettavia) + rivit.length;
    const kohta = rivit.at(-1) ?? edellinen ?? (sivu === 1 ? ALKU : null);
    if (kohta) await this.sijainnit.save(lukija, sivu, { hetki: kohta.hetki, henkiloId: kohta.henkiloId, annettu });

    const lisaa = loydetyt.length > koko || (await this.haku.existsMuutosFrom(ehdot, raja));
    const dtos = await this.oppijat.toDtos(rivit, null);
    const results = rivit.map(({ oid }, i) => ({ oid, master: dtos[i]! }));
    const kaikki = await this.haku.count(ehdot);
    const page = toPage(results, sivu, koko, lisaa ? Math.max(kaikki, annettu + 1) : kaikki);
    const totalPages = lisaa ? Math.max(page.totalPages, sivu + 1) : page.totalPages;
    return { ...page, totalPages, last: totalPages === sivu };
  }
}

/** Who reads what: the same user on the same machine with the same criteria and page size is one reader. */
function lukijaOf(ehdot: OppijaEhdot, koko: number): string {
  const request = currentRequest();
  const headers = request?.headers ?? {};
  const reader = [request?.caller?.oid, headers['user-agent'], headers['x-real-ip'] ?? headers['x-forwarded-for']];
  return createHash('sha256')
    .update(JSON.stringify([reader, ehdot, koko]))
    .digest('hex');
}
