/** The services that the register logs in to through CAS: Ataru, Haku-app and viestinvälitys (docs/spec/security-integrations-jobs.md#4.6, docs/spec/security-integrations-jobs.md#4.7). */
import { randomUUID } from 'node:crypto';
import type { Cas } from './cas.ts';
import { cookiesOf, escape, json, page, redirect, text } from './http.ts';
import { personCalled, type SandboxPerson } from './persons.ts';
import type { Answer, Context, Handler, Route } from './route.ts';
import type { Lahetys, Viesti } from './state.ts';

type ByPerson = Readonly<Record<string, readonly object[]>>;

/**
 * An application for each of two persons, so that the duplicate view has something to show; those set by a test replace a
 * person's. Each has every field that the view reads, in the form of its service.
 */
const applications = (ataru: SandboxPerson, hakuapp: SandboxPerson): { ataru: ByPerson; hakuapp: ByPerson } => ({
  ataru: {
    [ataru.oid]: [
      {
        oid: '1.2.246.562.11.00000000000000000001',
        haku: '1.2.246.562.29.00000000000000000001',
        form: 1,
        state: 'active',
        email: 'aino.korhonen@example.com',
        matkapuhelin: '+358401234567',
        etunimet: ataru.etunimet,
        kutsumanimi: ataru.kutsumanimi,
        sukunimi: ataru.sukunimi,
        syntymaaika: ataru.syntymaaika,
        sukupuoli: ataru.sukupuoli,
        aidinkieli: ataru.aidinkieli?.toUpperCase(),
        kansalaisuus: ataru.kansalaisuus,
        passinumero: null,
        lahiosoite: 'Mannerheimintie 1',
        postinumero: '00100',
        postitoimipaikka: 'HELSINKI',
        kotikunta: ataru.kotikunta,
        asuinmaa: '246',
      },
    ],
  },
  hakuapp: {
    [hakuapp.oid]: [
      {
        oid: '1.2.246.562.11.00000000002',
        personOid: hakuapp.oid,
        applicationSystemId: '1.2.246.562.29.00000000002',
        state: 'ACTIVE',
        answers: {
          henkilotiedot: {
            Etunimet: hakuapp.etunimet,
            Kutsumanimi: hakuapp.kutsumanimi,
            Sukunimi: hakuapp.sukunimi,
            syntymaaika: '03.07.1990',
            sukupuoli: hakuapp.sukupuoli,
            aidinkieli: hakuapp.aidinkieli?.toUpperCase(),
            kansalaisuus: 'FIN',
            Sähköposti: 'eino.virtanen@example.com',
            matkapuhelinnumero1: '+358407654321',
            lahiosoite: 'Kirkkokatu 2',
            Postinumero: '90100',
            kotikunta: hakuapp.kotikunta,
            asuinmaa: 'FIN',
          },
        },
      },
    ],
  },
});

/** Sessions that a CAS ticket opened in one service; a call without one is sent to the login. */
class Sessions {
  private readonly open = new Set<string>();
  private readonly cookie: string;
  private readonly path: string;
  private readonly cas: Cas;
  private readonly origin: () => string;

  constructor(cookie: string, path: string, { cas, origin }: Context) {
    this.cookie = cookie;
    this.path = path;
    this.cas = cas;
    this.origin = origin;
  }

  enter(url: URL): Answer {
    const answer = this.cas.validate(url.searchParams.get('ticket'), `${this.origin()}${url.pathname}`);
    // The register may know this process by another address than the one it calls itself: the ticket decides.
    if (answer.body.includes('INVALID_TICKET')) return text('', 401);
    const id = randomUUID();
    this.open.add(id);
    return text('ok', 200, { 'set-cookie': `${this.cookie}=${id}; Path=${this.path}` });
  }

  guard(handler: Handler): Handler {
    return (group, call) =>
      this.open.has(cookiesOf(call.request)[this.cookie] ?? '')
        ? handler(group, call)
        : redirect(`${this.origin()}/cas/login`);
  }
}

export function casServiceRoutes(context: Context): Route[] {
  const { state } = context;
  const ataru = new Sessions('ring-session', '/lomake-editori', context);
  const hakuapp = new Sessions('JSESSIONID', '/haku-app', context);
  const viestinvalitys = new Sessions('JSESSIONID', '/lahetys', context);
  const samples = applications(personCalled('Aino Korhonen'), personCalled('Eino Virtanen'));
  const applicationsOf = (service: 'ataru' | 'hakuapp', oid: string) =>
    state.settings[service][oid] ?? samples[service][oid] ?? [];

  return [
    ['ataru', 'GET', /^\/lomake-editori\/auth\/cas$/, (_, { url }) => ataru.enter(url)],
    [
      'ataru',
      'POST',
      /^\/lomake-editori\/api\/external\/onr\/applications$/,
      ataru.guard((_, { data }) =>
        json((data as string[]).flatMap((oid) => applicationsOf('ataru', oid).map((a) => ({ henkiloOid: oid, ...a })))),
      ),
    ],
    ['hakuapp', 'GET', /^\/haku-app\/j_spring_cas_security_check$/, (_, { url }) => hakuapp.enter(url)],
    [
      'hakuapp',
      'POST',
      /^\/haku-app\/applications\/byPersonOid$/,
      hakuapp.guard((_, { data }) =>
        json(
          Object.fromEntries(
            (data as string[])
              .map((oid) => [oid, applicationsOf('hakuapp', oid)] as const)
              .filter(([, list]) => list.length > 0),
          ),
        ),
      ),
    ],
    [
      'viestinvalitys',
      'GET',
      /^\/lahetys\/login\/j_spring_cas_security_check$/,
      (_, { url }) => viestinvalitys.enter(url),
    ],
    [
      'viestinvalitys',
      'POST',
      /^\/lahetys\/v1\/lahetykset$/,
      viestinvalitys.guard((_, { data }) => {
        const lahetysTunniste = randomUUID();
        const sent = data as Pick<Lahetys, 'otsikko'>;
        state.lahetykset.push({ lahetysTunniste, ...sent, viestit: [], luotu: new Date().toISOString() });
        return json({ lahetysTunniste });
      }),
    ],
    [
      'viestinvalitys',
      'POST',
      /^\/lahetys\/v1\/viestit$/,
      viestinvalitys.guard((_, { data }) => {
        const sent = data as Omit<Viesti, 'viestiTunniste'> | undefined;
        const lahetys = state.lahetykset.find((l) => l.lahetysTunniste === sent?.lahetysTunniste);
        if (!sent || !lahetys) return json({ validointiVirheet: ['lahetysTunniste: ei löydy'] }, 400);
        // The same idempotency key again is the same message.
        const again = lahetys.viestit.find((v) => v.idempotencyKey === sent.idempotencyKey);
        const viesti: Viesti = again ?? { viestiTunniste: randomUUID(), ...sent };
        if (!again) lahetys.viestit.push(viesti);
        return json({ lahetysTunniste: lahetys.lahetysTunniste, viestiTunniste: viesti.viestiTunniste });
      }),
    ],
    [
      'sandbox',
      'GET',
      /^\/viestit$/,
      () => page('Mails', mails(state.lahetykset) || '<p class="note">None so far.</p>'),
    ],
  ];
}

const mails = (lahetykset: readonly Lahetys[]) =>
  lahetykset
    .flatMap(({ otsikko, luotu, viestit }) =>
      viestit.map(
        (v) =>
          `<h2>${escape(v.otsikko ?? otsikko)}</h2><p class="note">${escape(luotu)} to ${escape(v.vastaanottajat.map((r) => r.sahkopostiOsoite).join(', '))}</p><iframe sandbox style="width:100%;height:20rem;border:1px solid #ccc" srcdoc="${escape(v.sisalto)}"></iframe>`,
      ),
    )
    .join('');
