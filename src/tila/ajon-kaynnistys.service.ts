import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service.js';
import { Clock } from '../common/clock.js';
import { ConflictError, ForbiddenError, NotFoundError } from '../common/errors.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { currentRequest } from '../http/request-context.js';
import { JobRegistry, type RegisteredJob } from '../jobs/job-registry.service.js';
import { JobRunner } from '../jobs/job-runner.service.js';
import { firstTime } from '../jobs/schedule.rules.js';
import { ScheduledTaskRepository } from '../jobs/scheduled-task.repository.js';

/** Has jobs run now, for operators. */
@Injectable()
export class AjonKaynnistys {
  private readonly key: Buffer;
  /** A run belongs to no request. */
  private readonly outsideRequests = AsyncLocalStorage.snapshot() as <T>(work: () => T) => T;

  constructor(
    @InjectConfig() { oauth2 }: Config,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
    private readonly registry: JobRegistry,
    private readonly tasks: ScheduledTaskRepository,
    private readonly runner: JobRunner,
  ) {
    // Every process takes the tokens of the others: the key comes from a secret that they share.
    this.key = Buffer.from(hkdfSync('sha256', oauth2.clientSecret, '', 'onr status page', 32));
  }

  /** @throws NotFoundError there is no such job, or it is off */
  getJob(name: string): RegisteredJob {
    const job = this.registry.find(name);
    if (!job?.enabled) throw new NotFoundError(`There is no job ${name}, or it is off`);
    return job;
  }

  /**
   * What a form of the caller's must bring along: another site, which does not see it, cannot send the form in his name. Null for
   * callers without a session, who fill in no forms.
   */
  tokenOf(name: string): string | null {
    const session = currentRequest()?.session ?? null;
    return session && createHmac('sha256', this.key).update(`${session}\0${name}`).digest('base64url');
  }

  /**
   * Takes the job's row and starts a run in this process, whose end nobody waits for here.
   * @param token see `tokenOf`
   * @throws ForbiddenError the token is not the caller's
   * @throws NotFoundError there is no such job, or it is off
   * @throws ConflictError it is running
   */
  async start(name: string, token: string | null): Promise<void> {
    const expected = this.tokenOf(name);
    if (expected === null || token === null || !isSame(expected, token))
      throw new ForbiddenError('The form is not one of this session');
    const job = this.getJob(name);
    await this.tasks.insertMissing([{ name, executionTime: firstTime(job.schedule, this.clock.now()) }]);
    const task = await this.tasks.claim(name, this.runner.host);
    if (!task) throw new ConflictError(`Job ${name} is running`);
    this.audit.write('AJON_KAYNNISTYS', { ajo: name });
    void this.outsideRequests(() => this.runner.run(job, task));
  }
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
