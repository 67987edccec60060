import type { Progress } from '../common/progress.js';
import type { PeerState } from '../integrations/peers.registry.js';

/** `attention`: it works, but somebody should look at it. */
export type Kunto = 'ok' | 'attention';

/** A part of the status, or that it could not be had. */
export type TilanOsa<T> =
  { readonly kunto: Kunto; readonly tiedot: T } | { readonly kunto: 'failed'; readonly syy: string };

export interface PalvelunTila {
  readonly version: string;
  readonly node: string;
  readonly environment: string;
  readonly host: string;
  readonly started: Date;
  readonly uptimeSeconds: number;
  readonly memoryMegabytes: number;
}

export interface PoolinTila {
  readonly name: string;
  readonly open: number;
  readonly idle: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
  readonly most: number;
}

export interface KannanTila {
  readonly version: string;
  /** The server only reads: it follows another. */
  readonly readOnly: boolean;
  readonly bytes: number;
  /** Time of one small statement. */
  readonly roundTripMs: number;
  /** Servers that follow this one. */
  readonly replicas: readonly {
    readonly name: string;
    readonly state: string | null;
    readonly lagSeconds: number | null;
  }[];
  readonly pools: readonly PoolinTila[];
}

export interface AjonTila {
  readonly name: string;
  readonly schedule: string;
  readonly enabled: boolean;
  /** Where it runs; null: nowhere. */
  readonly runningOn: string | null;
  /** Of the run that goes on. */
  readonly progress: Progress | null;
  /** null: off, or not planned yet. */
  readonly next: Date | null;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
  readonly failuresInARow: number;
  /** Of the last run that has ended. */
  readonly lastSeconds: number | null;
  readonly lastSummary: Readonly<Record<string, number>> | null;
  readonly lastReason: string | null;
}

export interface TuonninTila {
  readonly id: number;
  readonly api: string | null;
  readonly kasittelijaOid: string | null;
  readonly aikaleima: Date;
  /** Rows that could not be stored. */
  readonly virheita: number;
  readonly progress: Progress;
}

export interface TuontienTila {
  /** Bounded: `most` means at least so many. */
  readonly waiting: number;
  /** Those that have waited longest. */
  readonly underWay: readonly TuonninTila[];
  readonly latest: readonly TuonninTila[];
}

/** A queue in the database. */
export interface JononTila {
  readonly name: 'outbox' | 'email';
  readonly waiting: number;
  /** Of the one that has waited longest; null: none waits. */
  readonly oldest: Date | null;
  /** Those that have been tried and will be again. */
  readonly tried: number;
  /** Those that have been given up. */
  readonly refused: number;
}

export interface VtjTila {
  /** Changes that have been fetched and not been handled. */
  readonly muutoksia: number;
  readonly virheita: number;
  /** When the bucket that has waited longest was fetched; null: never. */
  readonly haettu: Date | null;
  /** Persons whose base data have not been fetched. */
  readonly perustiedotta: number;
  /** Persons whose identification has failed, by what will come of it. */
  readonly yksilointivirheita: number;
}

export interface VarmenteenTila {
  readonly name: string;
  /** null: the store lacks the certificate. */
  readonly expires: Date | null;
  readonly daysLeft: number | null;
}

export interface DokumenttienTila {
  readonly enabled: boolean;
  /** Estimated by the database. */
  readonly rows: number;
  readonly persons: number;
  /** How far all persons have been gone through, 0 to 1; null: not begun. */
  readonly filled: number | null;
  /** Changes that documents do not know yet. */
  readonly changes: number;
}

/** The whole status, as JSON gives it. */
export interface Tila {
  readonly aika: Date;
  readonly kunto: Kunto | 'failed';
  readonly palvelu: TilanOsa<PalvelunTila>;
  readonly tietokanta: TilanOsa<KannanTila>;
  readonly ajot: TilanOsa<readonly AjonTila[]>;
  readonly tuonnit: TilanOsa<TuontienTila>;
  readonly jonot: TilanOsa<readonly JononTila[]>;
  readonly jarjestelmat: TilanOsa<readonly PeerState[]>;
  readonly vtj: TilanOsa<VtjTila>;
  readonly varmenteet: TilanOsa<readonly VarmenteenTila[]>;
  readonly dokumentit: TilanOsa<DokumenttienTila>;
}

/** Queues are counted up to this number: more is said to be as many. */
export const MOST_COUNTED = 100_000;
