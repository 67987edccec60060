import type { FastifyReply, FastifyRequest } from 'fastify';
import { lines } from '../common/lines.js';
import { maskHetut } from '../common/hetu-mask.js';
import { maskSecrets } from './secret-mask.js';

/** Values are quoted as they are, hetut and what logs somebody in masked; only what would break the line is escaped. */
const BREAKS = /["\\\u0000-\u001f]/;
const quoted = (value: unknown): string => {
  if (value === undefined || value === null || value === '') return '"-"';
  const text = maskHetut(maskSecrets(String(value)));
  return BREAKS.test(text) ? JSON.stringify(text) : `"${text}"`;
};

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
      `{"timestamp":"${new Date().toISOString().replace('Z', '+0000')}","requestId":"${context?.requestId ?? '-'}` +
        `","responseCode":"${reply.statusCode}","requestMapping":${quoted(request.routeOptions.url)},"request":${quoted(line)}` +
        `,"responseTime":"${Math.round(reply.elapsedTime)}","requestMethod":"${method}${this.constants}${quoted(headers['user-agent'])}` +
        `,"clientSubSystemCode":${quoted(headers.clientsubsystemcode)},"callerHenkiloOid":${quoted(caller?.oid)}` +
        `,"protocol":"${caller?.protocol ?? '-'}","caller-id":${quoted(headers['caller-id'])},"x-forwarded-for":${quoted(headers['x-forwarded-for'])}` +
        `,"remote-ip":${quoted(context?.remoteAddress)},"session":${quoted(context?.session)},"response-size":${quoted(sizeOf(reply))}` +
        `,"referer":${quoted(headers.referer)},"opintopolku-api-key":${quoted(headers['opintopolku-api-key'])}}`,
    );
  }
}

const sizeOf = (reply: FastifyReply): unknown => {
  const size = reply.getHeader('content-length');
  return size === 0 || size === '0' ? undefined : size;
};
