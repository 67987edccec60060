import { createHash } from 'node:crypto';
import { html, Html, type HtmlValue } from '../common/html.js';
import { clockText, secondsLeft, shareOf, type Progress } from '../common/progress.js';
import type { PeerState } from '../integrations/peers.registry.js';
import { TEKSTIT, type SivunKieli, type Tekstit } from './tekstit.constants.js';
import {
  MOST_COUNTED,
  type AjonTila,
  type DokumenttienTila,
  type JononTila,
  type KannanTila,
  type PalvelunTila,
  type Tila,
  type TilanOsa,
  type TuonninTila,
  type TuontienTila,
  type VarmenteenTila,
  type VtjTila,
} from './tila.model.js';

/** Both colour schemes have a contrast of at least 4.5. */
const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --soft: #f3f5f7; --line: #c9d1d9; --link: #0b57d0; --ok: #116329; --attention: #8a4600; --failed: #a40e26 }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --back: #0d1117; --soft: #161b22; --line: #3d444d; --link: #79b8ff; --ok: #56d364; --attention: #f0b454; --failed: #ff9492 } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1rem; max-width: 80rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back) }
a, button { color: var(--link) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
header { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; align-items: baseline }
h1 { font-size: 1.5rem; margin: 0; flex: 1 1 auto }
h2 { font-size: 1.15rem; margin: 0 0 .5rem }
h3 { font-size: 1rem; margin: 1rem 0 .3rem }
.skip { position: absolute; left: -100rem } .skip:focus { position: static }
.summary, .message { padding: .6rem 1rem; border-left: .4rem solid var(--line); background: var(--soft) }
main { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) }
section { border: 1px solid var(--line); border-radius: .4rem; padding: 1rem; min-width: 0 }
.table { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1.5rem; margin: 0 } dd { margin: 0; overflow-wrap: anywhere }
progress { width: 10rem; max-width: 100%; accent-color: var(--link); vertical-align: middle }
button, .button { font: inherit; padding: .3rem .9rem; border: 1px solid var(--link); border-radius: .3rem; background: var(--back); color: var(--link); cursor: pointer; text-decoration: none; display: inline-block; white-space: nowrap }
form { display: flex; gap: 1rem; align-items: center; margin: 1rem 0 }
.ok { color: var(--ok) } .attention { color: var(--attention) } .failed { color: var(--failed) }
.state { font-weight: 600 } small { display: block }
time { white-space: nowrap }`;

/** Takes over the parts that have changed, every five seconds, except the one in which the reader is. */
const SCRIPT = `
const note = document.getElementById('refreshed');
note.textContent = note.dataset.refreshing;
async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.pathname + '?lang=' + document.documentElement.lang, { headers: { accept: 'text/html' }, redirect: 'error' });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-part]')) {
      const newer = fresh.getElementById(part.id);
      if (newer && newer.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.replaceWith(newer);
    }
    if (note.textContent !== note.dataset.refreshing) note.textContent = note.dataset.refreshing;
  } catch {
    if (note.textContent !== note.dataset.stale) note.textContent = note.dataset.stale;
  }
}
setInterval(refresh, 5000);
document.addEventListener('visibilitychange', refresh);`;

/** Whole, so that their texts are those of the hashes. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const SCRIPT_ELEMENT = new Html(`<script>${SCRIPT}</script>`);

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What the pages may do: their own script and style, forms and calls to this service, and nothing else. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Parts of the page, in their order. */
const OSAT = ['palvelu', 'tietokanta', 'ajot', 'tuonnit', 'jonot', 'jarjestelmat', 'vtj', 'varmenteet', 'dokumentit'] as const; // prettier-ignore
type OsanNimi = (typeof OSAT)[number];

interface View {
  readonly kieli: SivunKieli;
  /** Address of the status page. */
  readonly path: string;
}

const LOCALE: Readonly<Record<SivunKieli, string>> = { fi: 'fi-FI', en: 'en-GB' };
const ICON = 'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E';
const MB = 1_000_000;

/** Words and forms of one language. */
class Esitys {
  readonly t: Tekstit;
  private readonly times: Intl.DateTimeFormat;
  private readonly numbers: Intl.NumberFormat;

  constructor(readonly kieli: SivunKieli) {
    this.t = TEKSTIT[kieli];
    this.times = new Intl.DateTimeFormat(LOCALE[kieli], { dateStyle: 'short', timeStyle: 'medium', timeZone: 'Europe/Helsinki' }); // prettier-ignore
    this.numbers = new Intl.NumberFormat(LOCALE[kieli]);
  }

  time(at: Date | null, without = this.t.never): Html {
    return at ? html`<time datetime="${at.toISOString()}">${this.times.format(at)}</time>` : html`${without}`;
  }

  number(value: number): string {
    return this.numbers.format(value);
  }

  count(value: number): string {
    return value >= MOST_COUNTED ? `${this.t.more} ${this.number(MOST_COUNTED)}` : this.number(value);
  }

  duration(seconds: number | null): string {
    return seconds === null
      ? '–'
      : seconds < 60
        ? `${this.number(Math.round(seconds * 10) / 10)} s`
        : clockText(seconds);
  }

  state(kunto: 'ok' | 'attention' | 'failed', text = this.t[kunto]): Html {
    const mark = { ok: '✓', attention: '!', failed: '✗' }[kunto];
    return html`<span class="state ${kunto}"><span aria-hidden="true">${mark}</span> ${text}</span>`;
  }

  /** @param name of what goes on */
  progress(name: string, progress: Progress): Html {
    const share = shareOf(progress);
    const left = secondsLeft(progress);
    const counts = `${this.number(progress.done)}${progress.total === null ? '' : ` ${this.t.of} ${this.number(progress.total)}`}`;
    const bar = share === null ? null : html`<progress max="1" value="${share}" aria-label="${name}"></progress> `;
    const rest = left !== null && share !== 1 ? html`<small>${clockText(left)} ${this.t.left}</small>` : null;
    return html`${bar}${share === null ? null : `${Math.floor(share * 100)} % `}(${counts})${rest}`;
  }

  list(...rows: readonly (readonly [string, HtmlValue])[]): Html {
    return html`<dl>
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>`;
  }

  /** @param name for those who hear it; the first cell of each row is its heading; columns that start with `#` hold numbers */
  table(name: string, columns: readonly string[], rows: readonly (readonly HtmlValue[])[]): Html {
    if (rows.length === 0) return html`<p>${this.t.none}</p>`;
    const kind = (i: number) => (columns[i]!.startsWith('#') ? html` class="number"` : null);
    const head = columns.map((column, i) => html`<th scope="col" ${kind(i)}>${column.replace(/^#/, '')}</th>`);
    const body = rows.map(
      ([first, ...rest]) =>
        html`<tr>
          <th scope="row">${first}</th>
          ${rest.map((cell, i) => html`<td${kind(i + 1)}>${cell}</td>`)}
        </tr>`,
    );
    return html`<div class="table" role="group" aria-label="${name}" tabindex="0">
      <table>
        <thead>
          <tr>
            ${head}
          </tr>
        </thead>
        <tbody>
          ${body}
        </tbody>
      </table>
    </div>`;
  }
}

/** @param ajettu name of a job that has just been started; null: none */
export function statusPage(tila: Tila, view: View & { readonly ajettu: string | null }): Html {
  const e = new Esitys(view.kieli);
  const { t } = e;
  const part = <T>(id: OsanNimi, osa: TilanOsa<T>, show: (e: Esitys, tiedot: T) => Html) =>
    html`<section id="${id}" data-part aria-labelledby="${id}-h">
      <h2 id="${id}-h">${t[id]} ${e.state(osa.kunto)}</h2>
      ${osa.kunto === 'failed' ? html`<p class="failed">${t.failedPart}: ${osa.syy}</p>` : show(e, osa.tiedot)}
    </section>`;
  const started =
    view.ajettu === null ? null : html`<p class="message" role="status">${t.startedText} ${view.ajettu}</p>`;
  return page(
    t.title,
    view,
    html`<main id="main">
        ${started}
        <div id="summary" data-part>${summary(e, tila)}</div>
        ${part('palvelu', tila.palvelu, showPalvelu)} ${part('tietokanta', tila.tietokanta, showKanta)}
        ${part('ajot', tila.ajot, (esitys, ajot) => showAjot(esitys, ajot, view))}
        ${part('tuonnit', tila.tuonnit, showTuonnit)} ${part('jonot', tila.jonot, showJonot)}
        ${part('jarjestelmat', tila.jarjestelmat, showPeers)} ${part('vtj', tila.vtj, showVtj)}
        ${part('varmenteet', tila.varmenteet, showVarmenteet)} ${part('dokumentit', tila.dokumentit, showDokumentit)}
      </main>
      <p id="refreshed" role="status" data-refreshing="${t.refreshing}" data-stale="${t.stale}"></p>
      ${SCRIPT_ELEMENT}`,
  );
}

/** Asks whether a job is meant to run now. @param token see AjonKaynnistys; null: the caller fills in no forms */
export function confirmationPage(name: string, view: View & { readonly token: string | null }): Html {
  const t = TEKSTIT[view.kieli];
  const back = html`<a href="${view.path}?lang=${view.kieli}">${t.cancel}</a>`;
  const form = html`<form method="post" action="${view.path}/ajo?lang=${view.kieli}">
    <input type="hidden" name="nimi" value="${name}" /><input
      type="hidden"
      name="token"
      value="${view.token}"
    /><button>${t.confirmButton}</button>${back}
  </form>`;
  const body =
    view.token === null
      ? html`<p>${t.noSession}</p>
          <p>${back}</p>`
      : form;
  return page(t.confirmTitle, view, html`<main id="main"><p><strong>${name}</strong></p><p>${t.confirmText}</p>${body}</main>`); // prettier-ignore
}

/** Says why a job was not started. */
export function messagePage(why: 'wrongForm' | 'isRunning', view: View): Html {
  const t = TEKSTIT[view.kieli];
  const back = html`<a href="${view.path}?lang=${view.kieli}">${t.back}</a>`;
  return page(t.notStarted, view, html`<main id="main"><p class="message" role="alert">${t[why]}</p><p>${back}</p></main>`); // prettier-ignore
}

function page(title: string, { kieli, path }: View, body: Html): Html {
  const t = TEKSTIT[kieli];
  const other = kieli === 'fi' ? 'en' : 'fi';
  return html`<!doctype html>
    <html lang="${kieli}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="${ICON}" />
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#main">${t.skip}</a>
        <header>
          <h1>${title}</h1>
          <a href="${path}?lang=${other}" lang="${other}" hreflang="${other}">${t.otherLanguage}</a>
        </header>
        ${body}
      </body>
    </html> `;
}

function summary(e: Esitys, tila: Tila): Html {
  const { t } = e;
  const wrong = OSAT.filter((name) => tila[name].kunto !== 'ok');
  const links = wrong.map((name, i) => html`${i > 0 ? ', ' : ' '}<a href="#${name}">${t[name]}</a>`);
  const text = wrong.length === 0 ? e.state('ok', t.allOk) : html`${e.state(tila.kunto, t.someAttention)}${links}`; // prettier-ignore
  return html`<p class="summary">${text}<small>${t.updated} ${e.time(tila.aika)}</small></p>`;
}

const showPalvelu = (e: Esitys, p: PalvelunTila): Html =>
  e.list(
    [e.t.version, `${p.version} (Node ${p.node})`],
    [e.t.environment, p.environment],
    [e.t.host, p.host],
    [e.t.started, e.time(p.started)],
    [e.t.uptime, clockText(p.uptimeSeconds)],
    [e.t.memory, `${e.number(p.memoryMegabytes)} MB`],
  );

function showKanta(e: Esitys, k: KannanTila): Html {
  const { t } = e;
  const lag = (seconds: number | null) => (seconds === null ? '' : `, ${e.duration(seconds)} ${t.lag}`);
  const replicas = k.replicas.map(({ name, state, lagSeconds }) => `${name}: ${state ?? t.unknown}${lag(lagSeconds)}`);
  const pools = k.pools.map(({ name, open, idle, waiting, most }) => [t.poolNames[name] ?? name, open, idle, waiting, most]); // prettier-ignore
  return html`${e.list(
      [t.version, `PostgreSQL ${k.version}`],
      [t.role, k.readOnly ? t.readOnly : t.primary],
      [t.size, `${e.number(Math.round(k.bytes / MB))} MB`],
      [t.roundTrip, `${e.number(k.roundTripMs)} ms`],
      [t.replicas, replicas.length > 0 ? replicas.join('; ') : t.none],
    )}
    <h3>${t.pools}</h3>
    ${e.table(t.pools, [t.pool, `#${t.open}`, `#${t.idle}`, `#${t.waiting}`, `#${t.most}`], pools)}`;
}

function showAjot(e: Esitys, ajot: readonly AjonTila[], { path, kieli }: View): Html {
  const { t } = e;
  const last = (a: AjonTila) => {
    const failedLast = (a.lastFailure?.getTime() ?? 0) > (a.lastSuccess?.getTime() ?? 0);
    if (failedLast)
      return html`${e.time(a.lastFailure)} ${e.state('failed', t.failedAt)}<small>${a.lastReason}</small>`;
    return a.lastSuccess ? html`${e.time(a.lastSuccess)} ${e.state('ok', t.succeeded)}` : t.never;
  };
  const next = (a: AjonTila) => {
    if (a.runningOn === null) return a.enabled ? e.time(a.next, t.unknown) : t.off;
    const how =
      a.progress && (a.progress.done > 0 || a.progress.total !== null) ? e.progress(a.name, a.progress) : null;
    return html`${t.running} ${t.on} ${a.runningOn}<small>${how}</small>`;
  };
  const counts = ({ lastSummary }: AjonTila) => Object.entries(lastSummary ?? {}).map(([name, n]) => `${name} ${n}`).join(', '); // prettier-ignore
  const button = (a: AjonTila) =>
    a.enabled && a.runningOn === null
      ? html`<a
          class="button"
          href="${path}/ajo?lang=${kieli}&amp;nimi=${encodeURIComponent(a.name)}"
          aria-label="${t.runNowOf} ${a.name}"
          >${t.runNow}</a
        >`
      : null;
  return e.table(
    t.ajot,
    [t.ajo, t.schedule, t.last, t.next, `#${t.duration}`, `#${t.failures}`, t.counts, t.runNow],
    ajot.map((a) => [a.name, a.schedule, last(a), next(a), e.duration(a.lastSeconds), a.failuresInARow, counts(a), button(a)]), // prettier-ignore
  );
}

function showTuonnit(e: Esitys, { waiting, underWay, latest }: TuontienTila): Html {
  const { t } = e;
  const columns = [t.tuonti, t.tuoja, t.accepted, t.progress, `#${t.rowsFailed}`];
  const row = (tuonti: TuonninTila) => [
    String(tuonti.id),
    tuonti.kasittelijaOid,
    e.time(tuonti.aikaleima),
    e.progress(`${t.tuonti} ${tuonti.id}`, tuonti.progress),
    tuonti.virheita > 0 ? html`<span class="attention">${e.number(tuonti.virheita)}</span>` : '0',
  ];
  return html`<h3>${t.underWay}: ${e.count(waiting)}</h3>
    ${e.table(t.underWay, columns, underWay.map(row))}
    <h3>${t.latest}</h3>
    ${e.table(t.latest, columns, latest.map(row))}`;
}

const showJonot = (e: Esitys, jonot: readonly JononTila[]): Html =>
  e.table(
    e.t.jonot,
    [e.t.jono, `#${e.t.waiting}`, e.t.oldest, `#${e.t.tried}`, `#${e.t.refused}`],
    jonot.map((j) => [e.t.queueNames[j.name], e.count(j.waiting), e.time(j.oldest, '–'), e.count(j.tried), e.count(j.refused)]), // prettier-ignore
  );

function showPeers(e: Esitys, peers: readonly PeerState[]): Html {
  const { t } = e;
  const state = ({ failuresInARow, lastSuccess, lastReason }: PeerState) => {
    if (failuresInARow > 0) return html`${e.state('failed', t.failing)}<small>${lastReason} (${t.failures.toLowerCase()}: ${failuresInARow})</small>`; // prettier-ignore
    return lastSuccess ? e.state('ok', t.answers) : t.notAsked;
  };
  const rate = ({ calls, failures }: PeerState) =>
    calls === 0 ? '–' : `${e.number(Math.round((failures / calls) * 1000) / 10)} % (${failures} ${t.of} ${calls})`;
  const rows = peers.map((peer) => [peer.peer, state(peer), e.time(peer.lastSuccess), rate(peer)]);
  return html`<p>${t.thisProcess}</p>${e.table(t.jarjestelmat, [t.jarjestelma, t.state, t.lastSuccess, `#${t.errorRate}`], rows)}`; // prettier-ignore
}

const showVtj = (e: Esitys, vtj: VtjTila): Html =>
  e.list(
    [e.t.muutoksia, e.count(vtj.muutoksia)],
    [e.t.virheita, e.count(vtj.virheita)],
    [e.t.haettu, e.time(vtj.haettu)],
    [e.t.perustiedotta, e.count(vtj.perustiedotta)],
    [e.t.yksilointivirheita, e.count(vtj.yksilointivirheita)],
  );

const showVarmenteet = (e: Esitys, varmenteet: readonly VarmenteenTila[]): Html =>
  e.table(
    e.t.varmenteet,
    [e.t.varmenne, e.t.expires, `#${e.t.daysLeft}`],
    varmenteet.map(({ name, expires, daysLeft }) => [name, e.time(expires, e.t.unknown), daysLeft ?? e.t.unknown]),
  );

function showDokumentit(e: Esitys, d: DokumenttienTila): Html {
  const { t } = e;
  if (!d.enabled) return html`<p>${t.off}</p>`;
  const filled = d.filled === null ? t.unknown : html`<progress max="1" value="${d.filled}" aria-label="${t.filled}"></progress> ${Math.floor(d.filled * 100)} %`; // prettier-ignore
  return e.list(
    [t.documents, e.number(d.rows)],
    [t.persons, e.number(d.persons)],
    [t.filled, filled],
    [t.changes, e.count(d.changes)],
  );
}
