import { Injectable } from '@nestjs/common';
import { PermissionChecker } from '../../auth/permissions/permission-checker.service.js';
import { SuojattujenNakyvyys, type Piilotus } from '../../auth/permissions/suojattujen-nakyvyys.service.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { DataInconsistencyError, ForbiddenError } from '../../common/errors.js';
import type {
  FilteredResult,
  OppijaTuontiPerustiedotReadDto,
  OppijaTuontiReadDto,
  TuontiDataRiviDto,
  TuontiVirheDto,
} from '../dto/oppija-tuonti.dto.js';
import { HenkiloviiteRepository, type Linkitys } from '../../henkiloviite/henkiloviite.repository.js';
import { toFilteredStudent, toUnseenOppija } from './oppija.mapper.js';
import { OppijaReadService } from './oppija-read.service.js';
import { withoutNulls, type TuontiRiviSisalto, type TuontiSisalto } from '../tuonti/tuonti-sisalto.mapper.js';
import { TuontiTulosRepository, type TulosRivi } from './tuonti-tulos.repository.js';
import { TuontiRepository } from '../tuonti/tuonti.repository.js';

/** Rights whose organisations make persons of an import visible, without those below (docs/spec/duplicates-tuonti-yleistunniste.md#1.2, scope A). */
const NAKYVYYS = ['OPPIJOIDENTUONTI', 'YLEISTUNNISTE_LUONTI', 'TUONTIDATA_READ'] as const;

interface Tulos {
  readonly perustiedot: OppijaTuontiPerustiedotReadDto;
  readonly rivit: readonly TulosRivi[];
  readonly virheet: readonly TuontiVirheDto[];
}

/**
 * The result of an import, for callers that may see it (docs/spec/duplicates-tuonti-yleistunniste.md#7.2,
 * docs/spec/duplicates-tuonti-yleistunniste.md#7.7).
 */
@Injectable()
export class TuontiTulosService {
  constructor(
    private readonly tuonnit: TuontiRepository,
    private readonly tulokset: TuontiTulosRepository,
    private readonly viitteet: HenkiloviiteRepository,
    private readonly oppijat: OppijaReadService,
    private readonly permissions: PermissionChecker,
    private readonly suojatut: SuojattujenNakyvyys,
    @InjectConfig() private readonly config: Config,
  ) {}

  /**
   * The import with the data of those of its persons who are in the caller's organisations, and of the others with their
   * OIDs: an import does not open the persons whom it did not bring there (ADR 83).
   * @throws NotFoundError there is no such import
   * @throws ForbiddenError the caller may see none of it, or no row is handled yet (docs/spec/api.md#A23)
   */
  async getTulos(tuontiId: number): Promise<OppijaTuontiReadDto> {
    const { perustiedot, rivit, virheet } = await this.read(tuontiId);
    const linkitykset = await this.linkityksetOf(rivit);
    const isSeen = ({ nakyy }: TulosRivi) => nakyy || this.config.imports.attachWhateverNames;
    const dtos = (await this.oppijat.toDtos(rivit.filter(isSeen), linkitykset)).values();
    const henkilot = rivit.map((rivi) => {
      const henkilo = isSeen(rivi) ? dtos.next().value! : toUnseenOppija(rivi, linkitykset(rivi.oidHenkilo));
      return { ...rowOf(rivi), henkilo };
    });
    return { ...perustiedot, henkilot, ...(virheet.length > 0 && { virheet: [...virheet] }) };
  }

  /** The same without personal data. */
  async getFiltered(tuontiId: number): Promise<FilteredResult> {
    const { perustiedot, rivit, virheet } = await this.read(tuontiId);
    const linkitykset = await this.linkityksetOf(rivit);
    const henkilot = rivit.map((rivi) => ({
      ...rowOf(rivi),
      henkilo: toFilteredStudent(rivi, linkitykset(rivi.oidHenkilo)),
    }));
    return { ...perustiedot, henkilot, ...(virheet.length > 0 && { virheet: [...virheet] }) };
  }

  /**
   * The rows as they were sent. A row comes with its person where the caller may see the person, else with the person's OID
   * where the import is of the caller's organisations.
   * @throws NotFoundError there is no such import
   * @throws ForbiddenError the import is not of the caller's organisations, or no row is visible
   * @throws DataInconsistencyError the stored request cannot be read
   */
  async getData(tuontiId: number): Promise<TuontiDataRiviDto[]> {
    const hides = this.suojatut.piilotus();
    const text = await this.tuonnit.getSisalto(tuontiId);
    const everyone = this.permissions.mayReadEveryone();
    if (!everyone) {
      const own = await this.permissions.organisationsWithChildrenFor('TUONTIDATA_READ');
      if (!(await this.tulokset.isImportOf(tuontiId, own))) throw new ForbiddenError(`Tuonti ${tuontiId} is of others`);
    }
    const { rivit } = await this.listRivit(tuontiId);
    const virheet = await this.tulokset.listVirheet(tuontiId);
    if (rivit.length === 0 && virheet.length === 0) throw new ForbiddenError(`Nothing of tuonti ${tuontiId} is visible`); // prettier-ignore
    return toDataRivit(parse(text, tuontiId), rivit, virheet, hides);
  }

  private async read(tuontiId: number): Promise<Tulos> {
    const perustiedot = await this.tuonnit.getPerustiedot(tuontiId);
    const { own, rivit } = await this.listRivit(tuontiId);
    const virheet = own ? await this.tulokset.listVirheet(tuontiId) : [];
    if (virheet.length === 0 && rivit.length === 0) throw new ForbiddenError(`Nothing of tuonti ${tuontiId} is visible`); // prettier-ignore
    return { perustiedot, rivit, virheet };
  }

  /**
   * All rows of an import of the caller's organisations; of others' imports only the rows whose persons belong to the
   * caller's organisations (ADR 21).
   */
  private async listRivit(tuontiId: number): Promise<{ own: boolean; rivit: TulosRivi[] }> {
    const organisaatiot = this.permissions.mayReadEveryone() ? null : this.ownOrganisations();
    const rivit = await this.tulokset.listRivit(tuontiId, organisaatiot);
    const own = organisaatiot === null || (await this.tulokset.isImportOf(tuontiId, organisaatiot));
    return { own, rivit: own ? rivit : rivit.filter(({ nakyy }) => nakyy) };
  }

  private ownOrganisations(): string[] {
    return this.permissions.organisationsFor(...NAKYVYYS);
  }

  private linkityksetOf(rivit: readonly TulosRivi[]): Promise<(henkiloOid: string) => Linkitys> {
    return this.viitteet.findLinkitykset(rivit.map(({ oidHenkilo }) => oidHenkilo));
  }
}

const rowOf = ({ tunniste, conflict }: TulosRivi) => ({ tunniste, ...(conflict !== null && { conflict }) });

function parse(text: string | null, tuontiId: number): TuontiSisalto {
  try {
    const sisalto = JSON.parse(text ?? '') as TuontiSisalto;
    if (Array.isArray(sisalto.henkilot)) return sisalto;
  } catch {
    // The same as a document without rows.
  }
  throw new DataInconsistencyError(`The request of tuonti ${tuontiId} cannot be read`);
}

/**
 * Among handled rows with an equal tunniste the first counts; old rows without one all count as equal (docs/spec/duplicates-tuonti-yleistunniste.md#O-10). A row of an
 * old import may be null.
 */
function toDataRivit(
  { henkilot }: TuontiSisalto,
  rivit: readonly TulosRivi[],
  virheet: readonly TuontiVirheDto[],
  hides: Piilotus,
): TuontiDataRiviDto[] {
  const byNro = new Map(rivit.filter(({ nro }) => nro !== null).map((rivi) => [rivi.nro, rivi]));
  const byTunniste = new Map(rivit.filter(({ nro }) => nro === null).reverse().map((rivi) => [rivi.tunniste, rivi])); // prettier-ignore
  const virheByNro = new Map(virheet.map(({ rivi, virhe }) => [rivi, virhe]));
  return henkilot.map((sisalto: Partial<TuontiRiviSisalto> | null, nro) => {
    const { tunniste, henkilo } = sisalto ?? {};
    const virhe = virheByNro.get(nro);
    const rivi = virhe === undefined ? (byNro.get(nro) ?? byTunniste.get(tunniste ?? null)) : undefined;
    const hetu = henkilo?.hetu as string | number | undefined; // of an import of the reference it may be no text
    const sahkoposti = rivi && hides(rivi) ? null : henkilo?.sahkoposti;
    return withoutNulls({
      tunniste: tunniste ?? undefined,
      henkilo: withoutNulls({ ...henkilo, sahkoposti, hetu: hetu && `${String(hetu).slice(0, -4)}****` }),
      henkiloOid: rivi?.oidHenkilo,
      henkiloNimi: rivi?.nakyy ? `${rivi.sukunimi}, ${rivi.etunimet}` : undefined,
      conflict: rivi?.conflict ?? false,
      virhe,
    });
  });
}
