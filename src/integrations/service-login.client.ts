import { form, HttpClient, type PeerRequest, type PeerResponse } from './http.client.js';

export interface ServiceLoginOptions {
  readonly casUrl: string;
  /** Service address that the ticket is asked for and that turns the ticket into a session. */
  readonly service: string;
  readonly username: string;
  readonly password: string;
}

/**
 * A session of a service user in one system, opened through CAS when the system asks for it
 * (docs/spec/security-integrations-jobs.md#4.5): an answer 401 or a redirect to the login leads to one login, however many calls
 * met it, and to one repetition whose answer stands.
 */
export class ServiceLogin {
  private readonly cookies = new Map<string, string>();
  private readonly cas: HttpClient;
  private login: Promise<void> | null = null;
  /** Counts logins, so that a call sent before the last one does not start another. */
  private generation = 0;

  constructor(
    private readonly http: HttpClient,
    private readonly options: ServiceLoginOptions,
  ) {
    this.cas = new HttpClient({ peer: 'cas', timeoutMs: 10_000 });
  }

  /** @throws PeerError no answer, or the login failed */
  async send(url: string, call: PeerRequest): Promise<PeerResponse> {
    const { generation } = this;
    const response = await this.sendWithCookies(url, call);
    if (!asksForLogin(response)) return response;
    if (generation === this.generation) {
      this.login ??= this.logIn().finally(() => (this.login = null));
      await this.login;
    }
    return this.sendWithCookies(url, call);
  }

  private async logIn(): Promise<void> {
    const { casUrl, service, username, password } = this.options;
    const post = (operation: string, values: Record<string, string>): PeerRequest => ({
      operation,
      method: 'POST',
      ...form(values),
    });

    const granting = await this.cas.send(
      `${casUrl}/v1/tickets`,
      post('ticket granting ticket', { username, password }),
    );
    const tgt = granting.header('location')?.split('/').pop();
    if (granting.status !== 201 || !tgt) throw granting.error();

    const ticket = await this.cas.send(`${casUrl}/v1/tickets/${tgt}`, post('service ticket', { service }));
    if (ticket.status !== 200) throw ticket.error();

    this.cookies.clear();
    await this.sendWithCookies(`${service}?ticket=${encodeURIComponent(ticket.text().trim())}`, { operation: 'login' });
    this.generation++;
  }

  private async sendWithCookies(url: string, call: PeerRequest): Promise<PeerResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.http.send(url, { ...call, cookie });
    for (const line of [response.headers['set-cookie'] ?? []].flat()) this.keep(line);
    return response;
  }

  /** All calls of one client go to one system, so paths and domains of cookies do not matter. */
  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const [name = '', value = ''] = pair.trim().split(/=(.*)/s);
    const expired = attributes.some((a) => /^\s*max-age=(0|-\d+)\s*$/i.test(a));
    if (expired || value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

const asksForLogin = (response: PeerResponse): boolean =>
  response.status === 401 ||
  (response.status === 302 && (response.header('location')?.includes('/cas/login') ?? false));
