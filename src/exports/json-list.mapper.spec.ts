import { Readable } from 'node:stream';
import { toJsonList } from './json-list.mapper.js';

const listOf = async (pieces: readonly string[]) => {
  const list = Readable.from(pieces.map((piece) => Buffer.from(piece, 'utf8'))).pipe(toJsonList());
  return Buffer.concat((await list.toArray()) as Buffer[]).toString('utf8');
};

it.each([
  ['of nobody', [], '[\n\n]\n'],
  ['of one', ['{"a":1},\n'], '[\n{"a":1}\n]\n'],
  ['of rows that come together', ['{"a":1},\n{"a":2},\n'], '[\n{"a":1},\n{"a":2}\n]\n'],
  ['of rows one by one', ['{"a":1},\n', '{"a":2},\n'], '[\n{"a":1},\n{"a":2}\n]\n'],
  ['of rows cut anywhere', ['{"a"', ':"ä', '"}', ',', '\n', '{"a":2', '},\n'], '[\n{"a":"ä"},\n{"a":2}\n]\n'],
  ['of bytes', [...'{"a":",\\n"},\n{},\n'], '[\n{"a":",\\n"},\n{}\n]\n'],
])('makes a list %s', async (_of, pieces, list) => expect(await listOf(pieces)).toBe(list));
