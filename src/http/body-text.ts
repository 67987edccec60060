import { isAscii, isUtf8 } from 'node:buffer';
import { UnreadableBodyError, UnsupportedMediaTypeError } from './http-errors.js';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

export const isJsonType = (contentType: string | undefined): boolean =>
  contentType === 'application/json' || (contentType !== undefined && JSON_TYPE.test(contentType));

type Decode = (body: Buffer) => string | null;

/** Charsets of Unicode: as in the reference, what the bytes begin with decides which of them it is. */
const UNICODE = /^(?:utf-?8|utf-?(?:16|32)(?:le|be)?|us-ascii|ascii)$/;
const CHARSET = /;\s*charset\s*=\s*(?:(["'])(.*?)\1|([^\s;"]*))/i;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * The text of a body by the charset of its content type, by a byte order mark or zero bytes between the first characters
 * as RFC 4627 has it, else UTF-8. Nothing is replaced: bytes that are no text are refused.
 * @throws UnsupportedMediaTypeError an unknown charset
 * @throws UnreadableBodyError bytes that the charset does not know
 */
export function bodyText(body: Buffer, contentType: string | undefined): string {
  const text = decoderFor(contentType)(body);
  if (text === null) throw new UnreadableBodyError('JSON parse error: the body is not text of its charset');
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

/** Whether `bodyText` knows the charset. */
export function knowsCharset(contentType: string): boolean {
  try {
    decoderFor(contentType);
    return true;
  } catch {
    return false;
  }
}

function decoderFor(contentType: string | undefined): Decode {
  const given = CHARSET.exec(contentType ?? '');
  if (!given) return decodeUnicode;
  const charset = (given[2] ?? given[3]!).trim().toLowerCase();
  if (UNICODE.test(charset)) return decodeUnicode;
  // The label means Windows-1252 to browsers and TextDecoder, ISO 8859-1 to Java.
  if (/^(?:iso[-_]?8859[-_]?1(?::1987)?|iso-ir-100|csisolatin1|latin-?1|l1|cp819|ibm-?819)$/.test(charset))
    return (body) => body.toString('latin1');
  try {
    const decoder = new TextDecoder(charset, { fatal: true });
    return (body) => attempt(() => decoder.decode(body));
  } catch {
    throw new UnsupportedMediaTypeError();
  }
}

function decodeUnicode(body: Buffer): string | null {
  const [a = -1, b = -1, c = -1, d = -1] = body;
  if (a === 0 && b === 0 && ((c === 0xfe && d === 0xff) || (c === 0 && d > 0))) return utf32(body, 'BE');
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a > 0 && b === 0 && c === 0 && d === 0))
    return utf32(body, 'LE');
  if ((a === 0xfe && b === 0xff) || (a === 0 && b > 0)) return utf16(body, 'utf-16be');
  if ((a === 0xff && b === 0xfe) || (a > 0 && b === 0)) return utf16(body, 'utf-16le');
  if (isAscii(body)) return body.toString('latin1');
  return isUtf8(body) ? body.toString('utf8') : null;
}

const utf16 = (body: Buffer, label: string): string | null =>
  attempt(() => new TextDecoder(label, { fatal: true }).decode(body));

function utf32(body: Buffer, order: 'BE' | 'LE'): string | null {
  if (body.length % 4 !== 0) return null;
  const units = Buffer.allocUnsafe(body.length);
  let end = 0;
  for (let at = 0; at < body.length; at += 4) {
    const point = order === 'BE' ? body.readUInt32BE(at) : body.readUInt32LE(at);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null;
    if (point > 0xffff) end = units.writeUInt16LE(0xd800 + ((point - 0x10000) >> 10), end);
    end = units.writeUInt16LE(point > 0xffff ? 0xdc00 + (point & 0x3ff) : point, end);
  }
  return units.toString('utf16le', 0, end);
}

function attempt(decode: () => string): string | null {
  try {
    return decode();
  } catch {
    return null;
  }
}
