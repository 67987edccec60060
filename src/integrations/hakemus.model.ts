/** One application as the peer gives it, with `service` naming the peer. */
export type Hakemus = Readonly<Record<string, unknown>>;
