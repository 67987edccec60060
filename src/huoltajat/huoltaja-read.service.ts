import { Injectable } from '@nestjs/common';
import { PermissionChecker } from '../auth/permissions/permission-checker.service.js';
import { READ_RIGHTS } from '../auth/permissions/rights.constants.js';
import { Clock, type LocalDate } from '../common/clock.js';
import { IllegalArgumentError } from '../common/errors.js';
import { OsatRepository, OsaValinta, type Osat } from '../henkilo/luku/osat.repository.js';
import { HuoltajaSuhdeRepository, type HuoltajaRivi } from './huoltaja-suhde.repository.js';
import type { HuoltajaDto } from './huoltaja.dto.js';

const HUOLTAJAN_OSAT = new OsaValinta('yhteystiedotRyhma');
/** Children in one answer unless more are asked for. */
const DEFAULT_CHILDREN_OF_ANSWER = 10_000;

/** Guardians and changes of guardianship (docs/spec/henkilo.md#8.12). */
@Injectable()
export class HuoltajaReadService {
  constructor(
    private readonly huoltajat: HuoltajaSuhdeRepository,
    private readonly osat: OsatRepository,
    private readonly clock: Clock,
    private readonly permissions: PermissionChecker,
  ) {}

  /**
   * Guardians of today; none for an unknown child. Own data end with the caller's own record (ADR 81): of his guardians the
   * caller gets those whom he may read.
   * @param external permission service of the request
   */
  async list(lapsiOid: string, external: string | null): Promise<HuoltajaDto[]> {
    let rows = await this.huoltajat.listCurrent(lapsiOid, this.clock.today());
    if (this.permissions.isOwnData(lapsiOid)) {
      const oids = rows.map((row) => row.oidHenkilo);
      const readable = await this.permissions.filterReadable(oids, READ_RIGHTS, external);
      rows = rows.filter((row) => readable.includes(row.oidHenkilo));
    }
    const osat = await this.osat.load(rows, HUOLTAJAN_OSAT);
    return rows.map((row) => toHuoltajaDto(row, osat));
  }

  /** Whole days in UTC, the zone in which the reference runs. */
  listChangedBetween(startdate: LocalDate, enddate: LocalDate): Promise<string[]> {
    return this.huoltajat.listChangedBetween(
      Date.parse(`${startdate}T00:00:00.000Z`),
      Date.parse(`${enddate}T23:59:59.999Z`),
    );
  }

  /** @throws IllegalArgumentError a negative offset, an amount below 1 */
  async listChangedSince(at: Date, offset: number | null, amount: number | null): Promise<string[]> {
    if (offset !== null && offset < 0) throw new IllegalArgumentError('Offset must not be negative');
    if (amount !== null && amount <= 0) throw new IllegalArgumentError('Amount must be at least 1');
    return this.huoltajat.listChangedSince(at, offset ?? 0, amount ?? DEFAULT_CHILDREN_OF_ANSWER);
  }
}

/** Where a protected guardian lives never leaves: neither address nor municipality (docs/spec/henkilo.md#O3). */
function toHuoltajaDto(huoltaja: HuoltajaRivi, osat: Osat): HuoltajaDto {
  const { hetu, oidHenkilo, etunimet, kutsumanimi, sukunimi, suojattu } = huoltaja;
  return {
    hetu,
    oidHenkilo,
    etunimet,
    kutsumanimi,
    sukunimi,
    kotikunta: suojattu ? null : huoltaja.kotikunta,
    aidinkieli: osat.kieli(huoltaja.aidinkieliId),
    yhteystiedotRyhma: suojattu ? [] : osat.of(huoltaja).yhteystiedotRyhma,
  };
}
