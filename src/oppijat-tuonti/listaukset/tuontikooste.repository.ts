import { Injectable } from '@nestjs/common';
import { toNfc } from '../../common/nimen-merkit.js';
import { Database } from '../../database/database.js';
import { nimi } from '../../henkilo/haku/nimi-haku.sql.js';
import { millisOf } from '../../database/millis.js';
import type { TuontiKooste, TuontiKoosteField } from '../dto/tuontikooste.dto.js';
import { SqlEhdot } from './oppija-ehdot.sql.js';

/** Which imports. */
export interface KoosteEhdot {
  readonly id: number | null;
  readonly author: string | null;
  /** OIDs of organisations one of which the import was made into; null: any. */
  readonly organisaatioOids: readonly string[] | null;
}

export interface KoosteSivu {
  readonly field: TuontiKoosteField;
  readonly sort: 'ASC' | 'DESC';
  readonly limit: number;
  readonly offset: number;
}

/** Rows whose person is identified (eIDAS does not count, docs/spec/duplicates-tuonti-yleistunniste.md#O-15), passive or a duplicate, by import: `onr_laskuri`. */
const ONNISTUNEET = `left join (select kohde, sum(maara)::bigint as maara from onr_laskuri
                                  where nimi = 'onnistuneet' group by kohde) o on o.kohde = t.id`;

/** What the imports are ordered by. */
const SORT_KEYS: Readonly<Record<TuontiKoosteField, string>> = {
  id: 't.id',
  timestamp: 't.aikaleima',
  oid: 't.kasittelija_oid',
  author: 't.author',
  total: 't.kasiteltavia',
  inProgress: 't.kasiteltavia - t.kasiteltyja',
  successful: 'coalesce(o.maara, 0)',
  failures: 't.kasiteltavia - coalesce(o.maara, 0)',
  conflicts: 'coalesce(c.maara, 0)',
};
const SORT_JOINS: Partial<Readonly<Record<TuontiKoosteField, string>>> = {
  successful: ONNISTUNEET,
  failures: ONNISTUNEET,
  conflicts: `left join (select r.tuonti_id, count(*) as maara from tuonti_rivi r where r.conflict group by 1) c on c.tuonti_id = t.id`,
};

/** The list of imports: what the view `tuontikooste` gives, once per import instead of once per organisation. */
@Injectable()
export class TuontikoosteRepository {
  constructor(private readonly db: Database) {}

  /** A page of imports, by the given field and then the id, both in the same direction. */
  list(ehdot: KoosteEhdot, { field, sort, limit, offset }: KoosteSivu): Promise<TuontiKooste[]> {
    const ehto = toSql(ehdot);
    const [$limit, $offset] = [ehto.values.push(limit), ehto.values.push(offset)];
    const order = `${SORT_KEYS[field]} ${sort}, t.id ${sort}`;
    return this.db.query<TuontiKooste>(
      `with sivu as materialized (
         select t.*, row_number() over (order by ${order}) as nro
           from (${TUONNIT} where ${ehto.sql}) t ${SORT_JOINS[field] ?? ''}
          order by nro limit $${$limit} offset $${$offset})
       select t.id, t.kasittelija_oid as oid, t.author,
              ${millisOf('t.aikaleima')} as timestamp, t.kasiteltavia as total,
              t.kasiteltavia - t.kasiteltyja as "inProgress", o.maara as successful,
              t.kasiteltavia - o.maara as failures,
              (select count(*) from tuonti_rivi r where r.conflict and r.tuonti_id = t.id) as conflicts, t.api
         from sivu t
        cross join lateral (select coalesce(sum(maara), 0)::bigint from onr_laskuri
                             where nimi = 'onnistuneet' and kohde = t.id) o (maara)
        order by t.nro`,
      ehto.values,
    );
  }

  async count(ehdot: KoosteEhdot): Promise<number> {
    const ehto = toSql(ehdot);
    const [row] = await this.db.query<{ count: number }>(
      `select count(*) from (${TUONNIT} where ${ehto.sql}) t`,
      ehto.values,
    );
    return row!.count;
  }
}

/** The imports with the names of their users. */
const TUONNIT = `select t.id, t.kasittelija_oid, t.aikaleima, t.kasiteltavia, t.kasiteltyja, t.api,
        k.sukunimi || ', ' || k.etunimet as author
   from tuonti t left join henkilo k on k.oidhenkilo = t.kasittelija_oid`;

/** An import without organisations is in no list. */
function toSql({ id, author, organisaatioOids }: KoosteEhdot): SqlEhdot {
  const ehto = new SqlEhdot();
  if (organisaatioOids === null)
    ehto.add(() => 'exists (select 1 from tuonti_organisaatio x where x.tuonti_id = t.id)');
  else
    ehto.add(
      ($oids) =>
        `exists (select 1 from tuonti_organisaatio x join organisaatio o on o.id = x.organisaatio_id
                  where x.tuonti_id = t.id and o.oid = any (${$oids}::text[]))`,
      organisaatioOids,
    );
  if (id !== null) ehto.add(($id) => `t.id = ${$id}`, id);
  if (author !== null)
    ehto.add(
      ($author) => `${nimi(`k.sukunimi || ', ' || k.etunimet`)} like lower(${$author}) escape ''`,
      `%${toNfc(author)}%`,
    );
  return ehto;
}
