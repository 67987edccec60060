import { Injectable } from '@nestjs/common';
import { toPage } from '../../common/page.js';
import { Database } from '../../database/database.js';
import type { HenkiloRivi } from '../../henkilo/luku/henkilo-rivi.sql.js';
import { isYksiloity, oppijanumeroOf } from '../../henkilo/luku/yksilointi.rules.js';
import type {
  OppijaListDto,
  OppijaListPage,
  OppijaTuontiYhteenvetoDto,
  YksilointiTila,
} from '../dto/oppija-list.dto.js';
import type { OppijaTuontiCriteria } from '../dto/oppija-tuonti-criteria.dto.js';
import type { TuontiKoostePage, TuontiKoosteRequest } from '../dto/tuontikooste.dto.js';
import { OppijaListausRepository, type VirheRivi } from './oppija-listaus.repository.js';
import { OppijaRajausService } from './oppija-rajaus.service.js';
import { TuontikoosteRepository } from './tuontikooste.repository.js';

/** Counts and lists of imports and of imported persons (docs/spec/duplicates-tuonti-yleistunniste.md#7.4, docs/spec/duplicates-tuonti-yleistunniste.md#7.6). */
@Injectable()
export class OppijaListausService {
  constructor(
    private readonly db: Database,
    private readonly haku: OppijaListausRepository,
    private readonly koosteet: TuontikoosteRepository,
    private readonly rajaus: OppijaRajausService,
  ) {}

  /** @throws ValidationError the caller has no organisations */
  async getYhteenveto(criteria: OppijaTuontiCriteria): Promise<OppijaTuontiYhteenvetoDto> {
    const ehdot = await this.rajaus.toEhdot(criteria);
    const { kaikki, yksiloimattomat, virheet } = await this.db.mayBeLate(() => this.haku.getLuvut(ehdot));
    return {
      onnistuneet: kaikki - yksiloimattomat,
      virheet,
      keskeneraiset: yksiloimattomat - virheet,
      yhteensa: kaikki,
    };
  }

  /**
   * Persons whose identification fails, the newest first, whatever import they came in (`tuontiId` has no effect, docs/spec/duplicates-tuonti-yleistunniste.md#O-14).
   * @throws ValidationError the caller has no organisations
   */
  async listVirheet(criteria: OppijaTuontiCriteria, sivu: number, koko: number): Promise<OppijaListPage> {
    const ehdot = await this.rajaus.toEhdot({ ...criteria, tuontiId: null, vainVirheet: true });
    return this.db.mayBeLate(async () => {
      const rivit = await this.haku.listVirheet(ehdot, koko, (sivu - 1) * koko);
      return toPage(rivit.map(toOppijaListDto), sivu, koko, await this.haku.count(ehdot));
    });
  }

  /** Imports of the caller's organisations; without organisations an empty page (docs/spec/duplicates-tuonti-yleistunniste.md#O-16). */
  async listKooste(request: TuontiKoosteRequest): Promise<TuontiKoostePage> {
    const { id, author } = request;
    const [page, size] = [request.page ?? 1, request.pageSize ?? 20];
    const ehdot = { id, author, organisaatioOids: await this.rajaus.listOrganisaatioOids() };
    const [field, sort, offset] = [request.field ?? 'timestamp', request.sort ?? 'DESC', (page - 1) * size];
    return this.db.mayBeLate(async () => {
      const content = await this.koosteet.list(ehdot, { field, sort, limit: size, offset });
      const totalElements = await this.koosteet.count(ehdot);
      return toSpringPage(content, page - 1, size, totalElements);
    });
  }
}

const SORTED = { sorted: true, unsorted: false, empty: false } as const;

function toSpringPage(
  content: TuontiKoostePage['content'],
  number: number,
  size: number,
  totalElements: number,
): TuontiKoostePage {
  const totalPages = Math.ceil(totalElements / size);
  return {
    content,
    pageable: {
      pageNumber: number,
      pageSize: size,
      offset: number * size,
      paged: true,
      unpaged: false,
      sort: { ...SORTED },
    },
    sort: { ...SORTED },
    number,
    size,
    numberOfElements: content.length,
    totalElements,
    totalPages,
    first: number === 0,
    last: number + 1 >= totalPages,
    empty: content.length === 0,
  };
}

function toOppijaListDto(rivi: VirheRivi): OppijaListDto {
  const { oidHenkilo: oid, etunimet, kutsumanimi, sukunimi, syntymaaika, serviceUserOid, serviceUserName } = rivi;
  return {
    oid,
    oppijanumero: oppijanumeroOf(rivi),
    luotu: rivi.created,
    muokattu: rivi.modified,
    syntymaaika,
    etunimet,
    kutsumanimi,
    sukunimi,
    yksilointiTila: toYksilointiTila(rivi),
    serviceUserOid,
    serviceUserName,
  };
}

/** How far the identification of an imported person is (docs/spec/api.md#6.4). */
function toYksilointiTila(henkilo: HenkiloRivi): YksilointiTila {
  if (henkilo.duplicate || henkilo.passivoitu || isYksiloity(henkilo)) return 'OK';
  if (henkilo.hetu === null) return 'HETU_PUUTTUU';
  return henkilo.yksilointiYritetty ? 'VIRHE' : 'KESKEN';
}
