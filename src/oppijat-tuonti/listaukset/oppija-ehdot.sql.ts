import { nimiAlkaa, startsPattern } from '../../henkilo/haku/nimi-haku.sql.js';
import type { OppijaTuontiCriteria } from '../dto/oppija-tuonti-criteria.dto.js';

/** The criteria with organisations as ids; null: any. An empty list finds nobody. */
export interface OppijaEhdot extends Omit<OppijaTuontiCriteria, 'organisaatioOids'> {
  readonly organisaatioIds: readonly number[] | null;
}

/** An active person that is no duplicate still has to be identified. Served by onr_henkilo_yksiloimaton_idx. */
export const yksiloimaton = (h: string): string =>
  `not ${h}.duplicate and not ${h}.passivoitu and not ${h}.yksiloity and not ${h}.yksiloityvtj
   and ${h}.yksiloityeidas is not true`;
/** Of those: it has failed, or cannot be tried. */
export const virhe = (h: string): string => `(${h}.hetu is null or ${h}.yksilointi_yritetty)`;

/** A condition with the values that it adds to the statement's. */
export class SqlEhdot {
  private readonly conditions: string[] = [];

  /** @param values of the whole statement; several conditions of one statement share them */
  constructor(readonly values: unknown[] = []) {}

  /** @param make gets the names of the values, `$1` … */
  add(make: (...names: string[]) => string, ...values: unknown[]): this {
    this.conditions.push(make(...values.map((value) => `$${this.values.push(value)}`)));
    return this;
  }

  /** All conditions; `true` without any. */
  get sql(): string {
    return this.conditions.join('\n and ') || 'true';
  }
}

/** Does the search need more of a person than its id? */
export const needsHenkilo = ({ muokattuJalkeen, vainVirheet, nimiHaku }: OppijaEhdot): boolean =>
  muokattuJalkeen !== null || vainVirheet || Boolean(nimiHaku);

/**
 * The imported persons, each once, of the import and the organisations if they are given: a table `t` with `henkilo_id`.
 * @param ehto of the organisations' persons: SQL on columns of `onr_tuotu_organisaatio`
 */
export function tuodut(values: unknown[], { tuontiId, organisaatioIds }: OppijaEhdot, ehto = 'true'): string {
  if (tuontiId !== null) {
    const $tuonti = `$${values.push(tuontiId)}`;
    const rivit = `select distinct henkilo_id from tuonti_rivi r where tuonti_id = ${$tuonti}`;
    if (organisaatioIds === null) return `(${rivit}) t`;
    const $ids = `$${values.push(organisaatioIds)}`;
    return `(${rivit} and exists (select 1 from onr_tuotu_organisaatio o
              where o.henkilo_id = r.henkilo_id and o.organisaatio_id = any (${$ids}::bigint[]) and ${ehto})) t`;
  }
  if (organisaatioIds === null) return 'onr_tuotu_henkilo t';
  const distinct = organisaatioIds.length > 1 ? 'distinct' : '';
  const $ids = `$${values.push(organisaatioIds)}`;
  return `(select ${distinct} henkilo_id from onr_tuotu_organisaatio where organisaatio_id = any (${$ids}::bigint[]) and ${ehto}) t`;
}

/** The person `h` is among `tuodut`: for searches that go through the persons in some order. */
export function addTuotu(sql: SqlEhdot, { organisaatioIds }: OppijaEhdot): SqlEhdot {
  if (organisaatioIds === null)
    return sql.add(() => 'exists (select 1 from onr_tuotu_henkilo t where t.henkilo_id = h.id)');
  return sql.add(
    ($ids) =>
      `exists (select 1 from onr_tuotu_organisaatio t where t.henkilo_id = h.id and t.organisaatio_id = any (${$ids}::bigint[]))`,
    organisaatioIds,
  );
}

/**
 * The other conditions of docs/spec/duplicates-tuonti-yleistunniste.md#7.3.
 * @param id SQL of the person's id
 * @param ehdot columns of `henkilo h` are used only for those of `needsHenkilo`
 */
export function addOppijaEhdot(sql: SqlEhdot, id: string, ehdot: OppijaEhdot): SqlEhdot {
  const { tuontiId, muokattuJalkeen, vainVirheet, nimiHaku } = ehdot;
  if (tuontiId !== null)
    sql.add(
      ($tuonti) => `exists (select 1 from tuonti_rivi r where r.tuonti_id = ${$tuonti} and r.henkilo_id = ${id})`,
      tuontiId,
    );
  if (muokattuJalkeen !== null) sql.add(($hetki) => `h.modified >= ${$hetki}::timestamp`, muokattuJalkeen);
  if (vainVirheet) sql.add(() => `${yksiloimaton('h')} and ${virhe('h')}`);
  if (nimiHaku) addNimiHaku(sql, nimiHaku);
  return sql;
}

/** OID, hetu or the beginning of names, in either order of surname and first names. Double spaces give empty parts. */
function addNimiHaku(sql: SqlEhdot, nimiHaku: string): void {
  const teksti = nimiHaku.trim();
  const osat = teksti.split(' ');
  const kaikki = ['etunimet', 'kutsumanimi', 'sukunimi'] as const;
  if (osat.length === 1) {
    sql.add(
      ($teksti, $alku) =>
        `(h.oidhenkilo = ${$teksti} or h.hetu = ${$teksti} or ${nimiAlkaa('h', kaikki, `lower(${$alku})`)})`,
      teksti,
      startsPattern(teksti),
    );
    return;
  }
  const molemmat = ($sukunimi: string, $etunimi: string) =>
    `${nimiAlkaa('h', ['sukunimi'], `lower(${$sukunimi})`)} and ${nimiAlkaa('h', ['etunimet', 'kutsumanimi'], `lower(${$etunimi})`)}`;
  sql.add(
    ($ensin, $loput, $viimein, $alut, $kaikki) =>
      `(${molemmat($ensin, $loput)} or ${molemmat($viimein, $alut)} or ${nimiAlkaa('h', ['etunimet'], `lower(${$kaikki})`)})`,
    startsPattern(osat[0]!),
    startsPattern(osat.slice(1).join(' ')),
    startsPattern(osat.at(-1)!),
    startsPattern(osat.slice(0, -1).join(' ')),
    startsPattern(teksti),
  );
}
