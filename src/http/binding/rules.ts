import { isValidHetu } from '../../common/hetu.js';
import { isEmail } from '../../common/sahkoposti.js';
import { fieldRule, ObjectRuleFor } from './fields.js';

/* The rules of docs/spec/api.md#7.1, docs/spec/api.md#7.2 with their texts. Except for NotNull, NotEmpty and NotBlank, null passes. */

/** Characters of a text that is looked for in surname and first names together, which have 255 each at most. */
export const LONGEST_SEARCH = 600;
/** Characters of one name at most. */
export const LONGEST_NAME = 255;

let fakesAllowed = true;

/** Whether `@ValidateHetu` accepts individual numbers 900-999 (setting `allow-fake-ssn`); said once at start. */
export function allowFakeHetut(allowed: boolean): void {
  fakesAllowed = allowed;
}

const lengthOf = (value: unknown): number | null =>
  typeof value === 'string' || Array.isArray(value) ? value.length : null;

export const NotNull = () =>
  fieldRule({ message: 'must not be null', test: (value) => value !== null && value !== undefined });

/** Not null and not empty; spaces count as content. */
export const NotEmpty = (message = 'must not be empty') =>
  fieldRule({ message, test: (value) => (lengthOf(value) ?? 0) > 0 });

export const NotBlank = () =>
  fieldRule({ message: 'must not be blank', test: (value) => typeof value === 'string' && value.trim() !== '' });

export const Size = (min: number, max = 2147483647) =>
  fieldRule({
    message: `size must be between ${min} and ${max}`,
    test: (value) => {
      const length = lengthOf(value);
      return length === null || (length >= min && length <= max);
    },
  });

/** At most so many words between spaces: each costs the database a condition. */
export const Words = (max: number) =>
  fieldRule({
    message: `must have at most ${max} words`,
    test: (value) => typeof value !== 'string' || value.split(' ', 1_000).filter((word) => word !== '').length <= max,
  });

export const Min = (min: number) =>
  fieldRule({
    message: `must be greater than or equal to ${min}`,
    test: (value) => typeof value !== 'number' || value >= min,
  });

export const Max = (max: number) =>
  fieldRule({
    message: `must be less than or equal to ${max}`,
    test: (value) => typeof value !== 'number' || value <= max,
  });

/** E-mail addresses as docs/spec/api.md#7.5 has them in its right column; the empty text passes. */
export const Email = () =>
  fieldRule({
    message: 'must be a well-formed email address',
    test: (value) => typeof value !== 'string' || value === '' || isEmail(value),
  });

/** The text must match as a whole; null passes. */
export const Pattern = (pattern: RegExp, message: string) =>
  fieldRule({ message, test: (value) => typeof value !== 'string' || pattern.test(value) });

/** Null and the empty text pass (docs/spec/henkilo.md#1.1). */
export const ValidateHetu = () =>
  fieldRule({
    message: 'invalid.hetu',
    test: (value) => typeof value !== 'string' || value === '' || isValidHetu(value, { allowFake: fakesAllowed }),
  });

/** The language of contact: fi, sv or en; null and one without code pass. */
export const ValidateAsiointikieli = () =>
  fieldRule({
    message: 'invalid.asiointikieli',
    test: (value) => {
      const code = (value as { kieliKoodi?: string | null } | null)?.kieliKoodi;
      return code === null || code === undefined || code === 'fi' || code === 'sv' || code === 'en';
    },
  });

/** At least one of the members is given; an empty text counts as given. */
export const ValidateAtLeastOneNotNull = (...members: string[]) =>
  ObjectRuleFor<Record<string, unknown>>(null, `Ainakin yksi kentistä ${members.join('/')} on annettava`, (dto) =>
    members.some((member) => dto[member] !== null && dto[member] !== undefined),
  );
