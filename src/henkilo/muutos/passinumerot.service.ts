import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service.js';
import { ConstraintViolationError } from '../../common/errors.js';
import { Database } from '../../database/database.js';
import { OvertakenError } from '../../database/unavailable.js';
import { HenkiloStore } from './henkilo.store.js';
import { HenkiloTunnisteRepository, toPassinumeroKey } from './henkilo-tunniste.repository.js';

/** Passport numbers; one number belongs to one person. */
@Injectable()
export class PassinumerotService {
  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Makes these the person's numbers, untrimmed (E22). `modified` stays and nothing is announced; the history gets a row
   * even if nothing changes, unless there were no numbers and are none.
   * @returns the numbers, each once. A number of someone else is refused by the database: 400
   * @throws ConstraintViolationError a number is blank
   * @throws NotFoundError unknown OID
   */
  async replace(henkiloOid: string, passinumerot: readonly (string | null)[]): Promise<string[]> {
    const numbers = new Set(passinumerot.filter(isGiven));
    if (numbers.size < new Set(passinumerot).size) {
      throw new ConstraintViolationError('setPassportNumbers.passinumerot[]: must not be blank');
    }
    return this.db.transaction(async () => {
      // Without the locks, two persons that exchange numbers would wait for each other at the unique index.
      const locked = new Set([...(await this.tunnisteet.listPassinumerot(henkiloOid)), ...numbers]);
      await this.tunnisteet.lockTunnisteet([...locked].map(toPassinumeroKey));
      const henkilo = await this.store.lockOne(henkiloOid);
      if ([...henkilo.passinumerot].some((passinumero) => !locked.has(passinumero))) {
        throw new OvertakenError('The person got other passport numbers');
      }
      const oldValue = toText(henkilo.passinumerot);
      const touch = henkilo.passinumerot.size > 0 || numbers.size > 0;
      henkilo.passinumerot = numbers;
      await this.store.save(henkilo, { touch });
      const change = { fieldName: 'passinumerot', oldValue, newValue: toText(henkilo.passinumerot) };
      const target = { henkiloOid, lisatieto: 'Muokattu henkilön passinumeroita.' };
      this.audit.writeAfterCommit('UPDATE_HENKILO', target, [change]);
      return [...henkilo.passinumerot];
    });
  }
}

const isGiven = (passinumero: string | null): passinumero is string =>
  passinumero !== null && passinumero.trim() !== '';

const toText = (passinumerot: ReadonlySet<string>): string => JSON.stringify([...passinumerot].sort());
