import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Counter } from 'prom-client';
import { systemClock } from '../common/clock.js';
import { TooManyRequestsError } from '../common/errors.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { currentRequest } from '../http/request-context.js';
import { AuditLog } from './audit-log.service.js';

const WINDOW_MS = 60 * 60_000;
/** Callers that are remembered; beyond them the one who has looked for nobody for the longest time is forgotten. */
const MAX_CALLERS = 10_000;
/** Of so large a share of hits on, the misses are those of ordinary work, however many. */
const HONEST_SHARE_OF_HITS = 0.75;

/** One caller's look-ups since `since` (epoch milliseconds), for an hour at most. */
interface Laskuri {
  since: number;
  found: number;
  missed: number;
  isTold: boolean;
}

const lookups = new Counter({
  name: 'hetu_lookups_total',
  help: 'Hetut by which callers looked for somebody, by whether they got somebody',
  labelNames: ['result'] as const,
});
const suspects = new Counter({
  name: 'hetu_lookup_suspects_total',
  help: 'Callers that within an hour looked by more hetut in vain than the setting allows',
});

/**
 * Notices callers that try hetut, and refuses them where the settings say so (ADR 140). What a caller looked for is not kept,
 * only how often. Every process counts for itself.
 */
@Injectable()
export class Hetuhaut {
  private readonly log = new Logger(Hetuhaut.name);
  private readonly laskurit = new LRUCache<string, Laskuri>({ max: MAX_CALLERS });

  constructor(
    private readonly audit: AuditLog,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** @throws TooManyRequestsError the caller tries hetut, and such callers are refused */
  check(): void {
    if (!this.config.hetuLookups.refuses) return;
    const laskuri = this.laskurit.get(callerKey());
    if (!laskuri || !this.isSuspect(laskuri)) return;
    const seconds = Math.ceil((laskuri.since + WINDOW_MS - systemClock.millis()) / 1000);
    if (seconds <= 0) return;
    lookups.inc({ result: 'refused' });
    throw new TooManyRequestsError('Too many hetut that lead to nobody', seconds);
  }

  /** Counts hetut by which the caller has looked for somebody. */
  add(found: number, missed: number): void {
    if (found > 0) lookups.inc({ result: 'found' }, found);
    if (missed > 0) lookups.inc({ result: 'missed' }, missed);
    const laskuri = this.laskuriOf(callerKey());
    laskuri.found += found;
    laskuri.missed += missed;
    if (!laskuri.isTold && this.isSuspect(laskuri)) this.tell(laskuri);
  }

  private laskuriOf(key: string): Laskuri {
    const now = systemClock.millis();
    const known = this.laskurit.get(key);
    if (known && now - known.since < WINDOW_MS) return known;
    const laskuri = { since: now, found: 0, missed: 0, isTold: false };
    this.laskurit.set(key, laskuri);
    return laskuri;
  }

  private isSuspect({ found, missed }: Laskuri): boolean {
    return missed > this.config.hetuLookups.missesPerHour && found < (found + missed) * HONEST_SHARE_OF_HITS;
  }

  /** Once an hour and caller. */
  private tell(laskuri: Laskuri): void {
    laskuri.isTold = true;
    suspects.inc();
    const { refuses } = this.config.hetuLookups;
    this.log.warn(`${callerKey()} looks for persons by hetut that nobody has${refuses ? ', and is refused' : ''}`);
    this.audit.write('HETUHAKUJEN_RAJA', {
      haettuja: String(laskuri.found + laskuri.missed),
      tuloksettomia: String(laskuri.missed),
      estetty: String(refuses),
    });
  }
}

/** OID of the caller; without one the address. */
function callerKey(): string {
  const request = currentRequest();
  return request?.caller?.oid ?? request?.clientAddress ?? '-';
}
