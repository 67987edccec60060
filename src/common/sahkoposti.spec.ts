import { isContactEmail, isEmail } from './sahkoposti.js';

const long = (n: number) => 'a'.repeat(n);

// docs/spec/api.md#7.5 and docs/spec/henkilo.md#0.11: address, as a contact value, as an import's notification address
it.each([
  ...[
    'a@b.fi',
    'A.B+c_d-e@x.y.fi',
    'a@x.f',
    'ä@x.fi',
    'a@ä.fi',
    `${long(64)}@x.fi`,
    '"a b"@x.fi',
    "!#$%&'*/=?^`{|}~@x.fi",
    'a/b@b.fi',
  ].map((a) => [a, true, true] as const),
  ...['a@b', 'a@localhost', 'a@1.2.3.4', 'a@[1.2.3.4]', 'a@x.123', 'a@x_y.fi'].map((a) => [a, false, true] as const),
  ...['a(c)@x.fi', '(c)a@b.fi'].map((a) => [a, true, false] as const),
  ...[
    'a..b@x.fi',
    '.a@x.fi',
    'a.@x.fi',
    'a@x..fi',
    'a@-x.fi',
    'a@x-.fi',
    'a@x.fi.',
    ' a@x.fi',
    'a@x.fi ',
    'a b@x.fi',
  ].map((a) => [a, false, false] as const),
  ...['Matti <a@x.fi>', 'a@b@c.fi', '@x.fi', 'a@', 'a,b@x.fi', `${long(65)}@x.fi`, `a@${long(64)}.fi`, 'a', ''].map(
    (a) => [a, false, false] as const,
  ),
])('%s', (address, contact, email) =>
  expect({ contact: isContactEmail(address), email: isEmail(address) }).toEqual({ contact, email }),
);
