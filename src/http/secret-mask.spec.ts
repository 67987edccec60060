import { maskSecrets } from './secret-mask.js';

const ID = '0b5f2a52-3c0c-4a55-9b8f-0f6a3d9f1c11';

it.each([
  ['/x?ticket=ST-1-abc&a=b', '/x?ticket=****&a=b'],
  ['/x?a=b&ticket=whatever', '/x?a=b&ticket=****'],
  ['/x?ticket=a&ticket=b', '/x?ticket=****&ticket=****'],
  ['/x?tic%6bet=abc', '/x?tic%6bet=****'],
  ['/x?%74icket=abc&%2574icket=abc', '/x?%74icket=****&%2574icket=****'],
  ['/x?logoutRequest=%3CSessionIndex%3EST-9%3C/SessionIndex%3E&b=1', '/x?logoutRequest=****&b=1'],
  [`/henkilo/1;jsessionid=${ID}?a=b`, '/henkilo/1;jsessionid=****'],
  [`/henkilo/1;JSESSIONID=${ID}`, '/henkilo/1;JSESSIONID=****'],
  [`/henkilo/1%3Bjsessionid%3D${ID}`, '/henkilo/1%3Bjsessionid%3D****'],
  [`/henkilo/1%253Bjsessionid%253D${ID}&b=1`, '/henkilo/1%253Bjsessionid%253D****&b=1'],
  ['https://a/x?service=https%3A%2F%2Fb%2Fcheck%3Fticket%3Dabc%26c%3Dd', 'https://a/x?service=https%3A%2F%2Fb%2Fcheck%3Fticket%3D****'], // prettier-ignore
  ['/j_spring_cas_security_check?onr_return=abc&ticket=d', '/j_spring_cas_security_check?onr_return=****&ticket=****'],
  ['/x?access_token=eyJhbGciOiJSUzI1NiJ9.e30.x', '/x?access_token=****'],
  ['/path/ST-1234-AbCdEf0123456789-cas.example.fi', '/path/ST-****'],
  ['TGT-12-abcdefghijk PGTIOU-12-abcdefghijk', 'TGT-**** PGTIOU-****'],
  ['/x?tickets=abc&a=ticket', '/x?tickets=abc&a=ticket'],
  ['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0 (X11; Linux x86_64)'],
])('%s', (text, masked) => expect(maskSecrets(text)).toBe(masked));
