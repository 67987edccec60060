import { networkInterfaces } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '../common/clock.js';
import { maskHetut } from '../common/hetu-mask.js';
import { lines } from '../common/lines.js';
import { Database } from '../database/database.js';
import { formatLogLine, formatMaskedLine } from '../http/app-logger.js';
import { currentRequest, type RequestContext } from '../http/request-context.js';
import { auditTime } from './audit-time.rules.js';

const LOGGER = 'fi.vm.sade.oppijanumerorekisteri.audit.AuditHelper';
const ALIVE_INTERVAL_MS = 10 * 60_000;
/** OIDs of one entry: a line stays below the 16 KB at which container runtimes cut lines. */
const MAX_OIDS_OF_ENTRY = 500;
const OID = /^[0-2](\.\d+)+$/;

/** Operations of the audit log (docs/spec/security-integrations-jobs.md#3.2). */
export type AuditOperation =
  | 'READ'
  | 'CREATE_HENKILO'
  | 'UPDATE_HENKILO'
  | 'FORCE_UPDATE_HENKILO'
  | 'PASSIVOI_HENKILO'
  | 'LINKITYS'
  | 'PURA_LINKITYS'
  | 'TUNNISTUSTIETOJEN_PAIVITYS'
  | 'YKSILOINTITIETOJEN_PAIVITYS'
  | 'MANUAALINEN_YKSILOINTI'
  | 'HETUTTOMAN_YKSILOINTI'
  | 'PURA_HETUTTOMAN_YKSILOINTI'
  | 'OPPIJOIDEN_TUONTI'
  /** Ours: the caller tries hetut (ADR 140). */
  | 'HETUHAKUJEN_RAJA'
  /** An operator has a job run now; not in the reference. */
  | 'AJON_KAYNNISTYS';

/** One changed field; values are texts, documents as JSON text. Without `oldValue` it was added. */
export interface AuditChange {
  readonly fieldName: string;
  readonly oldValue?: string;
  readonly newValue?: string;
}

/** The audit log (docs/spec/security-integrations-jobs.md#3). Nothing here ever fails the operation that is logged. */
@Injectable()
export class AuditLog implements OnApplicationBootstrap, OnApplicationShutdown {
  private logSeq = 0;
  /** What every entry has between its number and its time, and after it. */
  private readonly middle = `,"bootTime":"${auditTime(systemClock.millis() - Math.round(process.uptime() * 1000))}","hostname":"","timestamp":"`;
  private readonly alive = setInterval(() => this.writeAlive('alive'), ALIVE_INTERVAL_MS);
  private readonly ownAddress = ownAddress();

  constructor(private readonly db: Database) {
    this.alive.unref();
  }

  onApplicationBootstrap(): void {
    this.writeAlive('started');
  }

  onApplicationShutdown(): void {
    clearInterval(this.alive);
    this.writeAlive('stopped');
  }

  /**
   * Writes one entry for the running request, or for nobody in a job.
   * @param target flat map, e.g. `{ henkiloOid, lisatieto }`
   * @param changes an unchanged field (old equals new) is left out
   */
  write(
    operation: AuditOperation,
    target: Readonly<Record<string, string>>,
    changes: readonly AuditChange[] = [],
  ): void {
    try {
      const changed = changes.filter(({ oldValue, newValue }) => oldValue !== newValue);
      const changesText = changed.length === 0 ? '[]' : JSON.stringify(changed);
      const body = `,"user":${this.userOf(currentRequest())},"operation":"${operation}","target":${JSON.stringify(target)},"changes":${changesText}`;
      this.put('log', body);
    } catch (error) {
      lines.write(
        formatLogLine(
          'ERROR',
          LOGGER,
          `An audit entry ${operation} is lost: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
    }
  }

  /** As `write` once the running transaction has committed: what is rolled back is not logged. */
  writeAfterCommit(...entry: Parameters<AuditLog['write']>): void {
    this.db.afterCommit(() => this.write(...entry));
  }

  /**
   * Writes that the data of these persons were given to the caller: one READ entry, for a long list several, each with a part
   * of it. Between the parts others get their turn, and the log may catch up.
   * @returns null: it is written; else wait for it before the answer is sent
   */
  writeRead(henkiloOids: readonly string[]): Promise<void> | null {
    if (henkiloOids.length > MAX_OIDS_OF_ENTRY) return this.writeParts(henkiloOids);
    if (henkiloOids.length > 0) this.write('READ', { oids: henkiloOids.join(',') });
    return null;
  }

  private async writeParts(henkiloOids: readonly string[]): Promise<void> {
    let waits = true;
    for (let from = 0; from < henkiloOids.length; from += MAX_OIDS_OF_ENTRY) {
      if (from > 0) {
        await turn();
        waits &&= await lines.hasRoom();
      }
      this.write('READ', { oids: henkiloOids.slice(from, from + MAX_OIDS_OF_ENTRY).join(',') });
    }
  }

  private writeAlive(message: 'started' | 'alive' | 'stopped'): void {
    this.put('alive', `,"message":"${message}"`);
  }

  private put(type: 'log' | 'alive', rest: string): void {
    const head = `{"version":1,"logSeq":${this.logSeq++},"type":"${type}"${this.middle}${auditTime(systemClock.millis())}"`;
    const message = `${head},"serviceName":"oppijanumerorekisteri","applicationType":"virkailija"${maskHetut(rest)}}`;
    lines.write(formatMaskedLine('INFO', LOGGER, message));
  }

  private userOf(request: RequestContext | undefined): string {
    if (!request) return `{"ip":"${this.ownAddress}","session":"","userAgent":""}`;
    const { caller, headers, session, clientAddress } = request;
    const ip = JSON.stringify(clientAddress);
    const userAgent = JSON.stringify(headers['user-agent'] ?? null);
    const oid = caller?.oid ?? null;
    const level = caller?.authentication ? `,"authentication":"${caller.authentication}"` : '';
    if (oid !== null && !oid.startsWith('1.'))
      return `{"oid":${JSON.stringify(oid)},"ip":${ip},"userAgent":${userAgent}${level}}`;
    const known = oid !== null && OID.test(oid) ? `"oid":"${oid}",` : '';
    return `{${known}"ip":${ip},"session":"${session ?? ''}","userAgent":${userAgent}${level}}`;
  }
}

function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}
