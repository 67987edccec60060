/** Answers of the stand-ins, and the frame of their pages. */
import type { IncomingMessage } from 'node:http';
import type { Answer } from './route.ts';

type Headers = Readonly<Record<string, string>>;

export const json = (body: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const text = (body: string, status = 200, headers: Headers = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body,
});

export const xml = (body: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body,
});

export const redirect = (location: string, headers: Headers = {}): Answer => ({
  status: 302,
  headers: { location, ...headers },
  body: '',
});

const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it stands in HTML and XML, in elements and attributes. */
export const escape = (value: string) => value.replace(/[<>&"']/g, (c) => ENTITIES[c] ?? c);

/** `<name>value</name>`, or nothing when there is no value. */
export const element = (name: string, value: string | null | undefined) =>
  value === undefined || value === null ? '' : `<${name}>${escape(value)}</${name}>`;

/** A page of the sandbox; `body` is HTML. */
export const page = (
  title: string,
  body: string,
  { status = 200, headers = {} }: { status?: number; headers?: Headers } = {},
): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top }
button { font: inherit; padding: .2rem .8rem } input { font: inherit } pre { background: #f4f4f4; padding: .6rem; overflow-x: auto; white-space: pre-wrap; word-break: break-all }
.note { color: #666 }</style><h1>${escape(title)}</h1>${body}</html>`,
});

/** Cookies of a request. */
export const cookiesOf = (request: IncomingMessage): Partial<Record<string, string>> =>
  Object.fromEntries(
    (request.headers.cookie ?? '')
      .split(/;\s*/)
      .filter(Boolean)
      .map((pair) => {
        const [name = '', value = ''] = pair.split(/=(.*)/s);
        return [name, value];
      }),
  );
