/**
 * What the officials' screens (henkilo-ui) ask of other services about the user who is logged in at the sandbox's CAS:
 * texts, own rights and names of services. Behind one origin, that is: a proxy that sends the register's path to the register and
 * everything else here.
 */
import type { IncomingMessage } from 'node:http';
import { cookiesOf, json, text } from './http.ts';
import type { Answer, Context, Handler, Route } from './route.ts';
import { hasOid, users, type SandboxUser } from './users.ts';

/** `OPPIJANUMEROREKISTERI_READ` → service and right. */
function toOikeus(right: string) {
  const [palvelu = '', ...oikeus] = right.split('_');
  return { palvelu, oikeus: oikeus.join('_') };
}

const TEXTS = [
  {
    key: 'OPPIJANUMEROREKISTERI',
    fi: 'Oppijanumerorekisteri',
    sv: 'Studentnummerregistret',
    en: 'Learner-number register',
  },
  { key: 'HENKILO_YHTEISET', fi: 'Henkilön tiedot', sv: 'Personuppgifter', en: 'Personal data' },
];

export function henkiloUiRoutes({ cas }: Context): Route[] {
  const userOf = (request: IncomingMessage): SandboxUser | undefined => {
    const login = cas.find(cookiesOf(request).TGC);
    return login && users.find(({ name }) => name === login.assertion.user);
  };
  const forUser =
    (answer: (user: SandboxUser) => Answer): Handler =>
    (_, { request }) => {
      const user = userOf(request);
      return user ? answer(user) : text('', 401);
    };
  const kayttooikeudet = ({ roles }: SandboxUser) =>
    Object.entries(roles).map(([organisaatioOid, rights]) => ({
      organisaatioOid,
      kayttooikeudet: rights.map(toOikeus),
    }));
  const isAdmin = ({ roles }: SandboxUser) =>
    Object.values(roles).flat().includes('OPPIJANUMEROREKISTERI_REKISTERINPITAJA');
  return [
    [
      'lokalisointi',
      'GET',
      /^\/lokalisointi\/(?:cxf\/rest|api)\/v1\/localisation$/,
      (_, { url }) => {
        const category = url.searchParams.get('category') ?? 'henkilo-ui';
        const list = TEXTS.flatMap(({ key, ...byLocale }) =>
          Object.entries(byLocale).map(([locale, value]) => ({ category, key, locale, value })),
        );
        return json(list.map((row, i) => ({ id: i + 1, ...row })));
      },
    ],
    [
      'kayttooikeus',
      'GET',
      /^\/kayttooikeus-service\/cas\/me$/,
      forUser(({ name, oid, roles }) =>
        json({
          uid: name,
          oid,
          firstName: name,
          lastName: 'Sandbox',
          lang: 'fi',
          roles: JSON.stringify(Object.values(roles).flat()),
        }),
      ),
    ],
    [
      'kayttooikeus',
      'GET',
      /^\/kayttooikeus-service\/henkilo\/current\/omattiedot$/,
      forUser((user) =>
        json({
          oidHenkilo: user.oid,
          username: user.name,
          isAdmin: isAdmin(user),
          isMiniAdmin: isAdmin(user),
          anomusilmoitus: [],
          mfaProvider: null,
          organisaatiot: kayttooikeudet(user),
        }),
      ),
    ],
    [
      'kayttooikeus',
      'GET',
      /^\/kayttooikeus-service\/henkilo\/([^/]+)\/kayttajatiedot$/,
      (oid) => {
        const user = users.filter(hasOid).find((one) => one.oid === oid);
        return user
          ? json({ username: user.name, kayttajaTyyppi: user.kayttajaTyyppi, mfaProvider: null })
          : text('', 404);
      },
    ],
    [
      'kayttooikeus',
      'GET',
      /^\/kayttooikeus-service\/henkilo\/([^/]+)\/organisaatiohenkilo$/,
      (oid) => {
        const organisations = Object.keys(users.find((user) => user.oid === oid)?.roles ?? {});
        return json(
          organisations.map((organisaatioOid) => ({ organisaatioOid, passivoitu: false, tehtavanimike: null })),
        );
      },
    ],
    ['kayttooikeus', 'GET', /^\/kayttooikeus-service\/kayttooikeusryhma\/henkilo\/([^/]+)$/, () => json([])],
    ['kayttooikeus', 'GET', /^\/kayttooikeus-service\/kayttooikeusanomus\/[^?]+$/, () => json([])],
    [
      'kayttooikeus',
      'GET',
      /^\/kayttooikeus-service\/palvelu$/,
      () => {
        const names = new Set(
          users.flatMap(({ roles }) =>
            Object.values(roles)
              .flat()
              .map((right) => toOikeus(right).palvelu),
          ),
        );
        return json(
          [...names].map((name, i) => ({ id: i + 1, name, description: { texts: [{ lang: 'FI', text: name }] } })),
        );
      },
    ],
    ['kayttooikeus', 'GET', /^\/kayttooikeus-service\/l10n(?:\/\w+)?$/, () => json({})],
  ];
}
