import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { ForbiddenError, UnprocessableError, type FieldError } from '../common/errors.js';
import { Database } from '../database/database.js';
import { HenkiloMuokkaus } from './henkilo-muokkaus.js';
import {
  completeNames,
  copyKoodit,
  copyPlainFields,
  mergeYhteystiedot,
  toAuditText,
  type HenkiloPaivitys,
} from './henkilo-paivitys.js';
import { HenkiloStore } from './henkilo-store.js';
import { HenkiloUpdateValidator, listCharacterErrors, listKutsumanimiErrors } from './henkilo-update.validator.js';
import { Koodirivit } from './koodirivit.js';
import type { LoadedHenkilo } from './loaded-henkilo.js';
import { YksilointijaljetRepository } from './yksilointijaljet.repository.js';

/** What VTJ has said and clients do not change (spec henkilo 3.1 step 6). */
const FROM_VTJ = {
  etunimet: null,
  sukunimi: null,
  sukupuoli: null,
  hetu: null,
  aidinkieli: null,
  kansalaisuus: null,
  syntymaaika: null,
  kotikunta: null,
} satisfies Partial<HenkiloPaivitys>;

/** Changes that clients make to a person. */
@Injectable()
export class HenkiloUpdateService {
  constructor(
    private readonly db: Database,
    private readonly store: HenkiloStore,
    private readonly muokkaus: HenkiloMuokkaus,
    private readonly validator: HenkiloUpdateValidator,
    private readonly koodirivit: Koodirivit,
    private readonly yksilointijaljet: YksilointijaljetRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Writes the given values to the person (E10, spec henkilo 3.1). Of a person identified by VTJ the fields that come
   * from there are silently kept, though they are checked (O5).
   * @param maySetActive whether the caller may make a passivated person active again
   * @throws NotFoundError unknown OID
   * @throws UnprocessableError with every broken rule
   * @throws ForbiddenError the caller may not make the person active
   */
  async update(paivitys: HenkiloPaivitys, { maySetActive }: { maySetActive: boolean }): Promise<void> {
    const koodiErrors = await this.validator.listKoodiErrors(paivitys);
    await this.db.transaction(async () => {
      const henkilo = await this.store.lockOne(paivitys.oidHenkilo);
      const complete = { ...paivitys, ...completeNames(paivitys, henkilo) };
      const errors = [
        ...(await this.validator.listHetuErrors(complete, henkilo)),
        ...listNameErrors(complete, henkilo),
        ...listCharacterErrors(complete, henkilo),
        ...koodiErrors,
      ];
      if (errors.length > 0) throw new UnprocessableError('henkiloUpdateDto', errors);
      if (henkilo.passivoitu && complete.passivoitu === false && !maySetActive) {
        throw new ForbiddenError('Vain rekisterinpitäjä voi aktivoida henkilön');
      }
      await this.write(henkilo.yksiloityVTJ ? { ...complete, ...FROM_VTJ } : complete, henkilo);
    });
  }

  private async write(paivitys: HenkiloPaivitys, henkilo: LoadedHenkilo): Promise<void> {
    const { hetu, yhteystiedotRyhma } = paivitys;
    if (hetu != null && hetu !== henkilo.hetu) {
      await this.yksilointijaljet.remove(henkilo.id);
      henkilo.yksilointiYritetty = false;
    }
    if (yhteystiedotRyhma) {
      henkilo.yhteystiedotRyhma = mergeYhteystiedot(henkilo.yhteystiedotRyhma, yhteystiedotRyhma, {
        overwriteReadOnly: false,
      });
    }
    await copyKoodit(paivitys, henkilo, this.koodirivit);
    copyPlainFields(paivitys, henkilo);
    await this.muokkaus.update(henkilo);

    const target = { henkiloOid: henkilo.oidHenkilo, lisatieto: 'Muokattu olemassa olevaa henkilöä.' };
    const newValue = toAuditText(paivitys);
    this.db.afterCommit(() =>
      this.audit.write('UPDATE_HENKILO', target, [{ fieldName: 'henkilo', oldValue: '', newValue }]),
    );
  }
}

/** The names must fit each other, and those that VTJ has said, which stay (O4). */
function listNameErrors({ kutsumanimi, etunimet }: HenkiloPaivitys, saved: LoadedHenkilo): FieldError[] {
  const errors = listKutsumanimiErrors(kutsumanimi, etunimet);
  return errors.length > 0 || !saved.yksiloityVTJ ? errors : listKutsumanimiErrors(kutsumanimi, saved.etunimet);
}
