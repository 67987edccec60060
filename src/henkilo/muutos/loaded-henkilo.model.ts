import { columnsOf } from '../../database/entity-columns.js';
import type { LoadedYhteystiedotRyhma } from '../../yhteystiedot/loaded-yhteystiedot.model.js';
import type { IdpEntityId } from '../henkilo-koodit.constants.js';
import { Henkilo } from '../entities/henkilo.entity.js';
import { isYksiloity, isYksiloityVahvasti, oppijanumeroOf } from '../luku/yksilointi.rules.js';

/** One login identifier. `id` null: not stored yet. */
export interface LoadedIdentification {
  readonly id: number | null;
  readonly idpEntityId: IdpEntityId;
  readonly identifier: string;
}

/** One eIDAS identifier; the database sets its time. `id` null: not stored yet. */
export interface LoadedEidasTunniste {
  readonly id: number | null;
  readonly tunniste: string;
  /** OID of the creator. */
  readonly createdBy: string;
}

/**
 * A person with everything it owns, as HenkiloStore loads, changes and saves it. Columns are those of the entity;
 * collections are changed in place or replaced, and the store writes the difference.
 */
export class LoadedHenkilo extends Henkilo {
  /** Every official hetu of an identified person; unique over all persons. */
  kaikkiHetut = new Set<string>();
  passinumerot = new Set<string>();
  /** Ids of rows of `kansalaisuus`; see KoodiriviRepository. */
  kansalaisuusIds = new Set<number>();
  /** Ids of rows of `organisaatio`. */
  organisaatioIds = new Set<number>();
  yhteystiedotRyhma: LoadedYhteystiedotRyhma[] = [];
  identifications: LoadedIdentification[] = [];
  eidasTunnisteet: LoadedEidasTunniste[] = [];

  /** A person that is not stored yet: every flag false, every collection empty (docs/spec/henkilo.md#0.7). */
  static create(
    values: Partial<LoadedHenkilo> & Pick<Henkilo, 'etunimet' | 'kutsumanimi' | 'sukunimi'>,
  ): LoadedHenkilo {
    return Object.assign(new LoadedHenkilo(), NEW_HENKILO, values);
  }

  /** Identified against VTJ or with eIDAS. */
  get isYksiloityVahvasti(): boolean {
    return isYksiloityVahvasti(this);
  }

  /** Identified by any method; then its OID is its oppijanumero. */
  get isYksiloity(): boolean {
    return isYksiloity(this);
  }

  get oppijanumero(): string | null {
    return oppijanumeroOf(this);
  }

  /** An empty kutsumanimi falls back on the current etunimet; a single space does not (docs/spec/henkilo.md#0.7). */
  setKutsumanimi(kutsumanimi: string | null): void {
    this.kutsumanimi = kutsumanimi || this.etunimet;
  }
}

/** Every flag false, and what may be null is null. */
const NEW_HENKILO: Partial<Henkilo> = {
  version: 0,
  ...Object.fromEntries(
    columnsOf(Henkilo)
      .filter(({ type, isNullable }) => type === 'boolean' || isNullable)
      .map(({ property, type }) => [property, type === 'boolean' ? false : null]),
  ),
};
