import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import { DomainError, UnavailableError } from '../../common/errors.js';
import { forOthersToo, works } from '../../common/work.js';
import { isLockedByAnother, isRefusedStatement, type Database } from '../database.js';

/** Writes of a group at most. */
const MAX_WRITES_OF_GROUP = 20;
/** Longest time that a group waits for the one before it. */
const WAIT_FOR_GROUP_BEFORE_MS = 30;
/** A write that has not been begun after so long fails. */
const MAX_WAIT_OF_WRITE_MS = 20_000;

interface Waiting<Write, Result> {
  readonly write: Write;
  readonly subject: string | undefined;
  /** Runs something as part of the request that the write belongs to. */
  readonly inItsContext: <T>(work: () => T) => T;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
  /** Ends the waiting, unless it has been begun. */
  readonly impatience: NodeJS.Timeout;
}

/** A write cannot be done as part of a group: it has to wait for a lock, or has to be refused with its own error. */
export class NotTogetherError extends Error {}

/** The writes of one key. */
interface Queue<Write, Result> {
  readonly waiting: Waiting<Write, Result>[];
  /** Groups that the next one waits for. */
  ahead: number;
  /** Groups under way, their dissolved writes included. */
  underWay: number;
  /** Subjects of the writes under way. */
  readonly busy: Set<string>;
}

/**
 * Does writes that come at the same time in one transaction, so that what a transaction costs by itself is paid once for
 * all (docs/adr/0045-write-groups.md). One that comes alone starts at once; those that come while it is under way make the
 * next group. A group in which a write fails is dissolved: each of its writes is then done by itself. All writes of a group
 * fail when it may have happened, because the connection broke with its commit: nothing is done twice.
 */
export class WriteGroups<Write, Result> {
  private readonly log = new Logger(WriteGroups.name);
  private readonly queues = new Map<string, Queue<Write, Result>>();

  /**
   * @param perform does the writes, all or nothing, and gives a result for each, in order. It runs inside a transaction, in
   *   the context of the first one's request. Unless `mayWait` it waits for no lock that others may hold for long, but fails
   *   (`NotTogetherError`, a lock not to be had at once).
   * @param committed is told of each result once it is committed, in the context of its own request
   */
  constructor(
    private readonly db: Database,
    private readonly perform: (writes: readonly Write[], mayWait: boolean) => Promise<Result[]>,
    private readonly committed: (result: Result) => void,
  ) {}

  /**
   * Inside a transaction the write is part of that one.
   * @param key only writes with the same key make a group: who writes
   * @param subject what is written: two writes on one subject are never under way at once; absent: nobody else writes it
   */
  add(write: Write, key: string, subject?: string): Promise<Result> {
    if (this.db.inTransaction) return this.addAlone(write);
    return new Promise((resolve, reject) => {
      let queue = this.queues.get(key);
      if (!queue) this.queues.set(key, (queue = { waiting: [], ahead: 0, underWay: 0, busy: new Set() }));
      const { waiting } = queue;
      const leave = () => {
        waiting.splice(waiting.indexOf(one), 1);
        reject(new UnavailableError('Other writes take too long'));
      };
      const mostMs = Math.min(MAX_WAIT_OF_WRITE_MS, works.getStore()?.patience.leftMs ?? MAX_WAIT_OF_WRITE_MS);
      const impatience = setTimeout(leave, mostMs);
      const one = { write, subject, inItsContext: AsyncLocalStorage.snapshot(), resolve, reject, impatience };
      waiting.push(one);
      this.start(key, queue);
    });
  }

  /** Does a write in a transaction of its own, or in the one that is running. */
  addAlone(write: Write): Promise<Result> {
    return this.db.transaction(async () => {
      const [result] = await this.perform([write], true);
      this.db.afterCommit(() => this.committed(result!));
      return result!;
    });
  }

  private start(key: string, queue: Queue<Write, Result>): void {
    const group = queue.ahead === 0 ? take(queue) : [];
    if (group.length > 0) void this.run(group, key, queue);
    else if (queue.underWay === 0 && queue.waiting.length === 0) this.queues.delete(key);
  }

  private async run(group: readonly Waiting<Write, Result>[], key: string, queue: Queue<Write, Result>): Promise<void> {
    queue.ahead++;
    queue.underWay++;
    let isAhead = true;
    const letNextStart = () => {
      if (!isAhead) return;
      isAhead = false;
      queue.ahead--;
      this.start(key, queue);
    };
    const impatience = setTimeout(letNextStart, WAIT_FOR_GROUP_BEFORE_MS);
    const done = await this.runTogether(group);
    clearTimeout(impatience);
    if (done) free(group, queue);
    letNextStart();
    if (!done) {
      await Promise.all(group.map((waiting) => this.runAlone(waiting)));
      free(group, queue);
    }
    queue.underWay--;
    this.start(key, queue);
  }

  /** @returns false: nothing has been done, each is to be done by itself */
  private async runTogether(group: readonly Waiting<Write, Result>[]): Promise<boolean> {
    const [first] = group;
    const writes = group.map(({ write }) => write);
    let stage = 'connecting' as 'connecting' | 'writing' | 'committing';
    const work = async () => {
      stage = 'writing';
      const results = await this.perform(writes, false);
      group.forEach(({ inItsContext }, i) => {
        this.db.afterCommit(() =>
          inItsContext(() => {
            this.db.noteWrite();
            this.committed(results[i]!);
          }),
        );
      });
      stage = 'committing';
      return results;
    };
    try {
      const results = await first!.inItsContext(() => forOthersToo(() => this.db.transaction(work)));
      group.forEach(({ resolve }, i) => resolve(results[i]!));
      return true;
    } catch (error) {
      const isUndone = stage === 'writing' || (stage === 'committing' && isRefusedStatement(error));
      const isForOne = error instanceof NotTogetherError || isLockedByAnother(error);
      if (isUndone && (group.length > 1 || isForOne)) {
        // Each write is done by itself next, which shows which one failed. Nobody sees again why the group as such failed.
        if (!isForOne && !(error instanceof DomainError))
          this.log.warn(`A group of ${group.length} failed: ${nameOf(error)}`);
        return false;
      }
      for (const { reject } of group) reject(error);
      return true;
    }
  }

  private async runAlone({ write, inItsContext, resolve, reject }: Waiting<Write, Result>): Promise<void> {
    try {
      resolve(await inItsContext(() => this.addAlone(write)));
    } catch (error) {
      reject(error);
    }
  }
}

/** What failed, without the values that a message of the database may hold. */
const nameOf = (error: unknown): string => {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? 'unknown';
};

function free<Write, Result>(group: readonly Waiting<Write, Result>[], { busy }: Queue<Write, Result>): void {
  for (const { subject } of group) if (subject !== undefined) busy.delete(subject);
}

/** Takes the first writes that wait, each on a subject of its own. */
function take<Write, Result>({ waiting, busy }: Queue<Write, Result>): Waiting<Write, Result>[] {
  const group: Waiting<Write, Result>[] = [];
  const left: Waiting<Write, Result>[] = [];
  for (const one of waiting) {
    const { subject } = one;
    if (group.length === MAX_WRITES_OF_GROUP || (subject !== undefined && busy.has(subject))) {
      left.push(one);
    } else {
      if (subject !== undefined) busy.add(subject);
      clearTimeout(one.impatience);
      group.push(one);
    }
  }
  waiting.splice(0, Infinity, ...left);
  return group;
}
