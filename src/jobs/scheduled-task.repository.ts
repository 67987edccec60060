import { Injectable } from '@nestjs/common';
import { Any, type Repository } from 'typeorm';
import { Database } from '../database/database.js';
import { ScheduledTask } from './scheduled-task.entity.js';

/** What a run and its planning need of a row. */
export type PlannedTask = Pick<
  ScheduledTask,
  'name' | 'executionTime' | 'picked' | 'pickedBy' | 'lastSuccess' | 'lastFailure' | 'consecutiveFailures' | 'version'
>;

/** How a run ended. */
export interface Completion {
  readonly succeeded: boolean;
  readonly at: Date;
  readonly next: Date;
}

const COLUMNS = `task_name as name, execution_time as "executionTime", picked, picked_by as "pickedBy",
  last_success as "lastSuccess", last_failure as "lastFailure",
  consecutive_failures as "consecutiveFailures", version`;
const RECURRING = `task_instance = 'recurring'`;
const instance = 'recurring';

/**
 * Table scheduled_tasks in the way of db-scheduler, so that processes of the reference and of ours may share it
 * (docs/spec/schema.md#7.2). Every change of a row counts `version` up; a process that finds another version has lost the row. Due
 * times are those of the process's clock; heartbeats are the database's, so that no wrong clock of a process makes a run look dead.
 */
@Injectable()
export class ScheduledTaskRepository {
  constructor(private readonly db: Database) {}

  /** Adds rows that are missing. */
  async insertMissing(tasks: readonly { name: string; executionTime: Date }[]): Promise<void> {
    if (tasks.length === 0) return;
    const rows = tasks.map((task) => ({ ...task, instance, picked: false, version: 1 }));
    await this.tasks.createQueryBuilder().insert().values(rows).orIgnore().execute();
  }

  /** Rows of the given jobs, by name. */
  listByNames(names: readonly string[]): Promise<PlannedTask[]> {
    return this.tasks.find({ where: { instance, name: Any(names) }, order: { name: 'asc' } });
  }

  /** Moves a row that is not running and has not changed. */
  async move({ name, version }: PlannedTask, to: Date): Promise<void> {
    await this.tasks.update({ instance, name, version, picked: false }, { executionTime: to, version: version + 1 });
  }

  /** Takes at most `limit` rows that are due, the longest due first; several processes may ask at once. */
  claimDue(names: readonly string[], now: Date, limit: number, host: string): Promise<PlannedTask[]> {
    return this.db.query<PlannedTask>(
      `update scheduled_tasks t
          set picked = true, picked_by = $4, last_heartbeat = now(), version = t.version + 1
         from (select task_name as due_name from scheduled_tasks
                where ${RECURRING} and not picked and execution_time <= $2 and task_name = any($1)
                order by execution_time, task_name
                limit $3 for update skip locked) due
        where t.task_name = due.due_name and t.${RECURRING}
       returning ${COLUMNS}`,
      [names, now, limit, host],
    );
  }

  /** Takes one row now, whenever it is due; undefined: somebody runs it. */
  async claim(name: string, host: string): Promise<PlannedTask | undefined> {
    const [row] = await this.db.query<PlannedTask>(
      `update scheduled_tasks set picked = true, picked_by = $2, last_heartbeat = now(), version = version + 1
        where ${RECURRING} and task_name = $1 and not picked
       returning ${COLUMNS}`,
      [name, host],
    );
    return row;
  }

  /**
   * Says that these runs are alive.
   * @returns names of those that are still ours
   */
  async heartbeat(runs: readonly { name: string; version: number }[]): Promise<string[]> {
    const rows = await this.db.query<{ name: string }>(
      `update scheduled_tasks t set last_heartbeat = now()
         from unnest($1::text[], $2::bigint[]) x (name, version)
        where t.${RECURRING} and t.task_name = x.name and t.version = x.version and t.picked
       returning t.task_name as name`,
      [runs.map((r) => r.name), runs.map((r) => r.version)],
    );
    return rows.map(({ name }) => name);
  }

  /** Gives a row back after a run; false: it was taken over meanwhile. */
  async complete(name: string, version: number, { succeeded, at, next }: Completion): Promise<boolean> {
    const outcome = succeeded
      ? { lastSuccess: at, consecutiveFailures: 0 }
      : { lastFailure: at, consecutiveFailures: () => 'coalesce(consecutive_failures, 0) + 1' };
    const { affected } = await this.tasks.update(
      { instance, name, version },
      {
        ...outcome,
        picked: false,
        pickedBy: null,
        lastHeartbeat: null,
        executionTime: next,
        version: version + 1,
      },
    );
    return affected === 1;
  }

  /**
   * Makes runs due whose process has been silent for too long; each counts as a failure.
   * @returns their names
   */
  async reviveDead(names: readonly string[], silentMs: number, now: Date): Promise<string[]> {
    const rows = await this.db.query<{ name: string }>(
      `update scheduled_tasks
          set picked = false, picked_by = null, last_heartbeat = null, execution_time = $3, version = version + 1,
              last_failure = $3, consecutive_failures = coalesce(consecutive_failures, 0) + 1
        where ${RECURRING} and task_name = any($1) and picked
          and last_heartbeat < now() - $2::bigint * interval '1 ms'
       returning task_name as name`,
      [names, silentMs, now],
    );
    return rows.map(({ name }) => name);
  }

  /**
   * Removes rows of jobs that nobody has run since `before`.
   * @returns their names
   */
  async removeUnknown(known: readonly string[], before: Date): Promise<string[]> {
    const rows = await this.db.query<{ name: string }>(
      `delete from scheduled_tasks where not picked and execution_time < $2 and task_name <> all($1)
       returning task_name as name`,
      [known, before],
    );
    return rows.map(({ name }) => name);
  }

  private get tasks(): Repository<ScheduledTask> {
    return this.db.repository(ScheduledTask);
  }
}
