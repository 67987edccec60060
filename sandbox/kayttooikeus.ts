/** Käyttöoikeuspalvelu: may a user see a person, who is a virkailija, passivation (docs/spec/security-integrations-jobs.md#2.6, docs/spec/security-integrations-jobs.md#4.2). */
import { json, text } from './http.ts';
import { organisations, withParents } from './organisations.ts';
import { persons } from './persons.ts';
import type { Context, Route } from './route.ts';
import type { SandboxState } from './state.ts';
import { hasOid, users } from './users.ts';

const REGISTRY_KEEPER = 'ROLE_APP_KAYTTOOIKEUS_REKISTERINPITAJA_1.2.246.562.10.00000000001';
const personsByOid = new Map(persons.map((p) => [p.oid, p]));
const usersByOid = new Map(users.filter(hasOid).map((user) => [user.oid, user]));

/** Organisations a person belongs to: a user's own, a learner's those it is attached to. */
const organisationsOf = (oid: string): string[] => [
  ...Object.keys(usersByOid.get(oid)?.roles ?? {}),
  ...(personsByOid.get(oid)?.organisaatiot ?? []),
];

/** Body of canUserAccessUser. */
interface AccessQuestion {
  readonly callingUserOid: string;
  readonly userOid: string;
  /** Service → names of its rights. */
  readonly allowedPalveluRooli?: Readonly<Record<string, readonly string[]>>;
  readonly callingUserRoles?: readonly string[];
  readonly externalPermissionService?: string | null;
}

/** The rule of the real service: a named right in an organisation of the person or above it. */
function mayAccess(
  { userOid, allowedPalveluRooli = {}, callingUserRoles = [], externalPermissionService }: AccessQuestion,
  { settings }: SandboxState,
): boolean {
  if (callingUserRoles.includes(REGISTRY_KEEPER)) return true;
  const all = { ...organisations, ...settings.organisaatiot };
  const rights = Object.entries(allowedPalveluRooli).flatMap(([service, names]) =>
    names.map((name) => `ROLE_APP_${service}_${name}`),
  );
  const own = organisationsOf(userOid).flatMap((oid) => withParents(oid, all));
  if (rights.some((right) => own.some((oid) => callingUserRoles.includes(`${right}_${oid}`)))) return true;
  const isVirkailija = usersByOid.has(userOid);
  if (isVirkailija && own.length === 0 && rights.some((right) => callingUserRoles.includes(right))) return true;
  return Boolean(externalPermissionService) && (settings.ataru[userOid] ?? settings.hakuapp[userOid] ?? []).length > 0;
}

const isListed = ({ callingUserOid, userOid }: AccessQuestion, pairs: readonly string[]) =>
  ['*', callingUserOid].some((a) => ['*', userOid].some((b) => pairs.includes(`${a}>${b}`)));

export function kayttooikeusRoutes({ state }: Context): Route[] {
  const kayttaja = (oid: string) => {
    if (state.settings.kayttajat[oid]) return state.settings.kayttajat[oid];
    const user = usersByOid.get(oid);
    return user && { oid, kayttajaTyyppi: user.kayttajaTyyppi };
  };
  return [
    [
      'kayttooikeus',
      'POST',
      /^\/kayttooikeus-service\/s2s\/canUserAccessUser$/,
      (_, { data }) => {
        const question = data as AccessQuestion;
        return json(isListed(question, state.settings.canAccess) || mayAccess(question, state));
      },
    ],
    [
      'kayttooikeus',
      'POST',
      /^\/kayttooikeus-service\/henkilo\/([^/]+)\/kayttooikeudet$/,
      (oid) => {
        const set = state.settings.kayttooikeudet[oid];
        if (set) return json(set);
        const user = usersByOid.get(oid);
        const rights = Object.entries(user?.roles ?? {});
        if (rights.some(([, names]) => names.some((name) => name.startsWith('OPPIJANUMEROREKISTERI_REKISTERINPITAJA'))))
          return json({ admin: true, oids: null });
        const own = new Set(rights.map(([organisation]) => organisation));
        const oids = [...usersByOid.keys(), ...personsByOid.keys()].filter((o) =>
          organisationsOf(o).some((at) => withParents(at).some((up) => own.has(up))),
        );
        return json({ admin: false, oids: [...new Set(oids)] });
      },
    ],
    ['kayttooikeus', 'DELETE', /^\/kayttooikeus-service\/henkilo\/([^/]+)\/passivoi$/, () => json({})],
    [
      'kayttooikeus',
      'GET',
      /^\/kayttooikeus-service\/henkilo\/([^/]+)$/,
      (oid) => (kayttaja(oid) ? json(kayttaja(oid)) : text('', 404)),
    ],
  ];
}
