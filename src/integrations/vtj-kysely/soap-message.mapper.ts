import { XmlError } from './vtj-xml.model.js';

/** What a content type says under a name, e.g. `charset`. */
function parameter(contentType: string, name: string): string | undefined {
  const [, quoted, bare] =
    new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|'?([^;\\s']+)'?)`, 'i').exec(contentType) ?? [];
  return quoted ?? bare;
}

/**
 * The XML of an answer, be it the whole of it or the root part of a MIME message (MTOM).
 * @throws XmlError the message has no such part, or is not text in the encoding that it tells
 */
export function readSoapMessage(bytes: Buffer, contentType: string): string {
  if (!/^\s*multipart\//i.test(contentType)) return decode(bytes, contentType);
  const root = findRootPart(bytes, contentType);
  if (!root) throw new XmlError('is a MIME message without its root part');
  return decode(root.content, root.headers.get('content-type') ?? '');
}

interface Part {
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly content: Buffer;
}

/** The part that `start` names, else the first. */
function findRootPart(bytes: Buffer, contentType: string): Part | undefined {
  const boundary = parameter(contentType, 'boundary');
  if (!boundary) return undefined;
  const start = parameter(contentType, 'start');
  const parts = splitParts(bytes, boundary);
  const isStart = ({ headers }: Part) => headers.get('content-id') === start;
  return (start === undefined ? undefined : parts.find(isStart)) ?? parts[0];
}

/** The parts of a MIME message; latin1 keeps every byte as one character. */
function splitParts(bytes: Buffer, boundary: string): Part[] {
  const [, ...pieces] = `\r\n${bytes.toString('latin1')}`.split(`\n--${boundary}`);
  return pieces.flatMap((piece) => {
    const afterLine = /^[ \t]*\r?\n/.exec(piece)?.[0].length;
    return afterLine === undefined ? [] : [readPart(piece.slice(afterLine).replace(/\r$/, ''))]; // the end is no part: `--`
  });
}

function readPart(text: string): Part {
  const end = /^\r?\n|\r?\n\r?\n/.exec(text) ?? { index: text.length, 0: '' };
  const lines = text.slice(0, end.index).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/); // prettier-ignore
  const headers = new Map(
    lines.map((line) => {
      const [name = ''] = line.split(':', 1);
      return [name.trim().toLowerCase(), line.slice(name.length + 1).trim()];
    }),
  );
  const body = text.slice(end.index + end[0].length);
  return { headers, content: decodeTransfer(body, headers.get('content-transfer-encoding')) };
}

function decodeTransfer(body: string, encoding = 'binary'): Buffer {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable': {
      const joined = body.replace(/[ \t]+(?=\r?\n|$)/g, '').replace(/=\r?\n/g, '');
      return Buffer.from(joined.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1'); // prettier-ignore
    }
    default:
      return Buffer.from(body, 'latin1');
  }
}

/** Text in the encoding that a byte order mark tells, else the content type, else the XML declaration, else UTF-8. */
function decode(bytes: Buffer, contentType: string): string {
  const charset = ofMark(bytes) ?? parameter(contentType, 'charset') ?? ofDeclaration(bytes) ?? 'utf-8';
  try {
    return new TextDecoder(withOrder(charset, bytes), { fatal: true }).decode(bytes);
  } catch {
    throw new XmlError('is not text in the encoding that it tells');
  }
}

function ofMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** By the declaration; where each character takes two bytes, by these. */
function ofDeclaration(bytes: Buffer): string | undefined {
  if (bytes[0] === 0 || bytes[1] === 0) return 'utf-16';
  const start = bytes.subarray(0, 200).toString('latin1');
  return /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
}

/** `utf-16` says nothing of the order of the bytes; a document begins with a character below 256. */
function withOrder(charset: string, bytes: Buffer): string {
  if (!/^utf-?16$/i.test(charset)) return charset;
  return bytes[0] === 0 ? 'utf-16be' : 'utf-16le';
}
