import {
  fallbackOf,
  isSetting,
  listSettings,
  type AnySetting,
  type Deployment,
  type Mode,
  type Requirement,
  type Setting,
  type Settings,
  type ValuesOf,
} from './setting.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings and gathers what is wrong with them: a default takes the place of what is. */
export class SettingsReader {
  /** One line for each setting that is wrong, beginning with its name. */
  readonly problems = new Set<string>();

  constructor(private readonly env: Environment) {}

  value<T>(setting: Setting<T>, deployment: Deployment): T {
    const given = this.valueOf(this.nameOf(setting));
    if (given === undefined) return fallbackOf(setting, deployment);
    const { success, data } = setting.type.safeParse(given);
    if (!success) {
      this.refuse(setting, `must be ${setting.type.description}`);
      return fallbackOf(setting, deployment);
    }
    if (deployment.production) this.refuseUnfit(setting, data, deployment);
    return data;
  }

  values<S extends Settings>(settings: S, deployment: Deployment): ValuesOf<S> {
    const values = Object.entries(settings).map(([property, of]): [string, unknown] => [
      property,
      isSetting(of) ? this.value(of, deployment) : this.values(of, deployment),
    ]);
    return Object.fromEntries(values) as ValuesOf<S>;
  }

  /** Notes every setting that production requires and that is not given. */
  refuseMissing(settings: Settings): void {
    for (const setting of listSettings(settings)) {
      if (!setting.required || this.isGiven(setting)) continue;
      if (this.applies(setting.required)) this.problems.add(`${setting.names[0]} is missing`);
    }
  }

  /** @param reason what follows the setting's name */
  refuse(setting: AnySetting, reason: string): void {
    this.problems.add(`${this.nameOf(setting)} ${reason}`);
  }

  private refuseUnfit<T>(setting: Setting<T>, value: NonNullable<T>, mode: Mode): void {
    for (const { when, reason } of setting.refusals ?? []) if (when(value, mode)) this.refuse(setting, reason);
  }

  private applies({ with: others, unless }: Requirement): boolean {
    if (unless !== undefined && this.valueOf(unless) !== undefined) return false;
    return others?.some((name) => this.isOn(name)) ?? true;
  }

  /** Given, and not as `false`: what others depend on is off in production unless it is given. */
  private isOn(name: string): boolean {
    return !['false', undefined].includes(this.valueOf(name)?.toLowerCase());
  }

  private isGiven(setting: AnySetting): boolean {
    return this.valueOf(this.nameOf(setting)) !== undefined;
  }

  /** The name that is set, or the first. */
  private nameOf({ names }: AnySetting): string {
    return names.find((name) => this.valueOf(name) !== undefined) ?? names[0];
  }

  private valueOf(name: string): string | undefined {
    return this.env[name] || undefined;
  }
}
