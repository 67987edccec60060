import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const MAX_BYTES = 5_000_000;

/** What secrets look like that are of use to somebody. */
const SECRETS: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN (?:RSA |EC |OPENSSH |ENCRYPTED |DSA )?PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}/,
  'a key of AWS': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  'a secret of AWS': /aws_?secret_?access_?key["']?\s*[:=]\s*["']?[A-Za-z0-9/+]{40}\b/i,
  'a token of GitHub': /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*[^\s$]{10}/,
  'a webhook of Slack': /hooks\.slack\.com\/services\/T[A-Z0-9]{6,}\/B[A-Z0-9]{6,}\/\w{20,}/,
  'a token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  'a key of Google': /\bAIza[\w-]{35}\b/,
  'a signed token': /\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{40,}/,
  'a password in an address':
    /\b(?:postgres(?:ql)?|https?|amqp|redis):\/\/[^\s:@/"'`$]+:(?!oph@|secret@|password@|\$)[^\s:@/"'`${}<>…]{8,}@(?!localhost|127\.|[\w.-]*example)[\w.-]+\.(?:fi|com|net|org|io)\b/,
};

/** Files of the checkout, as git knows them: also those that are about to be committed. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 100_000_000,
})
  .split('\0')
  .filter((file) => file !== '' && statSync(path.join(ROOT, file), { throwIfNoEntry: false })?.isFile());

const find = (text: string) => Object.entries(SECRETS).flatMap(([kind, pattern]) => (pattern.test(text) ? [kind] : []));

/** In two parts, so that this file holds none itself. */
it.each([
  ['a private key', '-----BEGIN PRIVATE', ' KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'],
  ['a key of AWS', 'AKIA', 'ABCDEFGHIJKLMNOP'],
  ['a secret of AWS', 'AWS_SECRET_ACCESS_KEY=', 'abcdefghij'.repeat(4)],
  ['a token of GitHub', 'ghp_', 'a1'.repeat(18)],
  ['a token of npm', 'npm_', 'a1'.repeat(18)],
  ['a webhook of Slack', 'https://hooks.slack.com/services/', `T0000000/B0000000/${'x'.repeat(24)}`],
  ['a token of Slack', 'xoxb-', '1234567890'],
  ['a key of Google', 'AIza', 'a'.repeat(35)],
  ['a signed token', `eyJ${'a'.repeat(20)}.`, `eyJ${'b'.repeat(20)}.${'c'.repeat(43)}`],
  ['a password in an address', 'postgres://onr:', 'korkeasalaisuus@db.opintopolku.fi/onr'],
])('finds %s', (kind, start, rest) => {
  expect(find(start + rest)).toEqual([kind]);
});

it('no file of the repository holds a secret', () => {
  const found = files.flatMap((file) => {
    if (statSync(path.join(ROOT, file)).size > MAX_BYTES) return [];
    return find(readFileSync(path.join(ROOT, file), 'latin1')).map((kind) => `${file}: ${kind}`);
  });
  expect(files.length).toBeGreaterThan(500);
  expect(found).toEqual([]);
});

it('no file is too large to be searched but the recordings', () => {
  const large = files.filter((file) => statSync(path.join(ROOT, file)).size > MAX_BYTES);
  expect(large.filter((file) => !file.startsWith('test/conformance/kit/'))).toEqual([]);
});

it('no code is made of texts', () => {
  const sources = files.filter((file) => /^src\/.*\.ts$/.test(file));
  expect(
    sources.filter((file) => /\beval\(|new Function\(|node:vm/.test(readFileSync(path.join(ROOT, file), 'utf8'))),
  ).toEqual([]);
});
