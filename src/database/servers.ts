import type { DatabaseUrl, ServerAddress, SessionAttributes } from '../common/database-url.js';

/** A server that does not answer within this time whether it is primary or standby counts as away. */
export const SERVER_ANSWER_MS = 1_500;
/** Servers that were just found to be of no use are not asked again for so long. */
const PAUSE_MS = 200;

/** What a server is. */
export interface ServerState {
  /** It follows another. */
  readonly isStandby: boolean;
  /** It takes no writes in this session. */
  readonly isReadOnly: boolean;
}

const FITS: Record<SessionAttributes, (state: ServerState) => boolean> = {
  any: () => true,
  'read-write': ({ isReadOnly }) => !isReadOnly,
  'read-only': ({ isReadOnly }) => isReadOnly,
  primary: ({ isStandby }) => !isStandby,
  standby: ({ isStandby }) => isStandby,
  'prefer-standby': () => true,
};

/**
 * The servers of an address, and the one of them that connections go to. All are asked at the same time; the answer is
 * remembered until a connection says otherwise (ADR 156).
 */
export class Servers {
  private chosen: ServerAddress | null = null;
  private search: Promise<ServerAddress> | null = null;

  /** @param ask says what a server is, within `SERVER_ANSWER_MS` */
  constructor(
    private readonly servers: readonly ServerAddress[],
    private readonly wanted: SessionAttributes,
    private readonly ask: (server: ServerAddress) => Promise<ServerState>,
  ) {}

  /** null: there is nothing to choose. @param otherwise what is wanted of several servers where the address does not say */
  static of(
    { servers, wanted }: DatabaseUrl,
    otherwise: SessionAttributes,
    ask: (server: ServerAddress) => Promise<ServerState>,
  ): Servers | null {
    return servers.length === 0 ? null : new Servers(servers, wanted ?? otherwise, ask);
  }

  /** @throws Error none of them is what is wanted */
  find(): Promise<ServerAddress> {
    if (this.chosen) return Promise.resolve(this.chosen);
    return (this.search ??= this.choose().then(
      (server) => {
        this.search = null;
        return (this.chosen = server);
      },
      (error: unknown) => {
        setTimeout(() => (this.search = null), PAUSE_MS).unref();
        throw error;
      },
    ));
  }

  /** Connections that begin from now on ask anew: the server that was chosen is away, or another by now. */
  forget(): void {
    this.chosen = null;
  }

  fits(state: ServerState): boolean {
    return FITS[this.wanted](state);
  }

  private async choose(): Promise<ServerAddress> {
    const asked = this.servers.map(async (server) => ({ server, state: await this.ask(server) }));
    const isBest = ({ isStandby }: ServerState) => this.wanted !== 'prefer-standby' || isStandby;
    try {
      const found = asked.map((answer) =>
        answer.then(({ server, state }) => {
          if (this.fits(state) && isBest(state)) return server;
          throw new Error('not this one');
        }),
      );
      return await Promise.any(found);
    } catch {
      const answers = await Promise.allSettled(asked);
      const other = answers.find((answer) => answer.status === 'fulfilled' && this.fits(answer.value.state));
      if (other?.status === 'fulfilled') return other.value.server;
      throw new Error(`none of ${this.servers.length} servers is there and ${this.wanted}`);
    }
  }
}
