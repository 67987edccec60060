/** What lies between the service and the server: nothing, or PgBouncer with this `pool_mode` (ADR 158). */
export type PgBouncerMode = 'none' | 'session' | 'transaction';

/** Settings of PostgreSQL by their names. No value is from outside. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/** For the start of a session, which costs no statement. PgBouncer takes none. */
export const startupOptions = (settings: SessionSettings): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');

/** A statement that sets them until the session ends. */
export const sessionSettings = (settings: SessionSettings): string =>
  Object.entries(settings)
    .map(([name, value]) => `set ${name} = '${value}'`)
    .join('; ');

/** What goes right after BEGIN, in the same statement, and sets them until the transaction ends. */
export const localSettings = (settings: SessionSettings): string =>
  Object.entries(settings)
    .map(([name, value]) => `; set local ${name} = '${value}'`)
    .join('');
