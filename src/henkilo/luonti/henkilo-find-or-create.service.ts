import { Injectable } from '@nestjs/common';
import { UnauthorizedError, ValidationError, henkiloNotFound } from '../../common/errors.js';
import { Database } from '../../database/database.js';
import type { PerustietoDokumentti } from '../dokumentti/dokumentti.repository.js';
import { HenkiloDokumentit } from '../dokumentti/henkilo-dokumentit.service.js';
import type { HenkiloPerustietoCreateDto } from '../dto/henkilo-perustieto-create.dto.js';
import { HenkiloCreateService } from './henkilo-create.service.js';
import { HenkiloTunnisteRepository, toHetuKey, toTunnisteKey } from '../muutos/henkilo-tunniste.repository.js';

interface FindOrCreateOptions {
  /** OID of the user, for a person that is stored. */
  readonly kasittelijaOid: string;
  /** Whether the user may store a person with an eIDAS identifier. */
  readonly mayCreateWithEidas: boolean;
}

/** Finds a person by what identifies it, else stores it (docs/spec/henkilo.md#4). Of several at once for one person, one stores. */
@Injectable()
export class HenkiloFindOrCreateService {
  constructor(
    private readonly db: Database,
    private readonly tunnisteet: HenkiloTunnisteRepository,
    private readonly dokumentit: HenkiloDokumentit,
    private readonly createService: HenkiloCreateService,
  ) {}

  /** The person's document, where it is found by OID or hetu and has one: the rule of `find` in one statement. */
  async findDokumentti(dto: HenkiloPerustietoCreateDto): Promise<PerustietoDokumentti | null> {
    const { oidHenkilo, identifications, hetu } = dto;
    if (oidHenkilo !== null) return this.dokumentit.findPerustietoByOid(oidHenkilo);
    if ((identifications && identifications.length > 0) || hetu === null) return null;
    return this.dokumentit.findPerustietoByHetu(hetu);
  }

  /**
   * A person found is answered as it is, a slave too; nothing is written (E54).
   * @throws NotFoundError the given OID is unknown
   * @throws ValidationError the login identifiers belong to several persons, or a new person would get one of kind `eidas`
   * @throws UnauthorizedError a new person with an eIDAS identifier, and the user may not store such
   * @throws UnprocessableError a new person with broken rules
   */
  async findOrCreate(
    dto: HenkiloPerustietoCreateDto,
    { kasittelijaOid, mayCreateWithEidas }: FindOrCreateOptions,
  ): Promise<{ henkiloOid: string; created: boolean }> {
    const found = await this.find(dto);
    if (found !== undefined) return { henkiloOid: found, created: false };
    if (dto.eidasTunniste !== null && !mayCreateWithEidas) throw new UnauthorizedError('missing.eidas.authorization');
    if (dto.identifications?.some(({ idpEntityId }) => idpEntityId === 'eidas')) {
      throw new ValidationError('eIDAS-tunnisteiden lisääminen ei ole sallittua');
    }
    const { etunimet, kutsumanimi, sukunimi } = dto; // given: the DTO's rules see to it
    const uusi = { ...dto, etunimet: etunimet!, kutsumanimi: kutsumanimi!, sukunimi: sukunimi! };
    const write = await this.createService.prepare(uusi, kasittelijaOid);
    return this.db.transaction(async () => {
      const keys = toKeys(dto);
      if (keys.length > 0) {
        await this.tunnisteet.lockTunnisteet(keys);
        const meanwhile = await this.find(dto);
        if (meanwhile !== undefined) return { henkiloOid: meanwhile, created: false };
      }
      return { henkiloOid: (await write()).oidHenkilo, created: true };
    });
  }

  /** The first that is given decides; an empty text counts as given. */
  private async find(dto: HenkiloPerustietoCreateDto): Promise<string | undefined> {
    const { oidHenkilo, identifications, hetu, eidasTunniste } = dto;
    if (oidHenkilo !== null) {
      if (await this.tunnisteet.isHenkilo(oidHenkilo)) return oidHenkilo;
      throw henkiloNotFound(oidHenkilo);
    }
    if (identifications && identifications.length > 0) {
      const [first, second] = await this.tunnisteet.listOidsByIdentifications(identifications);
      if (second !== undefined) throw new ValidationError('Annetuilla tunnisteilla löytyi useita henkilöitä');
      if (first !== undefined) return first;
    }
    const byHetu = hetu === null ? undefined : await this.tunnisteet.findOidByHetu(hetu);
    if (byHetu !== undefined || eidasTunniste === null) return byHetu;
    return this.tunnisteet.findOidByEidasTunniste(eidasTunniste);
  }
}

function toKeys({ identifications, hetu, eidasTunniste }: HenkiloPerustietoCreateDto): string[] {
  const keys = (identifications ?? []).map(toTunnisteKey);
  if (hetu) keys.push(toHetuKey(hetu));
  if (eidasTunniste !== null) keys.push(`eidastunniste ${eidasTunniste}`);
  return keys;
}
