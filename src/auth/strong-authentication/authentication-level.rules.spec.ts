import { readConfig } from '../../config/config.js';
import { levelOfCasLogin, levelOfToken, methodsOf } from './authentication-level.rules.js';

const settings = (env: Record<string, string>) => readConfig(env).strongAuthentication;
const enforced = settings({ ONR_MFA: 'enforce', ONR_MFA_CAS_VALUES: 'mfa-x', ONR_MFA_ACR_VALUES: 'gold,silver' });

it.each([
  [{ authnContextClass: 'mfa-x' }, ['mfa-x']],
  [{ authnContextClass: ['a', 'mfa-x'], authenticationMethod: 'b' }, ['a', 'mfa-x', 'b']],
  [{ authnContextClass: { '#text': 'mfa-x' }, authenticationMethod: '' }, []],
  [{ other: 'mfa-x' }, []],
  [{ authnContextClass: 'x'.repeat(201) }, []],
  [{ authnContextClass: 'x'.repeat(200) }, ['x'.repeat(200)]],
  [{ authnContextClass: ['mfa-x', null, ...Array<string>(30).fill('a')] }, ['mfa-x', ...Array<string>(19).fill('a')]],
])('reads of the assertion %j how the user logged in', (attributes, methods) =>
  expect(methodsOf(attributes, ['authnContextClass', 'authenticationMethod', 'constructor'])).toEqual(methods),
);

it('knows two factors by exact values, and no level while the setting is off', () => {
  expect(levelOfCasLogin(['a', 'mfa-x'], enforced)).toBe('strong');
  expect(levelOfCasLogin(['MFA-X', 'mfa-x2'], enforced)).toBe('weak');
  expect(levelOfCasLogin([], enforced)).toBe('weak');
  expect(levelOfToken({ acr: 'silver' }, enforced)).toBe('strong');
  expect(levelOfToken({ amr: ['mfa'] }, enforced)).toBe('strong');
  expect(levelOfToken({ amr: ['pwd', 'mfa'] }, enforced)).toBe('strong');
  expect(levelOfToken({}, enforced)).toBe('weak');
  expect(levelOfToken({ acr: 'silve', amr: ['pwd'] }, enforced)).toBe('weak');
  expect(levelOfToken({ acr: ['silver'], amr: 'mfa' }, enforced)).toBe('weak');
  expect(levelOfToken({ acr: { silver: true }, amr: [['mfa'], null] }, enforced)).toBe('weak');
  expect(levelOfCasLogin(['mfa-x'], settings({}))).toBeNull();
  expect(levelOfToken({ acr: 'silver' }, settings({}))).toBeNull();
});

it('takes `none` for an empty list', () => {
  const none = settings({ ONR_MFA: 'enforce', ONR_MFA_RIGHTS: 'none', ONR_MFA_AMR_VALUES: 'none' });
  expect(none.rights).toEqual([]);
  expect(levelOfToken({ amr: ['mfa'] }, none)).toBe('weak');
});
