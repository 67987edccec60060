/** Parameters of a URL whose value opens a session, or did. */
const NAMES = ['ticket', 'logoutRequest', 'jsessionid', 'pgtId', 'pgtIou', 'access_token', 'onr_return'];

/** The text in any case, with any of its characters percent-encoded any number of times, as a pattern. */
const encoded = (text: string): string =>
  Array.from(text, (c) => {
    const codes = [c.toLowerCase(), c.toUpperCase()].map((one) => one.charCodeAt(0).toString(16));
    return `(?:${c}|%(?:25)*(?:${codes.join('|')}))`;
  }).join('');

/** A parameter of query or path, up to the next one in clear. */
const PARAMETER = new RegExp(
  `([?&;]|%(?:25)*(?:3f|26|3b))(${NAMES.map(encoded).join('|')})(=|%(?:25)*3d)[^&\\s"]+`,
  'gi',
);
/** A ticket of CAS wherever it stands; those of the platform end in the name of the server. */
const TICKET = /\b(ST|PT|PGT|PGTIOU|TGT)-[\w.-]{8,}/g;

/** One of these stands in whatever is masked: most texts hold none, and are looked at once instead of twice. */
const HINT = /[?&;%]|[TU]-/;

/** The text of a log with everything hidden that logs somebody in (docs/spec/security-integrations-jobs.md#O-20). */
export const maskSecrets = (text: string): string =>
  HINT.test(text) ? text.replace(PARAMETER, '$1$2$3****').replace(TICKET, '$1-****') : text;
