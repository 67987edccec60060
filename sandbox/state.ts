/** What a test or a user has set at the control endpoints; forgotten by a reset. */
const initialState = () => ({
  /** Pairs "callerOid>targetOid" that canUserAccessUser answers true for; `*` stands for everyone. */
  canAccess: [],
  /** Caller → { admin, oids }, the answer of POST /henkilo/{oid}/kayttooikeudet. */
  kayttooikeudet: {},
  /** Person → body of GET /kayttooikeus-service/henkilo/{oid}. */
  kayttajat: {},
  /** Further organisations: oid → { nimi, parent }. */
  organisaatiot: {},
  /** Person → list of applications. */
  ataru: {},
  hakuapp: {},
  /** hetu → VTJ person of the SOAP query, beside those of sandbox/persons.ts. null: VTJ does not know the hetu. */
  vtj: {},
  /** Peer → HTTP status with which it answers everything. */
  fail: {},
  /** Peer → milliseconds that it takes before it answers. */
  delay: {},
  /** VTJ change API: changes { henkilotunnus, muutospv, tietoryhmat, avain }, snapshots hetu → tietoryhmat, newest key. */
  muutokset: [],
  perustiedot: {},
  kirjausavain: 1000,
});

/** Requests kept for looking at; older ones are dropped. */
const TRAFFIC = 10_000;

export class SandboxState {
  constructor() {
    this.reset();
  }

  reset() {
    Object.assign(this, initialState());
    this.traffic = [];
    /** Mails by dispatch, published SNS messages and Slack messages. */
    this.lahetykset = [];
    this.messages = { sns: [], slack: [] };
  }

  /** Lists replace, objects are merged by key, other values replace. @throws an unknown name */
  merge(values) {
    for (const [name, value] of Object.entries(values ?? {})) {
      if (!(name in initialState())) throw new Error(`no state called ${name}`);
      const isMap = value !== null && typeof value === 'object' && !Array.isArray(value);
      this[name] = isMap ? { ...this[name], ...value } : value;
    }
    return Object.fromEntries(Object.keys(initialState()).map((name) => [name, this[name]]));
  }

  record(request) {
    this.traffic.push(request);
    if (this.traffic.length > TRAFFIC) this.traffic.shift();
  }
}
