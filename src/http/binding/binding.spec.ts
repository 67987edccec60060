import { Type } from 'class-transformer';
import { BeanValidationError } from '../../common/errors.js';
import { readObject } from './fields.js';
import { bindQuery } from './query.js';
import {
  ArrayMaxSize,
  AtLeastOneGiven,
  IsArray,
  IsAsiointikieli,
  IsBoolean,
  IsDate,
  IsDefined,
  IsHetu,
  IsIn,
  IsInt,
  IsLocalDate,
  IsNotBlank,
  IsNotEmpty,
  IsObject,
  IsPrimitiveBoolean,
  IsSet,
  IsString,
  Length,
  ObjectRule,
  ValidateNested,
  WithoutNulls,
} from './rules.js';
import { DtoValidator } from './validate.js';

class ArvoDto {
  @IsString() @IsNotEmpty() koodi!: string | null;
}

@AtLeastOneGiven('text', 'long')
class AnyDto {
  @IsString() text!: string | null;
  @IsBoolean() boolean!: boolean | null;
  @IsPrimitiveBoolean() primitive!: boolean;
  @IsInt() long!: number | null;
  @IsLocalDate() date!: string | null;
  @IsDate() instant!: Date | null;
  @IsIn(['A', 'B']) letter!: string | null;
  @ValidateNested() @Type(() => ArvoDto) nested!: ArvoDto | null;
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => ArvoDto) @WithoutNulls() list!:
    (ArvoDto | null)[] | null;
  @IsSet() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => ArvoDto) set!: (ArvoDto | null)[] | null;
  @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) texts!: (string | null)[] | null;
  @IsSet() @ArrayMaxSize(100) @IsString({ each: true }) textSet!: (string | null)[] | null;
}
const read = (json: object) => readObject(AnyDto, json, '')!;

describe('reading JSON', () => {
  it('takes absent as null and as false for a primitive', () => {
    expect({ ...read({}) }).toEqual({
      ...{ text: null, boolean: null, primitive: false, long: null, date: null, instant: null, letter: null },
      ...{ nested: null, list: null, set: null, texts: null, textSet: null },
    });
    expect(read({ primitive: null, unknown: 1, TEXT: 'x' })).toEqual(read({}));
  });

  it.each([
    ['text', 7, '7'],
    ['text', true, 'true'],
    ['text', '', ''],
    ['boolean', 'TRUE', true],
    ['boolean', 0, false],
    ['boolean', 2, true],
    ['boolean', '', null],
    ['primitive', '', false],
    ['long', '12', 12],
    ['long', 12.9, 12],
    ['date', ' 2020-02-29 ', '2020-02-29'],
    ['date', ' ', null],
    ['instant', 29364800000, new Date(29364800000)],
    ['instant', '2020-02-29', new Date('2020-02-29T00:00:00Z')],
    ['instant', '2020-02-29T10:00:00+0200', new Date('2020-02-29T08:00:00Z')],
    ['instant', '2020-02-29T10:00:00.123', new Date('2020-02-29T10:00:00.123Z')],
    ['letter', 'B', 'B'],
    ['texts', [1, null, 'a', 'a'], ['1', null, 'a', 'a']],
    ['textSet', ['a', 'b', 'a', null, null], ['a', 'b', null]],
    ['nested', null, null],
    ['list', [null, {}], [{ koodi: null }]],
  ])('%s: %j is read', (field, given, expected) =>
    expect(read({ [field]: given })).toMatchObject({ [field]: expected }),
  );

  it.each([
    ...[
      ['text', {}],
      ['text', []],
      ['boolean', 'yes'],
      ['boolean', 0.5],
      ['boolean', []],
      ['long', 'x'],
      ['long', true],
    ],
    ...[
      ['date', 20200229],
      ['date', '2019-02-29'],
      ['date', '2020-2-9'],
      ['date', [2020, 2, 29]],
      ['instant', 'juhannus'],
      ['instant', '123'],
    ],
    ...[
      ['letter', 'a'],
      ['letter', ''],
      ['letter', 0],
      ['nested', ''],
      ['nested', 1],
      ['nested', []],
      ['list', {}],
      ['list', ''],
      ['list', ['x']],
    ],
    ...[
      ['texts', 'a'],
      ['texts', [{}]],
      ['textSet', ''],
    ],
  ] as [string, unknown][])('%s: %j is refused without showing the value', (field, given) => {
    expect(() => read({ [field]: given })).toThrow(/^JSON parse error: Cannot read '/);
  });

  it('never takes a member of the prototype', () => {
    const json = JSON.parse('{"__proto__": {"text": "x"}, "constructor": {"text": "y"}}') as object;
    expect(read(json).text).toBeNull();
    expect(Object.getPrototypeOf(read(json))).toBe(AnyDto.prototype);
  });
});

const validator = new DtoValidator({ allowFakeSsn: true });
const broken = (json: object) => {
  try {
    validator.validate(read({ text: 'x', ...json }));
    return [];
  } catch (error) {
    return (error as BeanValidationError).violations;
  }
};

describe('validating', () => {
  it('names the path: index in lists, none in sets', () => {
    expect(broken({ nested: { koodi: '' }, list: [{ koodi: 'a' }, {}, null], set: [null, { koodi: '' }] })).toEqual([
      { field: 'nested.koodi', message: 'must not be empty' },
      { field: 'list[1].koodi', message: 'must not be empty' },
      { field: 'set[]', message: 'must not be null' },
      { field: 'set[].koodi', message: 'must not be empty' },
    ]);
  });

  it('checks rules of the whole object', () => {
    expect(broken({ text: null })).toEqual([{ field: null, message: 'Ainakin yksi kentistä text/long on annettava' }]);
    expect(broken({ text: '' })).toEqual([]);
  });

  it('knows the texts of the rules', () => {
    @ObjectRule<RulesDto>('nicknameOk', 'Nick name must be one of the first names', () => false)
    class RulesDto {
      @IsString() @IsDefined() notNull!: string | null;
      @IsString() @IsNotBlank() notBlank!: string | null;
      @IsString() @Length(3) size!: string | null;
      @IsString() @IsHetu() hetu!: string | null;
      @IsObject() @Type(() => KieliDto) @IsAsiointikieli() asiointiKieli!: KieliDto | null;
    }
    const check = (json: object) => {
      try {
        validator.validate(readObject(RulesDto, json, '')!);
        return [];
      } catch (error) {
        return (error as BeanValidationError).violations.map(({ field, message }) => `${field}: ${message}`);
      }
    };
    expect(check({ notBlank: ' ', size: 'ab', hetu: 'bad', asiointiKieli: { kieliKoodi: 'se' } })).toEqual([
      'notNull: must not be null',
      'notBlank: must not be blank',
      'size: size must be between 3 and 2147483647',
      'hetu: invalid.hetu',
      'asiointiKieli: invalid.asiointikieli',
      'nicknameOk: Nick name must be one of the first names',
    ]);
    expect(check({ notNull: '', notBlank: 'x', hetu: '', asiointiKieli: {} })).toEqual([
      'nicknameOk: Nick name must be one of the first names',
    ]);
  });
});

class KieliDto {
  @IsString() kieliKoodi!: string | null;
}

class CriteriaDto {
  @IsSet() @ArrayMaxSize(100) @IsString({ each: true }) oids!: string[] | null;
  @IsBoolean() passivoitu!: boolean | null;
  @IsPrimitiveBoolean() vainVirheet!: boolean;
  @IsInt() page: number | null = 1;
  @IsDate() jalkeen!: Date | null;
  @IsIn(['ASC', 'DESC']) sort: string | null = 'DESC';
}

describe('binding a query', () => {
  const bind = (query: Record<string, string | string[]>) => ({ ...bindQuery(CriteriaDto, query) });
  const defaults = { oids: null, passivoitu: null, vainVirheet: false, page: 1, jalkeen: null, sort: 'DESC' };

  it('keeps initial values', () => expect(bind({ nosuch: '1' })).toEqual(defaults));
  it.each([
    [{ oids: 'a,b,a' }, { oids: ['a', 'b'] }],
    [{ oids: ['a', 'b,c'] }, { oids: ['a', 'b,c'] }],
    [{ 'oids[]': ['a', 'b'] }, { oids: ['a', 'b'] }],
    [{ oids: '' }, { oids: [] }],
    [{ passivoitu: 'ON' }, { passivoitu: true }],
    [{ passivoitu: '' }, { passivoitu: null }],
    [{ vainVirheet: 'yes' }, { vainVirheet: true }],
    [{ page: '7' }, { page: 7 }],
    [{ jalkeen: '2020-01-01T00:00:00Z' }, { jalkeen: new Date('2020-01-01T00:00:00Z') }],
  ])('%j', (query, expected) => expect(bind(query as Record<string, string>)).toEqual({ ...defaults, ...expected }));
  it.each([{ vainVirheet: '' }, { vainVirheet: 'x' }, { page: 'x' }, { jalkeen: 'x' }, { sort: 'asc' }])(
    'refuses %j',
    (query) => {
      expect(() => bind(query as unknown as Record<string, string>)).toThrow(BeanValidationError);
    },
  );
});
