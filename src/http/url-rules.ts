/** Where a request goes: a path for the router, or a refusal. */
export type UrlVerdict =
  | { readonly kind: 'path'; readonly url: string }
  /** Refused before the caller is known: `;`, `%25`, `//`, `%2e`, backslash, control characters but U+0000. */
  | { readonly kind: 'rejected' }
  /** No URL at all (`%2F`, `%00`, raw brackets, escapes that are broken or no UTF-8): refused by the HTTP server itself, for anyone. */
  | { readonly kind: 'illegal' }
  /** Not below the context path. */
  | { readonly kind: 'outside' };

// RFC 3986 path characters, and the escapes and characters that are judged one by one below
const PLAIN_PATH = /^[A-Za-z0-9/._~!$&'()*+,=:@-]*$/;
const ILLEGAL = /%2f|%00|%(?![0-9a-f]{2})|[^\x21-\x7e]|["<>[\]^`{|}#]/i;
const REJECTED = /;|%3b|%25|\/\/|%2e|\\|%5c|%[01][0-9a-f]|%7f|%c2%[89][0-9a-f]|%e2%80%a[89]/i;
const DOT_SEGMENT = /(^|\/)\.{1,2}(\/|$)/;

/**
 * The rules of docs/spec/api.md#1.1: context path off, one trailing slash off, `=` in clear, odd URLs refused.
 * @param target request target as sent, with query
 * @param contextPath starts with a slash, does not end with one
 */
export function judgeUrl(target: string, contextPath: string): UrlVerdict {
  const cut = target.indexOf('?');
  const path = cut < 0 ? target : target.slice(0, cut);
  if (!PLAIN_PATH.test(path)) {
    if (ILLEGAL.test(path) || !decodes(path)) return { kind: 'illegal' };
    if (REJECTED.test(path)) return { kind: 'rejected' };
  } else if (path.includes('//')) return { kind: 'rejected' };
  if (path.includes('.') && DOT_SEGMENT.test(path)) return { kind: 'rejected' };
  if (!path.startsWith(contextPath)) return { kind: 'outside' };
  const rest = path.slice(contextPath.length);
  if (rest !== '' && rest.charCodeAt(0) !== 47) return { kind: 'outside' };
  const whole = rest.length > 1 && rest.endsWith('/') ? rest.slice(0, -1) : rest === '' ? '/' : rest;
  const inner = whole.includes('%') ? whole.replace(/%3d/gi, '=') : whole; // the router leaves it as it is: `tuonti%3D1`
  return { kind: 'path', url: cut < 0 ? inner : inner + target.slice(cut) };
}

/** Is the query text in UTF-8, every other character escaped, and without U+0000, which no value may hold? */
export const isReadableQuery = (query: string): boolean =>
  PLAIN_QUERY.test(query) || (!ODD_QUERY.test(query) && decodes(query));

const PLAIN_QUERY = /^[\x21-\x24\x26-\x7e]*$/;
const ODD_QUERY = /%00|%(?![0-9a-f]{2})|[^\x21-\x7e]/i;

function decodes(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
