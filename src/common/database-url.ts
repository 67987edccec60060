/** A PostgreSQL server. */
export interface ServerAddress {
  /** Name or address; that of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Address of the database on this server, as the driver takes it. */
  readonly url: string;
}

/** Which of several servers is meant, as `target_session_attrs` of libpq. */
const SESSION_ATTRIBUTES = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
export type SessionAttributes = (typeof SESSION_ATTRIBUTES)[number];

/** What the address of a database says of its servers. */
export interface DatabaseUrl {
  /** Those to choose from; none: there is nothing to choose, the driver reads the address as it is. */
  readonly servers: readonly ServerAddress[];
  /** null: the address does not say. */
  readonly wanted: SessionAttributes | null;
  /** Address that the driver takes, where there are several servers that of the database on the first. */
  readonly ofFirst: string;
}

const MAX_SERVERS = 10;
const DEFAULT_PORT = 5432;
const PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)(\/[^?#]+)(?:\?([^#]*))?$/;
const SERVER = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;

/** Reads `postgres://user:password@host:port,host:port/database?target_session_attrs=read-write`. @returns null: it is none */
export function readDatabaseUrl(text: string): DatabaseUrl | null {
  const [, start, hosts, path, query = ''] = PARTS.exec(text) ?? [];
  if (start === undefined || hosts === undefined || path === undefined) return null;
  const parameters = new URLSearchParams(query);
  const wanted = parameters.get('target_session_attrs');
  if (wanted === null && !hosts.includes(','))
    return URL.canParse(text) ? { servers: [], wanted: null, ofFirst: text } : null;
  if (wanted !== null && !isSessionAttributes(wanted)) return null;
  parameters.delete('target_session_attrs');
  const rest = parameters.size > 0 ? `?${parameters.toString()}` : '';
  const servers = hosts.split(',').map((server) => readServer(server, start, path + rest));
  if (servers.length > MAX_SERVERS || !servers.every((server) => server !== null)) return null;
  return { servers, wanted, ofFirst: servers[0]!.url };
}

const isSessionAttributes = (text: string): text is SessionAttributes =>
  (SESSION_ATTRIBUTES as readonly string[]).includes(text);

function readServer(text: string, before: string, after: string): ServerAddress | null {
  const [found, v6, name, givenPort] = SERVER.exec(text) ?? [];
  if (found === undefined) return null;
  const [host, port] = [v6 ?? name ?? '', Number(givenPort ?? DEFAULT_PORT)];
  const url = `${before}${v6 ? `[${v6}]` : host}:${port}${after}`;
  return URL.canParse(url) && port > 0 ? { host, port, url } : null;
}
