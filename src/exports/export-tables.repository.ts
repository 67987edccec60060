import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SUOJATTU } from '../auth/permissions/suojattu.sql.js';
import { Callers } from '../common/callers.js';
import { Database } from '../database/database.js';

/** Whether a person is of the step that is written. Said of every table by id: the server would read the whole of it for each step. */
const isOfStep = (id: string) => `${id} > $1 and ${id} <= $2`;

/** Codes and OIDs of one person in one text. The reference leaves their order open; here it is always the same. */
const KANSALAISUUDET = `
    left join (select hk.henkilo_id, string_agg(c.kansalaisuuskoodi, ',' order by c.kansalaisuuskoodi) as koodit
                 from henkilo_kansalaisuus hk join kansalaisuus c on c.id = hk.kansalaisuus_id
                where ${isOfStep('hk.henkilo_id')} group by hk.henkilo_id) k on k.henkilo_id = h.id`;
/** Of several masters the first. */
const MASTERS = `
    left join lateral (select min(v.master_oid) as master_oid from henkiloviite v where v.slave_oid = h.oidhenkilo) m on true`;
const SLAVES = `
    left join lateral (select string_agg(v.slave_oid, ',' order by v.slave_oid) as oidit
                         from henkiloviite v where v.master_oid = h.oidhenkilo) s on true`;

/** `created` and `modified` are read as times of Helsinki (docs/spec/security-integrations-jobs.md#O-17). */
const HENKILO = `
  select h.oidhenkilo as henkilo_oid, h.hetu, e.tunnisteet as eidas_tunnisteet, h.sukupuoli, h.syntymaaika, h.sukunimi,
         h.etunimet, a.kielikoodi as aidinkieli, h.turvakielto,
         case when ${SUOJATTU} then null else h.kotikunta end as kotikunta, h.yksiloityvtj,
         k.koodit as kansalaisuus, m.master_oid, s.oidit as linkitetyt_oidit,
         h.created at time zone 'Europe/Helsinki' as created, h.modified at time zone 'Europe/Helsinki' as updated
    from henkilo h
    left join kielisyys a on a.id = h.aidinkieli_id
    left join (select t.henkilo_id, string_agg(t.tunniste, ',' order by t.tunniste) as tunnisteet
                 from eidastunniste t where ${isOfStep('t.henkilo_id')} group by t.henkilo_id) e on e.henkilo_id = h.id
    ${KANSALAISUUDET} ${MASTERS} ${SLAVES}
   where ${isOfStep('h.id')}`;

const YHTEYSTIETO = `
  select h.oidhenkilo as henkilo_oid, r.ryhmakuvaus as yhteystietotyyppi, y.yhteystieto_arvo,
         y.yhteystieto_tyyppi as yhteystieto_arvo_tyyppi, r.ryhma_alkuperatieto as alkupera
    from yhteystiedot y
    join yhteystiedotryhma r on r.id = y.yhteystiedotryhma_id
    join henkilo h on h.id = r.henkilo_id
   where y.yhteystieto_arvo is not null and ${isOfStep('h.id')} and ${isOfStep('r.henkilo_id')}`;

/** Neither names nor hetu, dates or contact details. */
const DATANTUONTI_HENKILO = `
  select h.oidhenkilo as oid, h.yksiloityvtj, a.kielikoodi as aidinkieli, b.kielikoodi as asiointikieli,
         k.koodit as kansalaisuus, m.master_oid, s.oidit as linkitetyt_oidit
    from henkilo h
    left join kielisyys a on a.id = h.aidinkieli_id
    left join kielisyys b on b.id = h.asiointikieli_id
    ${KANSALAISUUDET} ${MASTERS} ${SLAVES}
   where h.oidhenkilo like '1.2.246.562.24.%' and ${isOfStep('h.id')}`;

/** CREATE TABLE takes no parameters. */
const nothingOf = (rows: string) => rows.replaceAll('$1', '0').replaceAll('$2', '0');

/** Persons whose rows one statement writes: some tens of milliseconds, and some while requests come. */
const PERSONS_A_STEP = { quick: 2_000, besideRequests: 250 };
/** Below every id. */
const BEFORE_ALL = '-9223372036854775808';
/** How long the server rests after each step while requests come, in times of the step: they need its processors and its disk as well. */
const REST_IN_TIMES_OF_STEP = 3;
const LONGEST_REST_MS = 2_000;
/** So long after its beginning, since a snapshot is held. */
const YIELDS_FOR_MS = 900_000;

/**
 * The tables that exports are read from (docs/spec/schema.md#7.5). They are made anew as a whole, on one state of the register. It is the one
 * transaction that rests: nobody else wants what it locks, and a snapshot is held for as long by the files that are written afterwards.
 */
@Injectable()
export class ExportTablesRepository {
  constructor(
    private readonly db: Database,
    private readonly callers: Callers,
  ) {}

  /** Schema `export`. Until the new one is complete others see the former. @param signal aborted: nothing is changed */
  createExport(signal: AbortSignal): Promise<void> {
    return this.replace('exportnew', 'export', { henkilo: HENKILO, yhteystieto: YHTEYSTIETO }, signal, [
      'alter table exportnew.henkilo add constraint henkilo_pk primary key (henkilo_oid)',
      `alter table exportnew.yhteystieto
         add constraint henkilo_fk foreign key (henkilo_oid) references exportnew.henkilo (henkilo_oid)`,
    ]);
  }

  /** Schema `datantuonti_export`. @param signal aborted: nothing is changed */
  createDatantuontiExport(signal: AbortSignal): Promise<void> {
    return this.replace('datantuonti_export_new', 'datantuonti_export', { henkilo: DATANTUONTI_HENKILO }, signal);
  }

  private replace(
    working: string,
    final: string,
    tables: Readonly<Record<string, string>>,
    signal: AbortSignal,
    afterwards: readonly string[] = [],
  ): Promise<void> {
    return this.db.newTransaction(async () => {
      await this.db.execute(`drop schema if exists ${working} cascade`);
      await this.db.execute(`create schema ${working}`);
      for (const [table, rows] of Object.entries(tables))
        await this.db.execute(`create table ${working}.${table} as ${nothingOf(rows)}`);
      const yieldsUntil = performance.now() + YIELDS_FOR_MS;
      for (let after = BEFORE_ALL, last; (last = await this.endOfStep(after, yieldsUntil)) !== null; after = last) {
        for (const [table, rows] of Object.entries(tables)) {
          const began = performance.now();
          await this.db.execute(`insert into ${working}.${table} ${rows}`, [after, last]);
          const rest = this.callers.goFirst(yieldsUntil) ? (performance.now() - began) * REST_IN_TIMES_OF_STEP : 0;
          await sleep(Math.min(rest, LONGEST_REST_MS), null, { signal });
        }
      }
      for (const statement of afterwards) await this.db.execute(statement);
      await this.db.execute(`drop schema if exists ${final} cascade`);
      await this.db.execute(`alter schema ${working} rename to ${final}`);
    }, 'REPEATABLE READ');
  }

  /** @returns id of the last person of the step after this one; null when nobody is left */
  private async endOfStep(after: string, yieldsUntil: number): Promise<string | null> {
    const [step] = await this.db.query<{ last: string | null }>(
      'select max(id) as last from (select id from henkilo where id > $1 order by id limit $2) p',
      [after, this.callers.goFirst(yieldsUntil) ? PERSONS_A_STEP.besideRequests : PERSONS_A_STEP.quick],
    );
    return step?.last ?? null;
  }
}
