import { LRUCache } from 'lru-cache';

/** What a caller accepts, worked out once per distinct `Accept` header. */
export interface Acceptance {
  /** A JSON body may be sent. */
  readonly json: boolean;
  /** Content type of a bare text (docs/spec/api.md#1.2); null when the header allows none. */
  readonly text: string;
  readonly plain: boolean;
  /** Which error page fits: a small HTML page, JSON or nothing (docs/spec/api.md#2.1). */
  readonly error: 'json' | 'html' | 'empty';
}

const TEXT = 'text/plain;charset=UTF-8';
const ANY: Acceptance = { json: true, text: TEXT, plain: true, error: 'json' };
/**
 * What a text is sent as when the caller asks for it; for anything else, above all what a browser would show as a page, it is
 * plain text, since texts repeat what others have written.
 */
const TEXT_TYPES = /^application\/(?:json|xml|[\w.-]+\+json)$/;
const JSON_ONLY: Acceptance = { json: true, text: 'application/json', plain: false, error: 'json' };
const MAX_REMEMBERED_ACCEPTS = 500;
const remembered = new LRUCache<string, Acceptance>({ max: MAX_REMEMBERED_ACCEPTS });

export function acceptance(accept: string | undefined): Acceptance {
  if (accept === undefined || accept === '' || accept === '*/*') return ANY;
  if (accept === 'application/json') return JSON_ONLY;
  let known = remembered.get(accept);
  if (!known) remembered.set(accept, (known = read(accept)));
  return known;
}

function qualityOf(part: string): number {
  const [, text] = /;\s*q=([\d.]+)/i.exec(part) ?? [];
  return text === undefined || Number.isNaN(Number(text)) ? 1 : Number(text);
}

/** Of types that are equally liked the more specific one comes first. */
const wildness = (type: string): number => (type === '*/*' ? 2 : type.endsWith('/*') ? 1 : 0);

function read(accept: string): Acceptance {
  const types = accept
    .split(',')
    .map((part, index) => ({ index, type: part.split(';')[0]!.trim().toLowerCase(), quality: qualityOf(part) }))
    .filter(({ type, quality }) => type !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality || wildness(a.type) - wildness(b.type) || a.index - b.index)
    .map(({ type }) => type);
  if (types.length === 0) return ANY;
  const isJson = (t: string) =>
    t === 'application/json' || t === 'application/*' || /^application\/(\*|.*)\+json$/.test(t);
  const any = types.includes('*/*');
  const json = any || types.some(isJson);
  const html = types.findIndex((t) => t === 'text/html');
  const exactJson = types.findIndex(isJson);
  const error =
    html >= 0 && (exactJson < 0 || html < exactJson)
      ? 'html'
      : json
        ? 'json'
        : types.includes('text/*')
          ? 'html'
          : 'empty';
  const first = types[0]!;
  const text = first === 'application/*' ? 'application/json' : TEXT_TYPES.test(first) ? first : TEXT;
  return { json, text, plain: any || types.includes('text/plain') || types.includes('text/*'), error };
}
