import { Injectable } from '@nestjs/common';
import type { Repository } from 'typeorm';
import { Database } from '../database/database.js';
import { newId, nextVersion } from '../database/versioned-entity.js';
import { Henkiloviite } from './henkiloviite.entity.js';

/** One link: `slaveOid` is a duplicate of `masterOid`. */
export type Viite = Readonly<Pick<Henkiloviite, 'masterOid' | 'slaveOid'>>;

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

  /** Adds the link unless it is there. Inside a transaction that has locked the master. */
  async add({ masterOid, slaveOid }: Viite): Promise<void> {
    mastersOfNobody(this.db).delete(masterOid);
    if (await this.viitteet.existsBy({ masterOid, slaveOid })) return;
    await this.viitteet.insert({ id: newId, version: 0, masterOid, slaveOid });
  }

  /** Doubles of the link go with it. */
  async remove({ masterOid, slaveOid }: Viite): Promise<void> {
    await this.viitteet.delete({ masterOid, slaveOid });
  }

  /** Puts the slave under another master. Inside a transaction. */
  async move({ masterOid, slaveOid }: Viite, newMasterOid: string): Promise<void> {
    mastersOfNobody(this.db).delete(newMasterOid);
    await this.viitteet.update({ masterOid, slaveOid }, { masterOid: newMasterOid, version: nextVersion });
  }

  private get viitteet(): Repository<Henkiloviite> {
    return this.db.repository(Henkiloviite);
  }
}
