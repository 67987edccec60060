import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service.js';
import type { LoadedHenkilo } from './loaded-henkilo.model.js';

/** The import that brings a person into organisations, and its user: it works when nobody is logged in. */
export interface LiittavaTuonti {
  readonly id: number;
  /** Null in old imports. */
  readonly kasittelijaOid: string | null;
}

/** Puts persons into organisations: their members may read all of a person (ADR 83), so each time is logged. */
@Injectable()
export class OrganisaatioliitoksetService {
  constructor(private readonly audit: AuditLog) {}

  /**
   * Adds the organisations that the person is not in; the caller saves it. The audit log tells them once committed. Inside
   * a transaction.
   * @param organisaatiot OIDs by id of the row
   * @param tuonti null: the caller asked for this person alone
   * @returns whether there was one to add
   */
  add(
    henkilo: LoadedHenkilo,
    organisaatiot: ReadonlyMap<number, string>,
    tuonti: LiittavaTuonti | null = null,
  ): boolean {
    const added = [...organisaatiot].filter(([id]) => !henkilo.organisaatioIds.has(id));
    if (added.length === 0) return false;
    for (const [id] of added) henkilo.organisaatioIds.add(id);
    const newValue = added.map(([, oid]) => oid).join(',');
    const target = {
      henkiloOid: henkilo.oidHenkilo,
      lisatieto: 'Henkilö liitetty organisaatioihin.',
      ...(tuonti && { tuontiId: String(tuonti.id), kasittelijaOid: tuonti.kasittelijaOid ?? '' }),
    };
    this.audit.writeAfterCommit('UPDATE_HENKILO', target, [{ fieldName: 'organisaatiot', newValue }]);
    return true;
  }
}
