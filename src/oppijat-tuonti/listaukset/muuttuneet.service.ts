import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { toPage } from '../../common/page.js';
import { currentRequest } from '../../http/request-context.js';
import type { MasterHenkiloPage } from '../dto/oppija-list.dto.js';
import type { OppijaTuontiCriteria } from '../dto/oppija-tuonti-criteria.dto.js';
import { MuutosSijaintiRepository } from './muutos-sijainti.repository.js';
import type { OppijaEhdot } from './oppija-ehdot.sql.js';
import { ALKU, OppijaListausRepository, type MuutosKohta } from './oppija-listaus.repository.js';
import { OppijaReadService } from './oppija-read.service.js';
import { OppijaRajausService } from './oppija-rajaus.service.js';

const WAIT_BETWEEN_TRIES_MS = 20;
const MAX_TRIES = 50;

/**
 * The changed persons, page by page, so that a reader who follows the pages while others write sees every change at
 * least once (docs/spec/duplicates-tuonti-yleistunniste.md#7.8, ADR 22). A page goes on from where the page before it
 * ended, for the reader that is furthest behind when there are several, and not from a count of rows: a person that is
 * changed again moves to the end of the list, and those behind it would move up past the reader. Changes that an
 * earlier one still under way could come before are left for later.
 */
@Injectable()
export class MuuttuneetService {
  constructor(
    private readonly haku: OppijaListausRepository,
    private readonly sijainnit: MuutosSijaintiRepository,
    private readonly oppijat: OppijaReadService,
    private readonly rajaus: OppijaRajausService,
  ) {}

  /**
   * @param sivu from 1
   * @param koko persons of a page, at most 10 000
   * @throws ValidationError the caller has no organisations
   */
  async list(criteria: OppijaTuontiCriteria, sivu: number, koko: number): Promise<MasterHenkiloPage> {
    const ehdot = await this.rajaus.toEhdot(criteria);
    const lukija = lukijaOf(criteria, koko);
    const edellinen = sivu === 1 ? null : await this.sijainnit.find(lukija, sivu - 1);
    const ohitettavia = (sivu - 1) * koko;
    const { loydetyt, keskeneraisia } = await this.find(ehdot, edellinen ?? ohitettavia, koko + 1);
    const rivit = loydetyt.slice(0, koko);
    const lisaa = loydetyt.length > koko || keskeneraisia;
    const annettu = (edellinen?.annettu ?? ohitettavia) + rivit.length;
    const kohta = rivit.at(-1) ?? edellinen ?? ALKU;
    const loppu = { hetki: kohta.hetki, henkiloId: kohta.henkiloId, annettu };
    if (sivu === 1) await this.sijainnit.begin(lukija, loppu, !lisaa);
    else if (kohta !== ALKU) await this.sijainnit.goOn(lukija, sivu, edellinen, loppu, !lisaa || !edellinen);

    const dtos = await this.oppijat.toDtos(rivit, null);
    const results = rivit.map(({ oid }, i) => ({ oid, master: dtos[i]! }));
    const kaikki = await this.haku.count(ehdot);
    const page = toPage(results, sivu, koko, lisaa ? Math.max(kaikki, annettu + 1) : kaikki);
    const luettavana = lisaa ? sivu + 1 : rivit.length > 0 || edellinen?.jatkuu ? sivu : 0;
    const totalPages = Math.max(page.totalPages, luettavana);
    return { ...page, totalPages, last: totalPages === sivu };
  }

  /**
   * At most `limit` changes. When there are fewer, transactions that were writing when the reader asked are waited for,
   * for a second: a reader that asks next for what changes from now on must not miss theirs. `keskeneraisia` tells that
   * changes had to be left out all the same.
   */
  private async find(ehdot: OppijaEhdot, alku: MuutosKohta | number, limit: number) {
    let kysytty: string | undefined;
    for (let tries = MAX_TRIES; ; tries--) {
      const { nyt, raja } = await this.haku.getMuutosraja();
      kysytty ??= nyt;
      const loydetyt = await this.haku.listMuuttuneet(ehdot, alku, limit, raja);
      if (loydetyt.length === limit) return { loydetyt, keskeneraisia: false };
      if (raja >= kysytty || tries === 0)
        return { loydetyt, keskeneraisia: await this.haku.existsMuutosFrom(ehdot, raja) };
      await sleep(WAIT_BETWEEN_TRIES_MS);
    }
  }
}

/**
 * Who reads what: one user with the same criteria and page size, on whatever machines. What the user may see is left out:
 * an organisation more must not end a reading under way.
 */
function lukijaOf(criteria: OppijaTuontiCriteria, koko: number): string {
  return createHash('sha256')
    .update(JSON.stringify([currentRequest()?.caller?.oid, criteria, koko]))
    .digest('hex');
}
