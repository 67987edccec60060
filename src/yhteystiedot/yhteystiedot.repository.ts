import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { Database } from '../database/database.js';
import type { LoadedYhteystiedotRyhma } from './loaded-yhteystiedot.model.js';
import { YhteystiedotRyhma } from './yhteystiedot-ryhma.entity.js';
import { Yhteystieto } from './yhteystieto.entity.js';

/** Whose a group is: a person's (`Henkilo.id`), or that of data set aside from VTJ (`Yksilointitieto.id`). */
export type RyhmanOmistaja =
  | { readonly henkiloId: number; readonly yksilointitietoId?: never }
  | { readonly yksilointitietoId: number; readonly henkiloId?: never };

/** A group to be stored; its own id does not count. */
export interface UusiRyhma {
  readonly omistaja: RyhmanOmistaja;
  readonly ryhma: LoadedYhteystiedotRyhma;
}

/** The only writer of `yhteystiedotryhma` and `yhteystiedot`. */
@Injectable()
export class YhteystiedotRepository {
  constructor(private readonly db: Database) {}

  /**
   * Stores groups with their values, one statement whatever their number. At most what fits a request or a part of an import.
   * @returns ids of the groups, in their order
   */
  async insert(ryhmat: readonly UusiRyhma[]): Promise<number[]> {
    if (ryhmat.length === 0) return [];
    const arvot = ryhmat.flatMap(({ ryhma }, i) => ryhma.yhteystieto.map((arvo) => ({ ...arvo, nth: i + 1 })));
    const rows = await this.db.prepared<{ id: number }>(
      'yhteystiedot-insert',
      `with uusi as materialized (
         select nextval('hibernate_sequence') as id, g.*
           from unnest((select $1::bigint[]), $2::bigint[], $3::text[], $4::text[], $5::boolean[])
                with ordinality g (henkilo_id, yksilointitieto_id, kuvaus, alkupera, read_only, nth)
       ), ryhmat as (
         insert into yhteystiedotryhma (id, version, henkilo_id, yksilointitieto_id, ryhmakuvaus, ryhma_alkuperatieto, read_only)
         select id, 0, henkilo_id, yksilointitieto_id, kuvaus, alkupera, read_only from uusi order by nth
       ), arvot as (
         insert into yhteystiedot (id, version, yhteystiedotryhma_id, yhteystieto_tyyppi, yhteystieto_arvo)
         select nextval('hibernate_sequence'), 0, uusi.id, y.tyyppi, y.arvo
           from unnest((select $6::int[]), $7::text[], $8::text[]) with ordinality y (nth, tyyppi, arvo, n)
           join uusi on uusi.nth = y.nth order by y.n)
       select id from uusi order by nth`,
      [
        ryhmat.map(({ omistaja }) => omistaja.henkiloId ?? null),
        ryhmat.map(({ omistaja }) => omistaja.yksilointitietoId ?? null),
        ryhmat.map(({ ryhma }) => ryhma.ryhmaKuvaus),
        ryhmat.map(({ ryhma }) => ryhma.ryhmaAlkuperaTieto),
        ryhmat.map(({ ryhma }) => ryhma.readOnly),
        arvot.map(({ nth }) => nth),
        arvot.map(({ yhteystietoTyyppi }) => yhteystietoTyyppi),
        arvot.map(({ yhteystietoArvo }) => yhteystietoArvo),
      ],
    );
    return rows.map(({ id }) => id);
  }

  /** Removes groups with their values. */
  async remove(ryhmaIds: readonly number[]): Promise<void> {
    if (ryhmaIds.length === 0) return;
    await this.db.prepared(
      'yhteystiedot-delete',
      `with arvot as (delete from yhteystiedot where yhteystiedotryhma_id = any (array(select unnest($1::bigint[]))))
       delete from yhteystiedotryhma where id = any (array(select unnest($1::bigint[])))`,
      [ryhmaIds],
    );
  }

  /** The groups of data set aside from VTJ, oldest first, as new ones for whoever takes them over. */
  async listByYksilointitieto(yksilointitietoId: number): Promise<LoadedYhteystiedotRyhma[]> {
    const ryhmat = await this.db
      .repository(YhteystiedotRyhma)
      .find({ where: { yksilointitietoId }, order: { id: 'asc' } });
    const ids = ryhmat.map(({ id }) => id);
    const arvot = await this.db
      .repository(Yhteystieto)
      .find({ where: { yhteystiedotRyhmaId: Any(ids) }, order: { id: 'asc' } });
    return ryhmat.map(({ id, ryhmaKuvaus, ryhmaAlkuperaTieto, readOnly }) => ({
      id: null,
      ryhmaKuvaus,
      ryhmaAlkuperaTieto,
      readOnly,
      yhteystieto: arvot
        .filter((arvo) => arvo.yhteystiedotRyhmaId === id)
        .map(({ yhteystietoTyyppi, yhteystietoArvo }) => ({ yhteystietoTyyppi, yhteystietoArvo })),
    }));
  }

  /** Makes `ryhmat` the groups of data set aside from VTJ. */
  async replaceOfYksilointitieto(yksilointitietoId: number, ryhmat: readonly LoadedYhteystiedotRyhma[]): Promise<void> {
    const stored = await this.db
      .repository(YhteystiedotRyhma)
      .find({ select: { id: true }, where: { yksilointitietoId } });
    await this.remove(stored.map(({ id }) => id));
    await this.insert(ryhmat.map((ryhma) => ({ omistaja: { yksilointitietoId }, ryhma })));
  }

  /** Removes at most `limit` groups that belong to nobody; one that is being given an owner is left alone. @returns how many */
  removeOrphans(limit: number): Promise<number> {
    return this.db.execute(
      `with orvot as (
         select id from yhteystiedotryhma where henkilo_id is null and yksilointitieto_id is null
          order by id limit $1 for update skip locked),
       arvot as (delete from yhteystiedot where yhteystiedotryhma_id in (select id from orvot))
       delete from yhteystiedotryhma where id in (select id from orvot)`,
      [limit],
    );
  }
}
