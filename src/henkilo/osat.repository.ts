import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { EidasTunnisteDto } from './dto/eidas-tunniste.dto.js';
import type { YksilointiVirheDto } from './dto/henkilo.dto.js';
import type { IdentificationDto } from './dto/identification.dto.js';
import type { KansalaisuusDto } from './dto/kansalaisuus.dto.js';
import type { KielisyysDto } from './dto/kielisyys.dto.js';
import type { YhteystiedotRyhmaDto } from './dto/yhteystiedot-ryhma.dto.js';
import type { IdpEntityId, YhteystietoTyyppi } from './henkilo-koodit.js';
import { toYksilointivirheTila } from './yksilointivirhe-tila.js';

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
  readonly asiointiKieliId?: number | null;
}

/** The parts of several persons. */
export interface Osat {
  of(henkilo: Omistaja): HenkilonOsat;
  kieli(id: number | null | undefined): KielisyysDto | null;
}

/** What the columns a–e mean depends on the kind. */
interface OsaRow {
  readonly laji: Osa | 'kieli';
  /** `henkilo.id`; id of the language for a language. */
  readonly omistaja: number;
  readonly id: number | null;
  readonly a: string | null;
  readonly b: string | null;
  readonly c: string | null;
  readonly d: string | null;
  readonly e: string | null;
}

/** Columns: laji, omistaja, id, id of the part within the part, a, b, c, d, e. `$1`: owners, `$2`: languages. */
const SELECTS: Readonly<Record<Osa | 'kieli', string>> = {
  kieli: `select 'kieli', k.id, 0, 0, k.kielikoodi, k.kielityyppi, null, null, null
            from kielisyys k where k.id = any ($2::bigint[])`,
  kaikkiHetut: `select 'kaikkiHetut', x.henkilo_id, 0, 0, x.hetu, null, null, null, null
                  from henkilo_hetu x where x.henkilo_id {owners}`,
  kansalaisuus: `select 'kansalaisuus', x.henkilo_id, 0, 0, k.kansalaisuuskoodi, null, null, null, null
                   from henkilo_kansalaisuus x join kansalaisuus k on k.id = x.kansalaisuus_id where x.henkilo_id {owners}`,
  passinumerot: `select 'passinumerot', x.henkilo_id, 0, 0, x.passinumero, null, null, null, null
                   from henkilo_passinumero x where x.henkilo_id {owners}`,
  eidasTunnisteet: `select 'eidasTunnisteet', x.henkilo_id, x.id, 0, x.tunniste, null, null, null, null
                      from eidastunniste x where x.henkilo_id {owners}`,
  identifications: `select 'identifications', x.henkilo_id, x.id, 0, x.identifier, x.idpentityid, null, null, null
                      from identification x where x.henkilo_id {owners}`,
  yksilointivirheet: `select 'yksilointivirheet', x.henkilo_id, x.id, 0, x.poikkeus, x.viesti,
                             floor(extract(epoch from x.uudelleenyritys_aikaleima) * 1000)::bigint::text, null, null
                        from yksilointivirhe x where x.henkilo_id {owners}`,
  yhteystiedotRyhma: `select 'yhteystiedotRyhma', g.henkilo_id, g.id, y.id, g.ryhmakuvaus, g.ryhma_alkuperatieto,
                             g.read_only::text, y.yhteystieto_tyyppi, y.yhteystieto_arvo
                        from yhteystiedotryhma g left join yhteystiedot y on y.yhteystiedotryhma_id = g.id
                       where g.henkilo_id {owners}`,
};

/**
 * Reads what belongs to persons: one statement whatever their number and the kinds asked for. Of two forms: for one
 * person, and for many with the ids inside a sub-select. Both hide the values from the planner, so that a statement is
 * planned once per connection and not once per call, which costs more than to run it (docs/performance.md).
 */
@Injectable()
export class OsatRepository {
  private readonly statements = new Map<readonly Osa[], { one: string; many: string; name: string }>();

  constructor(private readonly db: Database) {}

  /**
   * Parts of each kind in order of id, or of value where they have none.
   * @param henkilot at most 5 000
   * @param osat the kinds that are needed: always the same array, a constant; languages come with all
   */
  async load(henkilot: readonly Omistaja[], osat: readonly Osa[]): Promise<Osat> {
    if (henkilot.length === 0) return new LoadedOsat([]);
    const { one, many, name } = this.statement(osat);
    const kielet = new Set<number>();
    for (const { aidinkieliId, asiointiKieliId } of henkilot) {
      if (aidinkieliId) kielet.add(aidinkieliId);
      if (asiointiKieliId) kielet.add(asiointiKieliId);
    }
    return new LoadedOsat(
      henkilot.length === 1
        ? await this.db.prepared<OsaRow>(`${name}-one`, one, [henkilot[0]!.id, [...kielet]])
        : await this.db.prepared<OsaRow>(`${name}-many`, many, [henkilot.map(({ id }) => id), [...kielet]]),
    );
  }

  private statement(osat: readonly Osa[]) {
    let statement = this.statements.get(osat);
    if (!statement) {
      const text = (owners: string) =>
        `select laji, omistaja, id, a, b, c, d, e from (${[...osat, 'kieli' as const]
          .map((laji) => SELECTS[laji].replace('{owners}', owners))
          .join('\nunion all ')}) as osa (laji, omistaja, id, osanosa, a, b, c, d, e) order by laji, id, osanosa, a`;
      // PostgreSQL cuts names after 63 bytes.
      const many = text('= any (array(select unnest($1::bigint[])))');
      statement = { one: text('= $1'), many, name: `osat-${osat.map((osa) => osa.slice(0, 5)).join('-')}` };
      this.statements.set(osat, statement);
    }
    return statement;
  }
}

class LoadedOsat implements Osat {
  private readonly henkilot = new Map<number, HenkilonOsat>();
  private readonly kielet = new Map<number, KielisyysDto>();

  constructor(rows: readonly OsaRow[]) {
    const ryhmat = new Map<number, YhteystiedotRyhmaDto>();
    for (const row of rows) this.add(row, ryhmat);
  }

  of({ id }: Omistaja): HenkilonOsat {
    return this.henkilot.get(id) ?? emptyOsat();
  }

  kieli(id: number | null | undefined): KielisyysDto | null {
    return id ? (this.kielet.get(id) ?? null) : null;
  }

  private add(row: OsaRow, ryhmat: Map<number, YhteystiedotRyhmaDto>): void {
    const { laji, omistaja, a, b, c } = row;
    if (laji === 'kieli') {
      this.kielet.set(omistaja, { kieliKoodi: a, kieliTyyppi: b });
      return;
    }
    let osat = this.henkilot.get(omistaja);
    if (!osat) this.henkilot.set(omistaja, (osat = emptyOsat()));
    switch (laji) {
      case 'kaikkiHetut':
      case 'passinumerot':
        osat[laji].push(a!);
        break;
      case 'kansalaisuus':
        osat.kansalaisuus.push({ kansalaisuusKoodi: a! });
        break;
      case 'eidasTunnisteet':
        osat.eidasTunnisteet.push({ tunniste: a! });
        break;
      case 'identifications':
        osat.identifications.push({ identifier: a!, idpEntityId: b as IdpEntityId });
        break;
      case 'yksilointivirheet':
        osat.yksilointivirheet.push({
          uudelleenyritysAikaleima: c === null ? null : Number(c),
          yksilointivirheTila: toYksilointivirheTila(a!, b),
        });
        break;
      case 'yhteystiedotRyhma':
        addYhteystieto(row, osat.yhteystiedotRyhma, ryhmat);
        break;
    }
  }
}

/** A row of a group is one value of it, or the group alone when it has none. */
function addYhteystieto(
  { id, a, b, c, d, e }: OsaRow,
  list: YhteystiedotRyhmaDto[],
  ryhmat: Map<number, YhteystiedotRyhmaDto>,
): void {
  let ryhma = ryhmat.get(id!);
  if (!ryhma) {
    ryhma = { id, ryhmaKuvaus: a, ryhmaAlkuperaTieto: b!, readOnly: c === 'true', yhteystieto: [] };
    ryhmat.set(id!, ryhma);
    list.push(ryhma);
  }
  if (d !== null) ryhma.yhteystieto.push({ yhteystietoTyyppi: d as YhteystietoTyyppi, yhteystietoArvo: e });
}

const emptyOsat = (): HenkilonOsat => ({
  kaikkiHetut: [],
  kansalaisuus: [],
  passinumerot: [],
  eidasTunnisteet: [],
  identifications: [],
  yksilointivirheet: [],
  yhteystiedotRyhma: [],
});
