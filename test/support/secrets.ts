import { register } from 'prom-client';

const HETU = /(?<![0-9A-Za-z])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![0-9A-Za-z])/g;
/** Shorter texts are no secrets: tests make such up. */
const SHORTEST = 12;

/**
 * What one application of a test was given to keep to itself: hetut, tickets, session ids and tokens, as the test's requests
 * and the answers carry them. None of it may be in a log or in the metrics.
 */
export class Secrets {
  private readonly hetut = new Set<string>();
  private readonly credentials = new Set<string>();

  /** What a request carries. */
  sent(path: string, headers: Readonly<Record<string, string>>, body: string): void {
    this.addHetut(path, body);
    this.addCredential(/[?&]ticket=([^&]+)/.exec(path)?.[1]);
    for (const [name, value] of Object.entries(headers)) {
      if (/^authorization$/i.test(name)) this.addCredential(/^Bearer (.+)$/i.exec(value)?.[1]);
      if (/^cassecurityticket$/i.test(name)) this.addCredential(value);
    }
  }

  /** What an answer carries. */
  received(headers: Headers, text: string): void {
    this.addHetut(text);
    for (const cookie of headers.getSetCookie()) this.addCredential(/^JSESSIONID=([^;]+)/.exec(cookie)?.[1]);
  }

  /** Lines that hold some of it, shortened; audit entries hold hetut where the specification asks for old and new values. */
  async leaks(lines: readonly string[]): Promise<string[]> {
    const metrics = (await register.metrics()).split('\n');
    const wrong = [...lines, ...metrics].filter((line) => {
      const hetut = line.includes('audit.AuditHelper') ? [] : (line.match(HETU) ?? []);
      return hetut.some((hetu) => this.hetut.has(hetu)) || this.holdsCredential(line);
    });
    return wrong.map((line) => line.slice(0, 500));
  }

  private holdsCredential(line: string): boolean {
    for (const credential of this.credentials) if (line.includes(credential)) return true;
    return false;
  }

  private addHetut(...texts: string[]): void {
    for (const text of texts) for (const hetu of text.match(HETU) ?? []) this.hetut.add(hetu);
  }

  private addCredential(value: string | undefined): void {
    if (value !== undefined && value.length >= SHORTEST) this.credentials.add(value);
  }
}
