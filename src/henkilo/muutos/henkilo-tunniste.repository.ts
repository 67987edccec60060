import { Injectable } from '@nestjs/common';
import type { Nimet } from '../../common/nimivertailu.js';
import { Database } from '../../database/database.js';
import type { IdpEntityId } from '../henkilo-koodit.constants.js';

/** A login identifier. */
export interface Tunniste {
  readonly idpEntityId: IdpEntityId;
  readonly identifier: string;
}

/** Names a login identifier for `lockTunnisteet`. */
export const toTunnisteKey = ({ idpEntityId, identifier }: Tunniste): string => `${idpEntityId} ${identifier}`;

/** Names a hetu for `lockTunnisteet`. */
export const toHetuKey = (hetu: string): string => `hetu ${hetu}`;

/** Names a passport number for `lockTunnisteet`. */
export const toPassinumeroKey = (passinumero: string): string => `passinumero ${passinumero}`;

/**
 * The database has room for a few thousand locks: a caller that needs more than this many locks all identifiers at once
 * instead.
 */
const MAX_ADVISORY_LOCKS = 400;
/** Advisory lock on all identifiers; callers that lock single ones hold it shared. */
const EVERY_TUNNISTE = '7241865003';

/** Advisory lock of the identifier named `x`. */
const LOCK_OF_X = `hashtextextended('onr ' || x, 0)`;

/** Finds persons by what identifies them. Exact, case-sensitive; passivated persons and duplicates are found too. */
@Injectable()
export class HenkiloTunnisteRepository {
  constructor(private readonly db: Database) {}

  async isHenkilo(henkiloOid: string): Promise<boolean> {
    const rows = await this.db.prepared('henkilo-exists', 'select 1 from henkilo where oidhenkilo = $1', [henkiloOid]);
    return rows.length > 0;
  }

  /** OID of the person that has it as the current hetu. */
  async findOidByNykyinenHetu(hetu: string): Promise<string | undefined> {
    const rows = await this.db.prepared<{ oid: string }>(
      'oid-by-nykyinen-hetu',
      'select oidhenkilo as oid from henkilo where hetu = $1',
      [hetu],
    );
    return rows[0]?.oid;
  }

  /** OID and names of the person that has it as the current hetu. */
  async findNimetByNykyinenHetu(hetu: string): Promise<(Nimet & { readonly henkiloOid: string }) | undefined> {
    const rows = await this.db.prepared<Nimet & { henkiloOid: string }>(
      'nimet-by-nykyinen-hetu',
      'select oidhenkilo as "henkiloOid", etunimet, sukunimi from henkilo where hetu = $1',
      [hetu],
    );
    return rows[0];
  }

  /** OID of the person that has it among the official hetut, the current one included. */
  async findOidByKaikkiHetut(hetu: string): Promise<string | undefined> {
    const rows = await this.db.prepared<{ oid: string }>(
      'oid-by-kaikki-hetut',
      'select h.oidhenkilo as oid from henkilo_hetu x join henkilo h on h.id = x.henkilo_id where x.hetu = $1',
      [hetu],
    );
    return rows[0]?.oid;
  }

  /** By the current hetu, else by a former one. */
  async findOidByHetu(hetu: string): Promise<string | undefined> {
    return (await this.findOidByNykyinenHetu(hetu)) ?? (await this.findOidByKaikkiHetut(hetu));
  }

  /** OIDs by hetu of the persons that have or had any of the hetut; the current owner comes before a former one. */
  async findOidsByHetut(hetut: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.db.prepared<{ hetu: string; oid: string }>(
      'oids-by-hetut',
      `select x.hetu, h.oidhenkilo as oid, false as nykyinen from henkilo_hetu x join henkilo h on h.id = x.henkilo_id
        where x.hetu = any (array(select unnest($1::text[])))
       union all
       select hetu, oidhenkilo, true from henkilo where hetu = any (array(select unnest($1::text[])))
       order by nykyinen`,
      [hetut],
    );
    // The last row of a hetu stays in the map: that of the person who has it now.
    return new Map(rows.map(({ hetu, oid }) => [hetu, oid]));
  }

  /** OID of the person that has any of the official hetut; of several the one made first (then the lowest id). */
  async findOldestOidByKaikkiHetut(hetut: readonly string[]): Promise<string | undefined> {
    if (hetut.length === 0) return undefined;
    const rows = await this.db.prepared<{ oid: string }>(
      'oldest-oid-by-kaikki-hetut',
      `select h.oidhenkilo as oid from henkilo_hetu x join henkilo h on h.id = x.henkilo_id
        where x.hetu = any ($1) order by h.created, h.id limit 1`,
      [hetut],
    );
    return rows[0]?.oid;
  }

  /** Passport numbers of a person; none of an unknown OID. */
  async listPassinumerot(henkiloOid: string): Promise<string[]> {
    const rows = await this.db.query<{ passinumero: string }>(
      'select p.passinumero from henkilo_passinumero p join henkilo h on h.id = p.henkilo_id where h.oidhenkilo = $1',
      [henkiloOid],
    );
    return rows.map(({ passinumero }) => passinumero);
  }

  /** Distinct OIDs of the persons that have any of the login identifiers, in order of id, at most 100. */
  async listOidsByIdentifications(identifications: readonly Tunniste[]): Promise<string[]> {
    const rows = await this.db.prepared<{ oid: string }>(
      'oids-by-identifications',
      `select h.oidhenkilo as oid from henkilo h
        where h.id in (select i.henkilo_id from identification i
                         join unnest($1::text[], $2::text[]) x (idp, identifier)
                           on x.idp = i.idpentityid and x.identifier = i.identifier)
        order by h.id limit 100`,
      [identifications.map((i) => i.idpEntityId), identifications.map((i) => i.identifier)],
    );
    return rows.map((row) => row.oid);
  }

  async findOidByEidasTunniste(tunniste: string): Promise<string | undefined> {
    const rows = await this.db.prepared<{ oid: string }>(
      'oid-by-eidas',
      'select h.oidhenkilo as oid from eidastunniste e join henkilo h on h.id = e.henkilo_id where e.tunniste = $1',
      [tunniste],
    );
    return rows[0]?.oid;
  }

  /**
   * Makes others that look for the same identifier wait until this transaction ends, so that only one of them creates the
   * person.
   * @param keys what is looked for, e.g. `hetu 010180-921T`; taken in one order
   */
  async lockTunnisteet(keys: readonly string[]): Promise<void> {
    if (keys.length > MAX_ADVISORY_LOCKS) {
      await this.db.query(`select pg_advisory_xact_lock(${EVERY_TUNNISTE})`);
      return;
    }
    await this.db.query(
      `select pg_advisory_xact_lock_shared(${EVERY_TUNNISTE}) union all
       select pg_advisory_xact_lock(k) from (select distinct ${LOCK_OF_X} as k from unnest($1::text[]) x order by 1) s`,
      [keys],
    );
  }

  /** `lockTunnisteet` of hetut, missing and blank ones left out. Before persons are locked, as everybody does: else two wait for each other. */
  async lockHetut(hetut: readonly (string | null | undefined)[]): Promise<void> {
    const keys = hetut.flatMap((hetu) => (hetu?.trim() ? toHetuKey(hetu) : []));
    if (keys.length > 0) await this.lockTunnisteet(keys);
  }

  /** As `lockTunnisteet` for at most `MAX_ADVISORY_LOCKS`, without waiting. @returns false: someone else holds one of the locks */
  async tryLockTunnisteet(keys: readonly string[]): Promise<boolean> {
    const [row] = await this.db.prepared<{ locked: boolean }>(
      'try-lock-tunnisteet',
      `select pg_try_advisory_xact_lock_shared(${EVERY_TUNNISTE})
          and (select bool_and(pg_try_advisory_xact_lock(${LOCK_OF_X})) from unnest($1::text[]) x) as locked`,
      [keys],
    );
    return row!.locked;
  }
}
