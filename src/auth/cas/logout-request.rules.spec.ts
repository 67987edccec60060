import { deflateRawSync, deflateSync } from 'node:zlib';
import { ticketsOfLogoutRequest } from './logout-request.rules.js';

const xml = (ticket: string) =>
  `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><samlp:SessionIndex>${ticket}</samlp:SessionIndex></samlp:LogoutRequest>`;

it.each([
  ['XML', xml('ST-1-x')],
  ['without prefix and with spaces', '<LogoutRequest><SessionIndex>\n ST-1-x </SessionIndex></LogoutRequest>'],
  ['XML with CDATA', '<LogoutRequest><SessionIndex x="y"> <![CDATA[ST-1-x]]> </SessionIndex></LogoutRequest>'],
  ['base64 of the deflated XML', deflateRawSync(xml('ST-1-x')).toString('base64')],
  ['base64 of the XML deflated with a header', deflateSync(xml('ST-1-x')).toString('base64')],
])('reads the ticket of %s', (_form, value) => expect(ticketsOfLogoutRequest(value)).toEqual(['ST-1-x']));

it('gives nothing for a request without a ticket', () => {
  expect(ticketsOfLogoutRequest('<x><SessionIndex/></x>')).toEqual([]);
  expect(ticketsOfLogoutRequest(deflateRawSync('<x/>').toString('base64'))).toEqual([]);
});

it.each(['', 'nonsense', '<x/>', deflateRawSync('<'.repeat(1_000_000)).toString('base64')])('refuses %.20s', (value) =>
  expect(() => ticketsOfLogoutRequest(value)).toThrow(),
);

it('reads all tickets of a request that names several', () =>
  expect(ticketsOfLogoutRequest(xml('ST-1-x</samlp:SessionIndex><samlp:SessionIndex>ST-2-y'))).toEqual([
    'ST-1-x',
    'ST-2-y',
  ]));

it.each([
  ['', '<SessionIndex '],
  ['', '<SessionIndex>a</'],
  ['', '<a:SessionIndex x'],
  ['<SessionIndex>', ' '],
  ['<SessionIndex>a', ' '],
  ['<SessionIndex><![CDATA[', '\n'],
  ['<SessionIndex>', 'a'],
])('takes no longer for a hostile text than for its length: %j and many %j', (start, part) => {
  const timeOf = (times: number) => {
    const text = `${start}${part.repeat(times)}<SessionIndex`;
    const begin = performance.now();
    ticketsOfLogoutRequest(text);
    return performance.now() - begin;
  };
  const best = (times: number) => Math.min(...Array.from({ length: 5 }, () => timeOf(times)));
  best(100);
  // 16 times as long: a search that tries every end for every start takes 256 times as long
  expect(best(32_000) / Math.max(best(2_000), 0.05)).toBeLessThan(100);
});
