import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { toErrorBody } from './error-answer.js';
import type { HeaderValues } from './security-headers.js';

/** How long the answer may take to reach the caller before the connection is closed. */
const ANSWER_LINGER_MS = 1_000;
/** The request line is looked for in so many bytes. */
const MAX_REQUEST_LINE_BYTES = 8_192;

const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

type ClientError = Error & { code?: string; rawPacket?: unknown };

/** Answers a malformed or incomplete request in the usual form and closes the connection. */
export const clientErrorHandler =
  (headers: HeaderValues) =>
  (error: ClientError, socket: Socket): void => {
    const answering = (socket as { _httpMessage?: ServerResponse })._httpMessage;
    const isUnused = socket.bytesRead === 0; // opened in advance: nobody asked for anything
    if (error.code === 'ECONNRESET' || !socket.writable || isUnused || answering?.headersSent) socket.destroy();
    else inTurns(() => giveUp(socket, STATUS[error.code ?? ''] ?? 400, targetOf(error, answering?.req), headers));
  };

/** Answers in one turn of the event loop, which 6 000 callers who broke off together held for 0.3 s. */
const ANSWERS_OF_TURN = 100;
/** As many as there are connections, at most. */
const later: (() => void)[] = [];

function inTurns(answer: () => void): void {
  if (later.push(answer) === 1) setImmediate(answerSome);
}

function answerSome(): void {
  for (const answer of later.splice(0, ANSWERS_OF_TURN)) answer();
  if (later.length > 0) setImmediate(answerSome);
}

/** Sends an error in the usual form (docs/spec/api.md#2.1) outside Fastify; the connection ends with it. @param target of the request */
export function giveUp(socket: Socket, status: number, target: string, headers: HeaderValues): void {
  const answer = { status, form: 'container', exception: null, message: null, headers: {} } as const;
  const body = JSON.stringify(toErrorBody(answer, target));
  const all = {
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
  // Reads on, so that data the caller is still sending do not turn the answer into a reset.
  setTimeout(() => socket.destroy(), ANSWER_LINGER_MS).unref();
}

/** The target as it was sent; empty when it is not known. */
function targetOf({ rawPacket }: ClientError, request: IncomingMessage | undefined): string {
  const known = (request as { originalUrl?: string } | undefined)?.originalUrl;
  if (known !== undefined) return known;
  const head = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1', 0, MAX_REQUEST_LINE_BYTES) : '';
  return /^[A-Z]+ (\/[^\s]*)/.exec(head)?.[1] ?? '';
}
