import { Injectable } from '@nestjs/common';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { SuojattujenNakyvyys } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import type { LocalDate } from '../../common/clock.js';
import { DataInconsistencyError, IllegalArgumentError, NotFoundError, ValidationError } from '../../common/errors.js';
import { toSlice, type Slice } from '../../common/page.js';
import { Database } from '../../database/database.js';
import { KayttooikeusClient } from '../../integrations/kayttooikeus/kayttooikeus.client.js';
import type { HenkiloHakuCriteria } from '../dto/henkilo-criteria.dto.js';
import type { HenkiloHakuDto, HenkiloHakuPerustietoDto, HenkiloMunicipalDobDto } from '../dto/henkilo-haku.dto.js';
import type { HenkiloViiteDto } from '../../henkiloviite/henkilo-viite.dto.js';
import type { HenkiloYhteystiedotDto } from '../dto/henkilo-yhteystiedot.dto.js';
import { HakutermiRepository } from './hakutermi.repository.js';
import { HenkiloHakuRepository, type HenkiloEhdot, type Rajaus } from './henkilo-haku.repository.js';
import { toHenkiloHakuDto } from '../luku/henkilo.mapper.js';
import { OsatRepository, OsaValinta } from '../luku/osat.repository.js';
import { HenkiloviiteRepository } from '../../henkiloviite/henkiloviite.repository.js';

/** Rows of one page of a municipality. */
const MUNICIPAL_PAGE_PERSONS = 5000;
/** UTF-16 units of a name of 255 characters at most. */
const MAX_TERM_CHARACTERS = 510;
const YHTEYSTIEDOT = new OsaValinta('yhteystiedotRyhma');

/** Searches over persons (docs/spec/henkilo.md#8.1, docs/spec/henkilo.md#8.6, docs/spec/henkilo.md#8.9, docs/spec/henkilo.md#8.11). */
@Injectable()
export class HenkiloHakuService {
  constructor(
    private readonly db: Database,
    private readonly haku: HenkiloHakuRepository,
    private readonly hakutermi: HakutermiRepository,
    private readonly osat: OsatRepository,
    private readonly viitteet: HenkiloviiteRepository,
    private readonly permissions: PermissionChecker,
    private readonly kayttooikeus: KayttooikeusClient,
    private readonly suojatut: SuojattujenNakyvyys,
  ) {}

  /**
   * Persons among those whom käyttöoikeuspalvelu lets the caller see.
   * @throws DataInconsistencyError käyttöoikeuspalvelu names nobody and does not call the caller an administrator: that
   *   must not open the whole register (docs/spec/api.md#A36)
   */
  async list(criteria: HenkiloHakuCriteria, page: number, count: number): Promise<Slice<HenkiloHakuDto>> {
    const { organisaatioOids, kayttoOikeusRyhmaNimet, henkiloOids } = criteria;
    const { admin, oids } = await this.kayttooikeus.getKayttooikeudet(this.permissions.callerOid, {
      organisaatioOids,
      kayttoOikeusRyhmaNimet,
    });
    if (!oids && !admin) throw new DataInconsistencyError('Käyttöoikeuspalvelu does not say whom the caller may see');
    const visible = oids ? restrict(oids, henkiloOids) : henkiloOids;
    if (oids && visible!.length === 0) return toSlice([], page, count);
    const rajaus = { offset: (page - 1) * count, limit: count + 1 };
    const rows = await this.db.mayBeLate(() => this.haku.list({ ...criteria, henkiloOids: visible }, rajaus));
    return toSlice(rows.map(toHenkiloHakuDto), page, count);
  }

  /** @throws NotFoundError */
  async getByHakutermi(termi: string): Promise<HenkiloHakuDto> {
    // No name, hetu or OID is longer: nobody is found, and the database need not be asked.
    const row = termi.length > MAX_TERM_CHARACTERS ? undefined : await this.hakutermi.findFirst(termi);
    if (!row) throw new NotFoundError('Henkilöä ei löytynyt hakuehdoilla');
    return toHenkiloHakuDto(row);
  }

  /** Protected persons are found only by those who see their contact details. */
  listOidsByYhteystieto(arvo: string): Promise<string[]> {
    return this.haku.listOidsByYhteystieto(arvo, this.suojatut.seesAll());
  }

  /** @throws ValidationError without `henkiloOids` */
  async listYhteystiedot(ehdot: HenkiloEhdot): Promise<HenkiloYhteystiedotDto[]> {
    if (!ehdot.henkiloOids) throw new ValidationError(`Pakollinen hakuehto 'henkiloOids' puuttuu`);
    if (ehdot.henkiloOids.length === 0) return [];
    const hides = this.suojatut.piilotus();
    const rows = await this.haku.listWithAsiointikieli(ehdot);
    const osat = await this.osat.load(rows, YHTEYSTIEDOT);
    return rows.map((row) => ({
      ...toHenkiloHakuDto(row),
      asiointikieli: osat.kieli(row.asiointikieliId)?.kieliKoodi ?? null,
      yhteystiedotRyhma: (hides(row) ? [] : osat.of(row).yhteystiedotRyhma).map((ryhma) => ({
        ...ryhma,
        yhteystieto: ryhma.yhteystieto.filter(({ yhteystietoArvo }) => !!yhteystietoArvo),
      })),
    }));
  }

  /** @throws IllegalArgumentError a negative offset, a limit below 1 */
  async listPerustiedot(ehdot: HenkiloEhdot, rajaus: Rajaus): Promise<HenkiloHakuPerustietoDto[]> {
    assertRajaus(rajaus);
    const rows = await this.db.mayBeLate(() => this.haku.listPerustiedot(ehdot, rajaus));
    return rows.map(({ yksiloityVTJ, yksiloityEidas, yksiloity, passivoitu, duplicate, ...row }) => ({
      ...toHenkiloHakuDto(row),
      yksiloityVTJ,
      yksiloityEidas,
      eidasTunnisteet: null,
      yksiloity,
      passivoitu,
      duplicate,
    }));
  }

  /** @throws IllegalArgumentError a negative offset, a limit below 1 */
  listChangedSince(at: Date, ehdot: HenkiloEhdot, rajaus: Rajaus): Promise<string[]> {
    assertRajaus(rajaus);
    return this.haku.listChangedSince(at, ehdot, rajaus);
  }

  /** Protected persons are found only by those who see where they live. */
  async listByKotikunta(kotikunta: string, birthdate: LocalDate, page: number): Promise<Slice<HenkiloMunicipalDobDto>> {
    const rajaus = { offset: (page - 1) * MUNICIPAL_PAGE_PERSONS, limit: MUNICIPAL_PAGE_PERSONS + 1 };
    const rows = await this.haku.listByKotikunta(kotikunta, birthdate, this.suojatut.seesAll(), rajaus);
    const results = rows.map((row) => ({ ...toHenkiloHakuDto(row), syntymaaika: row.syntymaaika }));
    return toSlice(results, page, MUNICIPAL_PAGE_PERSONS);
  }

  /** @param henkiloOids null: every link of the register (docs/spec/henkilo.md#O24) */
  async listViitteet(henkiloOids: readonly (string | null)[] | null): Promise<HenkiloViiteDto[]> {
    if (henkiloOids === null) return this.viitteet.listAll();
    return henkiloOids.length === 0 ? [] : this.viitteet.listGroups(henkiloOids);
  }
}

/** Those asked for that may be seen; all that may be seen when none is asked for. */
function restrict(visible: readonly string[], asked: readonly string[] | null): string[] {
  if (!asked?.length) return [...visible];
  const allowed = new Set(visible);
  return asked.filter((oid) => allowed.has(oid));
}

function assertRajaus({ offset, limit }: Rajaus): void {
  if (offset !== null && offset < 0) throw new IllegalArgumentError('Offset must not be negative');
  if (limit !== null && limit <= 0) throw new IllegalArgumentError('Limit must be at least 1');
}
