import type { Client } from 'pg';

/** Names, identifiers and contact details of everybody. */
const STORED = `
  select unnest(array[etunimet, kutsumanimi, sukunimi, hetu]) from henkilo
  union select unnest(array[etunimet, kutsumanimi, sukunimi, hetu]) from henkilo_aud
  union select hetu from henkilo_hetu
  union select passinumero from henkilo_passinumero
  union select tunniste from eidastunniste
  union select identifier from identification
  union select yhteystieto_arvo from yhteystiedot
  union select unnest(recipients) from queuedemail
  union select unnest(array[etunimet, kutsumanimi, sukunimi, hetu]) from yksilointitieto`;
const HETU = /(?<![0-9A-Za-z])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![0-9A-Za-z])/g;
/** Tickets of CAS and signed tokens, whoever made them. */
const CREDENTIAL = /\b(?:ST|PT|PGT|PGTIOU|TGT)-[\w.-]{8,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*/g;
/** Shorter texts are no credentials: tests make such up. */
const SHORTEST_CREDENTIAL = 12;
/** Made to be too long, not to be secret. */
const ONE_LETTER = /^(.)\1*$/s;
/** Shorter names and numbers are in many a line by chance. */
const SHORTEST_PERSONAL = 4;
/** Names of tests that are words of the service's own, in paths, metrics and lines of the log. */
const OWN_WORDS = new Set([' koski ', ' oppija ', ' refused ', ' yleistunniste ']);
/** Errors that tell values and names which broke a rule, as the reference's do (docs/spec/api.md#2.5). */
const BROKEN_RULES = 'validation.BindException';
/** Bodies that are longer are there to be refused. */
const LONGEST_READ = 1_000_000;
/** OIDs may be logged; some tests give one as an identifier. */
const OIDS = '1.2.246.562.';
/** Members of a body that tell who somebody is or how he is reached. */
const PERSONAL = new Set([
  ...['etunimet', 'etunimi', 'kutsumanimi', 'sukunimi', 'passinumero', 'passinumerot', 'identifier'],
  ...['yhteystietoArvo', 'sahkoposti', 'sahkopostiosoite', 'katuosoite', 'katunimi', 'lahiosoite', 'puhelinnumero'],
]);
const WORD = /[\p{L}\p{N}]+/gu;

/** The words of a text in small letters, with a blank around each. */
const wordsOf = (text: string): string => ` ${(text.toLowerCase().match(WORD) ?? []).join(' ')} `;

/** Escapes of a URL are read as long as there are some. */
function decode(text: string): string {
  const plain = text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
  return plain === text ? text : decode(plain);
}

/** @returns null: half a line, of a process that was killed while it wrote */
function parse(line: string): object | null {
  try {
    return JSON.parse(line) as object;
  } catch {
    return null;
  }
}

const isAudit = (line: string) => line.includes('audit.AuditHelper: {');
const isAccess = (line: string) => line.startsWith('{"timestamp"');

/**
 * What one application of a test was given to keep to itself: hetut, names, contact details, tickets, session ids, passwords and
 * tokens, as requests and answers carry them and its database holds them. None of it may be in a log, in the metrics, or in the
 * answer to a refused request that did not hold it itself. The specification asks for old and new values in the audit log and for
 * the address of the request in the access log; tickets and hetut are not to be there either.
 */
export class Secrets {
  private readonly hetut = new Set<string>();
  private readonly credentials = new Set<string>();
  /** Names and contact details as `wordsOf` has them, by their first word. */
  private readonly personal = new Map<string, Set<string>>();
  private readonly refused: { readonly sent: string; readonly answer: string }[] = [];

  /** What a request carries. */
  sent(path: string, headers: Readonly<Record<string, string>>, body: string): void {
    this.heard(path);
    this.heard(body);
    this.addCredential(/[?&]ticket=([^&]+)/.exec(path)?.[1]);
    for (const [name, value] of Object.entries(headers)) {
      if (/^authorization$/i.test(name)) this.addCredential(/^Bearer (.+)$/i.exec(value)?.[1]);
      if (/^cassecurityticket$/i.test(name)) this.addCredential(value);
    }
  }

  /** What an answer carries. @param sent the request */
  received({ status, headers }: Response, text: string, sent: string): void {
    for (const cookie of headers.getSetCookie()) this.addCredential(/^JSESSIONID=([^;]+)/.exec(cookie)?.[1]);
    if (status >= 400) this.refused.push({ sent, answer: text });
    else this.heard(text);
  }

  /** A text, or JSON whose members tell what they are, that went over some wire. */
  heard(text: string): void {
    if (text.length > LONGEST_READ) return; // made to be long: it holds nobody
    const plain = decode(text);
    for (const hetu of plain.match(HETU) ?? []) this.hetut.add(hetu);
    for (const credential of plain.match(CREDENTIAL) ?? []) this.addCredential(credential);
    if (/^\s*[[{]/.test(text)) {
      try {
        JSON.parse(text, (name, value: unknown) => {
          if (PERSONAL.has(name)) this.addPersonal(Array.isArray(value) ? value : [value]);
          return value;
        });
      } catch {
        // a test's own half of JSON
      }
    }
  }

  /** Who the persons in a database are, however they came there; nobody where the test has taken the database away, or a table. */
  async addStored(client: Client | undefined): Promise<void> {
    const result = await client?.query<unknown[]>({ text: STORED, rowMode: 'array' }).catch(() => undefined);
    this.addPersonal(result?.rows.flat() ?? []);
  }

  /** Names and contact details; hetut among them are known by their shape. */
  addPersonal(values: readonly unknown[]): void {
    for (const value of values) {
      if (typeof value !== 'string' || value.startsWith(OIDS)) continue;
      for (const hetu of value.match(HETU) ?? []) this.hetut.add(hetu);
      const words = wordsOf(value);
      if (words.length < SHORTEST_PERSONAL + 2 || OWN_WORDS.has(words)) continue;
      const first = words.slice(1, words.indexOf(' ', 1));
      this.personal.set(first, (this.personal.get(first) ?? new Set()).add(words));
    }
  }

  addCredential(value: string | undefined): void {
    if (value !== undefined && value.length >= SHORTEST_CREDENTIAL && !ONE_LETTER.test(value))
      this.credentials.add(value);
  }

  /** Lines and answers that hold some of it, shortened. @param metrics as they are published */
  leaks(lines: readonly string[], metrics: string): string[] {
    const found = (where: string, text: string, what: string[]) =>
      what.length === 0 ? [] : [`${where} tells ${what.join(', ')}: ${text.slice(0, 500)}`];
    return [
      ...lines.flatMap((line) => found('a log', line, this.findInLine(line))),
      ...metrics.split('\n').flatMap((line) => found('a metric', line, this.findAll(line))),
      ...this.refused.flatMap(({ sent, answer }) => {
        const told = answer.includes(BROKEN_RULES) ? this.findSecret(answer) : this.findAll(answer);
        if (told.length === 0) return [];
        const known = new Set(this.findAll(sent));
        return found(
          'an error',
          `${sent.slice(0, 300)} → ${answer}`,
          told.filter((what) => !known.has(what)),
        );
      }),
    ];
  }

  private findInLine(line: string): string[] {
    if (isAudit(line)) return this.findCredentials(line);
    if (!isAccess(line)) return this.findAll(line);
    const entry = parse(line);
    if (entry === null) return this.findSecret(line);
    const known = JSON.stringify({ ...entry, request: '', requestMapping: '', referer: '' });
    return [...this.findSecret(line), ...this.findPersonal(known)];
  }

  private findAll(text: string): string[] {
    return [...this.findSecret(text), ...this.findPersonal(text)];
  }

  /** What no text may tell, whatever the specification has it tell of names. */
  private findSecret(text: string): string[] {
    return [...this.findHetut(text), ...this.findCredentials(text)];
  }

  private findHetut(text: string): string[] {
    return (decode(text).match(HETU) ?? []).filter((hetu) => this.hetut.has(hetu));
  }

  private findCredentials(text: string): string[] {
    return [...(text.match(CREDENTIAL) ?? []), ...[...this.credentials].filter((one) => text.includes(one))];
  }

  private findPersonal(text: string): string[] {
    const words = wordsOf(decode(text));
    const found = new Set<string>();
    for (const word of new Set(words.split(' ')))
      for (const one of this.personal.get(word) ?? []) if (words.includes(one)) found.add(one.trim());
    return [...found];
  }
}
