/**
 * Who can log in at the sandbox. The password is the name. Every user's name and password are also an OAuth2 client id
 * and secret.
 */
import { MALLIKOULU, ROOT, TIEDEKUNTA, YLIOPISTO } from './organisations.ts';

const onr = (...rights: string[]) => rights.map((right) => `OPPIJANUMEROREKISTERI_${right}`);

/** Organisation → rights, as the JWT claim carries them. */
export type Roles = Readonly<Record<string, readonly string[]>>;

export interface SandboxUser {
  readonly name: string;
  /** null: CAS gives no oidHenkilo, as it does for some service users. */
  readonly oid: string | null;
  /** What the user is for. */
  readonly title: string;
  readonly kayttajaTyyppi: 'VIRKAILIJA' | 'PALVELU';
  readonly roles: Roles;
  /** The authorities in the CAS assertion, when they differ from what `roles` give. */
  readonly casRoles?: readonly string[];
}

export const users: readonly SandboxUser[] = [
  {
    name: 'rekisterinpitaja',
    oid: '1.2.246.562.24.00000000001',
    title:
      'Registrar of the root organisation: everything, yleistunniste look-ups, eIDAS persons and home municipalities included',
    kayttajaTyyppi: 'VIRKAILIJA',
    roles: {
      [ROOT]: onr(
        'REKISTERINPITAJA',
        'YLEISTUNNISTE_LUONTI',
        'EIDAS_HENKILON_LUONTI',
        'KOTIKUNTAHISTORIA',
        'TURVAKIELTOKOTIKUNTAHISTORIA',
      ),
    },
  },
  {
    name: 'lukija',
    oid: '1.2.246.562.24.10000000018',
    title: 'Reader of the root organisation: sees every person, changes none',
    kayttajaTyyppi: 'VIRKAILIJA',
    roles: { [ROOT]: onr('REKISTERINPITAJA_READ', 'KOTIKUNTAHISTORIA', 'DUPLICATE_READ') },
  },
  {
    name: 'virkailija',
    oid: '1.2.246.562.24.10000000026',
    title: 'Virkailija of one organisation (Esimerkin yliopisto): reads, updates, identifies and links its persons',
    kayttajaTyyppi: 'VIRKAILIJA',
    roles: { [YLIOPISTO]: onr('HENKILON_RU', 'DUPLIKAATTINAKYMA', 'MANUAALINEN_YKSILOINTI', 'VTJ_VERTAILUNAKYMA') },
  },
  {
    name: 'katselija',
    oid: '1.2.246.562.24.10000000034',
    title: 'Reads the persons of one school (Mallikunnan peruskoulu)',
    kayttajaTyyppi: 'VIRKAILIJA',
    roles: { [MALLIKOULU]: onr('READ') },
  },
  {
    name: 'tuoja',
    oid: '1.2.246.562.24.10000000042',
    title: 'Importer: oppija imports of Esimerkin yliopisto and what belongs to it',
    kayttajaTyyppi: 'PALVELU',
    roles: { [YLIOPISTO]: onr('OPPIJOIDENTUONTI', 'TUONTIDATA_READ') },
  },
  {
    name: 'yleistunniste',
    oid: '1.2.246.562.24.10000000050',
    title: 'Yleistunniste partner: looks up and creates learner numbers for Esimerkin yliopisto',
    kayttajaTyyppi: 'PALVELU',
    roles: { [YLIOPISTO]: onr('YLEISTUNNISTE_LUONTI') },
  },
  {
    name: 'yksirooli',
    oid: '1.2.246.562.24.10000000068',
    title: 'A single role value in the CAS assertion',
    kayttajaTyyppi: 'VIRKAILIJA',
    roles: { [TIEDEKUNTA]: onr('READ') },
    casRoles: ['ROLE_APP_OPPIJANUMEROREKISTERI_READ'],
  },
  {
    name: 'oiditon',
    oid: null,
    title: 'CAS knows the user but gives no oidHenkilo',
    kayttajaTyyppi: 'PALVELU',
    roles: { [YLIOPISTO]: onr('READ') },
  },
  {
    name: 'oikeudeton',
    oid: '1.2.246.562.24.10000000167',
    title: 'No rights at all: own data only',
    kayttajaTyyppi: 'VIRKAILIJA',
    roles: {},
  },
];

/** Whether CAS gives the OID of the user. */
export const hasOid = (user: SandboxUser): user is SandboxUser & { readonly oid: string } => user.oid !== null;

/** The service's own account at CAS and OAuth2 client: the defaults of src/config/config.ts. */
export const serviceAccount = {
  name: 'oppijanumerorekisteri',
  password: 'oppijanumerorekisteri',
  clientSecret: 'sandbox-secret',
};

/** The authorities CAS sends: service, service and right, service and right and organisation (docs/spec/security-integrations-jobs.md#2.1). */
export function casAuthorities({ roles, casRoles }: Pick<SandboxUser, 'roles' | 'casRoles'>): readonly string[] {
  if (casRoles) return casRoles;
  const all = Object.entries(roles).flatMap(([organisation, rights]) =>
    rights.flatMap((right) => [
      `ROLE_APP_${right.replace(/_.*/, '')}`,
      `ROLE_APP_${right}`,
      `ROLE_APP_${right}_${organisation}`,
    ]),
  );
  return [...new Set(all)];
}
