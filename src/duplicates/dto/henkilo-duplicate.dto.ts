import type { LocalDate } from '../../common/clock.js';
import { type EidasTunnisteDto } from '../../henkilo/dto/eidas-tunniste.dto.js';
import { type KielisyysDto } from '../../koodit/kielisyys.dto.js';

/** One application as the service that keeps it gave it. */
export class HakemusDto {
  /** Any members, and `service`: `haku-app` or `ataru`. */
  hakemusData!: Record<string, unknown>;
}

/** A nationality with its row's id. */
export class KansalaisuusReadDto {
  /** Id of the row. */
  id!: number;

  /** Code in code set `maatjavaltiot2`, three digits. */
  kansalaisuusKoodi!: string;
}

/** A person who resembles another (docs/spec/api.md#5.3). */
export class HenkiloDuplicateDto {
  oidHenkilo!: string;
  etunimet!: string;
  kutsumanimi!: string;
  sukunimi!: string;

  /** Code in code set `sukupuoli`: `1` man, `2` woman. */
  sukupuoli!: string | null;

  /** Current hetu, unmasked. */
  hetu!: string | null;

  syntymaaika!: LocalDate | null;
  passivoitu!: boolean;

  /** Always null; see `emails`. */
  email!: string | null;

  /** Identified by any method, unlike the member of that name elsewhere. */
  yksiloity!: boolean;

  yksiloityVTJ!: boolean;
  yksiloityEidas!: boolean;
  eidasTunnisteet!: EidasTunnisteDto[];
  aidinkieli!: KielisyysDto | null;
  asiointiKieli!: KielisyysDto | null;

  /** Applications of haku-app and Ataru; empty when none or when the service did not answer. */
  hakemukset!: HakemusDto[];

  kansalaisuus!: KansalaisuusReadDto[];
  passinumerot!: string[];

  /** E-mail addresses of all contact groups, blank ones left out; repetitions possible. */
  emails!: string[];
}
