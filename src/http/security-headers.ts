/** Headers by lower-case name. */
export type HeaderValues = Readonly<Record<string, string>>;

/**
 * What a browser is told with every answer, errors and redirects included: Spring Security's default headers, and that nothing
 * here is a page that may load, run or be framed (docs/adr/0098-headers-and-connections.md).
 *
 * @param https callers reach the service by https, so a browser may be told to stay there
 */
export const securityHeaders = ({ https }: { https: boolean }): HeaderValues => ({
  'x-content-type-options': 'nosniff',
  'x-xss-protection': '0',
  'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
  pragma: 'no-cache',
  expires: '0',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  ...(https && { 'strict-transport-security': 'max-age=31536000 ; includeSubDomains' }),
});
