/**
 * The page of the sandbox, in Finnish and English: what it holds, what the register has sent to it, and how to change what the
 * register meets. Everything works without JavaScript but copying; with it the lists refresh themselves.
 */
import { escape, redirect } from './http.ts';
import { followed, MUUTOSLAJIT, newMuutos } from './muutokset.ts';
import { persons, type SandboxPerson } from './persons.ts';
import { Register, type RegisterView } from './register.ts';
import type { Answer, Call, Context, Route } from './route.ts';
import { storyOf, type Kieli } from './stories.ts';
import { hasOid, users } from './users.ts';

/** Systems that the page can slow down or break. */
const PEERS = [
  'cas',
  'oauth2',
  'kayttooikeus',
  'koodisto',
  'organisaatio',
  'ataru',
  'hakuapp',
  'viestinvalitys',
  'vtjkysely',
  'muutosrajapinta',
  'aws',
  'slack',
];
const SLOW_MS = 3_000;
const BROKEN_STATUS = 503;
const SHOWN = 10;
const IMPORT_ROWS = 20;

const FI = {
  title: 'Oppijanumerorekisterin hiekkalaatikko',
  other: 'In English',
  intro:
    'Täällä oppijanumerorekisteriä voi kokeilla: henkilöt ovat keksittyjä, ja muut järjestelmät ovat tämän sivun sijaisia, joita voi hidastaa ja rikkoa.',
  register: 'Rekisteri',
  swagger: 'Rajapinnan kokeilusivu',
  status: 'Tilasivu',
  health: 'Terveys',
  login: 'Kirjaudu sisään',
  logout: 'Kirjaudu ulos',
  contents: 'Sisältö',
  persons: 'Henkilöt ja mitä he näyttävät',
  filter: 'Rajaa nimellä, tunnuksella tai kuvauksella',
  name: 'Nimi',
  oid: 'Oppijanumero (OID)',
  hetu: 'Hetu',
  story: 'Näyttää',
  copy: 'Kopioi',
  copyOid: 'Kopioi OID',
  copyHetu: 'Kopioi hetu',
  copyCurl: 'Kopioi curl',
  copied: 'Kopioitu',
  notCopied: 'Kopiointi ei onnistunut; valitse teksti itse',
  users: 'Kirjautujat',
  usersNote: 'Salasana on sama kuin nimi. Nimi ja salasana ovat myös OAuth2-asiakas osoitteessa',
  for: 'Mitä varten',
  token: 'Lupa',
  peers: 'Muut järjestelmät',
  peersNote: 'Hidas vastaa kolmen sekunnin kuluttua, rikki vastaa 503. Katso, mitä rekisteri tekee.',
  peer: 'Järjestelmä',
  state: 'Tila',
  well: 'kunnossa',
  slow: 'hidas',
  broken: 'rikki',
  makeWell: 'Korjaa',
  makeSlow: 'Hidasta',
  makeBroken: 'Riko',
  vtj: 'Uusi VTJ-muutos',
  vtjNote:
    'VTJ ilmoittaa muutoksen, ja rekisteri hakee sen: aja tilasivulta ensin ”vtj muutostieto fetch task”, sitten ”vtj muutostieto task”.',
  who: 'Kenestä',
  what: 'Mikä muuttuu',
  value: 'Uusi arvo',
  kinds: {
    sukunimi: 'sukunimi',
    kotikunta: 'kotikunta (kolme numeroa, esim. 837)',
    sahkoposti: 'sähköposti',
    kuolinpaiva: 'kuolinpäivä (vvvv-kk-pp)',
    turvakielto: 'turvakielto (true tai false)',
  },
  announce: 'Ilmoita muutos',
  announced: 'Ilmoitetut muutokset',
  badChange: 'Muutos ei kelpaa: tarkista uusi arvo.',
  imports: 'Tuonnit',
  importNow: `Tuo ${IMPORT_ROWS} oppijaa`,
  importFailed: 'Rekisteri ei ottanut tuontia vastaan.',
  import: 'Tuonti',
  progress: 'Edistyminen',
  feed: 'Tunnin aikana muuttuneet henkilöt',
  messages: 'Viestit muuttuneista henkilöistä (SNS)',
  slack: 'Hälytykset (Slack)',
  mails: 'Sähköpostit',
  allMails: 'Kaikki sähköpostit',
  traffic: 'Viimeiset kutsut muihin järjestelmiin',
  allTraffic: 'Kaikki kutsut',
  none: 'Ei vielä.',
  away: 'Rekisteri ei vastaa.',
};
const EN: typeof FI = {
  title: 'Sandbox of the learner-number register',
  other: 'Suomeksi',
  intro:
    'Here the learner-number register can be tried out: the persons are invented, and the other systems are stand-ins of this page, which can be made slow and broken.',
  register: 'The register',
  swagger: 'Page to try the API',
  status: 'Status page',
  health: 'Health',
  login: 'Log in',
  logout: 'Log out',
  contents: 'Contents',
  persons: 'Persons and what they show',
  filter: 'Filter by name, identifier or story',
  name: 'Name',
  oid: 'Learner number (OID)',
  hetu: 'Hetu',
  story: 'Shows',
  copy: 'Copy',
  copyOid: 'Copy OID',
  copyHetu: 'Copy hetu',
  copyCurl: 'Copy curl',
  copied: 'Copied',
  notCopied: 'It could not be copied; select the text yourself',
  users: 'Users',
  usersNote: 'The password is the name. Name and password are also an OAuth2 client at',
  for: 'For',
  token: 'Token',
  peers: 'Other systems',
  peersNote: 'A slow one answers after three seconds, a broken one answers 503. See what the register does.',
  peer: 'System',
  state: 'State',
  well: 'well',
  slow: 'slow',
  broken: 'broken',
  makeWell: 'Mend',
  makeSlow: 'Slow down',
  makeBroken: 'Break',
  vtj: 'New VTJ change',
  vtjNote:
    'VTJ announces the change and the register fetches it: run on the status page first “vtj muutostieto fetch task”, then “vtj muutostieto task”.',
  who: 'Of whom',
  what: 'What changes',
  value: 'New value',
  kinds: {
    sukunimi: 'family name',
    kotikunta: 'municipality (three digits, e.g. 837)',
    sahkoposti: 'email address',
    kuolinpaiva: 'day of death (yyyy-mm-dd)',
    turvakielto: 'turvakielto (true or false)',
  },
  announce: 'Announce the change',
  announced: 'Announced changes',
  badChange: 'The change is none: look at the new value again.',
  imports: 'Imports',
  importNow: `Import ${IMPORT_ROWS} learners`,
  importFailed: 'The register did not accept the import.',
  import: 'Import',
  progress: 'Progress',
  feed: 'Persons who have changed within an hour',
  messages: 'Messages of changed persons (SNS)',
  slack: 'Alerts (Slack)',
  mails: 'Mails',
  allMails: 'All mails',
  traffic: 'Latest calls to other systems',
  allTraffic: 'All calls',
  none: 'None yet.',
  away: 'The register does not answer.',
};
const TEXTS = { fi: FI, en: EN };

const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --soft: #f3f5f7; --line: #c9d1d9; --link: #0b57d0; --ok: #116329; --slow: #8a4600; --broken: #a40e26 }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --back: #0d1117; --soft: #161b22; --line: #3d444d; --link: #79b8ff; --ok: #56d364; --slow: #f0b454; --broken: #ff9492 } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem; color: var(--text); background: var(--back) }
a { color: var(--link) } :focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
header { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; align-items: baseline } h1 { font-size: 1.6rem; margin: 0; flex: 1 1 auto } h2 { font-size: 1.2rem; margin: 0 0 .5rem } h3 { font-size: 1rem }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: .5rem 0 1rem }
section { border: 1px solid var(--line); border-radius: .4rem; padding: 1rem; margin: 0 0 1rem; min-width: 0 }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 1rem }
.table { overflow-x: auto } table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top } thead th { white-space: nowrap }
button { font: inherit; padding: .1rem .6rem; border: 1px solid var(--link); border-radius: .3rem; background: var(--back); color: var(--link); cursor: pointer; white-space: nowrap }
input, select { font: inherit; padding: .2rem .4rem; max-width: 100%; color: var(--text); background: var(--back); border: 1px solid var(--line); border-radius: .3rem }
form.inline { display: inline } .fields { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end } .fields label { display: grid }
code { overflow-wrap: anywhere } td code { white-space: nowrap } progress { accent-color: var(--link); width: 10rem }
.ok { color: var(--ok) } .slow { color: var(--slow) } .broken { color: var(--broken) } .state { font-weight: 600 } .error { color: var(--broken); font-weight: 600 }
#copied { position: fixed; bottom: 1rem; right: 1rem; padding: .4rem 1rem; background: var(--text); color: var(--back); border-radius: .3rem } #copied:empty { display: none }
ol, ul.plain { margin: 0; padding-left: 1.2rem }`;

const SCRIPT = `
const copied = document.getElementById('copied');
document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-copy]');
  if (!button) return;
  try { await navigator.clipboard.writeText(button.dataset.copy); copied.textContent = copied.dataset.done + ': ' + button.dataset.copy.split('\\n')[0].slice(0, 60); }
  catch { copied.textContent = copied.dataset.failed; }
  setTimeout(() => (copied.textContent = ''), 4000);
});
const filter = document.getElementById('filter');
filter.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(/\\s+/);
  for (const row of document.querySelectorAll('#persons tbody tr')) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
});
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch('/?lang=' + document.documentElement.lang);
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-live]')) {
      const newer = fresh.getElementById(part.id);
      if (newer && newer.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.replaceWith(newer);
    }
  } catch {}
}, 3000);`;

const kieliOf = ({ url, request }: Call): Kieli => {
  const asked = url.searchParams.get('lang') ?? request.headers['accept-language'] ?? '';
  return asked.startsWith('en') ? 'en' : 'fi';
};

const button = (label: string, name: string, copy: string) =>
  `<button type="button" data-copy="${escape(copy)}" aria-label="${escape(`${label} ${name}`)}">${escape(label)}</button>`;

function table(name: string, columns: readonly string[], rows: readonly string[][]): string {
  const head = columns.map((column) => `<th scope="col">${escape(column)}</th>`).join('');
  const body = rows
    .map(
      ([first, ...rest]) =>
        `<tr><th scope="row">${first ?? ''}</th>${rest.map((cell) => `<td>${cell}</td>`).join('')}</tr>`,
    )
    .join('');
  return `<div class="table" role="group" tabindex="0" aria-label="${escape(name)}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export function homeRoutes(context: Context): Route[] {
  const { state, origin } = context;
  const register = new Register(context);

  const back = (kieli: Kieli, section: string, error = '') =>
    redirect(`/?lang=${kieli}${error && `&error=${error}`}#${section}`);

  const curlOf = (oid: string) =>
    `TOKEN=$(curl -s -d '{"user":"rekisterinpitaja"}' ${origin()}/__test/token)\ncurl -H "Authorization: Bearer $TOKEN" ${context.service ?? 'http://localhost:8080/oppijanumerorekisteri-service'}/henkilo/${oid}`;

  const stateOf = (peer: string) =>
    state.settings.fail[peer] ? 'broken' : state.settings.delay[peer] ? 'slow' : ('well' as const);

  function personRow(person: SandboxPerson, kieli: Kieli): string[] {
    const t = TEXTS[kieli];
    const name = `${person.etunimet} ${person.sukunimi}`;
    const hetu = person.hetu ? `<code>${person.hetu}</code> ${button(t.copyHetu, name, person.hetu)}` : '–';
    return [
      escape(name),
      `<code>${person.oid}</code> ${button(t.copyOid, name, person.oid)}`,
      hetu,
      escape(storyOf(person, kieli)),
      button(t.copyCurl, name, curlOf(person.oid)),
    ];
  }

  function peerRow(peer: string, kieli: Kieli): string[] {
    const t = TEXTS[kieli];
    const now = stateOf(peer);
    const ways = [
      ['well', t.makeWell],
      ['slow', t.makeSlow],
      ['broken', t.makeBroken],
    ] as const;
    const buttons = ways
      .filter(([way]) => way !== now)
      .map(([way, label]) => `<button name="tila" value="${way}" aria-label="${label}: ${peer}">${label}</button>`)
      .join(' ');
    return [
      peer,
      `<span class="state ${now === 'well' ? 'ok' : now}">${t[now]}</span>`,
      `<form class="inline" method="post" action="/ohjaus/jarjestelma?lang=${kieli}"><input type="hidden" name="nimi" value="${peer}">${buttons}</form>`,
    ];
  }

  function live(view: RegisterView, kieli: Kieli): string {
    const t = TEXTS[kieli];
    const list = (items: readonly string[]) =>
      items.length === 0
        ? `<p>${t.none}</p>`
        : `<ul class="plain">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
    const latest = <T>(items: readonly T[]) => items.slice(-SHOWN).reverse();
    const code = (text: string) => `<code>${escape(text.slice(0, 300))}</code>`;
    const part = (id: string, title: string, body: string, more = '') =>
      `<section id="${id}" data-live aria-labelledby="${id}-h"><h2 id="${id}-h">${title}</h2>${body}${more}</section>`;
    const { tuonnit, muuttuneet } = view;
    const tuonti = ({ id, kasiteltavia, kasiteltyja }: NonNullable<typeof tuonnit>[number]) =>
      `${t.import} ${id}: <progress max="${kasiteltavia}" value="${kasiteltyja}" aria-label="${t.import} ${id}"></progress> ${kasiteltyja} / ${kasiteltavia}`;
    const mails = state.lahetykset.flatMap(({ otsikko, viestit }) =>
      viestit.map((v) =>
        escape(`${v.otsikko ?? otsikko} → ${v.vastaanottajat.map((r) => r.sahkopostiOsoite).join(', ')}`),
      ),
    );
    const importForm = `<form method="post" action="/ohjaus/tuonti?lang=${kieli}"><button>${t.importNow}</button></form>`;
    return `<div class="columns">
${part('tuonnit', t.imports, tuonnit === null ? `<p>${t.away}</p>` : importForm + list(tuonnit.map(tuonti)))}
${part('muuttuneet', t.feed, muuttuneet === null ? `<p>${t.away}</p>` : list(muuttuneet.map(code)))}
${part('sns', `${t.messages}: ${state.messages.sns.length}`, list(latest(state.messages.sns).map(code)))}
${part('sahkopostit', `${t.mails}: ${mails.length}`, list(latest(mails)), `<p><a href="/viestit">${t.allMails}</a></p>`)}
${part('slack', `${t.slack}: ${state.messages.slack.length}`, list(latest(state.messages.slack).map((m) => code(JSON.stringify(m)))))}
${part('kutsut', t.traffic, list(latest(state.traffic).map(({ peer, method, path }) => `${peer} ${code(`${method} ${path.replace(/ticket=[^&]+/, 'ticket=…')}`)}`)), `<p><a href="/__test/traffic">${t.allTraffic}</a></p>`)}
</div>`;
  }

  async function home(call: Call): Promise<Answer> {
    const kieli = kieliOf(call);
    const t = TEXTS[kieli];
    const view = await register.view();
    const { service } = context;
    const error = call.url.searchParams.get('error');
    const links = service
      ? `<p><strong>${t.register}:</strong> <a href="${escape(service)}/swagger-ui/index.html">${t.swagger}</a> · <a href="${escape(service)}/internal/tila?lang=${kieli}">${t.status}</a> · <a href="${escape(service)}/actuator/health">${t.health}</a></p>`
      : '';
    const sections = [
      ['persons', t.persons],
      ['users', t.users],
      ['peers', t.peers],
      ['vtj', t.vtj],
      ['tuonnit', t.imports],
      ['sahkopostit', t.mails],
    ];
    const userRows = users.map((user) => [
      user.name,
      escape(user.title),
      hasOid(user) ? `<code>${user.oid}</code>` : '–',
      hasOid(user) ? `<a href="/token/${user.name}" aria-label="${t.token}: ${user.name}">${t.token}</a>` : '–',
    ]);
    const changes = state.settings.muutokset.map(
      (m) => `<li><code>${escape(JSON.stringify(m.tietoryhmat).slice(0, 300))}</code></li>`,
    );
    const body = `<!doctype html><html lang="${kieli}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E"><title>${t.title}</title><style>${STYLE}</style></head><body>
<header><h1>${t.title}</h1><a href="/?lang=${kieli === 'fi' ? 'en' : 'fi'}" lang="${kieli === 'fi' ? 'en' : 'fi'}">${t.other}</a></header>
<nav aria-label="${t.contents}"><ul>${sections.map(([id, title]) => `<li><a href="#${id}">${title}</a></li>`).join('')}</ul></nav>
<main>
<p>${t.intro}</p>${links}
<p><a href="/cas/login">${t.login}</a> · <a href="/cas/logout">${t.logout}</a></p>
${error === 'tuonti' ? `<p class="error" role="alert">${t.importFailed}</p>` : ''}
<section id="persons" aria-labelledby="persons-h"><h2 id="persons-h">${t.persons}</h2><p><label>${t.filter} <input id="filter" type="search" autocomplete="off"></label></p>
${table(
  t.persons,
  [t.name, t.oid, t.hetu, t.story, 'curl'],
  persons.map((person) => personRow(person, kieli)),
)}</section>
<section id="users" aria-labelledby="users-h"><h2 id="users-h">${t.users}</h2><p>${t.usersNote} <code>${escape(origin())}/kayttooikeus-service/oauth2/token</code>.</p>
${table(t.users, [t.name, t.for, t.oid, t.token], userRows)}</section>
<section id="peers" aria-labelledby="peers-h"><h2 id="peers-h">${t.peers}</h2><p>${t.peersNote}</p>
${table(
  t.peers,
  [t.peer, t.state, '→'],
  PEERS.map((peer) => peerRow(peer, kieli)),
)}</section>
<section id="vtj" aria-labelledby="vtj-h"><h2 id="vtj-h">${t.vtj}</h2><p>${t.vtjNote}</p>${error === 'vtj' ? `<p class="error" role="alert">${t.badChange}</p>` : ''}
<form method="post" action="/ohjaus/muutos?lang=${kieli}" class="fields">
<label>${t.who} <select name="henkilo">${followed.map((p) => `<option value="${p.oid}">${escape(`${p.kutsumanimi} ${p.sukunimi}`)}</option>`).join('')}</select></label>
<label>${t.what} <select name="laji">${MUUTOSLAJIT.map((laji) => `<option value="${laji}">${t.kinds[laji]}</option>`).join('')}</select></label>
<label>${t.value} <input name="arvo" required maxlength="120" autocomplete="off"></label><button>${t.announce}</button></form>
<h3>${t.announced}: ${changes.length}</h3>${changes.length > 0 ? `<ol>${changes.join('')}</ol>` : ''}</section>
${live(view, kieli)}
</main><p id="copied" role="status" data-done="${t.copied}" data-failed="${t.notCopied}"></p><script>${SCRIPT}</script></body></html>`;
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body };
  }

  return [
    ['sandbox', 'GET', /^\/$/, (_, call) => home(call)],
    [
      'sandbox',
      'POST',
      /^\/ohjaus\/jarjestelma$/,
      (_, call) => {
        const peer = call.form.get('nimi') ?? '';
        const way = call.form.get('tila');
        if (PEERS.includes(peer))
          state.merge({
            fail: { [peer]: way === 'broken' ? BROKEN_STATUS : 0 },
            delay: { [peer]: way === 'slow' ? SLOW_MS : 0 },
          });
        return back(kieliOf(call), 'peers');
      },
    ],
    [
      'sandbox',
      'POST',
      /^\/ohjaus\/muutos$/,
      (_, call) => {
        const field = (name: string) => (call.form.get(name) ?? '').trim();
        const { muutokset, kirjausavain } = state.settings;
        const avain = Math.max(kirjausavain, ...muutokset.map((m) => m.avain ?? 0)) + 1;
        try {
          const today = new Date().toISOString().slice(0, 10);
          const muutos = newMuutos(field('henkilo'), field('laji'), field('arvo'), avain, today);
          state.merge({ muutokset: [...muutokset, muutos] });
          return back(kieliOf(call), 'vtj');
        } catch {
          return back(kieliOf(call), 'vtj', 'vtj');
        }
      },
    ],
    [
      'sandbox',
      'POST',
      /^\/ohjaus\/tuonti$/,
      async (_, call) => {
        try {
          await register.import(Array.from({ length: IMPORT_ROWS }, (__, i) => importRow(i)));
          return back(kieliOf(call), 'tuonnit');
        } catch {
          return back(kieliOf(call), 'tuonnit', 'tuonti');
        }
      },
    ],
  ];
}

const FIRST_NAMES = ['Aada', 'Benjamin', 'Cecilia', 'Daniel', 'Elsa', 'Felix', 'Hilma', 'Iivo'];
const FAMILY_NAMES = ['Tuotu', 'Tuontila', 'Tuominen', 'Tuovinen', 'Tuokko'];

/** A learner without a hetu, new each time. */
function importRow(i: number): object {
  const etunimi = FIRST_NAMES[i % FIRST_NAMES.length];
  const passinumero = `SB${Date.now().toString(36).toUpperCase()}${i}`;
  return {
    tunniste: `rivi-${i + 1}`,
    henkilo: {
      etunimet: etunimi,
      kutsumanimi: etunimi,
      sukunimi: FAMILY_NAMES[i % FAMILY_NAMES.length],
      syntymaaika: `2010-0${(i % 9) + 1}-1${i % 10}`,
      sukupuoli: { koodi: i % 2 === 0 ? '2' : '1' },
      aidinkieli: { koodi: 'FI' },
      kansalaisuus: [{ koodi: '752' }], // with 246 a hetu would be required,
      passinumero,
    },
  };
}
