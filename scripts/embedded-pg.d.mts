export interface EmbeddedPostgres {
  /** Port on 127.0.0.1. */
  port: number;
  user: string;
  stop(): Promise<void>;
}

export function startPostgres(options: {
  dataDir: string;
  user?: string;
  log?: (text: string) => void;
  durable?: boolean;
  settings?: string[];
}): Promise<EmbeddedPostgres>;

export function forgetOtherServers(): void;
