import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service.js';
import { SuojattujenNakyvyys, type Piilotus } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import { ForbiddenError, UnprocessableError, type FieldError, henkiloNotFound } from '../../common/errors.js';
import { Database } from '../../database/database.js';
import { NotTogetherError, WriteGroups } from '../../database/pipeline/write-groups.js';
import { findCurrentUserOid } from '../../http/request-context.js';
import { HenkiloWriteService } from './henkilo-write.service.js';
import {
  addYhteystiedot,
  completeNames,
  copyKoodit,
  copyPlainFields,
  mergeYhteystiedot,
  toAuditText,
  type HenkiloMuutos,
} from './henkilo-muutos.rules.js';
import { HenkiloStore } from './henkilo.store.js';
import { HenkiloTunnisteRepository } from './henkilo-tunniste.repository.js';
import { HenkiloUpdateValidator, listCharacterErrors, listKutsumanimiErrors } from './henkilo-update.validator.js';
import { KoodiriviRepository } from '../../koodit/koodirivi.repository.js';
import type { LoadedHenkilo } from './loaded-henkilo.model.js';
import { isViranomaisen, OmatTiedotService, onlyOmatTiedot } from './omat-tiedot.service.js';
import { SuojausRepository } from '../luku/suojaus.repository.js';
import { YksilointijaljetRepository } from '../../yksilointitieto/yksilointijaljet.repository.js';

/** What VTJ has said and clients do not change (docs/spec/henkilo.md#3.1 step 6). */
const FROM_VTJ = {
  etunimet: null,
  sukunimi: null,
  sukupuoli: null,
  hetu: null,
  aidinkieli: null,
  kansalaisuus: null,
  syntymaaika: null,
  kotikunta: null,
} satisfies Partial<HenkiloMuutos>;

/** What the caller may change. */
export interface Muutosoikeus {
  /** A passivated person may be made active again. */
  readonly maySetActive: boolean;
  /** The caller changes its own record and has no right over it (ADR 81). */
  readonly omatTiedot: boolean;
}

/** A change that a client asks for. */
interface Muutospyynto {
  readonly muutos: HenkiloMuutos;
  readonly oikeus: Muutosoikeus;
  readonly hides: Piilotus;
  /** What koodisto says of it. */
  readonly koodiErrors: readonly FieldError[];
}

/** A change as the audit log has it. */
interface Kirjattava {
  readonly henkiloOid: string;
  readonly newValue: string;
}

/** Changes that clients make to a person. */
@Injectable()
export class HenkiloUpdateService {
  private readonly groups: WriteGroups<Muutospyynto, Kirjattava>;

  constructor(
    db: Database,
    private readonly store: HenkiloStore,
    private readonly writes: HenkiloWriteService,
    private readonly validator: HenkiloUpdateValidator,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly koodirivit: KoodiriviRepository,
    private readonly yksilointijaljet: YksilointijaljetRepository,
    private readonly omatTiedot: OmatTiedotService,
    private readonly suojatut: SuojattujenNakyvyys,
    private readonly suojaus: SuojausRepository,
    audit: AuditLog,
  ) {
    const log = ({ henkiloOid, newValue }: Kirjattava) => {
      const target = { henkiloOid, lisatieto: 'Muokattu olemassa olevaa henkilöä.' };
      audit.write('UPDATE_HENKILO', target, [{ fieldName: 'henkilo', oldValue: '', newValue }]);
    };
    this.groups = new WriteGroups(db, (pyynnot, mayWait) => this.writeAll(pyynnot, mayWait), log);
  }

  /**
   * Writes the given values to the person (E10, docs/spec/henkilo.md#3.1). Of a person identified by VTJ the fields that come
   * from there are silently kept, though they are checked (docs/spec/henkilo.md#O5). Contact groups that the caller may not see stay too.
   * @throws NotFoundError unknown OID
   * @throws UnauthorizedError the values reach further than own data
   * @throws UnprocessableError with every broken rule
   * @throws ForbiddenError the caller may not make the person active
   */
  async update(muutos: HenkiloMuutos, oikeus: Muutosoikeus): Promise<void> {
    const hides = this.suojatut.piilotus();
    const koodiErrors = await this.validator.listKoodiErrors(oikeus.omatTiedot ? onlyOmatTiedot(muutos) : muutos);
    const pyynto = { muutos, oikeus, hides, koodiErrors };
    const { oidHenkilo: henkiloOid } = muutos;
    if (henkiloOid == null) throw henkiloNotFound(null);
    await this.groups.add(pyynto, findCurrentUserOid() ?? '', henkiloOid);
  }

  /**
   * Writes changes of different persons, all or nothing. Inside a transaction.
   * @param mayWait whether to wait for whoever has locked one of the persons, or takes the same hetu
   */
  private async writeAll(pyynnot: readonly Muutospyynto[], mayWait: boolean): Promise<Kirjattava[]> {
    const oids = pyynnot.map(({ muutos }) => muutos.oidHenkilo!);
    if (mayWait) await this.tunnisteet.lockHetut(pyynnot.map(({ muutos }) => muutos.hetu));
    const loaded = await this.store.lock(oids, { wait: mayWait });
    const henkilot: LoadedHenkilo[] = [];
    const kirjattavat: Kirjattava[] = [];
    for (const [i, pyynto] of pyynnot.entries()) {
      const henkilo = loaded.get(oids[i]!);
      if (!henkilo) throw henkiloNotFound(oids[i]);
      const { hetu } = pyynto.muutos;
      if (!mayWait && hetu != null && hetu !== henkilo.hetu) throw new NotTogetherError('A new hetu is to be locked');
      const muutos = await this.check(pyynto, henkilo);
      await this.apply(muutos, henkilo, pyynto);
      henkilot.push(henkilo);
      kirjattavat.push({ henkiloOid: henkilo.oidHenkilo, newValue: toAuditText(muutos, henkilo.turvakielto) });
    }
    await this.writes.updateEach(henkilot);
    return kirjattavat;
  }

  /** @returns the values to be written @throws UnprocessableError, ForbiddenError, UnauthorizedError */
  private async check({ muutos, oikeus, koodiErrors }: Muutospyynto, henkilo: LoadedHenkilo): Promise<HenkiloMuutos> {
    if (oikeus.omatTiedot) {
      await this.omatTiedot.assertOnlyThese(muutos, henkilo);
      if (koodiErrors.length > 0) throw new UnprocessableError('henkiloUpdateDto', koodiErrors);
      return onlyOmatTiedot(muutos);
    }
    const complete = { ...muutos, ...completeNames(muutos, henkilo) };
    const errors = [
      ...(await this.validator.listHetuErrors(complete, henkilo)),
      ...listNameErrors(complete, henkilo),
      ...listCharacterErrors(complete, henkilo),
      ...koodiErrors,
    ];
    if (errors.length > 0) throw new UnprocessableError('henkiloUpdateDto', errors);
    if (henkilo.passivoitu && complete.passivoitu === false && !oikeus.maySetActive) {
      throw new ForbiddenError('Vain rekisterinpitäjä voi aktivoida henkilön');
    }
    return henkilo.yksiloityVTJ ? { ...complete, ...FROM_VTJ } : complete;
  }

  private async apply(
    muutos: HenkiloMuutos,
    henkilo: LoadedHenkilo,
    { oikeus, hides }: Pick<Muutospyynto, 'oikeus' | 'hides'>,
  ): Promise<void> {
    const { hetu, yhteystiedotRyhma } = muutos;
    if (hetu != null && hetu !== henkilo.hetu) {
      await this.yksilointijaljet.remove(henkilo.id);
      henkilo.yksilointiYritetty = false;
    }
    if (yhteystiedotRyhma) {
      const stored = henkilo.yhteystiedotRyhma;
      const suojattu = await this.suojaus.isSuojattu(henkilo);
      henkilo.yhteystiedotRyhma = hides({ oidHenkilo: henkilo.oidHenkilo, suojattu })
        ? addYhteystiedot(stored, yhteystiedotRyhma)
        : mergeYhteystiedot(stored, yhteystiedotRyhma, {
            overwriteReadOnly: false,
            ...(oikeus.omatTiedot && { isKept: isViranomaisen }),
          });
    }
    await copyKoodit(muutos, henkilo, this.koodirivit);
    copyPlainFields(muutos, henkilo);
  }
}

/** The given names must fit each other and the names from VTJ, which stay (docs/spec/henkilo.md#O4). */
function listNameErrors({ kutsumanimi, etunimet }: HenkiloMuutos, saved: LoadedHenkilo): FieldError[] {
  const errors = listKutsumanimiErrors(kutsumanimi, etunimet);
  return errors.length > 0 || !saved.yksiloityVTJ ? errors : listKutsumanimiErrors(kutsumanimi, saved.etunimet);
}
