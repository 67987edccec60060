/** Answers of the stand-ins, as `{ status, headers, body }`, and the frame of their pages. */

export const json = (body, status = 200) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const text = (body, status = 200, headers = {}) => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body,
});

export const xml = (body, status = 200) => ({ status, headers: { 'content-type': 'text/xml; charset=utf-8' }, body });

export const redirect = (location, headers = {}) => ({ status: 302, headers: { location, ...headers }, body: '' });

export const escape = (value) =>
  String(value).replace(
    /[<>&"']/g,
    (c) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&#39;' })[c],
  );

/** `<name>value</name>`, or nothing when there is no value. */
export const element = (name, value) =>
  value === undefined || value === null ? '' : `<${name}>${escape(value)}</${name}>`;

/** A page of the sandbox; `body` is HTML. */
export const page = (title, body, { status = 200, headers = {} } = {}) => ({
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
export const cookiesOf = (request) =>
  Object.fromEntries(
    (request.headers.cookie ?? '')
      .split(/;\s*/)
      .filter(Boolean)
      .map((pair) => pair.split(/=(.*)/s).slice(0, 2)),
  );
