import { Injectable } from '@nestjs/common';
import { systemClock } from '../common/clock.js';
import { Database } from '../database/database.js';

const CHECK_TIMEOUT_MS = 2000;
/** An answer of the database serves this long, so that probes cost it nothing. */
const RESULT_BELIEVED_MS = 1000;

/** True: well. What it throws counts as not well. */
export type HealthCheck = () => boolean | Promise<boolean>;

/** Whether the service can do its work (docs/spec/security-integrations-jobs.md#7.5). */
@Injectable()
export class HealthService {
  private readonly checks = new Map<string, HealthCheck>();
  private last: { at: number; well: Promise<boolean> } | null = null;

  constructor(private readonly db: Database) {}

  /** Another part that must be well, e.g. the scheduler. */
  register(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** The database answers and every registered part is well. */
  async isReady(): Promise<boolean> {
    if (!(await this.isDatabaseUp())) return false;
    const results = await Promise.all(
      [...this.checks.values()].map(async (check) => check()).map((p) => p.catch(() => false)),
    );
    return results.every((well) => well);
  }

  private isDatabaseUp(): Promise<boolean> {
    const now = systemClock.millis();
    if (!this.last || now - this.last.at > RESULT_BELIEVED_MS) this.last = { at: now, well: this.askDatabase() };
    return this.last.well;
  }

  private async askDatabase(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The database does not answer')), CHECK_TIMEOUT_MS);
    });
    try {
      await Promise.race([this.db.reserved.query('select 1 as one'), late]);
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
