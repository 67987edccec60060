import { Injectable } from '@nestjs/common';
import { arrayParameter } from '../../database/array-parameter.js';
import { Database } from '../../database/database.js';
import { millisOf } from '../../database/millis.js';
import type { EidasTunnisteDto } from '../dto/eidas-tunniste.dto.js';
import type { YksilointiVirheDto } from '../dto/henkilo.dto.js';
import type { IdentificationDto } from '../dto/identification.dto.js';
import type { KansalaisuusDto } from '../../koodit/kansalaisuus.dto.js';
import type { KielisyysDto } from '../../koodit/kielisyys.dto.js';
import type { YhteystiedotRyhmaDto } from '../../yhteystiedot/yhteystiedot-ryhma.dto.js';
import type { IdpEntityId } from '../henkilo-koodit.constants.js';
import type { YhteystietoTyyppi } from '../../yhteystiedot/yhteystieto-tyyppi.constants.js';
import { toYksilointivirheTila } from '../../yksilointitieto/yksilointivirhe-tila.rules.js';

/** What belongs to one person besides its row; a kind that was not asked for is empty. */
export interface HenkilonOsat {
  readonly kaikkiHetut: string[];
  readonly kansalaisuus: KansalaisuusDto[];
  readonly passinumerot: string[];
  readonly eidasTunnisteet: EidasTunnisteDto[];
  readonly identifications: IdentificationDto[];
  readonly yksilointivirheet: YksilointiVirheDto[];
  readonly yhteystiedotRyhma: YhteystiedotRyhmaDto[];
}
export type Osa = keyof HenkilonOsat;

/** The row of a person as far as its parts are concerned. */
export interface Omistaja {
  readonly id: number;
  readonly aidinkieliId?: number | null;
  readonly asiointikieliId?: number | null;
}

/** The parts of several persons. */
export interface Osat {
  of(henkilo: Omistaja): HenkilonOsat;
  kieli(id: number | null | undefined): KielisyysDto | null;
}

/** Columns of equal length, the owner of each line first; all null where nobody has any. */
type Sarakkeet<Arvot extends unknown[]> = [
  omistajat: number[] | null,
  ...arvot: { [Index in keyof Arvot]: Arvot[Index][] },
];

/** The answer: a kind that was not asked for is absent. */
interface OsatRivi {
  /** The owner is the id of the language. */
  readonly kieli: Sarakkeet<[koodi: string, tyyppi: string]>;
  readonly kaikkiHetut?: Sarakkeet<[hetu: string]>;
  readonly kansalaisuus?: Sarakkeet<[koodi: string]>;
  readonly passinumerot?: Sarakkeet<[passinumero: string]>;
  readonly eidasTunnisteet?: Sarakkeet<[tunniste: string]>;
  readonly identifications?: Sarakkeet<[identifier: string, idpEntityId: string]>;
  readonly yksilointivirheet?: Sarakkeet<[poikkeus: string, viesti: string | null, uudelleenyritys: number | null]>;
  /** A line is one value of a group, or the group alone when it has none. */
  readonly yhteystiedotRyhma?: Sarakkeet<
    [
      id: number,
      ryhmaKuvaus: string | null,
      ryhmaAlkuperaTieto: string,
      readOnly: boolean,
      tyyppi: string | null,
      arvo: string | null,
    ]
  >;
}

/** Number and meaning of the columns as in `OsatRivi`; `$2`: languages. */
const SELECTS: Readonly<Record<keyof OsatRivi, { columns: number; select: string }>> = {
  kieli: {
    columns: 3,
    select: `select id, kielikoodi, kielityyppi from kielisyys where id = any ($2::bigint[]) order by id`,
  },
  kaikkiHetut: {
    columns: 2,
    select: `select henkilo_id, hetu from henkilo_hetu where henkilo_id {owners} order by hetu`,
  },
  kansalaisuus: {
    columns: 2,
    select: `select x.henkilo_id, k.kansalaisuuskoodi
               from henkilo_kansalaisuus x join kansalaisuus k on k.id = x.kansalaisuus_id
              where x.henkilo_id {owners} order by k.kansalaisuuskoodi`,
  },
  passinumerot: {
    columns: 2,
    select: `select henkilo_id, passinumero from henkilo_passinumero where henkilo_id {owners} order by passinumero`,
  },
  eidasTunnisteet: {
    columns: 2,
    select: `select henkilo_id, tunniste from eidastunniste where henkilo_id {owners} order by id`,
  },
  identifications: {
    columns: 3,
    select: `select henkilo_id, identifier, idpentityid from identification where henkilo_id {owners} order by id`,
  },
  yksilointivirheet: {
    columns: 4,
    select: `select henkilo_id, poikkeus, viesti, ${millisOf('uudelleenyritys_aikaleima')}
               from yksilointivirhe where henkilo_id {owners} order by id`,
  },
  yhteystiedotRyhma: {
    columns: 7,
    select: `select g.henkilo_id, g.id, g.ryhmakuvaus, g.ryhma_alkuperatieto, g.read_only, y.yhteystieto_tyyppi, y.yhteystieto_arvo
               from yhteystiedotryhma g left join yhteystiedot y on y.yhteystiedotryhma_id = g.id
              where g.henkilo_id {owners} order by g.id, y.id`,
  },
};

/** Kinds of parts that are read together, with the statements for it: a constant of whoever reads. */
export class OsaValinta {
  /** For one person. */
  readonly one: string;
  readonly many: string;
  readonly name: string;

  constructor(...osat: readonly Osa[]) {
    const text = (listOf: (names: string[]) => string, owners: string) =>
      `select ${[...osat, 'kieli' as const].map((laji) => kindOf(laji, listOf, owners)).join(',\n')}`;
    this.one = text((names) => `json_agg(json_build_array(${names.join(', ')}))`, '= $1');
    this.many = `with henkilot (ids) as materialized (select $1::bigint[])
      ${text((names) => `json_build_array(${names.map((name) => `json_agg(${name})`).join(', ')})`, '= any ((select ids from henkilot)::bigint[])')}`;
    this.name = `osat-${osat.map((osa) => osa.slice(0, 5)).join('-')}`; // PostgreSQL cuts names after 63 bytes
  }
}

/**
 * Reads what belongs to persons: one statement whatever their number and the kinds asked for. Its answer is one row with
 * each kind as JSON lists: to send and read every value on its own costs more than to find it (docs/adr/0061-lists-as-json.md).
 * Of two forms: for one person lines, which start sooner, and for many columns, which cost less each. Both hide the values
 * from the planner, so that a statement is planned once per connection and not once per call, which costs more than to
 * run it.
 */
@Injectable()
export class OsatRepository {
  constructor(private readonly db: Database) {}

  /**
   * Parts of each kind in order of id, or of value where they have none.
   * @param henkilot at most 5 000
   * @param osat the kinds that are needed; languages come with all
   */
  async load(henkilot: readonly Omistaja[], { one, many, name }: OsaValinta): Promise<Osat> {
    if (henkilot.length === 0) return new LoadedOsat({ kieli: [null, [], []] });
    const kielet = new Set<number>();
    for (const { aidinkieliId, asiointikieliId } of henkilot) {
      if (aidinkieliId) kielet.add(aidinkieliId);
      if (asiointikieliId) kielet.add(asiointikieliId);
    }
    if (henkilot.length === 1) {
      const [rivi] = await this.db.prepared<OsatLines>(`${name}-one`, one, [henkilot[0]!.id, [...kielet]]);
      return new LoadedOsat(toColumns(rivi!));
    }
    const ids = arrayParameter(henkilot.map(({ id }) => id));
    const [rivi] = await this.db.prepared<OsatRivi>(`${name}-many`, many, [ids, [...kielet]]);
    return new LoadedOsat(rivi!);
  }
}

/** One kind as the JSON list that `listOf` makes of its columns. */
function kindOf(laji: keyof OsatRivi, listOf: (names: string[]) => string, owners: string): string {
  const { columns, select } = SELECTS[laji];
  const names = Array.from({ length: columns }, (_, i) => `c${i}`);
  return `(select ${listOf(names)} from (${select.replace('{owners}', owners)}) x (${names.join(', ')})) as "${laji}"`;
}

/** Lines of values instead of columns; null where there are none. */
type OsatLines = Record<keyof OsatRivi, unknown[][] | null>;

function toColumns(rivi: OsatLines): OsatRivi {
  const columns: Record<string, unknown[]> = {};
  for (const laji in rivi) {
    const lines = rivi[laji as keyof OsatRivi];
    columns[laji] = lines === null ? [null] : lines[0]!.map((_, column) => lines.map((line) => line[column]));
  }
  return columns as unknown as OsatRivi;
}

class LoadedOsat implements Osat {
  private readonly henkilot = new Map<number, HenkilonOsat>();
  private readonly kielet = new Map<number, KielisyysDto>();

  constructor(rivi: OsatRivi) {
    const [kieliIds, koodit, tyypit] = rivi.kieli;
    kieliIds?.forEach((id, i) => this.kielet.set(id, { kieliKoodi: koodit[i]!, kieliTyyppi: tyypit[i]! }));
    this.add(rivi.kaikkiHetut, (osat, [, hetut], i) => append(osat, 'kaikkiHetut', hetut[i]!));
    this.add(rivi.kansalaisuus, (osat, [, koodit], i) =>
      append(osat, 'kansalaisuus', { kansalaisuusKoodi: koodit[i]! }),
    );
    this.add(rivi.passinumerot, (osat, [, passinumerot], i) => append(osat, 'passinumerot', passinumerot[i]!));
    this.add(rivi.eidasTunnisteet, (osat, [, tunnisteet], i) =>
      append(osat, 'eidasTunnisteet', { tunniste: tunnisteet[i]! }),
    );
    this.add(rivi.identifications, (osat, [, identifiers, idpEntityIds], i) =>
      append(osat, 'identifications', { identifier: identifiers[i]!, idpEntityId: idpEntityIds[i] as IdpEntityId }),
    );
    this.add(rivi.yksilointivirheet, (osat, [, poikkeukset, viestit, uudelleenyritykset], i) =>
      append(osat, 'yksilointivirheet', {
        uudelleenyritysAikaleima: uudelleenyritykset[i]!,
        yksilointivirheTila: toYksilointivirheTila(poikkeukset[i]!, viestit[i]!),
      }),
    );
    this.add(rivi.yhteystiedotRyhma, (osat, [, ids, kuvaukset, alkuperat, readOnly, tyypit, arvot], i) => {
      let ryhma = osat.yhteystiedotRyhma.at(-1);
      if (!ryhma || ryhma.id !== ids[i]) {
        ryhma = {
          id: ids[i]!,
          ryhmaKuvaus: kuvaukset[i]!,
          ryhmaAlkuperaTieto: alkuperat[i]!,
          readOnly: readOnly[i]!,
          yhteystieto: [],
        };
        append(osat, 'yhteystiedotRyhma', ryhma);
      }
      const yhteystietoTyyppi = tyypit[i] as YhteystietoTyyppi | null;
      if (yhteystietoTyyppi !== null) ryhma.yhteystieto.push({ yhteystietoTyyppi, yhteystietoArvo: arvot[i]! });
    });
  }

  of({ id }: Omistaja): HenkilonOsat {
    return this.henkilot.get(id) ?? NOTHING;
  }

  kieli(id: number | null | undefined): KielisyysDto | null {
    return id ? (this.kielet.get(id) ?? null) : null;
  }

  /** Gives every line of a kind to the parts of its owner. */
  private add<Lista extends [number[] | null, ...unknown[][]]>(
    sarakkeet: Lista | undefined,
    add: (osat: HenkilonOsat, sarakkeet: Lista, line: number) => void,
  ): void {
    sarakkeet?.[0]?.forEach((omistaja, line) => {
      let osat = this.henkilot.get(omistaja);
      if (!osat) this.henkilot.set(omistaja, (osat = { ...NOTHING }));
      add(osat, sarakkeet, line);
    });
  }
}

/** Empty lists, shared by all persons without parts of a kind. */
const NOTHING: HenkilonOsat = {
  kaikkiHetut: none(),
  kansalaisuus: none(),
  passinumerot: none(),
  eidasTunnisteet: none(),
  identifications: none(),
  yksilointivirheet: none(),
  yhteystiedotRyhma: none(),
};

function none<T>(): T[] {
  return Object.freeze([]) as unknown as T[];
}

function append<Laji extends Osa>(osat: Record<Laji, unknown[]>, laji: Laji, osa: HenkilonOsat[Laji][number]): void {
  if (osat[laji] === NOTHING[laji]) osat[laji] = [osa];
  else osat[laji].push(osa);
}
