import type { Organisations } from './organisations.ts';
import type { VtjPerson } from './persons.ts';

type ByKey<T> = Record<string, T>;

/** A change of the VTJ change API. */
export interface Muutos {
  readonly henkilotunnus: string;
  readonly muutospv: string;
  readonly tietoryhmat: readonly unknown[];
  readonly avain?: number;
}

/** A dispatch of mails as the register sent it, with its mails. */
export interface Lahetys {
  readonly lahetysTunniste: string;
  readonly otsikko: string;
  /** Instant. */
  readonly luotu: string;
  readonly viestit: Viesti[];
}

export interface Viesti {
  readonly viestiTunniste: string;
  readonly lahetysTunniste: string;
  readonly idempotencyKey?: string;
  readonly otsikko?: string;
  readonly sisalto: string;
  readonly vastaanottajat: readonly { readonly sahkopostiOsoite: string }[];
}

/** A recorded call; `body`: JSON, the fields of a form for AWS, or the text. */
export interface PeerCall {
  readonly peer: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What a test or a user may set at the control endpoints; forgotten by a reset. */
interface Settings {
  /** Pairs "callerOid>targetOid" that canUserAccessUser answers true for; `*` stands for everyone. */
  canAccess: readonly string[];
  /** Caller → the answer of POST /henkilo/{oid}/kayttooikeudet. */
  kayttooikeudet: ByKey<{ admin: boolean; oids: readonly string[] | null }>;
  /** Person → body of GET /kayttooikeus-service/henkilo/{oid}. */
  kayttajat: ByKey<unknown>;
  /** Further organisations. */
  organisaatiot: Organisations;
  /** Person → applications. */
  ataru: ByKey<readonly object[]>;
  hakuapp: ByKey<readonly object[]>;
  /** hetu → VTJ person of the SOAP query, beside those of sandbox/persons.ts. null: VTJ does not know the hetu. */
  vtj: ByKey<VtjPerson | null>;
  /** Peer → HTTP status with which it answers everything. */
  fail: ByKey<number>;
  /** Peer → milliseconds that it takes before it answers. */
  delay: ByKey<number>;
  /** VTJ change API: changes, snapshots hetu → tietoryhmat, newest key. */
  muutokset: readonly Muutos[];
  perustiedot: ByKey<readonly unknown[]>;
  kirjausavain: number;
}

const initialSettings = (): Settings => ({
  canAccess: [],
  kayttooikeudet: {},
  kayttajat: {},
  organisaatiot: {},
  ataru: {},
  hakuapp: {},
  vtj: {},
  fail: {},
  delay: {},
  muutokset: [],
  perustiedot: {},
  kirjausavain: 1000,
});

/** Requests kept for looking at; older ones are dropped. */
const MOST_TRAFFIC = 10_000;

export class SandboxState {
  settings = initialSettings();
  traffic: PeerCall[] = [];
  lahetykset: Lahetys[] = [];
  /** Published SNS messages and Slack messages. */
  messages: { sns: string[]; slack: unknown[] } = { sns: [], slack: [] };

  reset(): void {
    this.settings = initialSettings();
    this.traffic = [];
    this.lahetykset = [];
    this.messages = { sns: [], slack: [] };
  }

  /** Lists replace, objects are merged by key, other values replace. @throws an unknown name */
  merge(values: Readonly<Record<string, unknown>>): Settings {
    const merged: Record<string, unknown> = { ...this.settings };
    for (const [name, value] of Object.entries(values)) {
      if (!(name in merged)) throw new Error(`no state called ${name}`);
      const isMap = value !== null && typeof value === 'object' && !Array.isArray(value);
      merged[name] = isMap ? { ...(merged[name] as object), ...value } : value;
    }
    this.settings = merged as unknown as Settings;
    return this.settings;
  }

  record(request: PeerCall): void {
    this.traffic.push(request);
    if (this.traffic.length > MOST_TRAFFIC) this.traffic.shift();
  }
}
