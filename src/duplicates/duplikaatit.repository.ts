import { Injectable } from '@nestjs/common';
import { henkiloNotFound } from '../common/errors.js';
import { Database } from '../database/database.js';
import { linkedTo } from '../henkiloviite/henkiloviite.sql.js';
import { HAKUTEKSTI } from '../hakuteksti/hakuteksti.rules.js';
import { HakutekstiMuistissa } from '../hakuteksti/hakuteksti-muistissa.store.js';
import { SUOJATTU } from '../auth/permissions/suojattu.sql.js';
import { yksiloityEhto } from '../henkilo/luku/henkilo-rivi.sql.js';
import { samankaltainen } from '../hakuteksti/samankaltaisuus.repository.js';
import type { HenkiloDuplicateDto } from './dto/henkilo-duplicate.dto.js';

/** A person found, but for its applications. */
export type DuplikaattiRivi = Omit<HenkiloDuplicateDto, 'hakemukset'> & { readonly suojattu: boolean };

/** What the search for duplicates needs of a person. */
export interface DuplikaattihaunKohde {
  readonly oidHenkilo: string;
  /** Names and birth date as the search text has them. */
  readonly hakuteksti: string;
  /** Identified against VTJ with a hetu: another one identified against VTJ is somebody else. */
  readonly vahva: boolean;
}

const kieli = (column: string) =>
  `(select json_build_object('kieliKoodi', k.kielikoodi, 'kieliTyyppi', k.kielityyppi) from kielisyys k where k.id = h.${column})`;

/**
 * Hits first, their parts afterwards, so that these are read for the hits only. `$1`: search text, `$2`: caller's OID.
 * The order is that of the trigram distance; the id decides between equals. Parameters stand in sub-selects, since the planner would
 * plan anew for each value that it sees, which takes longer than most searches.
 */
const search = (condition: string, ids: string | null) => `
  with haku as materialized (select duplicate_search_fmt($1) as teksti), osumat as materialized (
    select h.id, h.duplicate_search_str <-> haku.teksti as etaisyys
      from haku, henkilo h
     where ${samankaltainen('haku.teksti', ids)} and h.oidhenkilo <> (select coalesce($2, '')) ${condition}
  )
  select h.oidhenkilo as "oidHenkilo", h.etunimet, h.kutsumanimi, h.sukunimi, h.sukupuoli, h.hetu, h.syntymaaika, h.passivoitu,
         null as email, ${yksiloityEhto('h')} as yksiloity,
         h.yksiloityvtj as "yksiloityVTJ", ${SUOJATTU} as suojattu, coalesce(h.yksiloityeidas, false) as "yksiloityEidas",
         ${kieli('aidinkieli_id')} as aidinkieli, ${kieli('asiointikieli_id')} as "asiointiKieli",
         coalesce((select json_agg(json_build_object('tunniste', e.tunniste) order by e.id)
                     from eidastunniste e where e.henkilo_id = h.id), '[]') as "eidasTunnisteet",
         coalesce((select json_agg(json_build_object('id', k.id, 'kansalaisuusKoodi', k.kansalaisuuskoodi) order by k.id)
                     from henkilo_kansalaisuus x join kansalaisuus k on k.id = x.kansalaisuus_id
                    where x.henkilo_id = h.id), '[]') as kansalaisuus,
         array(select p.passinumero::text from henkilo_passinumero p where p.henkilo_id = h.id order by 1) as passinumerot,
         array(select y.yhteystieto_arvo::text
                 from yhteystiedotryhma g join yhteystiedot y on y.yhteystiedotryhma_id = g.id
                where g.henkilo_id = h.id and y.yhteystieto_tyyppi = 'YHTEYSTIETO_SAHKOPOSTI' and y.yhteystieto_arvo ~ '\\S'
                order by y.id) as emails
    from osumat join henkilo h on h.id = osumat.id
   order by osumat.etaisyys, osumat.id`;

/** `$3`: the person's OID, `$4`: whether it is identified strongly. */
const OTHERS = `
       and h.oidhenkilo <> (select $3::text) and not ((select $4::boolean) and h.yksiloityvtj)
       and not exists (select 1 from henkiloviite v where v.slave_oid = (select $3::text) and v.master_oid = h.oidhenkilo)`;
const BY_CRITERIA = { ids: search('', '$3'), index: search('', null) };
const BY_HENKILO = { ids: search(OTHERS, '$5'), index: search(OTHERS, null) };

/**
 * Search of persons that resemble a text of names and birth date (docs/spec/duplicates-tuonti-yleistunniste.md#2.2). Unbounded as
 * the reference's: half of the trigrams in common leaves few.
 */
@Injectable()
export class DuplikaatitRepository {
  constructor(
    private readonly db: Database,
    private readonly hakutekstit: HakutekstiMuistissa,
  ) {}

  /** @throws NotFoundError there is no such person */
  async getKohde(henkiloOid: string): Promise<DuplikaattihaunKohde> {
    const [henkilo] = await this.db.prepared<DuplikaattihaunKohde>(
      'duplikaatit-haettava',
      `select oidhenkilo as "oidHenkilo", yksiloityvtj and hetu is not null as vahva,
              ${HAKUTEKSTI} as hakuteksti
         from henkilo where oidhenkilo = $1`,
      [henkiloOid],
    );
    if (!henkilo) throw henkiloNotFound(henkiloOid);
    return henkilo;
  }

  /** Candidates for one person: neither itself nor a master of it, nor one that VTJ knows as somebody else. */
  listByHenkilo(
    { oidHenkilo, hakuteksti, vahva }: DuplikaattihaunKohde,
    callerOid: string | null,
  ): Promise<DuplikaattiRivi[]> {
    return this.list('duplikaatit-by-henkilo', BY_HENKILO, [hakuteksti, callerOid, oidHenkilo, vahva]);
  }

  listByHakuteksti(hakuteksti: string, callerOid: string | null): Promise<DuplikaattiRivi[]> {
    return this.list('duplikaatit-by-criteria', BY_CRITERIA, [hakuteksti, callerOid]);
  }

  /** The other persons of the link group of one person, in order of OID; of an unknown OID its slaves only. */
  async listLinkedOids(henkiloOid: string): Promise<string[]> {
    const rows = await this.db.prepared<{ oid: string }>(
      'duplikaatit-linked',
      `select l.oid from ${linkedTo('$1')} l
        where l.oid <> $1 and (exists (select from henkilo where oidhenkilo = $1)
           or l.oid in (select slave_oid from henkiloviite where master_oid = $1))
        order by l.oid`,
      [henkiloOid],
    );
    return rows.map(({ oid }) => oid);
  }

  private async list(
    name: string,
    sql: { readonly ids: string; readonly index: string },
    values: readonly [hakuteksti: string, ...unknown[]],
  ): Promise<DuplikaattiRivi[]> {
    const ids = await this.hakutekstit.findCandidates(values[0]);
    if (ids === null) return this.db.prepared(name, sql.index, values);
    return ids.length === 0 ? [] : this.db.prepared(`${name}-ids`, sql.ids, [...values, ids]);
  }
}
