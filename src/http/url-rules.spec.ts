import { judgeUrl } from './url-rules.js';

const judge = (target: string) => {
  const verdict = judgeUrl(target, '/onr');
  return verdict.kind === 'path' ? verdict.url : `<${verdict.kind}>`;
};

it.each([
  ['/onr/henkilo/1.2.246', '/henkilo/1.2.246'],
  ['/onr/henkilo/', '/henkilo'],
  ['/onr/henkilo/?page=1', '/henkilo?page=1'],
  ['/onr', '/'],
  ['/onr/', '/'],
  ['/onr/henkilo/hetu=010100+123A', '/henkilo/hetu=010100+123A'],
  ['/onr/henkilo/hetu=010100%2B123A', '/henkilo/hetu=010100%2B123A'],
  ['/onr/oppija/tuonti%3D12/perustiedot?a=%3D', '/oppija/tuonti=12/perustiedot?a=%3D'],
  ['/onr/henkilo/hetu%3d010100%2B123A', '/henkilo/hetu=010100%2B123A'],
  ['/onr/henkilo/yhteystieto=a%40b.fi/oid', '/henkilo/yhteystieto=a%40b.fi/oid'],
  ['/onr/henkilo/hakutermi=%C3%84iti%20L', '/henkilo/hakutermi=%C3%84iti%20L'],
  ['/onr/x?a=//;%2e%25\\', '/x?a=//;%2e%25\\'],
  ['/onr/a..b/c.d', '/a..b/c.d'],
  ['/onrx', '<outside>'],
  ['/', '<outside>'],
  ['/onr/a;b=1', '<rejected>'],
  ['/onr/a%3Bb', '<rejected>'],
  ['/onr/a%25b', '<rejected>'],
  ['/onr//a', '<rejected>'],
  ['/onr/a/', '/a'],
  ['/onr/a//', '<rejected>'],
  ['/onr/%2e%2e/a', '<rejected>'],
  ['/onr/../a', '<rejected>'],
  ['/onr/./a', '<rejected>'],
  ['/onr/a%5Cb', '<rejected>'],
  ['/onr/a%00b', '<illegal>'],
  ['/onr/a%0Ab', '<rejected>'],
  ['/onr/a%E2%80%A8b', '<rejected>'],
  ['/onr/a%FFb', '<illegal>'],
  ['/onr/a\\b', '<rejected>'],
  ['/onr/a%2Fb', '<illegal>'],
  ['/onr/a[b]', '<illegal>'],
  ['/onr/a%zz', '<illegal>'],
  ['/onr/a%', '<illegal>'],
  ['/onr/a{b}', '<illegal>'],
])('%s → %s', (target, expected) => expect(judge(target)).toBe(expected));
