import { setTimeout as sleep } from 'node:timers/promises';
import { measureSlowness } from './slowness.ts';

/** The longest that an answer may take, on a machine that is neither slow nor busy: what a request may wait for others and for the database in all, and some work. */
const MAX_ANSWER_MS = 30_000;
const PAUSE_MS = 25;
const IMPORT_ROWS = 20;
const PERSONS_OF_A_CALLER = 6;
/** Answers of one fault that are told whole. */
const ODD_ANSWERS_TOLD = 20;
/** These ask other systems before they answer. */
const NEEDS_PEERS = /\/(?:hakemukset|link)$/;
/** First names, by which the checks know who was made how. */
export const OF_CALLERS = 'Aino';
const OF_LINKS = 'Lempi';
const OF_IMPORTS = 'Uuno';

/** What was acknowledged of something, and what may have come of requests without a clear answer. */
interface Known<T> {
  readonly value: T;
  readonly doubtful: readonly T[];
}
const agreed = <T>(value: T): Known<T> => ({ value, doubtful: [] });
const doubted = <T>({ value, doubtful }: Known<T>, other: T): Known<T> => ({ value, doubtful: [...doubtful, other] });
export const allowed = <T>({ value, doubtful }: Known<T>): readonly T[] => [value, ...doubtful];

/** A person as its caller knows it. */
export interface KnownPerson {
  readonly oid: string;
  /** Family name; the e-mail address says the same. */
  name: Known<string>;
  /** OID of the master; null: none. */
  master: Known<string | null>;
  /** Requests about it that may have changed it: at most so many messages of its own. */
  tries: number;
}

export interface KnownImport {
  readonly id: number;
  readonly prefix: string;
  readonly rows: number;
}

interface Answer {
  /** 0: none. */
  readonly status: number;
  readonly text: string;
}

/** Two addresses of the service, of which either may be away. */
export interface Bases {
  readonly bases: () => readonly string[];
  /** Tokens by name of a sandbox user. */
  readonly tokens: Readonly<Record<string, string>>;
  /** A new ticket of CAS. */
  readonly ticket: () => Promise<string>;
}

/** Callers who do what callers do, on both processes, and remember what they were told. */
export class Callers {
  readonly persons: KnownPerson[] = [];
  readonly imports: KnownImport[] = [];
  /** Status → answers, of what needs no other system, and of what does. */
  readonly answers = { own: new Map<number, number>(), peers: new Map<number, number>() };
  /** Answers that came too late, and reads that did not say what had been acknowledged. */
  readonly late: string[] = [];
  readonly stale: string[] = [];
  /** The first answers of a kind that no fault explains, since `forgetOdd`. */
  readonly odd: string[] = [];
  longestMs = 0;
  /** Changes that were acknowledged. */
  changes = 0;
  /** Answers with 503 that do not say when to come again. */
  withoutRetryAfter = 0;
  private readonly service: Bases;
  private readonly loops: Promise<void>[];
  private isStopped = false;
  private isPaused = false;
  private running = 0;
  private made = 0;

  constructor(service: Bases) {
    this.service = service;
    const change = (mine: KnownPerson[]) => this.changing(mine);
    const link = (mine: KnownPerson[]) => this.linking(mine);
    const works = [
      change,
      change,
      change,
      change,
      link,
      link,
      () => this.importing(),
      (mine: KnownPerson[]) => this.asking(mine),
    ];
    this.loops = works.map((work) => this.repeat(work));
  }

  /** Nobody asks anything any more when it returns. */
  async pause(): Promise<void> {
    this.isPaused = true;
    while (this.running > 0) await sleep(10);
  }

  /** Before the next fault. */
  forgetOdd(): void {
    this.odd.length = 0;
  }

  resume(): void {
    this.isPaused = false;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.isPaused = false;
    await Promise.all(this.loops);
  }

  /** @param user whose token; default: the registrar */
  async send(
    method: string,
    path: string,
    body?: object | null,
    user = 'rekisterinpitaja',
    more = {},
  ): Promise<Answer> {
    const bases = this.service.bases();
    const base = bases[this.made++ % bases.length] ?? '';
    const needsPeers = user === 'virkailija' || user === '' || NEEDS_PEERS.test(path);
    const began = performance.now();
    const answer = await fetch(base + path, {
      method,
      headers: {
        ...(user !== '' && { authorization: `Bearer ${this.service.tokens[user] ?? ''}` }),
        'content-type': 'application/json',
        ...more,
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(10 * MAX_ANSWER_MS),
      ...(body && { body: JSON.stringify(body) }),
    })
      .then(async (response) => {
        if (response.status === 503 && !response.headers.has('retry-after')) this.withoutRetryAfter++;
        return { status: response.status, text: await response.text() };
      })
      .catch(() => ({ status: 0, text: '' }));
    const ms = performance.now() - began;
    this.longestMs = Math.max(this.longestMs, ms);
    if (ms > MAX_ANSWER_MS && ms > MAX_ANSWER_MS * measureSlowness())
      this.late.push(`${method} ${path.replace(/\d{11}/, '…')}: ${answer.status} after ${Math.round(ms)} ms`);
    if (method !== 'GET' && answer.status >= 200 && answer.status < 300) this.changes++;
    const isClear = answer.status === 0 || answer.status === 503 || (answer.status >= 200 && answer.status < 300);
    if (!needsPeers && !isClear && this.odd.length < ODD_ANSWERS_TOLD) {
      const when = new Date().toISOString().slice(11, -1);
      this.odd.push(`${when} ${method} ${base}${path} ${answer.status} ${answer.text.slice(0, 200)}`);
    }
    const counts = needsPeers ? this.answers.peers : this.answers.own;
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
    return answer;
  }

  private async repeat(work: (mine: KnownPerson[]) => Promise<void>): Promise<void> {
    const mine: KnownPerson[] = [];
    for (; !this.isStopped; await sleep(PAUSE_MS)) {
      if (this.isPaused) continue;
      this.running++;
      await work(mine).finally(() => this.running--);
    }
  }

  /** A name that nobody has. */
  nextName(): string {
    return `Nimi${letters(this.made++)}`;
  }

  private async create(mine: KnownPerson[], firstName = OF_CALLERS): Promise<void> {
    const name = this.nextName();
    const names = { etunimet: firstName, kutsumanimi: firstName, sukunimi: name };
    const parts = {
      kansalaisuus: [{ kansalaisuusKoodi: '752' }],
      passinumerot: [`P-${name}`],
      yhteystiedotRyhma: [mailOf(name)],
    };
    const { status, text } = await this.send('POST', '/henkilo', { ...names, ...parts });
    if (status !== 200 && status !== 201) return;
    const oid = /1\.2\.246\.562\.24\.\d+/.exec(text)?.[0] ?? '';
    const person = { oid, name: agreed(name), master: agreed(null), tries: 1 };
    mine.push(person);
    this.persons.push(person);
  }

  private async changing(mine: KnownPerson[]): Promise<void> {
    if (mine.length < PERSONS_OF_A_CALLER || this.made % 5 === 0) return this.create(mine);
    const person = mine[this.made % mine.length]!;
    const name = this.nextName();
    person.tries++;
    const { status } = await this.send('PUT', '/henkilo', {
      oidHenkilo: person.oid,
      sukunimi: name,
      yhteystiedotRyhma: [mailOf(name)],
    });
    person.name = status === 200 ? agreed(name) : doubted(person.name, name);
    const read = await this.send('GET', `/henkilo/${person.oid}`);
    if (read.status !== 200) return;
    const { sukunimi } = JSON.parse(read.text) as { sukunimi: string };
    if (!allowed(person.name).includes(sukunimi)) this.stale.push(`${person.oid}: ${sukunimi}`);
  }

  /** The first person of a caller is the master of the others. */
  private async linking(mine: KnownPerson[]): Promise<void> {
    if (mine.length < PERSONS_OF_A_CALLER) return this.create(mine, OF_LINKS);
    const [master, ...slaves] = mine as [KnownPerson, ...KnownPerson[]];
    const slave = slaves[this.made % slaves.length]!;
    const isLinked = slave.master.value !== null;
    const to = isLinked ? null : master.oid;
    for (const one of [master, slave]) one.tries++;
    const { status } = isLinked
      ? await this.send('DELETE', `/henkilo/${master.oid}/unlink/${slave.oid}`)
      : await this.send('POST', `/henkilo/${master.oid}/link`, [slave.oid]);
    slave.master = status === 200 ? agreed(to) : doubted(slave.master, to);
  }

  private async importing(): Promise<void> {
    const prefix = this.nextName();
    await this.import(prefix, IMPORT_ROWS);
    await sleep(300);
  }

  /** Sends an import. @returns its id; null: it was not acknowledged */
  async import(prefix: string, rows: number): Promise<number | null> {
    const names = { etunimet: OF_IMPORTS, kutsumanimi: OF_IMPORTS, sukunimi: prefix, kansalaisuus: [{ koodi: '752' }] };
    const henkilot = Array.from({ length: rows }, (_, n) => ({
      tunniste: `${prefix}-${n}`,
      henkilo: { ...names, passinumero: `${prefix}-${n}` },
    }));
    const { status, text } = await this.send('PUT', '/oppija', { henkilot }, 'tuoja');
    if (status !== 200) return null;
    const { id } = JSON.parse(text) as { id: number };
    this.imports.push({ id, prefix, rows });
    return id;
  }

  /** What needs other systems: applications, permissions of another service, a login with a ticket. */
  private async asking(mine: KnownPerson[]): Promise<void> {
    if (mine.length < 2) return this.create(mine);
    const { oid } = mine[0]!;
    await this.send('GET', `/henkilo/${oid}/hakemukset`);
    await this.send('GET', `/henkilo/${oid}`, null, 'virkailija', { 'external-permission-service': 'HAKU_APP' });
    const ticket = await this.service.ticket().catch(() => '');
    if (ticket !== '') await this.send('GET', `/cas/prequel?ticket=${ticket}`, null, '');
    await sleep(200);
  }
}

const mailOf = (name: string) => ({
  ryhmaKuvaus: 'yhteystietotyyppi1',
  ryhmaAlkuperaTieto: 'alkupera2',
  yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: `${name}@example.fi` }],
});

/** A number in letters, which names consist of. */
const letters = (n: number) => [...String(n)].map((digit) => String.fromCharCode(97 + Number(digit))).join('');
