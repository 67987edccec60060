/** What the tests use of the sample persons; the fields are described in persons.mjs. */
export interface SandboxPerson {
  readonly oid: string;
  readonly etunimet: string;
  readonly kutsumanimi: string;
  readonly sukunimi: string;
  readonly hetu: string | null;
  readonly syntymaaika: string | null;
  readonly sukupuoli: '1' | '2' | null;
  readonly yksilointi: 'vtj' | 'virkailija' | 'eidas' | null;
  readonly vtj: boolean;
  readonly aidinkieli: string | null;
  readonly kansalaisuus: readonly string[];
  readonly kotikunta: string | null;
  readonly kotikunnat: readonly (readonly [string, string | null, string | null])[];
  readonly yhteystiedot: Readonly<Record<string, Record<string, string>>>;
  readonly turvakielto?: boolean;
  readonly passivoitu?: boolean;
  readonly kuolinpaiva?: string;
  readonly master?: string;
}
export const persons: readonly SandboxPerson[];
export function personCalled(name: string): SandboxPerson;
export function vtjPersons(): Record<string, { etunimet: string; kansalaisuus: string[] }>;
