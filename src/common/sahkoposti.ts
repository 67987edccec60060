/** A dot-atom of RFC 5322 and any character beyond ASCII. */
const ATOM = String.raw`[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~\u0080-\uffff-]+`;
const QUOTED = String.raw`"(?:[^"\\\r\n\u0000-\u001f]|\\[^\r\n])*"`;
const COMMENT = String.raw`(?:\([^()]*\))?`;
const LOCAL = new RegExp(`^(?:${ATOM}(?:\\.${ATOM})*|${QUOTED})$`);
const CONTACT = new RegExp(`^${COMMENT}(${ATOM}(?:\\.${ATOM})*|${QUOTED})${COMMENT}@${COMMENT}([^()@\\s]+)${COMMENT}$`);
const LABEL = /^[A-Za-z0-9\u0080-\uffff](?:[A-Za-z0-9\u0080-\uffff-]*[A-Za-z0-9\u0080-\uffff])?$/;
const LOOSE_LABEL = /^[A-Za-z0-9_\u0080-\uffff](?:[A-Za-z0-9_\u0080-\uffff-]*[A-Za-z0-9_\u0080-\uffff])?$/;
const MAX_LOCAL = 64;
const MAX_LABEL = 63;
const MAX_DOMAIN = 255;

/**
 * A value that YHTEYSTIETO_SAHKOPOSTI may have: a plain RFC 5322 address with a top-level domain that is not all digits;
 * comments and quoted local parts pass (docs/spec/henkilo.md#0.11, docs/spec/api.md#7.5 left column).
 */
export function isContactEmail(text: string): boolean {
  const match = CONTACT.exec(text);
  if (!match) return false;
  const [, local, domain] = match as unknown as [string, string, string];
  if (local.length > MAX_LOCAL || domain.length > MAX_DOMAIN) return false;
  const labels = domain.split('.');
  return (
    labels.length > 1 && labels.every((l) => l.length <= MAX_LABEL && LABEL.test(l)) && !/^\d+$/.test(labels.at(-1)!)
  );
}

/** What Hibernate Validator's `@Email` accepts: also hosts without a dot, addresses and underscores (docs/spec/api.md#7.5 right column). */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 0) return false;
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (local.length > MAX_LOCAL || domain.length > MAX_DOMAIN || !LOCAL.test(local)) return false;
  if (/^\[(?:\d{1,3}\.){3}\d{1,3}\]$/.test(domain) || /^\[IPv6:[0-9a-f:.]+\]$/i.test(domain)) return true;
  return domain.split('.').every((label) => label.length <= MAX_LABEL && LOOSE_LABEL.test(label));
}
