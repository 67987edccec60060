import { Injectable } from '@nestjs/common';
import { SUOJATTU } from '../auth/permissions/suojattu.sql.js';
import { Database } from '../database/database.js';

/** Codes and OIDs of one person in one text. The reference leaves their order open; here it is always the same. */
const KANSALAISUUDET = `
  select hk.henkilo_id, string_agg(k.kansalaisuuskoodi, ',' order by k.kansalaisuuskoodi) as koodit
    from henkilo_kansalaisuus hk join kansalaisuus k on k.id = hk.kansalaisuus_id
   group by hk.henkilo_id`;
/** Of several masters the first. */
const MASTERS = `select slave_oid, min(master_oid) as master_oid from henkiloviite group by slave_oid`;
const SLAVES = `
  select master_oid, string_agg(slave_oid, ',' order by slave_oid) as oidit from henkiloviite group by master_oid`;

/** `created` and `modified` are read as times of Helsinki (docs/spec/security-integrations-jobs.md#O-17). */
const HENKILO = `
  select h.oidhenkilo as henkilo_oid, h.hetu, e.tunnisteet as eidas_tunnisteet, h.sukupuoli, h.syntymaaika, h.sukunimi,
         h.etunimet, a.kielikoodi as aidinkieli, h.turvakielto,
         case when ${SUOJATTU} then null else h.kotikunta end as kotikunta, h.yksiloityvtj,
         k.koodit as kansalaisuus, m.master_oid, s.oidit as linkitetyt_oidit,
         h.created at time zone 'Europe/Helsinki' as created, h.modified at time zone 'Europe/Helsinki' as updated
    from henkilo h
    left join kielisyys a on a.id = h.aidinkieli_id
    left join (select henkilo_id, string_agg(tunniste, ',' order by tunniste) as tunnisteet
                 from eidastunniste group by henkilo_id) e on e.henkilo_id = h.id
    left join (${KANSALAISUUDET}) k on k.henkilo_id = h.id
    left join (${MASTERS}) m on m.slave_oid = h.oidhenkilo
    left join (${SLAVES}) s on s.master_oid = h.oidhenkilo`;

const YHTEYSTIETO = `
  select h.oidhenkilo as henkilo_oid, r.ryhmakuvaus as yhteystietotyyppi, y.yhteystieto_arvo,
         y.yhteystieto_tyyppi as yhteystieto_arvo_tyyppi, r.ryhma_alkuperatieto as alkupera
    from yhteystiedot y
    join yhteystiedotryhma r on r.id = y.yhteystiedotryhma_id
    join henkilo h on h.id = r.henkilo_id
   where y.yhteystieto_arvo is not null`;

/** Neither names nor hetu, dates or contact details. */
const DATANTUONTI_HENKILO = `
  select h.oidhenkilo as oid, h.yksiloityvtj, a.kielikoodi as aidinkieli, b.kielikoodi as asiointikieli,
         k.koodit as kansalaisuus, m.master_oid, s.oidit as linkitetyt_oidit
    from henkilo h
    left join kielisyys a on a.id = h.aidinkieli_id
    left join kielisyys b on b.id = h.asiointikieli_id
    left join (${KANSALAISUUDET}) k on k.henkilo_id = h.id
    left join (${MASTERS}) m on m.slave_oid = h.oidhenkilo
    left join (${SLAVES}) s on s.master_oid = h.oidhenkilo
   where h.oidhenkilo like '1.2.246.562.24.%'`;

/** The tables that exports are read from (docs/spec/schema.md#7.5). They are made anew as a whole, on one state of the register. */
@Injectable()
export class ExportTablesRepository {
  constructor(private readonly db: Database) {}

  /** Schema `export`. Until the new one is complete others see the former. */
  createExport(): Promise<void> {
    return this.replace('exportnew', 'export', [
      `create table exportnew.henkilo as ${HENKILO}`,
      `create table exportnew.yhteystieto as ${YHTEYSTIETO}`,
      'alter table exportnew.henkilo add constraint henkilo_pk primary key (henkilo_oid)',
      `alter table exportnew.yhteystieto
         add constraint henkilo_fk foreign key (henkilo_oid) references exportnew.henkilo (henkilo_oid)`,
    ]);
  }

  /** Schema `datantuonti_export`. */
  createDatantuontiExport(): Promise<void> {
    return this.replace('datantuonti_export_new', 'datantuonti_export', [
      `create table datantuonti_export_new.henkilo as ${DATANTUONTI_HENKILO}`,
    ]);
  }

  private replace(working: string, final: string, tables: readonly string[]): Promise<void> {
    return this.db.newTransaction(async () => {
      await this.db.execute(`drop schema if exists ${working} cascade`);
      await this.db.execute(`create schema ${working}`);
      for (const table of tables) await this.db.execute(table);
      await this.db.execute(`drop schema if exists ${final} cascade`);
      await this.db.execute(`alter schema ${working} rename to ${final}`);
    }, 'REPEATABLE READ');
  }
}
