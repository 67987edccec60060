import type { z } from 'zod';

/** What is known of where the process runs before its settings are read. */
export interface Mode {
  /** NODE_ENV is `production`: no default that fits only a sandbox. */
  readonly production: boolean;
  /** `prod`, `qa`, `dev` or `hahtuva`; empty: not told. */
  readonly environment: string;
  /** A rehearsal of production on one machine. */
  readonly allowsLoopback: boolean;
}

/** What defaults of other settings are made of. */
export interface Deployment extends Mode {
  readonly port: number;
  readonly contextPath: string;
  /** Address of the other systems of the platform, without a trailing slash. */
  readonly virkailija: string;
}

/** Values that are well formed but that a production must not start with. */
export interface Refusal<T> {
  readonly when: (value: T, mode: Mode) => boolean;
  /** Follows the name of the setting: `points at this machine`. */
  readonly reason: string;
  /** The setting's description says it. */
  readonly isDescribed?: true;
}

/** A production must be given the setting, if … Names of settings. */
export interface Requirement {
  /** One of these is on or given; left out: always. */
  readonly with?: readonly string[];
  /** This one is not given. */
  readonly unless?: string;
}

/** A setting: what docs/settings.md says of it and what `readConfig` does with it. `T`: its value. */
export interface Setting<T> {
  /** Names in the environment. The first that is set and not empty wins. */
  readonly names: readonly [string, ...string[]];
  /** Reads the text. Its description says what the text must be: `X must be …`. */
  readonly type: z.ZodType<NonNullable<T>, string>;
  /** The value without it. */
  readonly fallback: NoInfer<T> | ((deployment: Deployment) => NoInfer<T>);
  /** What docs/settings.md says of the value without it, where the value does not tell. */
  readonly fallbackText?: string;
  /** What one is: `ms`. */
  readonly unit?: string;
  readonly required?: Requirement;
  readonly refusals?: readonly Refusal<NonNullable<T>>[];
  /** For docs/settings.md, in Markdown. */
  readonly description: string;
}

/** Settings by the property of `Config` that they fill. */
export interface Settings {
  readonly [property: string]: AnySetting | Settings;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a setting takes and gives its own type, so only any fits all
export type AnySetting = Setting<any>;

export type ValuesOf<S> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : ValuesOf<S[K]>;
};

type Typed<S extends AnySetting> = Omit<S, 'type' | 'refusals'>;

/** A setting that always has a value. */
export function setting<T>(
  of: Typed<Setting<T>> & { type: z.ZodType<T, string>; refusals?: readonly Refusal<T>[] },
): Setting<T>;
export function setting<T>(of: Setting<T>): Setting<T> {
  return of;
}

/** A setting that is null when it is not given. */
export function optional<T>(
  of: Omit<Typed<Setting<T>>, 'fallback'> & { type: z.ZodType<T, string>; refusals?: readonly Refusal<T>[] },
): Setting<T | null> {
  return { ...of, fallback: null } as Setting<T | null>;
}

export function isSetting(of: AnySetting | Settings): of is AnySetting {
  return Array.isArray(of.names);
}

/** All settings of a tree, in its order. */
export function listSettings(settings: Settings): AnySetting[] {
  return Object.values(settings).flatMap((of) => (isSetting(of) ? [of] : listSettings(of)));
}

/** @returns the setting's value where it is not given */
export function fallbackOf<T>({ fallback }: Setting<T>, deployment: Deployment): T {
  return typeof fallback === 'function' ? (fallback as (of: Deployment) => T)(deployment) : fallback;
}

/** The value of a setting that what runs now cannot do without. @throws Error it is not given, by its name */
export function givenSetting<T>({ names }: Setting<T | null>, value: T | null): T {
  if (value === null) throw new Error(`${names[0]} is not given`);
  return value;
}
