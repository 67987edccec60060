import { Injectable } from '@nestjs/common';
import { IllegalArgumentError } from '../common/errors.js';
import { Database } from '../database/database.js';
import { nimiAlkaa, startsPattern } from '../henkilo/haku/nimi-haku.sql.js';
import type { OppijahakuCriteria, OppijahakuPage, OppijahakuResult } from './dto/oppijahaku.dto.js';

const PERSONS_OF_PAGE = 50;
const HETU = /^\d{6}.\d{3}[\dA-Z]$/;

interface Ehto {
  readonly sql: string;
  readonly values: readonly string[];
}

interface Osumat {
  readonly content: OppijahakuResult[];
  readonly total: number;
}

/**
 * First matching rule of docs/spec/duplicates-tuonti-yleistunniste.md#8; `%` and `_` are themselves (docs/spec/duplicates-tuonti-yleistunniste.md#O-19). Patterns are texts at
 * plan time, so that the indexes on `lower(…)` serve.
 * @returns null: everyone
 * @throws IllegalArgumentError only commas
 */
export function toEhto(query: string): Ehto | null {
  const trimmed = query.trim();
  if (trimmed.startsWith('1.2.')) return { sql: 'oidhenkilo = $1', values: [trimmed] };
  if (HETU.test(trimmed)) return { sql: 'hetu = $1', values: [trimmed.toUpperCase()] };
  if (/^,+$/.test(trimmed)) throw new IllegalArgumentError('The query consists of commas only');
  const text = query.toLowerCase();
  const comma = text.indexOf(',');
  const space = text.lastIndexOf(' ');
  if (comma < 0 && space < 0) {
    return { sql: nimiAlkaa('henkilo', ['etunimet', 'kutsumanimi', 'sukunimi'], '$1'), values: [startsPattern(text)] };
  }
  const [sukunimi, etunimet] =
    comma >= 0 ? [text.slice(0, comma), text.slice(comma + 1)] : [text.slice(space + 1), text.slice(0, space)];
  const parts = [
    { nimi: sukunimi.trim(), toSql: (n: string) => nimiAlkaa('henkilo', ['sukunimi'], n) },
    { nimi: etunimet.trim(), toSql: (n: string) => nimiAlkaa('henkilo', ['etunimet', 'kutsumanimi'], n) },
  ].filter(({ nimi }) => nimi !== ''); // an empty beginning fits every name
  if (parts.length === 0) return null;
  const sql = parts.map(({ toSql }, n) => toSql(`$${n + 1}`)).join(' and ');
  return { sql, values: parts.map(({ nimi }) => startsPattern(nimi)) };
}

const ORDER = 'order by sukunimi, etunimet, syntymaaika, id';
const page = (from: string, offset: string) =>
  `select oidhenkilo as oid, etunimet, sukunimi, syntymaaika from ${from} ${ORDER} limit ${PERSONS_OF_PAGE} offset ${offset}::bigint`;

/** Search of persons by name for officials of the register. */
@Injectable()
export class OppijahakuRepository {
  constructor(private readonly db: Database) {}

  /**
   * Persons by surname, first names and birth date, fifty a page. The persons that fit are found once, for the page and the
   * count: left to itself the planner reads the whole table in order of surname. @throws IllegalArgumentError only commas
   */
  async findPage({ query, passive, page: number }: OppijahakuCriteria): Promise<OppijahakuPage> {
    const ehto = toEhto(query);
    const offset = number * PERSONS_OF_PAGE;
    const { content, total } = ehto ? await this.find(ehto, passive, offset) : await this.findAmongAll(passive, offset);
    const totalPages = Math.ceil(total / PERSONS_OF_PAGE);
    return { content, page: { size: PERSONS_OF_PAGE, number, totalElements: total, totalPages } };
  }

  private async find({ sql, values }: Ehto, passive: boolean, offset: number): Promise<Osumat> {
    const [row] = await this.db.query<Osumat>(
      `with osumat as materialized (
         select id, oidhenkilo, etunimet, sukunimi, syntymaaika from henkilo where (${sql}) ${passive ? '' : 'and not passivoitu'}
       )
       select (select count(*) from osumat) as total,
              coalesce((select json_agg(to_json(s)) from (${page('osumat', `$${values.length + 1}`)}) s), '[]') as content`,
      [...values, offset],
    );
    return row!;
  }

  /** The order comes from an index. */
  private async findAmongAll(passive: boolean, offset: number): Promise<Osumat> {
    const from = passive ? 'henkilo' : 'henkilo where not passivoitu';
    const [content, [count]] = await Promise.all([
      this.db.query<OppijahakuResult>(page(from, '$1'), [offset]),
      this.db.query<{ total: number }>(`select count(*) as total from ${from}`),
    ]);
    return { content, total: count!.total };
  }
}
