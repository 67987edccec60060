import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { BEFORE_ALL } from '../../hakuteksti/first-places.model.js';
import type { Position } from '../../hakuteksti/name-order.model.js';
import { HakutekstiMuistissa } from '../../hakuteksti/hakuteksti-muistissa.store.js';
import { HAKU_COLUMNS, type HenkiloHakuRivi } from '../luku/henkilo-rivi.sql.js';
import { containsPattern, hasTrigram, nimi, prefilterPattern } from './nimi-haku.sql.js';

/** How many persons, in the order of the answer, are looked at before the trigram index is asked. */
const PERSONS_LOOKED_AT_FIRST = 200;

/** `$1`: the term, `$2`: pattern on lower-case names, `$3`: pattern on the search text. Sub-selects are evaluated once. */
const nameContains = (searchText: string) =>
  `(${searchText} like (select duplicate_search_fmt($3)) and (${NAME_CONTAINS}))`;
const NAME_CONTAINS = ['h.sukunimi', 'h.kutsumanimi', 'h.etunimet'].map((name) => `${nimi(name)} like (select lower($2))`).join(' or '); // prettier-ignore

/** The first in the order of the answer. */
const FIRST = 'order by sukunimi, kutsumanimi, oidhenkilo limit 1';

/**
 * The planner cannot know whether a term is frequent, and either plan alone takes a second for the other kind of term.
 * So both are spelt out: a frequent term is met at the beginning of the names in order; one that is not is rare, and the
 * trigram index finds all its persons. The later parts run only if the first finds nobody.
 */
const find = (searchText: string) => `
  with alku as materialized (
    select id
      from (select * from henkilo where not passivoitu and not duplicate order by sukunimi, kutsumanimi, oidhenkilo limit ${PERSONS_LOOKED_AT_FIRST}) h
     where ${nameContains('h.duplicate_search_str')} or h.hetu = $1 or h.oidhenkilo = $1
     ${FIRST}
  ), muut as materialized (
    select id, sukunimi, kutsumanimi, oidhenkilo, passivoitu or duplicate as pois
      from henkilo h where ${nameContains(searchText)} and not exists (select 1 from alku)
     union all
    select id, sukunimi, kutsumanimi, oidhenkilo, passivoitu or duplicate from henkilo where hetu = $1 and not exists (select 1 from alku)
     union all
    select id, sukunimi, kutsumanimi, oidhenkilo, passivoitu or duplicate from henkilo where oidhenkilo = $1 and not exists (select 1 from alku)
  )
  select ${HAKU_COLUMNS}
    from henkilo h
   where h.id = coalesce((select id from alku), (select id from muut where not pois ${FIRST}))`;

const FIND = find('h.duplicate_search_str');
/** The empty text keeps the planner from the trigram index, of which a pattern without trigrams would read every page. */
const FIND_SHORT = find(`h.duplicate_search_str || ''`);

/**
 * Among the persons whose ids are `$3` and `$4`; the conditions make the answer right, whoever else is among them.
 * `isFirst`: one of `$3` has the term, so that nobody who comes later by name can be before the one that is found.
 */
const FIND_BY_IDS = `
  with loydetyt as materialized (
    select id, sukunimi, kutsumanimi, oidhenkilo, true as by_place from henkilo h
     where id = any (array(select unnest($3::bigint[]))) and not passivoitu and not duplicate and (${NAME_CONTAINS})
     union all
    select id, sukunimi, kutsumanimi, oidhenkilo, false from henkilo h
     where id = any (array(select unnest($4::bigint[]))) and not passivoitu and not duplicate and (${NAME_CONTAINS})
     union all
    select id, sukunimi, kutsumanimi, oidhenkilo, false from henkilo where hetu = $1 and not passivoitu and not duplicate
     union all
    select id, sukunimi, kutsumanimi, oidhenkilo, false from henkilo where oidhenkilo = $1 and not passivoitu and not duplicate
  )
  select ${HAKU_COLUMNS}, (select bool_or(by_place) from loydetyt) as "isFirst"
    from henkilo h where h.id = (select id from loydetyt ${FIRST})`;

/** Persons in order of names that are read at a time: hardly ever more than the first ones. */
const PERSONS_AT_A_TIME = [8, 128, 2048];

interface Loydetty extends HenkiloHakuRivi {
  readonly isFirst?: boolean | null;
}

/** Search of a person by one free term (docs/spec/henkilo.md#8.4). */
@Injectable()
export class HakutermiRepository {
  constructor(
    private readonly db: Database,
    private readonly hakutekstit: HakutekstiMuistissa,
  ) {}

  /**
   * The first person by surname and calling name that is neither passivated nor a duplicate and has the term as its hetu or OID, or in
   * one of its names, whatever the case and the form of Unicode. `%` and `_` mean themselves. The empty term is in every name.
   */
  async findFirst(hakutermi: string): Promise<HenkiloHakuRivi | undefined> {
    const [pattern, prefilter] = [containsPattern(hakutermi), prefilterPattern(hakutermi)];
    if (!hasTrigram(hakutermi)) return this.first('hakutermi-short', FIND_SHORT, [hakutermi, pattern, prefilter]);
    let after: Position = BEFORE_ALL;
    for (const count of PERSONS_AT_A_TIME) {
      const ids = await this.hakutekstit.findMatching(prefilter, after, count);
      if (!ids) break;
      const placed = ids.placed.map(({ id }) => id);
      const rivi = await this.first('hakutermi-ids', FIND_BY_IDS, [hakutermi, pattern, placed, ids.others]);
      if (ids.isAll || rivi?.isFirst) return rivi;
      after = ids.placed.at(-1)!;
    }
    return this.first('hakutermi', FIND, [hakutermi, pattern, prefilter]);
  }

  private async first(name: string, sql: string, values: unknown[]): Promise<Loydetty | undefined> {
    const [row] = await this.db.prepared<Loydetty>(name, sql, values);
    return row;
  }
}
