import type { YhteystietoTyyppi } from './yhteystieto-tyyppi.constants.js';

/** One contact value; type and value as stored. */
export interface LoadedYhteystieto {
  yhteystietoTyyppi: YhteystietoTyyppi;
  /** null and '' are stored as given. */
  yhteystietoArvo: string | null;
}

/** One group of contact values. `id` null: not stored yet. */
export interface LoadedYhteystiedotRyhma {
  readonly id: number | null;
  ryhmaKuvaus: string | null;
  ryhmaAlkuperaTieto: string;
  readOnly: boolean;
  yhteystieto: LoadedYhteystieto[];
}
