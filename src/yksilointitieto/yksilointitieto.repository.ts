import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { LoadedYhteystiedotRyhma } from '../yhteystiedot/loaded-yhteystiedot.model.js';

/** VTJ's data of a person whose names did not match, waiting for a decision (docs/spec/yksilointi-vtj.md#1.2). */
export interface YksilointitietoTiedot {
  /** The hetu that VTJ gave. */
  readonly hetu: string | null;
  readonly etunimet: string | null;
  readonly kutsumanimi: string | null;
  readonly sukunimi: string | null;
  readonly sukupuoli: string | null;
  readonly kotikunta: string | null;
  readonly turvakielto: boolean;
  /** `Kielisyys.id`. */
  readonly aidinkieliId: number | null;
  /** `Kansalaisuus.id`. */
  readonly kansalaisuusIds: ReadonlySet<number>;
  readonly yhteystiedotRyhma: readonly LoadedYhteystiedotRyhma[];
}

interface Row extends Omit<YksilointitietoTiedot, 'kansalaisuusIds' | 'yhteystiedotRyhma'> {
  readonly kansalaisuusIds: number[] | null;
  readonly yhteystiedotRyhma: LoadedYhteystiedotRyhma[] | null;
}

/** Rows of `yksilointitieto` with what belongs to them. Whoever writes holds the lock of the person. */
@Injectable()
export class YksilointitietoRepository {
  constructor(private readonly db: Database) {}

  /** @param henkiloId `Henkilo.id` */
  async find(henkiloId: number): Promise<YksilointitietoTiedot | undefined> {
    const [row] = await this.db.query<Row>(
      `select t.hetu, t.etunimet, t.kutsumanimi, t.sukunimi, t.sukupuoli, t.kotikunta, t.turvakielto, t.aidinkieli_id as "aidinkieliId",
              (select array_agg(k.kansalaisuus_id::int8 order by k.kansalaisuus_id)
                 from yksilointi_kansalaisuus k where k.yksilointitieto_id = t.id) as "kansalaisuusIds",
              (select json_agg(json_build_object('id', null, 'ryhmaKuvaus', g.ryhmakuvaus, 'ryhmaAlkuperaTieto', g.ryhma_alkuperatieto,
                        'readOnly', g.read_only, 'yhteystieto', coalesce((
                          select json_agg(json_build_object('yhteystietoTyyppi', y.yhteystieto_tyyppi, 'yhteystietoArvo', y.yhteystieto_arvo) order by y.id)
                            from yhteystiedot y where y.yhteystiedotryhma_id = g.id), '[]')) order by g.id)
                 from yhteystiedotryhma g where g.yksilointitieto_id = t.id) as "yhteystiedotRyhma"
         from yksilointitieto t where t.henkiloid = $1`,
      [henkiloId],
    );
    return (
      row && { ...row, kansalaisuusIds: new Set(row.kansalaisuusIds), yhteystiedotRyhma: row.yhteystiedotRyhma ?? [] }
    );
  }

  /** Stores the data or replaces the stored ones: nationalities are added to them, an unknown mother tongue keeps the old one. */
  async store(henkiloId: number, tiedot: YksilointitietoTiedot): Promise<void> {
    const { hetu, etunimet, kutsumanimi, sukunimi, sukupuoli, kotikunta, turvakielto, aidinkieliId } = tiedot;
    const [row] = await this.db.query<{ id: number }>(
      `insert into yksilointitieto as t
         (id, version, henkiloid, hetu, etunimet, kutsumanimi, sukunimi, sukupuoli, kotikunta, turvakielto, aidinkieli_id)
       values (nextval('hibernate_sequence'), 0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (henkiloid) do update set version = t.version + 1, hetu = $2, etunimet = $3, kutsumanimi = $4, sukunimi = $5,
         sukupuoli = $6, kotikunta = $7, turvakielto = $8, aidinkieli_id = coalesce($9, t.aidinkieli_id)
       returning id`,
      [henkiloId, hetu, etunimet, kutsumanimi, sukunimi, sukupuoli, kotikunta, turvakielto, aidinkieliId],
    );
    await this.db.execute(
      `insert into yksilointi_kansalaisuus (yksilointitieto_id, kansalaisuus_id)
       select $1, k from unnest($2::bigint[]) k
        where not exists (select 1 from yksilointi_kansalaisuus x where x.yksilointitieto_id = $1 and x.kansalaisuus_id = k)`,
      [row!.id, [...tiedot.kansalaisuusIds]],
    );
    await this.replaceRyhmat(row!.id, tiedot.yhteystiedotRyhma);
  }

  private async replaceRyhmat(tietoId: number, ryhmat: readonly LoadedYhteystiedotRyhma[]): Promise<void> {
    await this.db.execute(
      `delete from yhteystiedot y using yhteystiedotryhma g where g.id = y.yhteystiedotryhma_id and g.yksilointitieto_id = $1`,
      [tietoId],
    );
    await this.db.execute('delete from yhteystiedotryhma where yksilointitieto_id = $1', [tietoId]);
    if (ryhmat.length === 0) return;
    const ids = await this.db.nextIds(ryhmat.length);
    const arvot = ryhmat.flatMap((ryhma, i) => ryhma.yhteystieto.map((arvo) => ({ ...arvo, ryhmaId: ids[i] })));
    await this.db.execute(
      `insert into yhteystiedotryhma (id, version, yksilointitieto_id, ryhmakuvaus, ryhma_alkuperatieto, read_only)
       select g.id, 0, $1, g.kuvaus, g.alkupera, g.read_only
         from unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[]) g (id, kuvaus, alkupera, read_only)`,
      [
        tietoId,
        ids,
        ryhmat.map((g) => g.ryhmaKuvaus),
        ryhmat.map((g) => g.ryhmaAlkuperaTieto),
        ryhmat.map((g) => g.readOnly),
      ],
    );
    await this.db.execute(
      `insert into yhteystiedot (id, version, yhteystiedotryhma_id, yhteystieto_tyyppi, yhteystieto_arvo)
       select nextval('hibernate_sequence'), 0, y.ryhma_id, y.tyyppi, y.arvo
         from unnest($1::bigint[], $2::text[], $3::text[]) y (ryhma_id, tyyppi, arvo)`,
      [arvot.map((y) => y.ryhmaId), arvot.map((y) => y.yhteystietoTyyppi), arvot.map((y) => y.yhteystietoArvo)],
    );
  }
}
