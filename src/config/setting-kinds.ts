import { arn, httpUrl, text, wholeNumber } from './setting-types.js';
import { optional, setting, type Mode, type Refusal, type Requirement, type Setting } from './setting.js';

/** What several settings have in common. */

const LOOPBACK = /^(.*\.)?localhost\.?$|^127\.|^0\.0\.0\.0$|^\[::1?\]$|^\[::ffff:7f/;

/** Of the address of another system. */
export const ON_THIS_MACHINE: Refusal<string> = {
  when: (url, { allowsLoopback }) => !allowsLoopback && LOOPBACK.test(new URL(url).hostname),
  reason: 'points at this machine, which is only fit for a sandbox',
};

/** Names, description and the like of a setting. */
type About<T> = Pick<Setting<T>, 'names' | 'description' | 'required'>;

export const peerAddress = (about: About<string> & Pick<Setting<string>, 'fallback' | 'fallbackText'>) =>
  setting({ ...about, type: httpUrl, refusals: [ON_THIS_MACHINE] });

export const optionalPeerAddress = (about: About<string>, refusals: readonly Refusal<string>[] = []) =>
  optional({ ...about, type: httpUrl, refusals: [ON_THIS_MACHINE, ...refusals] });

/** Required, and in production another than that of sandbox and test. */
export const secret = (sandboxValue: string, about: About<string>) =>
  setting({
    required: {},
    ...about,
    type: text,
    fallback: sandboxValue,
    fallbackText: 'that of the sandbox',
    refusals: [{ when: (value) => value === sandboxValue, reason: 'is the sandbox secret' }],
  });

export const milliseconds = (
  min: number,
  max: number,
  about: About<number> & { fallback: number | ((mode: Mode) => number) },
) => setting({ ...about, type: wholeNumber(min, max), unit: 'ms' });

/** @param service of AWS */
export const awsName = (service: string, about: About<string>) =>
  optional({
    ...about,
    type: arn(service),
    refusals: [
      {
        when: (name) => !/^\d{12}$/.test(name.split(':')[4] ?? ''),
        reason: 'names an account that AWS does not have: twelve digits',
      },
    ],
  });

/** Production must be given the setting where one of these is on. */
export const requiredWith = (...names: readonly string[]): Requirement => ({ with: names });
