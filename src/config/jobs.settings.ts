import { boolean, wholeNumber } from './setting-types.js';
import { milliseconds } from './setting-kinds.js';
import { setting, type Settings } from './setting.js';

const scheduling = (key: string) => `oppijanumerorekisteri.scheduling.yksilointi.${key}`;
const auditCleanup = (key: string) => `oppijanumerorekisteri.tasks.audit-cleanup.${key}`;

/** Names of settings that switch a job on. */
export const TASKS = { yksilointi: scheduling('enabled') } as const;

export const JOB_SETTINGS = {
  jobs: {
    enabled: setting({
      names: ['db-scheduler.enabled'],
      type: boolean,
      fallback: true,
      description: 'run jobs in this process',
    }),
    pollMs: milliseconds(50, 600_000, {
      names: ['db-scheduler.polling-interval-ms', 'ONR_JOBS_POLL_MS'],
      fallback: 10_000,
      description: 'how often due jobs are looked for',
    }),
    heartbeatMs: milliseconds(50, 3_600_000, {
      names: ['db-scheduler.heartbeat-interval-ms', 'ONR_JOBS_HEARTBEAT_MS'],
      fallback: 300_000,
      description: 'how often a run says that it lives',
    }),
    missedHeartbeats: setting({
      names: ['db-scheduler.missed-heartbeats-limit'],
      type: wholeNumber(2, 100),
      fallback: 6,
      description: 'after so many heartbeats left out a run counts as dead',
    }),
    shutdownMs: milliseconds(0, 3_600_000, {
      names: ['db-scheduler.shutdown-max-wait-ms', 'ONR_JOBS_SHUTDOWN_MS'],
      fallback: 15_000,
      description:
        'how long running jobs are waited for at the end; the process ends within 20 s in any case, another takes over those left',
    }),
  },
  yksilointi: {
    enabled: setting({
      names: [TASKS.yksilointi],
      type: boolean,
      fallback: ({ production }) => !production,
      description: '`yksilointi task`',
    }),
    batchSize: setting({
      names: [scheduling('batch-size')],
      type: wholeNumber(1, 100_000),
      fallback: 300,
      unit: 'persons',
      description: 'one run takes so many',
    }),
    requestDelayMs: milliseconds(0, 600_000, {
      names: [scheduling('vtj-request-delay-in-millis')],
      fallback: 200,
      description: 'pause between queries to VTJ',
    }),
    fixedDelayMs: milliseconds(100, 86_400_000, {
      names: [scheduling('fixed-delay-in-millis')],
      fallback: 900_000,
      description: 'pause between runs',
    }),
  },
  auditCleanup: {
    enabled: setting({
      names: [auditCleanup('enabled')],
      type: boolean,
      fallback: false,
      description: '`AuditCleanupTask`',
    }),
    retentionDays: setting({
      names: [auditCleanup('retention-days')],
      type: wholeNumber(1, 100_000),
      fallback: 1825,
      unit: 'days',
      description: 'older history is removed',
    }),
    batchSize: setting({
      names: [auditCleanup('batch-size')],
      type: wholeNumber(1, 1_000_000),
      fallback: 10_000,
      unit: 'rows',
      description: 'removed by one statement',
    }),
    hour: setting({
      names: [auditCleanup('hour')],
      type: wholeNumber(0, 23),
      fallback: 3,
      description: 'hour of the daily run, UTC',
    }),
    minute: setting({
      names: [auditCleanup('minute')],
      type: wholeNumber(0, 59),
      fallback: 30,
      description: 'its minute',
    }),
  },
} as const satisfies Settings;
