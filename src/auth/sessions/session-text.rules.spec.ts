import { readSessionText, writeSessionText } from './session-text.rules.js';

it('writes a text as Java does, in ASCII', () => {
  expect(writeSessionText({ a: 'ä😀' }).toString('latin1')).toBe(
    '\xac\xed\x00\x05t\x00\x1a{"a":"\\u00e4\\ud83d\\ude00"}',
  );
});

it('writes one that is longer than two bytes can tell as Java does', () => {
  const bytes = writeSessionText('x'.repeat(65_534));
  expect(bytes.toString('latin1', 0, 14)).toBe('\xac\xed\x00\x05|\x00\x00\x00\x00\x00\x01\x00\x00"');
  expect(readSessionText(bytes)).toBe('x'.repeat(65_534));
});

it('reads what it wrote, and what former versions wrote', () => {
  const login = { oid: '1.2.246.562.24.1', authorities: ['ROLE_Ä'] };
  expect(readSessionText(writeSessionText(login))).toEqual(login);
  expect(readSessionText(Buffer.from(JSON.stringify(login), 'utf8'))).toEqual(login);
});
