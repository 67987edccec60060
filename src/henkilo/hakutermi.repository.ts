import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** The person found, in the fields of HenkiloHakuDto. */
export interface HakutermiRow {
  readonly oidHenkilo: string;
  readonly hetu: string | null;
  readonly etunimet: string;
  readonly kutsumanimi: string;
  readonly sukunimi: string;
}

/** How many persons, in the order of the answer, are looked at before the trigram indexes are asked. */
const WALK = 200;

const MATCHES = `(hetu = $1 or oidhenkilo = $1 or lower(etunimet) like $2 or lower(kutsumanimi) like $2 or lower(sukunimi) like $2)`;

/**
 * The planner cannot know whether a term is frequent, and either plan alone takes a second for the other kind of term.
 * So both are spelt out: a frequent term is met at the beginning of the names in order (`onr_henkilo_nimi_idx`); one
 * that is not is rare, and the trigram indexes find all its persons. The second part runs only if the first finds none.
 */
const FIND = `
  with alku as materialized (
    select id
      from (select * from henkilo where not passivoitu and not duplicate order by sukunimi, kutsumanimi limit ${WALK}) h
     where ${MATCHES}
     order by sukunimi, kutsumanimi
     limit 1
  ), muut as materialized (
    select id, sukunimi, kutsumanimi
      from henkilo
     where not passivoitu and not duplicate and ${MATCHES} and not exists (select 1 from alku)
  )
  select oidhenkilo as "oidHenkilo", hetu, etunimet, kutsumanimi, sukunimi
    from henkilo
   where id = coalesce((select id from alku), (select id from muut order by sukunimi, kutsumanimi limit 1))`;

/** Search of a person by one free term (spec henkilo 8.4). */
@Injectable()
export class HakutermiRepository {
  constructor(private readonly db: Database) {}

  /**
   * The first person by surname and calling name, neither passivated nor a duplicate, whose hetu or OID is the term or
   * one of whose names contains it, whatever the case. `%` and `_` mean themselves. The empty term is in every name.
   */
  async findFirst(hakutermi: string): Promise<HakutermiRow | undefined> {
    const pattern = `%${hakutermi.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    const [row] = await this.db.query<HakutermiRow>(FIND, [hakutermi, pattern]);
    return row;
  }
}
