/**
 * The decorators of class-validator with the meaning that Bean Validation gives them, which clients rely on
 * (docs/spec/api.md#7.1): null passes unless the rule is about presence, lengths are UTF-16 units, and the texts are
 * Java's. They stand in class-validator's own storage; `DtoValidator` runs them, `validateSync` would too. Below them the
 * rules of our own. A member of a DTO also says by them how it is read (`fieldsOf`): `IsString`, `IsBoolean`,
 * `IsPrimitiveBoolean`, `IsInt`, `IsLocalDate`, `IsDate`, `IsIn`, `IsObject` or `ValidateNested` with `@Type`, `IsArray` or
 * `IsSet` with `ArrayMaxSize` and the elements' `IsString({ each: true })` or `@Type`.
 */
import { Transform } from 'class-transformer';
import * as standard from 'class-validator';
import { ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';
import { isValidHetu } from '../../common/hetu.js';
import { isEmail } from '../../common/sahkoposti.js';

/** Characters of a text that is looked for in surname and first names together, which have 255 each at most. */
export const LONGEST_SEARCH = 600;
/** Characters of one name at most. */
export const LONGEST_NAME = 255;
/** Greatest number of a Java int, which stands for "no upper bound". */
const MAX_INT = 2_147_483_647;

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;
/** Null passes. */
const IF_GIVEN: ValidationOptions = { validateIf: (_object, value) => isGiven(value) };

const size = (min: number, max: number): string => `size must be between ${min} and ${max}`;

/** A rule on a text; null and what is no text pass. */
export const textRule = (name: string, message: string, test: (text: string) => boolean, constraints: unknown[] = []) =>
  ValidateBy(
    { name, constraints, validator: { validate: (value) => typeof value !== 'string' || test(value) } },
    { ...IF_GIVEN, message },
  );

/* How a member is read. */

/** Text; null elements of a list are kept. */
export const IsString = (options: { each?: boolean } = {}) =>
  ValidateBy(
    { name: 'isString', validator: { validate: (value) => !isGiven(value) || typeof value === 'string' } },
    { ...options, message: 'must be a text' },
  );
export const IsBoolean = () => standard.IsBoolean(IF_GIVEN);
export const IsInt = () => standard.IsInt(IF_GIVEN);
/** An instant: `Date`. */
export const IsDate = () => standard.IsDate(IF_GIVEN);
/** Exactly one of `values`. */
export const IsIn = (values: readonly string[]) => standard.IsIn(values, IF_GIVEN);
export const IsObject = () => standard.IsObject(IF_GIVEN);
export const IsArray = () => standard.IsArray(IF_GIVEN);

/** A Java primitive: absent and null are false. */
export const IsPrimitiveBoolean = () =>
  ValidateBy({ name: 'isPrimitiveBoolean', validator: { validate: (value) => typeof value === 'boolean' } });

/** `LocalDate`: a day as `YYYY-MM-DD`. */
export const IsLocalDate = () => textRule('isLocalDate', 'must be a date', (text) => /^\d{4}-\d{2}-\d{2}$/.test(text));

/** A Java set: texts appear once each, and the paths of elements that break a rule carry no index. */
export const IsSet = () =>
  ValidateBy({ name: 'isSet', validator: { validate: (value) => Array.isArray(value) } }, IF_GIVEN);

/** Null elements of a list are left out when it is read. */
export const WithoutNulls = () =>
  Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.filter(isGiven) : value), {
    toClassOnly: true,
  });

/* Bean Validation's. */

/** Not null; `each`: no element is. */
export const IsDefined = (options: { each?: boolean } = {}) =>
  standard.IsDefined({ ...options, message: 'must not be null' });

/** A text that is neither null nor empty; spaces count as content. */
export const IsNotEmpty = (message = 'must not be empty') => standard.IsNotEmpty({ message });

/** A list that is neither null nor empty. */
export const ArrayNotEmpty = () => standard.ArrayNotEmpty({ message: 'must not be empty' });

/** At most so many elements; more are refused before an object is made of any (docs/adr/0089-hostile-bodies.md). */
export const ArrayMaxSize = (max: number) => standard.ArrayMaxSize(max, { ...IF_GIVEN, message: size(0, max) });

/** Fewest elements; `max` is named beside it. */
export const ArrayMinSize = (min: number, max: number) =>
  standard.ArrayMinSize(min, { ...IF_GIVEN, message: size(min, max) });

/** The rules of the object or of each element count too; null elements of a list break this one. */
export const ValidateNested = (options: { each?: boolean } = {}) =>
  standard.ValidateNested({ ...options, message: 'must not be null' });

/** UTF-16 units of a text. */
export const Length = (min: number, max = MAX_INT) =>
  textRule('isLength', size(min, max), ({ length }) => length >= min && length <= max, [min, max]);

export const MaxLength = (max: number) => textRule('maxLength', size(0, max), ({ length }) => length <= max, [max]);

export const Min = (min: number) =>
  standard.Min(min, { ...IF_GIVEN, message: `must be greater than or equal to ${min}` });
export const Max = (max: number) => standard.Max(max, { ...IF_GIVEN, message: `must be less than or equal to ${max}` });

/** What Hibernate Validator takes (docs/spec/api.md#7.5); the empty text passes. */
export const IsEmail = () =>
  textRule('isEmail', 'must be a well-formed email address', (text) => text === '' || isEmail(text));

/** Not null, and more than white space. */
export const IsNotBlank = () =>
  ValidateBy(
    { name: 'isNotBlank', validator: { validate: (value) => typeof value === 'string' && value.trim() !== '' } },
    { message: 'must not be blank' },
  );

/* Rules of the register. */

/** What rules need to know of the settings; `DtoValidator` gives it to the constructors of their constraint classes. */
export interface RuleSettings {
  /** Hetut with individual numbers 900-999 are valid. */
  readonly allowFakeSsn: boolean;
}

/** Null and the empty text pass (docs/spec/henkilo.md#1.1). */
@standard.ValidatorConstraint({ name: 'isHetu' })
class HetuConstraint implements standard.ValidatorConstraintInterface {
  constructor(private readonly settings: RuleSettings = { allowFakeSsn: true }) {}

  validate(value: unknown): boolean {
    return typeof value !== 'string' || value === '' || isValidHetu(value, { allowFake: this.settings.allowFakeSsn });
  }
}
export const IsHetu = () => ValidateBy({ name: 'isHetu', validator: HetuConstraint }, { message: 'invalid.hetu' });

/** The language of contact: fi, sv or en; null and one without code pass. */
export const IsAsiointikieli = () =>
  ValidateBy(
    {
      name: 'isAsiointikieli',
      validator: {
        validate: (value: { kieliKoodi?: string | null } | null) =>
          !isGiven(value?.kieliKoodi) || ['fi', 'sv', 'en'].includes(value!.kieliKoodi!),
      },
    },
    { message: 'invalid.asiointikieli' },
  );

/** At most so many words between spaces: each costs the database a condition. */
export const MaxWords = (max: number) =>
  textRule(
    'maxWords',
    `must have at most ${max} words`,
    (text) => text.split(' ', 1_000).filter((word) => word !== '').length <= max,
  );

/** The text fits a column of 255 characters. */
export const MaxLength255 = () =>
  textRule('maxLength255', size(0, 255), (text) => text.length <= 255 || [...text].length <= 255);

/** The text holds no U+0000, which PostgreSQL cannot store. */
const NoNullCharacter = () =>
  textRule('noNullCharacter', 'must not contain the character U+0000', (text) => !text.includes('\0'));

/** Several decorators of a member as one, as if they stood above each other in this order. */
export const member =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, key) => {
    for (const decorate of decorators.toReversed()) decorate(target, key);
  };

/** Both of the above. */
export const StorableText = () => member(NoNullCharacter(), MaxLength255());

/** Marks a rule of the whole object, which comes after those of its members. */
export const OBJECT_RULE = 'objectRule';

/**
 * A rule that looks at several members.
 * @param field path under which clients see the broken rule, e.g. `nicknameOk`; null: of the whole object
 */
export const ObjectRule =
  <T extends object>(field: string | null, message: string, test: (dto: T) => boolean): ClassDecorator =>
  (target) =>
    standard.registerDecorator({
      name: message,
      target,
      propertyName: field ?? '',
      options: { message, context: OBJECT_RULE },
      validator: { validate: (_value: unknown, args?: ValidationArguments) => test(args!.object as T) },
    });

/** At least one of the members is given; an empty text counts as given. */
export const AtLeastOneGiven = (...members: string[]) =>
  ObjectRule<Record<string, unknown>>(null, `Ainakin yksi kentistä ${members.join('/')} on annettava`, (dto) =>
    members.some((member) => isGiven(dto[member])),
  );
