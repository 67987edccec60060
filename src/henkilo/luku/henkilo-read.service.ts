import { Injectable } from '@nestjs/common';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { SuojattujenNakyvyys } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import { onr, READ_RIGHTS, type PalveluRoolit } from '../../auth/permissions/rights.constants.js';
import { IllegalArgumentError, NonUniqueResultError, NotFoundError, UnauthorizedError } from '../../common/errors.js';
import { LoadGate } from '../../common/load-gate.js';
import type { HenkiloHakuDto } from '../dto/henkilo-haku.dto.js';
import type { HenkiloPerustietoDto } from '../dto/henkilo-perustieto.dto.js';
import type { HenkiloOmattiedotDto } from '../dto/henkilo-yhteystiedot.dto.js';
import type { HenkiloDto } from '../dto/henkilo.dto.js';
import type { IdentificationDto } from '../dto/identification.dto.js';
import { isNoSahkoposti } from '../henkilo-koodit.constants.js';
import { HenkiloReadRepository } from './henkilo-read.repository.js';
import type { HenkiloRivi, PerustietoRivi } from './henkilo-rivi.sql.js';
import {
  HENKILO_OSAT,
  PERUSTIETO_OSAT,
  toHenkiloDto,
  toHenkiloHakuDto,
  toHenkiloPerustietoDto,
} from './henkilo.mapper.js';
import { OsatRepository, OsaValinta } from './osat.repository.js';

/** Longest list of persons that may be asked for at once (docs/spec/henkilo.md#8). */
const MAX_PERSONS_OF_ANSWER = 5000;

/**
 * Persons of lists that are in memory at once. More at a time would not be answered sooner, but each list that waits for
 * the processor half done keeps megabytes (docs/performance.md).
 */
const PERSONS_OF_STATEMENT = 3000;

const PERUSTIETO_RIGHTS = onr('HENKILON_RU');

type Pyydetty = HenkiloRivi & { readonly pyydettyOid: string };

const IDENTIFICATIONS = new OsaValinta('identifications');
const PASSINUMEROT = new OsaValinta('passinumerot');

/** Persons by key (docs/spec/henkilo.md#8.7, docs/spec/henkilo.md#8.8). Lists leave out the persons that the caller may not read. */
@Injectable()
export class HenkiloReadService {
  private readonly gate = new LoadGate(PERSONS_OF_STATEMENT);

  constructor(
    private readonly henkilot: HenkiloReadRepository,
    private readonly osat: OsatRepository,
    private readonly permissions: PermissionChecker,
    private readonly suojatut: SuojattujenNakyvyys,
  ) {}

  /** @throws NotFoundError */
  async getByOid(henkiloOid: string): Promise<HenkiloDto> {
    return this.toDto(await this.henkilot.findByOid(henkiloOid), henkiloOid);
  }

  /**
   * The person's master, or the person itself. Own data end with the caller's own record (ADR 81): of his master the caller
   * needs a right.
   * @param external permission service of the request
   * @throws NotFoundError
   * @throws UnauthorizedError
   */
  async getMaster(henkiloOid: string, external: string | null): Promise<HenkiloDto> {
    const row = found(await this.henkilot.findMaster(henkiloOid), henkiloOid);
    if (this.permissions.isOwnData(henkiloOid) && (await this.readable([row], READ_RIGHTS, external)).length === 0)
      throw new UnauthorizedError('Permission missing');
    return this.toDto(row, henkiloOid);
  }

  /** By current hetu, else a former one. @throws NotFoundError */
  async getByHetu(hetu: string): Promise<HenkiloDto> {
    return this.toDto(await this.henkilot.findByHetu(hetu), 'with the hetu');
  }

  /** By current hetu, else a former one. @throws NotFoundError */
  async getHakuByHetu(hetu: string): Promise<HenkiloHakuDto> {
    return toHenkiloHakuDto(found(await this.henkilot.findHakuByHetu(hetu), 'with the hetu'));
  }

  /** By current hetu, else a former one. @throws NotFoundError */
  async getOidByHetu(hetu: string): Promise<string> {
    return found(await this.henkilot.findOidByHetu(hetu), 'with the hetu');
  }

  /** @throws NotFoundError also for null */
  async getOidByEidas(tunniste: string | null): Promise<string> {
    return found(tunniste === null ? null : await this.henkilot.findOidByEidas(tunniste), 'with the eIDAS identifier');
  }

  /** @throws NotFoundError nobody has it @throws NonUniqueResultError several persons have it */
  async getByIdentification(idpEntityId: string, identifier: string): Promise<HenkiloDto> {
    const rows = await this.henkilot.listByIdentification(idpEntityId, identifier);
    if (rows.length > 1) throw new NonUniqueResultError('Several persons have the identification');
    return this.toDto(rows[0], 'with the identification');
  }

  /**
   * @param external permission service of the request
   * @throws IllegalArgumentError more than 5 000 OIDs
   */
  async listByOids(henkiloOids: readonly (string | null)[], external: string | null): Promise<HenkiloDto[]> {
    assertSize(henkiloOids.length);
    const hides = this.suojatut.piilotus();
    const read = () => this.henkilot.listByOids(henkiloOids);
    return this.inTurn(henkiloOids.length, read, READ_RIGHTS, external, async (rows) => {
      const osat = await this.osat.load(rows, HENKILO_OSAT);
      return rows.map((row) => toHenkiloDto(row, osat, hides));
    });
  }

  /**
   * The master of each person, or the person itself, by requested OID; an unknown OID is absent.
   * @throws IllegalArgumentError more than 5 000 different OIDs
   */
  async mapMasters(
    henkiloOids: readonly (string | null)[],
    external: string | null,
  ): Promise<Record<string, HenkiloDto>> {
    const asked = [...new Set(henkiloOids)];
    assertSize(asked.length);
    const hides = this.suojatut.piilotus();
    const read = async () => withChainsCut(await this.henkilot.listMasters(asked));
    return this.inTurn(asked.length, read, READ_RIGHTS, external, async (rows) => {
      const masters = new Map(rows.map((row) => [row.id, row]));
      const osat = await this.osat.load([...masters.values()], HENKILO_OSAT);
      // Without a prototype it is a table from the start; otherwise V8 derives a new shape for every OID.
      const byOid = Object.create(null) as Record<string, HenkiloDto>;
      for (const row of rows) byOid[row.pyydettyOid] = toHenkiloDto(row, osat, hides);
      return byOid;
    });
  }

  /** Of his own slaves the caller gets those whom he may read. @param external permission service of the request */
  async listSlaves(masterOid: string, external: string | null): Promise<HenkiloDto[]> {
    const hides = this.suojatut.piilotus();
    let rows = await this.henkilot.listSlaves(masterOid);
    if (this.permissions.isOwnData(masterOid)) rows = await this.readable(rows, READ_RIGHTS, external);
    const osat = await this.osat.load(rows, HENKILO_OSAT);
    return rows.map((row) => toHenkiloDto(row, osat, hides));
  }

  /** @throws IllegalArgumentError more than 5 000 OIDs, repeated ones counted */
  async listPerustiedotByOids(henkiloOids: readonly (string | null)[]): Promise<HenkiloPerustietoDto[]> {
    assertSize(henkiloOids.length);
    const read = () => this.henkilot.listPerustiedotByOids(henkiloOids);
    return this.inTurn(henkiloOids.length, read, PERUSTIETO_RIGHTS, null, this.toPerustiedot());
  }

  /** By current hetu only. @throws IllegalArgumentError more than 5 000 hetut, repeated ones counted */
  async listPerustiedotByHetut(
    hetut: readonly (string | null)[],
    external: string | null,
  ): Promise<HenkiloPerustietoDto[]> {
    assertSize(hetut.length);
    const read = () => this.henkilot.listPerustiedotByHetut(hetut);
    return this.inTurn(hetut.length, read, PERUSTIETO_RIGHTS, external, this.toPerustiedot());
  }

  /** @throws NotFoundError */
  async getOmattiedot(henkiloOid: string): Promise<HenkiloOmattiedotDto> {
    const { kutsumanimi, sukunimi, asiointikieli } = found(await this.henkilot.findOmattiedot(henkiloOid), henkiloOid);
    return { asiointikieli: asiointikieli || 'fi', kutsumanimi, sukunimi };
  }

  /** The stored code unchanged, `fi` when there is none. @throws NotFoundError */
  async getAsiointikieli(henkiloOid: string): Promise<string> {
    return (await this.getOmattiedot(henkiloOid)).asiointikieli;
  }

  /** False for an unknown person too. */
  async hasHetu(henkiloOid: string): Promise<boolean> {
    return (await this.henkilot.findExistence(henkiloOid))?.hasHetu ?? false;
  }

  /** @throws NotFoundError */
  async assertExists(henkiloOid: string): Promise<void> {
    found(await this.henkilot.findExistence(henkiloOid), henkiloOid);
  }

  /** @throws NotFoundError */
  async getPassinumerot(henkiloOid: string): Promise<string[]> {
    const henkilo = found(await this.henkilot.findExistence(henkiloOid), henkiloOid);
    return (await this.osat.load([henkilo], PASSINUMEROT)).of(henkilo).passinumerot;
  }

  /** @throws NotFoundError */
  async getIdentifications(henkiloOid: string): Promise<IdentificationDto[]> {
    const hides = this.suojatut.piilotus();
    const henkilo = found(await this.henkilot.findExistence(henkiloOid), henkiloOid);
    const { identifications } = (await this.osat.load([henkilo], IDENTIFICATIONS)).of(henkilo);
    return hides(henkilo) ? identifications.filter(isNoSahkoposti) : identifications;
  }

  private async toDto(row: HenkiloRivi | undefined, what: string): Promise<HenkiloDto> {
    const henkilo = found(row, what);
    return toHenkiloDto(henkilo, await this.osat.load([henkilo], HENKILO_OSAT), this.suojatut.piilotus());
  }

  private toPerustiedot(): (rows: PerustietoRivi[]) => Promise<HenkiloPerustietoDto[]> {
    const hides = this.suojatut.piilotus();
    return async (rows) => {
      const osat = await this.osat.load(rows, PERUSTIETO_OSAT);
      return rows.map((row) => toHenkiloPerustietoDto(row, osat, hides));
    };
  }

  /**
   * The answer made of the persons that the caller may read, when their turn has come. Other services are asked for that
   * before: a slow one must not hold up the lists of others.
   * @param count how many `read` may give
   */
  private async inTurn<Row extends { readonly oidHenkilo: string }, Answer>(
    count: number,
    read: () => Promise<Row[]>,
    rights: PalveluRoolit,
    external: string | null,
    toAnswer: (rows: Row[]) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.permissions.mayReadEveryone()) return this.gate.run(count, async () => toAnswer(await read()));
    const rows = await this.readable(await read(), rights, external);
    return this.gate.run(rows.length, () => toAnswer(rows));
  }

  private async readable<Row extends { readonly oidHenkilo: string }>(
    rows: Row[],
    rights: PalveluRoolit,
    external: string | null,
  ): Promise<Row[]> {
    const oids = new Set(
      await this.permissions.filterReadable(
        rows.map((row) => row.oidHenkilo),
        rights,
        external,
      ),
    );
    return rows.filter((row) => oids.has(row.oidHenkilo));
  }
}

/** Who is asked for and the master of somebody else who is, is itself, though it has a master too (docs/spec/henkilo.md#8.8). */
function withChainsCut(rows: Pyydetty[]): Pyydetty[] {
  const masters = new Map(rows.map((row) => [row.oidHenkilo, row]));
  const isInChain = ({ pyydettyOid, oidHenkilo }: Pyydetty) => oidHenkilo !== pyydettyOid && masters.has(pyydettyOid);
  if (!rows.some(isInChain)) return rows;
  return rows.map((row) => (isInChain(row) ? { ...masters.get(row.pyydettyOid)!, pyydettyOid: row.pyydettyOid } : row));
}

/** @param what names the person without personal data */
function found<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new NotFoundError(`Henkilö ${what} not found`);
  return value;
}

function assertSize(size: number): void {
  if (size > MAX_PERSONS_OF_ANSWER) {
    throw new IllegalArgumentError(
      `Maximum amount of henkilös to be fetched is ${MAX_PERSONS_OF_ANSWER}. Tried to fetch:${size}`,
    );
  }
}
