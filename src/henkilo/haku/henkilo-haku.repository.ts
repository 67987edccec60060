import { Injectable } from '@nestjs/common';
import { SUOJATTU } from '../../auth/permissions/suojattu.sql.js';
import type { LocalDate } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { HAKU_COLUMNS, henkiloColumns, type HenkiloHakuRivi, type HenkilonTiedot } from '../luku/henkilo-rivi.sql.js';
import { containsPattern, hasTrigram, nimi, prefilterPattern } from './nimi-haku.sql.js';

/** Conditions on persons, ANDed; what is null or empty does not count (docs/spec/henkilo.md#8.1). */
export interface HenkiloEhdot {
  readonly henkiloOids?: readonly (string | null)[] | null;
  readonly hetu?: string | null;
  readonly passivoitu?: boolean | null;
  readonly duplikaatti?: boolean | null;
  readonly nameQuery?: string | null;
}

const PERUSTIETO = ['yksiloityVTJ', 'yksiloityEidas', 'yksiloity', 'passivoitu', 'duplicate'] as const;
export type HakuPerustietoRivi = HenkiloHakuRivi & HenkilonTiedot<(typeof PERUSTIETO)[number]>;

/** A person whose contact details are asked for. */
export interface YhteystietoRivi extends HenkiloHakuRivi, HenkilonTiedot<'asiointikieliId'> {
  readonly suojattu: boolean;
}

/** Part of a list; null: from the first, to the last. */
export interface Rajaus {
  readonly offset: number | null;
  readonly limit: number | null;
}

const BY_NAME = 'order by h.sukunimi, h.kutsumanimi, h.oidhenkilo';

/** Searches over all persons (docs/spec/henkilo.md#8.1, docs/spec/henkilo.md#8.3, docs/spec/henkilo.md#8.5, docs/spec/henkilo.md#8.6, docs/spec/henkilo.md#8.9, docs/spec/henkilo.md#8.11). */
@Injectable()
export class HenkiloHakuRepository {
  constructor(private readonly db: Database) {}

  /** By surname, kutsumanimi and OID. */
  list(ehdot: HenkiloEhdot, rajaus: Rajaus): Promise<HenkiloHakuRivi[]> {
    const haku = new Haku(ehdot);
    return this.db.query(
      `select ${HAKU_COLUMNS} from henkilo h ${haku.where} ${BY_NAME} ${haku.part(rajaus)}`,
      haku.values,
    );
  }

  /** By surname, kutsumanimi and OID; everyone when no limit is given (docs/spec/api.md#A33). */
  listPerustiedot(ehdot: HenkiloEhdot, rajaus: Rajaus): Promise<HakuPerustietoRivi[]> {
    const haku = new Haku(ehdot);
    return this.db.query(
      `select ${HAKU_COLUMNS}, ${henkiloColumns(PERUSTIETO)}
         from henkilo h ${haku.where} ${BY_NAME} ${haku.part(rajaus)}`,
      haku.values,
    );
  }

  /** By surname, kutsumanimi and OID, with the language of contact. Bounded by the OIDs that the caller gives. */
  listWithAsiointikieli(ehdot: HenkiloEhdot): Promise<YhteystietoRivi[]> {
    const haku = new Haku(ehdot);
    return this.db.query(
      `select ${HAKU_COLUMNS}, ${henkiloColumns(['asiointikieliId'])}, ${SUOJATTU} as suojattu from henkilo h ${haku.where} ${BY_NAME}`,
      haku.values,
    );
  }

  /** OIDs of persons with a contact value of exactly this text, in order. Not bounded: values are nearly unique. */
  async listOidsByYhteystieto(arvo: string, withSuojatut: boolean): Promise<string[]> {
    const rows = await this.db.prepared<{ oid: string }>(
      'oids-by-yhteystieto',
      `select distinct h.oidhenkilo as oid
         from yhteystiedot y
         join yhteystiedotryhma g on g.id = y.yhteystiedotryhma_id
         join henkilo h on h.id = g.henkilo_id
        where y.yhteystieto_arvo = $1 and ($2 or not ${SUOJATTU})
        order by 1`,
      [arvo, withSuojatut],
    );
    return rows.map(({ oid }) => oid);
  }

  /** OIDs of persons changed at or after `at`, in order of change. Everyone when no limit is given (docs/spec/api.md#A33). */
  async listChangedSince(at: Date, ehdot: HenkiloEhdot, rajaus: Rajaus): Promise<string[]> {
    const haku = new Haku(ehdot);
    if (haku.isEmpty && rajaus.limit !== null) return this.listFirstChangedSince(at, rajaus.offset ?? 0, rajaus.limit);
    haku.add((n) => `h.modified >= ${n}`, at);
    const [row] = await this.db.query<{ oids: string[] | null }>(
      `select json_agg(m.oid) as oids from (select h.oidhenkilo as oid from henkilo h ${haku.where}
        order by h.modified, h.oidhenkilo ${haku.part(rajaus)}) m`,
      haku.values,
    );
    return row!.oids ?? [];
  }

  /**
   * The planner must know about how many are wanted, but not more: it would plan anew for each value that it sees, which takes as long as
   * the reading of a hundred.
   */
  private async listFirstChangedSince(at: Date, offset: number, limit: number): Promise<string[]> {
    const most = 2 ** Math.ceil(Math.log2(offset + limit));
    const [row] = await this.db.prepared<{ oids: string[] | null }>(
      `changed-since-${most}`,
      `select json_agg(m.oid) as oids from (
         select oid from (select h.oidhenkilo as oid from henkilo h where h.modified >= (select $1::timestamp)
                           order by h.modified, h.oidhenkilo limit ${most}) h
         offset (select $2::bigint) limit (select $3::bigint)) m`,
      [at, offset, limit],
    );
    return row!.oids ?? [];
  }

  /** Born on `birthdate` or later (docs/spec/henkilo.md#O25), by id. */
  listByKotikunta(
    kotikunta: string,
    birthdate: LocalDate,
    withSuojatut: boolean,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<(HenkiloHakuRivi & { syntymaaika: LocalDate })[]> {
    return this.db.query(
      `select ${HAKU_COLUMNS}, h.syntymaaika from henkilo h
        where h.kotikunta = $1 and h.syntymaaika >= $2 ${withSuojatut ? '' : `and not ${SUOJATTU}`} order by h.id offset $3 limit $4`,
      [kotikunta, birthdate, offset, limit],
    );
  }
}

/** The where clause of some conditions, with its values. */
class Haku {
  private readonly conditions: string[] = [];
  readonly values: unknown[] = [];

  constructor({ henkiloOids, hetu, passivoitu, duplikaatti, nameQuery }: HenkiloEhdot) {
    if (henkiloOids?.length) this.add((n) => `h.oidhenkilo = any (${n})`, henkiloOids);
    if (hetu) this.add((n) => `h.hetu = ${n}`, hetu);
    if (passivoitu !== null && passivoitu !== undefined) this.add((n) => `h.passivoitu = ${n}`, passivoitu);
    if (duplikaatti !== null && duplikaatti !== undefined) this.add((n) => `h.duplicate = ${n}`, duplikaatti);
    for (const part of nameQuery ? nameQuery.split(' ') : []) if (part !== '') this.addName(part);
  }

  get isEmpty(): boolean {
    return this.conditions.length === 0;
  }

  get where(): string {
    return this.conditions.length === 0 ? '' : `where ${this.conditions.join(' and ')}`;
  }

  add(condition: (value: string) => string, value: unknown): void {
    this.values.push(value);
    this.conditions.push(condition(`$${this.values.length}`));
  }

  part({ offset, limit }: Rajaus): string {
    const clause = (word: string, value: number | null) =>
      value === null ? '' : ` ${word} $${this.values.push(value)}`;
    return clause('offset', offset) + clause('limit', limit);
  }

  /** First names or surname contain the part; kutsumanimi is not looked at. The empty text keeps the trigram index out of it. */
  private addName(part: string): void {
    const searchText = hasTrigram(part) ? 'h.duplicate_search_str' : `h.duplicate_search_str || ''`;
    this.add((n) => `${searchText} like duplicate_search_fmt(${n})`, prefilterPattern(part));
    this.add(
      (n) => `(${nimi('h.etunimet')} like lower(${n}) or ${nimi('h.sukunimi')} like lower(${n}))`,
      containsPattern(part),
    );
  }
}
