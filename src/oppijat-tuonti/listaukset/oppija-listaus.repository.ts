import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { HENKILO_COLUMNS, type HenkiloRivi } from '../../henkilo/luku/henkilo-rivi.sql.js';
import { masterOf } from '../../henkiloviite/henkiloviite.sql.js';
import {
  addOppijaEhdot,
  addTuotu,
  needsHenkilo,
  SqlEhdot,
  tuodut,
  virhe,
  yksiloimaton,
  type OppijaEhdot,
} from './oppija-ehdot.sql.js';

/** Counts of imported persons. */
export interface OppijaLuvut {
  readonly kaikki: number;
  /** Living, own and not identified by any method. */
  readonly yksiloimattomat: number;
  /** Of those: failed or without hetu. */
  readonly virheet: number;
}

/** An imported person with the user who first imported it. */
export interface VirheRivi extends HenkiloRivi {
  readonly serviceUserOid: string | null;
  readonly serviceUserName: string | null;
}

/** A place in the order of changes: after this person. */
export interface MuutosKohta {
  /** When the person was changed: UTC text with microseconds, since the order is finer than milliseconds. */
  readonly hetki: string;
  readonly henkiloId: number;
}

/** Before everyone in the order of changes. */
export const ALKU: MuutosKohta = { hetki: '-infinity', henkiloId: Number.MIN_SAFE_INTEGER };

/** A changed person, its place, and the person whose data are shown. */
export interface MuutosRivi extends HenkiloRivi, MuutosKohta {
  /** OID of the imported person; the other columns are of its master, or its own. */
  readonly oid: string;
}

/** Searches among the persons that imports led to (onr_tuotu_henkilo). */
@Injectable()
export class OppijaListausRepository {
  constructor(private readonly db: Database) {}

  /** Ids of the organisations; unknown ones are left out. */
  async listOrganisaatioIds(organisaatioOids: readonly string[]): Promise<number[]> {
    const sql = 'select id from organisaatio where oid = any ($1) order by id';
    return (await this.db.query<{ id: number }>(sql, [organisaatioOids])).map(({ id }) => id);
  }

  /** All matching persons. Without conditions on the person itself only its id is looked at. */
  async count(ehdot: OppijaEhdot): Promise<number> {
    const { maara, values } = toMaara(ehdot);
    const [row] = await this.db.query<{ count: number }>(`select (${maara}) as count`, values);
    return row!.count;
  }

  /**
   * The counts of one moment. Those of all persons are kept, and so is the state of each in its organisations; else all
   * are counted by id, the few to be identified by their own index.
   */
  async getLuvut(ehdot: OppijaEhdot): Promise<OppijaLuvut> {
    if (isRajaamaton(ehdot) && !ehdot.vainVirheet)
      return ehdot.organisaatioIds === null ? this.getKaikkiLuvut() : this.getOrganisaatioLuvut(ehdot);
    if (ehdot.tuontiId !== null) return this.getTuontiLuvut(ehdot);
    const { maara, values } = toMaara(ehdot);
    const ehto = addTuotu(addOppijaEhdot(new SqlEhdot(values), 'h.id', ehdot), ehdot);
    const [row] = await this.db.query<OppijaLuvut>(
      `select (${maara}) as kaikki, y.* from (
         select count(*) as yksiloimattomat, count(*) filter (where ${virhe('h')}) as virheet
           from henkilo h where ${yksiloimaton('h')} and ${ehto.sql}) y`,
      values,
    );
    return row!;
  }

  private async getKaikkiLuvut(): Promise<OppijaLuvut> {
    const summa = (...nimet: string[]) =>
      `coalesce(sum(maara) filter (where nimi in (${nimet.map((nimi) => `'${nimi}'`).join(', ')})), 0)::bigint`;
    const [row] = await this.db.query<OppijaLuvut>(
      `select ${summa('tuodut')} as kaikki, ${summa('virheet', 'keskeneraiset')} as yksiloimattomat,
              ${summa('virheet')} as virheet
         from onr_laskuri where nimi in ('tuodut', 'virheet', 'keskeneraiset') and kohde = 0`,
    );
    return row!;
  }

  /** The counts of one import, which has at most 10 000 persons. */
  private async getTuontiLuvut(ehdot: OppijaEhdot): Promise<OppijaLuvut> {
    const ehto = new SqlEhdot();
    const from = tuodut(ehto.values, ehdot);
    addOppijaEhdot(ehto, 't.henkilo_id', { ...ehdot, tuontiId: null });
    const [row] = await this.db.query<OppijaLuvut>(
      `select count(*) as kaikki, count(*) filter (where ${yksiloimaton('h')}) as yksiloimattomat,
              count(*) filter (where ${yksiloimaton('h')} and ${virhe('h')}) as virheet
         from ${from} join henkilo h on h.id = t.henkilo_id where ${ehto.sql}`,
      ehto.values,
    );
    return row!;
  }

  private async getOrganisaatioLuvut(ehdot: OppijaEhdot): Promise<OppijaLuvut> {
    const values: unknown[] = [];
    const maara = (ehto?: string) => `(select count(*) from ${tuodut(values, ehdot, ehto)})`;
    const [row] = await this.db.query<OppijaLuvut>(
      `select ${maara()} as kaikki, ${maara('tila is not null')} as yksiloimattomat, ${maara(`tila = 'virheet'`)} as virheet`,
      values,
    );
    return row!;
  }

  /** A page of persons, the newest id first; each once, whatever organisations and imports it is in. */
  listVirheet(ehdot: OppijaEhdot, limit: number, offset: number): Promise<VirheRivi[]> {
    const ehto = addTuotu(addOppijaEhdot(new SqlEhdot(), 'h.id', ehdot), ehdot);
    const [$limit, $offset] = [ehto.values.push(limit), ehto.values.push(offset)];
    return this.db.query<VirheRivi>(
      `with sivu as materialized (
         select h.id from henkilo h
          where ${ehto.sql}
          order by h.id desc limit $${$limit} offset $${$offset})
       select ${HENKILO_COLUMNS}, tuoja.oid as "serviceUserOid", tuoja.nimi as "serviceUserName"
         from sivu join henkilo h on h.id = sivu.id
         left join lateral (
           select k.oidhenkilo as oid, k.sukunimi || ' ' || k.etunimet as nimi
             from tuonti_rivi r join tuonti t on t.id = r.tuonti_id join henkilo k on k.oidhenkilo = t.kasittelija_oid
            where r.henkilo_id = h.id order by t.aikaleima, t.id limit 1) tuoja on true
        order by h.id desc`,
      ehto.values,
    );
  }

  /**
   * A page of persons, the oldest change first.
   * @param alku after this place, or so many rows from the beginning
   * @param raja changes of that instant (UTC text) and later are left out: earlier ones may still be under way
   */
  listMuuttuneet(ehdot: OppijaEhdot, alku: MuutosKohta | number, limit: number, raja: string): Promise<MuutosRivi[]> {
    const ehto = addTuotu(addOppijaEhdot(new SqlEhdot(), 'h.id', ehdot), ehdot);
    ehto.add(($raja) => `h.modified < ${$raja}::timestamp`, raja);
    if (typeof alku !== 'number')
      ehto.add(
        ($hetki, $id) => `(h.modified, h.id) > (${$hetki}::timestamp, ${$id}::bigint)`,
        alku.hetki,
        alku.henkiloId,
      );
    const [$limit, $offset] = [ehto.values.push(limit), ehto.values.push(typeof alku === 'number' ? alku : 0)];
    return this.db.query<MuutosRivi>(
      `with sivu as materialized (
         select h.id as henkilo_id, h.oidhenkilo, h.modified from henkilo h
          where ${ehto.sql}
          order by h.modified, h.id limit $${$limit} offset $${$offset})
       select ${HENKILO_COLUMNS}, sivu.oidhenkilo as oid, sivu.modified::text as hetki,
              sivu.henkilo_id as "henkiloId"
         from sivu
         join henkilo h on h.oidhenkilo = coalesce(${masterOf('sivu.oidhenkilo')}, sivu.oidhenkilo)
        order by sivu.modified, sivu.henkilo_id`,
      ehto.values,
    );
  }

  /** Are there changes of that instant (UTC text) or later? */
  async existsMuutosFrom(ehdot: OppijaEhdot, raja: string): Promise<boolean> {
    const ehto = addTuotu(addOppijaEhdot(new SqlEhdot(), 'h.id', ehdot), ehdot);
    ehto.add(($raja) => `h.modified >= ${$raja}::timestamp`, raja);
    const rows = await this.db.query(`select 1 from henkilo h where ${ehto.sql} limit 1`, ehto.values);
    return rows.length > 0;
  }

  /**
   * The present, and the instant up to which the changes are complete: the present, or the beginning of the oldest
   * transaction that may still write, in whole milliseconds like the changes themselves. A read alone, however long, holds
   * nothing up. UTC texts, which sort by time.
   */
  async getMuutosraja(): Promise<{ nyt: string; raja: string }> {
    const [row] = await this.db.query<{ nyt: string; raja: string }>(
      `select (kello at time zone 'UTC')::text as nyt,
              date_trunc('milliseconds', least(kello, min(xact_start)) at time zone 'UTC')::text as raja
         from clock_timestamp() kello left join pg_stat_activity
           on datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
          and (backend_xid is not null or xact_start > kello - interval '5 s')
        group by kello`,
    );
    return row!;
  }
}

/** Is there no condition but organisations and `vainVirheet`? */
const isRajaamaton = ({ tuontiId, muokattuJalkeen, nimiHaku }: OppijaEhdot): boolean =>
  tuontiId === null && muokattuJalkeen === null && !nimiHaku;

/** The statement that counts the persons, and its values. Of all persons the counts are kept. */
function toMaara(ehdot: OppijaEhdot): { maara: string; values: unknown[] } {
  const { organisaatioIds, vainVirheet } = ehdot;
  if (isRajaamaton(ehdot) && organisaatioIds === null) {
    const nimi = vainVirheet ? 'virheet' : 'tuodut';
    const maara = `select coalesce(sum(maara), 0)::bigint from onr_laskuri where nimi = '${nimi}' and kohde = 0`;
    return { maara, values: [] };
  }
  const ehto = new SqlEhdot();
  if (isRajaamaton(ehdot) && vainVirheet)
    return { maara: `select count(*) from ${tuodut(ehto.values, ehdot, `tila = 'virheet'`)}`, values: ehto.values };
  const henkilo = needsHenkilo(ehdot) ? ' join henkilo h on h.id = t.henkilo_id' : '';
  const from = tuodut(ehto.values, ehdot) + henkilo;
  addOppijaEhdot(ehto, 't.henkilo_id', { ...ehdot, tuontiId: null });
  return { maara: `select count(*) from ${from} where ${ehto.sql}`, values: ehto.values };
}
