/** Header of Java's object streams: magic number, version 5. */
const STREAM = Buffer.from('aced0005', 'hex');
/** What follows is a text whose length takes two bytes. */
const SHORT_TEXT = 0x74;
/** What follows is a text whose length takes eight bytes. */
const LONG_TEXT = 0x7c;
const SHORT_TEXT_BYTES = 0xffff;

/**
 * A value as JSON in a text that Java has serialised. The reference reads every attribute of a session before it looks for the
 * one that it knows, and fails on bytes that are no object of Java (docs/spec/security-integrations-jobs.md#1.7). JSON's escapes
 * keep the text in ASCII, where Java's UTF-8 is everybody's.
 */
export function writeSessionText(value: unknown): Buffer {
  const json = JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const head =
    json.length > SHORT_TEXT_BYTES ? Buffer.from([LONG_TEXT, 0, 0, 0, 0, 0, 0, 0, 0]) : Buffer.from([SHORT_TEXT, 0, 0]);
  if (head[0] === LONG_TEXT) head.writeBigUInt64BE(BigInt(json.length), 1);
  else head.writeUInt16BE(json.length, 1);
  return Buffer.concat([STREAM, head, Buffer.from(json, 'latin1')]);
}

/** The value that `writeSessionText` was given; former versions of the service wrote the JSON alone. */
export function readSessionText(bytes: Buffer): unknown {
  if (!bytes.subarray(0, STREAM.length).equals(STREAM)) return JSON.parse(bytes.toString('utf8'));
  const start = STREAM.length + (bytes[STREAM.length] === LONG_TEXT ? 9 : 3);
  return JSON.parse(bytes.toString('latin1', start));
}
