import { fieldRule } from './fields.js';

/** The text fits a column of 255 characters; null passes. */
export const MaxLength255 = () =>
  fieldRule({
    message: 'size must be between 0 and 255',
    test: (value) => typeof value !== 'string' || value.length <= 255 || [...value].length <= 255,
  });

/** The text holds no U+0000, which PostgreSQL cannot store; null passes. */
export const NoNullCharacter = () =>
  fieldRule({
    message: 'must not contain the character U+0000',
    test: (value) => typeof value !== 'string' || !value.includes('\0'),
  });

/** Both of the above. */
export const StorableText = (): PropertyDecorator => (target, key) => {
  MaxLength255()(target, key);
  NoNullCharacter()(target, key);
};
