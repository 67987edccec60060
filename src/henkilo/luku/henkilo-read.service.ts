import { Injectable } from '@nestjs/common';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { SuojattujenNakyvyys, type Piilotus } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import { onr, READ_RIGHTS, type PalveluRoolit } from '../../auth/permissions/rights.constants.js';
import { IllegalArgumentError, NonUniqueResultError, UnauthorizedError, henkiloNotFound } from '../../common/errors.js';
import { LoadGate } from '../../common/load-gate.js';
import { JsonText } from '../../http/json-text.js';
import { toHenkiloJson, toPerustietoJson } from '../dokumentti/dokumentti.mapper.js';
import type {
  Haettu,
  HenkiloDokumentti,
  PerustietoDokumentti,
  PerustietoLista,
} from '../dokumentti/dokumentti.repository.js';
import { HenkiloDokumentit } from '../dokumentti/henkilo-dokumentit.service.js';
import type { HenkiloHakuDto } from '../dto/henkilo-haku.dto.js';
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

/** A person's row, to be answered with its parts, or its document. */
type Avaimet = Pick<HenkiloRivi, 'id' | 'oidHenkilo'>;
type HenkiloLahde = HenkiloRivi | HenkiloDokumentti;
type PerustietoLahde = PerustietoRivi | PerustietoDokumentti;
type Pyydetty = HenkiloLahde & { readonly pyydettyOid: string };

const IDENTIFICATIONS = new OsaValinta('identifications');
const PASSINUMEROT = new OsaValinta('passinumerot');

/** Persons by key (docs/spec/henkilo.md#8.7, docs/spec/henkilo.md#8.8). Lists leave out the persons that the caller may not read. */
@Injectable()
export class HenkiloReadService {
  private readonly gate = new LoadGate(PERSONS_OF_STATEMENT);

  constructor(
    private readonly henkilot: HenkiloReadRepository,
    private readonly dokumentit: HenkiloDokumentit,
    private readonly osat: OsatRepository,
    private readonly permissions: PermissionChecker,
    private readonly suojatut: SuojattujenNakyvyys,
  ) {}

  /** @throws NotFoundError */
  async getByOid(henkiloOid: string): Promise<HenkiloDto | JsonText> {
    const dokumentti = await this.dokumentit.findByOid(henkiloOid);
    if (dokumentti) return this.dokumentit.toHenkilo(dokumentti);
    return this.toDto(await this.henkilot.findByOid(henkiloOid), henkiloOid);
  }

  /**
   * The person's master, or the person itself. Own data end with the caller's own record (ADR 81): of his master the caller
   * needs a right.
   * @param external permission service of the request
   * @throws NotFoundError
   * @throws UnauthorizedError
   */
  async getMaster(henkiloOid: string, external: string | null): Promise<HenkiloDto | JsonText> {
    const dokumentti = await this.dokumentit.findMaster(henkiloOid);
    const row = dokumentti ?? found(await this.henkilot.findMaster(henkiloOid), henkiloOid);
    if (this.permissions.isOwnData(henkiloOid) && (await this.readable([row], READ_RIGHTS, external)).length === 0)
      throw new UnauthorizedError('Permission missing');
    return isDokumentti(row) ? this.dokumentit.toHenkilo(row) : this.toDto(row, henkiloOid);
  }

  /** By current hetu, else a former one. @throws NotFoundError */
  async getByHetu(hetu: string): Promise<HenkiloDto | JsonText> {
    const dokumentti = await this.dokumentit.findByHetu(hetu);
    if (dokumentti) return this.dokumentit.toHenkilo(dokumentti);
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
  async getByIdentification(idpEntityId: string, identifier: string): Promise<HenkiloDto | JsonText> {
    const found = await this.dokumentit.listByIdentification(idpEntityId, identifier);
    const lahteet = found?.every(({ dokumentti }) => dokumentti) ? found.map(({ dokumentti }) => dokumentti!) : null;
    const [lahde, another] = lahteet ?? (await this.henkilot.listByIdentification(idpEntityId, identifier));
    if (another) throw new NonUniqueResultError('Several persons have the identification');
    if (lahde && isDokumentti(lahde)) return this.dokumentit.toHenkilo(lahde);
    return this.toDto(lahde, 'with the identification');
  }

  /**
   * @param external permission service of the request
   * @throws IllegalArgumentError more than 5 000 OIDs
   */
  async listByOids(henkiloOids: readonly (string | null)[], external: string | null): Promise<JsonText> {
    assertSize(henkiloOids.length);
    const hides = this.suojatut.piilotus();
    const read = () =>
      this.lahteet(henkiloOids, this.dokumentit.listByOids(henkiloOids), (oids) => this.henkilot.listByOids(oids));
    return this.inTurn(henkiloOids.length, read, READ_RIGHTS, external, (rows) => this.toHenkilotText(rows, hides));
  }

  /**
   * The master of each person, or the person itself, by requested OID; an unknown OID is absent.
   * @throws IllegalArgumentError more than 5 000 different OIDs
   */
  async mapMasters(henkiloOids: readonly (string | null)[], external: string | null): Promise<JsonText> {
    const asked = [...new Set(henkiloOids)];
    assertSize(asked.length);
    const hides = this.suojatut.piilotus();
    const read = async () => inOrderOfKeys(withChainsCut(await this.masterit(asked)));
    return this.inTurn(asked.length, read, READ_RIGHTS, external, async (rows) => {
      const texts = await this.henkiloTexts(rows, hides);
      const members = rows.map((row) => `${JSON.stringify(row.pyydettyOid)}:${texts(row)}`);
      return new JsonText(`{${members.join(',')}}`, rows);
    });
  }

  /** Of his own slaves the caller gets those whom he may read. @param external permission service of the request */
  async listSlaves(masterOid: string, external: string | null): Promise<JsonText> {
    const hides = this.suojatut.piilotus();
    const found = await this.dokumentit.listSlaves(masterOid);
    let rows: HenkiloLahde[] = found
      ? await this.withRows(found, (oids) => this.henkilot.listByOids(oids))
      : await this.henkilot.listSlaves(masterOid);
    if (this.permissions.isOwnData(masterOid)) rows = await this.readable(rows, READ_RIGHTS, external);
    return this.toHenkilotText(rows, hides);
  }

  /** @throws IllegalArgumentError more than 5 000 OIDs, repeated ones counted */
  async listPerustiedotByOids(henkiloOids: readonly (string | null)[]): Promise<JsonText> {
    assertSize(henkiloOids.length);
    const ready = await this.readyPerustiedot(henkiloOids.length, () => this.findPerustietoLista(henkiloOids));
    if (ready) return ready;
    const read = () =>
      this.lahteet(henkiloOids, this.dokumentit.listPerustiedotByOids(henkiloOids), (oids) =>
        this.henkilot.listPerustiedotByOids(oids),
      );
    return this.inTurn(henkiloOids.length, read, PERUSTIETO_RIGHTS, null, this.toPerustiedot());
  }

  /** By current hetu only. @throws IllegalArgumentError more than 5 000 hetut, repeated ones counted */
  async listPerustiedotByHetut(hetut: readonly (string | null)[], external: string | null): Promise<JsonText> {
    assertSize(hetut.length);
    const ready = await this.readyPerustiedot(hetut.length, () => this.dokumentit.findPerustietoListaByHetut(hetut));
    if (ready) return ready;
    const list = (missing: readonly (string | null)[]) => this.henkilot.listPerustiedotByHetut(missing);
    const read = async (): Promise<PerustietoLahde[]> => {
      const found = await this.dokumentit.listPerustiedotByHetut(hetut);
      return found ? this.withRows(found, list) : list(hetut);
    };
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
    this.dokumentit.build([henkilo]);
    return toHenkiloDto(henkilo, await this.osat.load([henkilo], HENKILO_OSAT), this.suojatut.piilotus());
  }

  /** Null unless everybody who is found has a document. */
  private async findPerustietoLista(henkiloOids: readonly (string | null)[]): Promise<PerustietoLista | null> {
    const lista = await this.dokumentit.findPerustietoLista(henkiloOids);
    if (!lista || lista.henkiloOids.length === henkiloOids.length) return lista;
    const known = new Set<string | null>(lista.henkiloOids);
    const missing = henkiloOids.filter((oid) => !known.has(oid));
    return (await this.henkilot.areUnknown(missing)) ? lista : null;
  }

  /** Ready basic data, for callers from whom nothing is hidden; null: there is some that is not ready. */
  private async readyPerustiedot(count: number, find: () => Promise<PerustietoLista | null>): Promise<JsonText | null> {
    if (!this.permissions.mayReadEveryone() || !this.suojatut.seesAll()) return null;
    const lista = await this.gate.run(count, find);
    return (
      lista &&
      new JsonText(
        lista.json,
        lista.henkiloOids.map((oidHenkilo) => ({ oidHenkilo })),
      )
    );
  }

  /** Documents, and rows of those who have none, by id; an unknown OID is absent. */
  private async lahteet<Dokumentti extends Avaimet, Rivi extends Avaimet>(
    henkiloOids: readonly (string | null)[],
    ready: Promise<Dokumentti[]>,
    list: (oids: readonly (string | null)[]) => Promise<Rivi[]>,
  ): Promise<(Dokumentti | Rivi)[]> {
    const dokumentit = await ready;
    if (dokumentit.length === henkiloOids.length) return dokumentit;
    const known = new Set<string | null>(dokumentit.map(({ oidHenkilo }) => oidHenkilo));
    const missing = henkiloOids.filter((oid) => !known.has(oid));
    return this.andRows(dokumentit, missing, list);
  }

  /** The documents, and rows for the keys that have none, by id. */
  private withRows<Dokumentti extends Avaimet, Rivi extends Avaimet>(
    found: readonly Haettu<Dokumentti>[],
    list: (keys: readonly string[]) => Promise<Rivi[]>,
  ): Promise<(Dokumentti | Rivi)[]> {
    const missing = found.filter(({ dokumentti }) => dokumentti === null).map(({ avain }) => avain);
    const dokumentit = found.flatMap(({ dokumentti }) => dokumentti ?? []);
    return this.andRows(dokumentit, missing, list);
  }

  private async andRows<Dokumentti extends Avaimet, Rivi extends Avaimet, Avain>(
    dokumentit: Dokumentti[],
    missing: readonly Avain[],
    list: (keys: readonly Avain[]) => Promise<Rivi[]>,
  ): Promise<(Dokumentti | Rivi)[]> {
    if (missing.length === 0) return dokumentit;
    const rows = await list(missing);
    this.dokumentit.build(rows);
    return [...dokumentit, ...rows].sort((a, b) => a.id - b.id);
  }

  /** As `HenkiloReadRepository.listMasters`. */
  private async masterit(asked: readonly (string | null)[]): Promise<Pyydetty[]> {
    const dokumentit = await this.dokumentit.listMasters(asked);
    if (!dokumentit) return this.henkilot.listMasters(asked);
    const missing = dokumentit.filter(({ dokumentti }) => dokumentti === null);
    const rows = missing.length > 0 ? await this.henkilot.listMasters(missing.map(({ avain }) => avain)) : [];
    this.dokumentit.build(rows);
    const rowOf = new Map(rows.map((row) => [row.pyydettyOid, row]));
    return dokumentit.flatMap(({ avain, dokumentti }) => {
      const lahde = dokumentti ?? rowOf.get(avain);
      return lahde ? [{ ...lahde, pyydettyOid: avain }] : [];
    });
  }

  private async toHenkilotText(rows: HenkiloLahde[], hides: Piilotus): Promise<JsonText> {
    const texts = await this.henkiloTexts(rows, hides);
    return new JsonText(`[${rows.map(texts).join(',')}]`, rows);
  }

  /** The text of each of the persons. */
  private async henkiloTexts(rows: readonly HenkiloLahde[], hides: Piilotus): Promise<(row: HenkiloLahde) => string> {
    const osat = await this.osat.load(withoutDokumentti(rows), HENKILO_OSAT);
    return (row) =>
      isDokumentti(row) ? toHenkiloJson(row, hides(row)) : JSON.stringify(toHenkiloDto(row, osat, hides));
  }

  private toPerustiedot(): (rows: PerustietoLahde[]) => Promise<JsonText> {
    const hides = this.suojatut.piilotus();
    return async (rows) => {
      const osat = await this.osat.load(withoutDokumentti(rows), PERUSTIETO_OSAT);
      const texts = rows.map((row) =>
        isDokumentti(row)
          ? toPerustietoJson(row, hides(row))
          : JSON.stringify(toHenkiloPerustietoDto(row, osat, hides)),
      );
      return new JsonText(`[${texts.join(',')}]`, rows);
    };
  }

  /**
   * Answers with the persons that the caller may read, once there is room. Other services are asked about permissions
   * before that, so that a slow one does not hold up the lists of others.
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

const isDokumentti = <Dokumentti extends PerustietoDokumentti>(lahde: object | Dokumentti): lahde is Dokumentti =>
  'perustieto' in lahde;

/** Distinct persons that have no document. */
function withoutDokumentti<Rivi extends Avaimet>(lahteet: readonly (Rivi | PerustietoDokumentti)[]): Rivi[] {
  const rows = new Map<number, Rivi>();
  for (const lahde of lahteet) if (!isDokumentti(lahde)) rows.set(lahde.id, lahde);
  return [...rows.values()];
}

/** JSON objects that JavaScript makes begin with the keys that are whole numbers. */
function inOrderOfKeys(rows: Pyydetty[]): Pyydetty[] {
  if (rows.every(({ pyydettyOid }) => pyydettyOid.includes('.'))) return rows;
  const byOid = Object.fromEntries(rows.map((row) => [row.pyydettyOid, row]));
  return Object.values(byOid);
}

/**
 * A person that was asked for, and is the master of another one that was asked for, stands for itself even though it has a
 * master (docs/spec/henkilo.md#8.8).
 */
function withChainsCut(rows: Pyydetty[]): Pyydetty[] {
  const masters = new Map(rows.map((row) => [row.oidHenkilo, row]));
  const isInChain = ({ pyydettyOid, oidHenkilo }: Pyydetty) => oidHenkilo !== pyydettyOid && masters.has(pyydettyOid);
  if (!rows.some(isInChain)) return rows;
  return rows.map((row) => (isInChain(row) ? { ...masters.get(row.pyydettyOid)!, pyydettyOid: row.pyydettyOid } : row));
}

/** @param what names the person without personal data */
function found<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw henkiloNotFound(what);
  return value;
}

function assertSize(size: number): void {
  if (size > MAX_PERSONS_OF_ANSWER) {
    throw new IllegalArgumentError(
      `Maximum amount of henkilös to be fetched is ${MAX_PERSONS_OF_ANSWER}. Tried to fetch:${size}`,
    );
  }
}
