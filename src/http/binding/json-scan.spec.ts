import { Type } from 'class-transformer';
import { readObject } from './fields.js';
import { BeanValidationError, IllegalArgumentError } from '../../common/errors.js';
import { UnreadableBodyError } from '../http-errors.js';
import { ArrayMaxSize, IsArray, IsObject, IsString, WithoutNulls } from './rules.js';
import { checkedJson } from './json-scan.js';

class Leaf {
  @IsString() text!: string | null;
  @IsArray() @ArrayMaxSize(3) @IsString({ each: true }) texts!: (string | null)[] | null;
}
class Root {
  @IsString() text!: string | null;
  @IsObject() @Type(() => Leaf) leaf!: Leaf | null;
  @IsArray() @ArrayMaxSize(2) @Type(() => Leaf) @WithoutNulls() leaves!: (Leaf | null)[] | null;
}
const scan = (json: string) => checkedJson(json, { document: Root, objectName: 'root', maxValues: 400_000 });
const read = async (json: string) => readObject(Root, JSON.parse(await scan(json)), '');

it.each([
  '{}',
  '[]',
  '"a:b"',
  '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}',
  '{"a":"x:y","b":"\\"a\\":\\\\"}',
  '{"a:b":1,"c":"\\\\\\":"}',
  '{"":1,"\\u0061":1,"b":null}',
  '{"constructor":1,"prototype":2,"toString":3,"__proto":4}',
  '{"leaf":{"text":"a"},"text":"b","leaves":[{"text":"c"},{"text":"d"}]}',
  ' { "text" : -1.5 , "leaf" : [ true , false , null ] } ',
  `${'['.repeat(64)}${']'.repeat(64)}`,
  '{"unknown":[{},{},{},{},{},{}],"leaf":{"leaves":[1,2,3,4]}}',
])('%.60s stays as it is', (json) => expect(scan(json)).resolves.toBe(json));

it.each([
  ['{"a":1,"__proto__":{"a":2}}', 'No member may be named __proto__'],
  ['[{"b":{"\\u005f_proto__":1}}]', 'No member may be named __proto__'],
  ['{"text":{"\\u0000":"1"}}', 'No name of a member may hold U+0000'],
  [`${'['.repeat(65)}${']'.repeat(65)}`, 'the body is nested too deep'],
  [`${'{"a":'.repeat(100_000)}1`, 'the body is nested too deep'],
  [`[${'{},'.repeat(400_000)}{}]`, 'the body has too many values'],
  [`{${Array.from({ length: 1_001 }, (_, n) => `"k${n}":1`).join()}}`, 'the body has too many unknown members'],
  [`{"text":${'9'.repeat(1_001)}}`, 'a number is too long'],
])('%.60s is refused', (json, reason) =>
  expect(scan(json)).rejects.toThrow(new UnreadableBodyError(`JSON parse error: ${reason}`)),
);

it('of a member named twice the last counts, and the bounds of its list count each time', async () => {
  expect(await read('{"text":"a","\\u0074ext":"b","leaf":{"text":"c"},"leaf":{"texts":["d"]},"x":1,"x":2}')).toEqual({
    ...{ text: 'b', leaf: { text: null, texts: ['d'] }, leaves: null },
  });
  await expect(scan('{"leaves":[{},{},{}],"leaves":[]}')).rejects.toThrow(BeanValidationError);
  await expect(scan('{"leaves":[],"leaves":[{},{},{}]}')).rejects.toThrow(BeanValidationError);
});

it.each([
  ['{"leaves":[{},{},{}]}', 'leaves', 2],
  ['{"leaves":[null,1,"",[]]}', 'leaves', 2],
  ['{"leaves":[{},{"texts":["","","",""]}]}', 'leaves[1].texts', 3],
  ['{"leaf":{"texts":[1,2,3,4]}}', 'leaf.texts', 3],
])('%s has a list that is too long', async (json, field, max) => {
  const thrown: unknown = await scan(json).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(BeanValidationError);
  expect((thrown as BeanValidationError).violations).toEqual([{ field, message: `size must be between 0 and ${max}` }]);
});

it('counts the elements of the document itself', async () => {
  const list = (json: string) => checkedJson(json, { document: 3, objectName: 'list', maxValues: 10 });
  expect(await list('["a","b","c"]')).toBe('["a","b","c"]');
  await expect(list('["a","b",null,[]]')).rejects.toThrow(
    new IllegalArgumentError('The list must have at most 3 elements'),
  );
});

it.each(['{', '}', '[1', ']]', '{"a"', '{"a', '"\\', '!', 'é', '{,}', '[}', '{"text":01}', '{"text":1.}', '{"text":-}', '[1 2]', ''])(
  '%s stays no JSON',
  (json) => expect(read(json)).rejects.toThrow(SyntaxError),
); // prettier-ignore

it.each([
  ['7', '7'],
  ['1.0', '1.0'],
  ['-0', '-0'],
  ['1e400', '1e400'],
  ['-1E-2', '-1E-2'],
  ['118446744073709551615', '118446744073709551615'],
  ['118446744073709551616', '118446744073709551616'],
  ['0.1000', '0.1000'],
  ['123456789012345', '123456789012345'],
])('%s as a text is %s', async (number, text) => {
  expect(await read(`{"text":${number},"leaf":{"text":${number}},"leaves":[{"texts":[${number}]}]}`)).toEqual({
    text,
    leaf: { text, texts: null },
    leaves: [{ text: null, texts: [text] }],
  });
});

it('a number whose text needs care is still no object', () =>
  expect(read('{"leaf":1.0}')).rejects.toThrow(UnreadableBodyError));
