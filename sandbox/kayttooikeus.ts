/** Käyttöoikeuspalvelu: may a user see a person, who is a virkailija, passivation (docs/spec/security-integrations-jobs.md#2.6, docs/spec/security-integrations-jobs.md#4.2). */
import { json, text } from './http.ts';
import { organisations, withParents } from './organisations.ts';
import { persons } from './persons.ts';
import { users } from './users.ts';

const REGISTRY_KEEPER = 'ROLE_APP_KAYTTOOIKEUS_REKISTERINPITAJA_1.2.246.562.10.00000000001';
const personsByOid = new Map(persons.map((p) => [p.oid, p]));
const usersByOid = new Map(users.filter(({ oid }) => oid !== null).map((user) => [user.oid, user]));

/** Organisations a person belongs to: a user's own, a learner's those it is attached to. */
const organisationsOf = (oid) => [
  ...Object.keys(usersByOid.get(oid)?.roles ?? {}),
  ...(personsByOid.get(oid)?.organisaatiot ?? []),
];

/** The rule of the real service: a named right in an organisation of the person or above it. */
function mayAccess({ userOid, allowedPalveluRooli = {}, callingUserRoles = [], externalPermissionService }, state) {
  if (callingUserRoles.includes(REGISTRY_KEEPER)) return true;
  const all = { ...organisations, ...state.organisaatiot };
  const rights = Object.entries(allowedPalveluRooli).flatMap(([service, names]) =>
    names.map((name) => `ROLE_APP_${service}_${name}`),
  );
  const own = organisationsOf(userOid).flatMap((oid) => withParents(oid, all));
  if (rights.some((right) => own.some((oid) => callingUserRoles.includes(`${right}_${oid}`)))) return true;
  const isVirkailija = usersByOid.has(userOid);
  if (isVirkailija && own.length === 0 && rights.some((right) => callingUserRoles.includes(right))) return true;
  return Boolean(externalPermissionService) && (state.ataru[userOid] ?? state.hakuapp[userOid] ?? []).length > 0;
}

const isListed = ({ callingUserOid, userOid }, pairs) =>
  ['*', callingUserOid].some((a) => ['*', userOid].some((b) => pairs.includes(`${a}>${b}`)));

export function kayttooikeusRoutes({ state }) {
  const kayttaja = (oid) => {
    if (state.kayttajat[oid]) return state.kayttajat[oid];
    const user = usersByOid.get(oid);
    return user && { oid, kayttajaTyyppi: user.kayttajaTyyppi };
  };
  return [
    [
      'kayttooikeus',
      'POST',
      /^\/kayttooikeus-service\/s2s\/canUserAccessUser$/,
      (_, { data }) => json(isListed(data, state.canAccess) || mayAccess(data, state)),
    ],
    [
      'kayttooikeus',
      'POST',
      /^\/kayttooikeus-service\/henkilo\/([^/]+)\/kayttooikeudet$/,
      ([, oid]) => {
        if (state.kayttooikeudet[oid]) return json(state.kayttooikeudet[oid]);
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
      ([, oid]) => (kayttaja(oid) ? json(kayttaja(oid)) : text('', 404)),
    ],
  ];
}
