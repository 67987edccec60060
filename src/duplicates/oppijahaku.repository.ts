import { Injectable } from '@nestjs/common';
import { IllegalArgumentError } from '../common/errors.js';
import { Database } from '../database/database.js';
import { startsPattern } from '../henkilo/nimi-haku.js';
import type { OppijahakuCriteria, OppijahakuPage, OppijahakuResult } from './dto/oppijahaku.dto.js';

const PAGE_SIZE = 50;
const HETU = /^\d{6}.\d{3}[\dA-Z]$/;

interface Ehto {
  readonly sql: string;
  readonly values: readonly string[];
}

/**
 * First matching rule of spec duplicates-tuonti-yleistunniste 8; `%` and `_` are themselves (O-19). Patterns are texts at
 * plan time, so that the indexes on `lower(…)` serve.
 * @throws IllegalArgumentError only commas
 */
export function toEhto(query: string): Ehto {
  const trimmed = query.trim();
  if (trimmed.startsWith('1.2.')) return { sql: 'oidhenkilo = $1', values: [trimmed] };
  if (HETU.test(trimmed)) return { sql: 'hetu = $1', values: [trimmed.toUpperCase()] };
  if (/^,+$/.test(trimmed)) throw new IllegalArgumentError('The query consists of commas only');
  const text = query.toLowerCase();
  const comma = text.indexOf(',');
  const space = text.lastIndexOf(' ');
  if (comma < 0 && space < 0) {
    const sql = 'lower(etunimet) like $1 or lower(kutsumanimi) like $1 or lower(sukunimi) like $1';
    return { sql, values: [startsPattern(text)] };
  }
  const [sukunimi, etunimet] =
    comma >= 0 ? [text.slice(0, comma), text.slice(comma + 1)] : [text.slice(space + 1), text.slice(0, space)];
  return {
    sql: 'lower(sukunimi) like $1 and (lower(etunimet) like $2 or lower(kutsumanimi) like $2)',
    values: [startsPattern(sukunimi.trim()), startsPattern(etunimet.trim())],
  };
}

/** Search of persons by name for officials of the register. */
@Injectable()
export class OppijahakuRepository {
  constructor(private readonly db: Database) {}

  /** Persons by surname, first names and birth date, fifty a page. @throws IllegalArgumentError only commas */
  async findPage({ query, passive, page }: OppijahakuCriteria): Promise<OppijahakuPage> {
    const { sql, values } = toEhto(query);
    const where = `(${sql})${passive ? '' : ' and not passivoitu'}`;
    const [content, [count]] = await Promise.all([
      this.db.query<OppijahakuResult>(
        `select oidhenkilo as oid, etunimet, sukunimi, syntymaaika from henkilo where ${where}
          order by sukunimi, etunimet, syntymaaika, id limit ${PAGE_SIZE} offset $${values.length + 1}::bigint`,
        [...values, page * PAGE_SIZE],
      ),
      this.db.query<{ total: number }>(`select count(*) as total from henkilo where ${where}`, values),
    ]);
    const totalElements = count!.total;
    const totalPages = Math.ceil(totalElements / PAGE_SIZE);
    return { content, page: { size: PAGE_SIZE, number: page, totalElements, totalPages } };
  }
}
