import { Injectable } from '@nestjs/common';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { ValidationError } from '../../common/errors.js';
import type { OppijaTuontiCriteria } from '../dto/oppija-tuonti-criteria.dto.js';
import type { OppijaEhdot } from './oppija-ehdot.sql.js';
import { OppijaListausRepository } from './oppija-listaus.repository.js';

/**
 * Rights whose organisations, with those below, make imported persons visible in listings
 * (docs/spec/duplicates-tuonti-yleistunniste.md#1.2, scope B). YLEISTUNNISTE_LUONTI is not among them,
 * as in the reference (docs/spec/duplicates-tuonti-yleistunniste.md#O-1).
 */
const LISTAUKSET = ['OPPIJOIDENTUONTI', 'TUONTIDATA_READ'] as const;

/** Limits searches of imported persons to what the caller may see. */
@Injectable()
export class OppijaRajausService {
  constructor(
    private readonly permissions: PermissionChecker,
    private readonly haku: OppijaListausRepository,
  ) {}

  /** OIDs of the organisations whose imports and learners the caller may list; null: all. */
  async listOrganisaatioOids(): Promise<string[] | null> {
    if (this.permissions.mayReadEveryone()) return null;
    return this.permissions.organisationsWithChildrenFor(...LISTAUKSET);
  }

  /**
   * The criteria within the caller's organisations: asked ones that are not the caller's count for nothing, so
   * that an empty list finds nobody.
   * @throws ValidationError the caller has none
   */
  async toEhdot({ organisaatioOids: asked, ...criteria }: OppijaTuontiCriteria): Promise<OppijaEhdot> {
    const own = await this.listOrganisaatioOids();
    if (own?.length === 0)
      throw new ValidationError(
        `Käyttäjällä ${this.permissions.caller.oid} ei ole yhtään organisaatiota joista oppijoita haetaan`,
      );
    const wanted = asked === null ? own : own === null ? asked : own.filter((oid) => asked.includes(oid));
    return { ...criteria, organisaatioIds: wanted && (await this.haku.listOrganisaatioIds(wanted)) };
  }
}
