import { deflateRawSync, deflateSync } from 'node:zlib';
import { ticketOfLogoutRequest } from './logout-request.js';

const xml = (ticket: string) =>
  `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><samlp:SessionIndex>${ticket}</samlp:SessionIndex></samlp:LogoutRequest>`;

it.each([
  ['XML', xml('ST-1-x')],
  ['without prefix and with spaces', '<LogoutRequest><SessionIndex>\n ST-1-x </SessionIndex></LogoutRequest>'],
  ['base64 of the deflated XML', deflateRawSync(xml('ST-1-x')).toString('base64')],
  ['base64 of the XML deflated with a header', deflateSync(xml('ST-1-x')).toString('base64')],
])('reads the ticket of %s', (_form, value) => expect(ticketOfLogoutRequest(value)).toBe('ST-1-x'));

it('gives nothing for a request without a ticket', () => {
  expect(ticketOfLogoutRequest('<x><SessionIndex/></x>')).toBeNull();
  expect(ticketOfLogoutRequest(deflateRawSync('<x/>').toString('base64'))).toBeNull();
});

it.each(['', 'nonsense', '<x/>', deflateRawSync('<'.repeat(1_000_000)).toString('base64')])('refuses %.20s', (value) =>
  expect(() => ticketOfLogoutRequest(value)).toThrow(),
);
