import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service.js';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { UnprocessableError, ValidationError } from '../../common/errors.js';
import { Database } from '../../database/database.js';
import { KoodiriviRepository } from '../../koodit/koodirivi.repository.js';
import { KoodistoClient } from '../../integrations/koodisto/koodisto.client.js';
import type { OppijaTuontiCreateDto } from '../dto/oppija-tuonti-create.dto.js';
import type { OppijaTuontiPerustiedotReadDto } from '../dto/oppija-tuonti.dto.js';
import type { YleistunnisteInput } from '../dto/yleistunniste-input.dto.js';
import type { TuontiApi } from '../entities/tuonti.entity.js';
import { assertTunnisteetDistinct, listKoodiErrors } from './tuonti-tarkistus.rules.js';
import { toSisalto, yleistunnisteToSisalto, type TuontiSisalto } from './tuonti-sisalto.mapper.js';
import { TuontiTyojonoService } from './tuonti-tyojono.service.js';
import { TuontiRepository } from './tuonti.repository.js';

/** Rights whose organisations the caller's learners are put into. */
export const LIITETTAVAT = ['OPPIJOIDENTUONTI', 'YLEISTUNNISTE_LUONTI'] as const;

/** Takes imports in and tells how far they are (docs/spec/duplicates-tuonti-yleistunniste.md#6.2, docs/spec/duplicates-tuonti-yleistunniste.md#9). */
@Injectable()
export class TuontiService {
  constructor(
    private readonly db: Database,
    private readonly tuonnit: TuontiRepository,
    private readonly tyojono: TuontiTyojonoService,
    private readonly koodistot: KoodistoClient,
    private readonly koodirivit: KoodiriviRepository,
    private readonly permissions: PermissionChecker,
    private readonly audit: AuditLog,
  ) {}

  /** Imports learners into the organisations of the caller; see `accept`. */
  create(dto: OppijaTuontiCreateDto): Promise<OppijaTuontiPerustiedotReadDto> {
    return this.accept('oppijaTuontiCreateDto', toSisalto(dto), 'OPPIJA');
  }

  /** Imports persons by hetu into the organisations of the caller; see `accept`. */
  createYleistunniste(input: YleistunnisteInput): Promise<OppijaTuontiPerustiedotReadDto> {
    return this.accept('yleistunnisteInput', yleistunnisteToSisalto(input), 'YLEISTUNNISTE');
  }

  /**
   * Goes on with an import at once; without effect on one that is finished (ADR 21).
   * @throws NotFoundError there is no such import
   */
  async restart(id: number, api: TuontiApi): Promise<OppijaTuontiPerustiedotReadDto> {
    const perustiedot = await this.tuonnit.getPerustiedot(id);
    if (!perustiedot.kasitelty) {
      await this.tuonnit.setMissingApi(id, api);
      this.tyojono.wake(id);
    }
    return perustiedot;
  }

  /** @throws NotFoundError there is no such import */
  getPerustiedot(id: number): Promise<OppijaTuontiPerustiedotReadDto> {
    return this.tuonnit.getPerustiedot(id);
  }

  /**
   * Checks and stores an import; what has been answered is handled in the background, whatever happens meanwhile.
   * @param objectName of the request body, in errors
   * @throws BeanValidationError a row key is repeated
   * @throws UnprocessableError koodisto does not know a code, or a Finn has no hetu
   * @throws ValidationError the caller has no organisation
   */
  private async accept(
    objectName: string,
    sisalto: TuontiSisalto,
    api: TuontiApi,
  ): Promise<OppijaTuontiPerustiedotReadDto> {
    // prettier-ignore
    assertTunnisteetDistinct(objectName, sisalto.henkilot);
    const [sukupuoli, kieli, kansalaisuus] = await Promise.all([
      this.koodistot.get('sukupuoli'),
      this.koodistot.get('kieli'),
      this.koodistot.get('kansalaisuus'),
    ]);
    const errors = listKoodiErrors(sisalto, { sukupuoli, kieli, kansalaisuus });
    if (errors.length > 0) throw new UnprocessableError('oppijaTuontiCreateDto', errors);
    const kasittelijaOid = this.permissions.callerOid;
    const organisaatioOids = this.permissions.organisationsFor(...LIITETTAVAT);
    if (organisaatioOids.length === 0)
      throw new ValidationError(`Käyttäjällä ${kasittelijaOid} ei ole yhtään organisaatiota joihin oppijat liitetään`);
    return this.db.transaction(async () => {
      const organisaatioIds = [...(await this.koodirivit.organisaatioIds(organisaatioOids))];
      const perustiedot = await this.tuonnit.insert({ sisalto, api, kasittelijaOid, organisaatioIds });
      this.db.afterCommit(() => {
        const target = { lisatieto: 'Oppijatuonti luotu.', tunnistetieto: sisalto.sahkoposti ?? '' };
        this.audit.write('OPPIJOIDEN_TUONTI', target);
        this.tyojono.wake(perustiedot.id);
      });
      return perustiedot;
    });
  }
}
