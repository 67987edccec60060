import type { LoggerService } from '@nestjs/common';
import { systemClock } from '../common/clock.js';
import { lines } from '../common/lines.js';
import { maskHetut } from '../common/hetu-mask.js';
import { isoTime } from '../common/iso-time.js';
import { currentRequest } from './request-context.js';

/** `2026-01-31T10:15:30.123Z <requestId or -> INFO  {<caller OID>} <logger>: <message>`, hetut masked. */
export function formatLogLine(level: string, logger: string, message: string): string {
  return formatMaskedLine(level, logger, maskHetut(message));
}

/** As `formatLogLine`, of a message that holds no hetu. */
export function formatMaskedLine(level: string, logger: string, message: string): string {
  const request = currentRequest();
  const caller = maskHetut(request?.caller?.oid ?? '');
  return `${isoTime(systemClock.millis())} ${request?.requestId ?? '-'} ${level.padEnd(5)} {${caller}} ${logger}: ${message}`;
}

/** The application log on the same way out as audit and access log. */
export class AppLogger implements LoggerService {
  log(message: unknown, ...rest: unknown[]): void {
    this.write('INFO', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('ERROR', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('WARN', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('FATAL', message, rest);
  }
  debug(): void {
    // level INFO (docs/spec/security-integrations-jobs.md#3.4)
  }
  verbose(): void {
    // level INFO
  }

  /** Nest passes the logger's name last, and a stack before it for errors. */
  private write(level: string, message: unknown, rest: unknown[]): void {
    const logger = rest.length > 0 && typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : 'Application';
    if (level === 'INFO' && QUIET.has(logger)) return;
    const extra = rest.slice(0, -1).filter((part) => part !== undefined);
    const text = [message, ...extra].map((part) =>
      part instanceof Error ? part.message : typeof part === 'string' ? part : JSON.stringify(part),
    );
    lines.write(formatLogLine(level, logger, text.join(' ')));
  }
}

/** Nest's own start-up chatter. */
const QUIET = new Set(['RoutesResolver', 'RouterExplorer', 'InstanceLoader', 'NestFactory', 'NestApplication']);
