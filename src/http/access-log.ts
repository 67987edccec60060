import type { FastifyReply, FastifyRequest } from 'fastify';
import { systemClock } from '../common/clock.js';
import { lines } from '../common/lines.js';
import { maskHetut } from '../common/hetu-mask.js';
import { isoTime } from '../common/iso-time.js';
import { maskSecrets } from './secret-mask.js';

const BREAKS = /["\\\u0000-\u001f]/;

/** A value as it is; only what would break the line is escaped. */
function quoted(text: string | number | null | undefined): string {
  if (text === undefined || text === null || text === '') return '"-"';
  return typeof text === 'string' && BREAKS.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** What a client wrote, hetut and what logs somebody in masked. */
const masked = (text: string | string[] | null | undefined): string =>
  text === undefined || text === null ? '"-"' : quoted(maskHetut(maskSecrets(String(text))));

/** Writes one line per request, keys in the order of docs/spec/security-integrations-jobs.md#3.6. */
export class AccessLog {
  private readonly constants: string;

  constructor(environment: string) {
    this.constants = `","service":"oppijanumerorekisteri","environment":${JSON.stringify(environment)},"customer":"OPH","user-agent":`;
  }

  write(request: FastifyRequest, reply: FastifyReply): void {
    const context = request.onr;
    const headers = request.headers;
    const { method, url, httpVersion } = request.raw;
    const line = `${method} ${context?.rawUrl ?? url} HTTP/${httpVersion}`;
    const caller = context?.caller;
    lines.write(
      `{"timestamp":"${isoTime(systemClock.millis()).slice(0, -1)}+0000","requestId":"${context?.requestId ?? '-'}` +
        `","responseCode":"${reply.statusCode}","requestMapping":${quoted(request.routeOptions.url)},"request":${masked(line)}` +
        `,"responseTime":"${Math.round(reply.elapsedTime)}","requestMethod":"${method}${this.constants}${masked(headers['user-agent'])}` +
        `,"clientSubSystemCode":${masked(headers.clientsubsystemcode)},"callerHenkiloOid":${masked(caller?.oid)}` +
        `,"protocol":"${caller?.protocol ?? '-'}","caller-id":${masked(headers['caller-id'])},"x-forwarded-for":${masked(headers['x-forwarded-for'])}` +
        `,"remote-ip":${quoted(context?.remoteAddress)},"session":${quoted(context?.session)},"response-size":${quoted(sizeOf(reply))}` +
        `,"referer":${masked(headers.referer)},"opintopolku-api-key":${masked(headers['opintopolku-api-key'])}}`,
    );
  }
}

const sizeOf = (reply: FastifyReply): string | number | null => {
  const size = reply.getHeader('content-length') as string | number | undefined;
  return size === undefined || size === 0 || size === '0' ? null : size;
};
