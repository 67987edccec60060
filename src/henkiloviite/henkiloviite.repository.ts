import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** One link: `slaveOid` is a duplicate of `masterOid`. */
export interface Viite {
  readonly masterOid: string;
  readonly slaveOid: string;
}

/** OIDs of persons known to have no slaves for the rest of the transaction: they are locked, and linking takes them out. */
export const mastersOfNobody = (db: Database): Set<string> =>
  db.transactionState(mastersOfNobody, () => new Set<string>());

/** The links between duplicates: two levels by OID, no keys in the database (docs/spec/schema.md#6.6). */
@Injectable()
export class HenkiloviiteRepository {
  constructor(private readonly db: Database) {}

  /** Links that have one of the persons on either side, oldest first. */
  listByOids(henkiloOids: readonly string[]): Promise<Viite[]> {
    return this.db.prepared<Viite>(
      'viite-by-oids',
      `select master_oid as "masterOid", slave_oid as "slaveOid" from henkiloviite
        where master_oid = any ($1) or slave_oid = any ($1) order by id`,
      [henkiloOids],
    );
  }

  /** Adds the link unless it is there. Inside a transaction. */
  async add({ masterOid, slaveOid }: Viite): Promise<void> {
    mastersOfNobody(this.db).delete(masterOid);
    await this.db.execute(
      `insert into henkiloviite (id, version, master_oid, slave_oid)
       select nextval('hibernate_sequence'), 0, $1::varchar, $2::varchar
        where not exists (select 1 from henkiloviite where master_oid = $1 and slave_oid = $2)`,
      [masterOid, slaveOid],
    );
  }

  /** @returns number of rows removed: doubles of the link go with it */
  remove({ masterOid, slaveOid }: Viite): Promise<number> {
    return this.db.execute('delete from henkiloviite where master_oid = $1 and slave_oid = $2', [masterOid, slaveOid]);
  }

  /** Puts the slave under another master. Inside a transaction. */
  move({ masterOid, slaveOid }: Viite, newMasterOid: string): Promise<number> {
    mastersOfNobody(this.db).delete(newMasterOid);
    return this.db.execute(
      'update henkiloviite set master_oid = $3, version = version + 1 where master_oid = $1 and slave_oid = $2',
      [masterOid, slaveOid, newMasterOid],
    );
  }
}
