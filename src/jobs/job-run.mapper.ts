import type { Progress } from '../common/progress.js';
import type { JobRun } from './job-run.entity.js';

/** How far a run is, or was when it ended. */
export const toProgress = ({ done, total, started, ended }: JobRun, now: Date): Progress => ({
  done,
  total,
  seconds: Math.max(0, (ended ?? now).getTime() - started.getTime()) / 1000,
});
