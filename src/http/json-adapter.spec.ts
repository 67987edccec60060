import { connect, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { JsonAdapter } from './json-adapter.js';

describe('long answers', () => {
  const adapter = new JsonAdapter({ logger: false });
  /** Each answer says over and over which one it is; not all characters take one byte. */
  const answerOf = (nth: number) => Array.from({ length: 9000 }, () => `vastaus ${nth} äåö €`);
  let port: number;

  beforeAll(async () => {
    const server = adapter.getInstance();
    server.get('/:nth', (request, reply) => {
      const { nth } = request.params as { nth: string };
      adapter.reply(reply, answerOf(Number(nth)));
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
    port = (server.server.address() as AddressInfo).port;
  });
  afterAll(() => adapter.getInstance().close());

  const get = async (nth: number) => (await fetch(`http://127.0.0.1:${port}/${nth}`)).json();

  /** Asks for more than the system holds for it, and reads nothing until told to, as a caller on a bad line. */
  function slowCaller(asked: readonly number[]) {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.pause();
    socket.write(asked.map((nth) => `GET /${nth} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''));
    const read = async (): Promise<unknown[]> => {
      const answers: unknown[] = [];
      let bytes = Buffer.alloc(0);
      for await (const part of socket as AsyncIterable<Buffer>) {
        bytes = Buffer.concat([bytes, part]);
        const head = bytes.indexOf('\r\n\r\n') + 4;
        const end = head + Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, 500))?.[1]);
        if (bytes.length < end) continue;
        answers.push(JSON.parse(bytes.toString('utf8', head, end)));
        bytes = bytes.subarray(end);
        if (answers.length === asked.length) break;
      }
      return answers;
    };
    return { socket, read };
  }

  it('hold what was asked for, whoever else is answered or hangs up meanwhile', async () => {
    const asked = (first: number, size: number) => Array.from({ length: size }, (_, i) => first + i);
    const slow = asked(0, 2).map((nth) => ({ nth, ...slowCaller(asked(100 * nth, 40)) }));
    const gone = asked(0, 2).map((nth) => slowCaller(asked(1000 * nth, 40)));
    await wait(200);
    for (const { socket } of gone) socket.destroy();
    for (const first of [5000, 6000, 7000]) {
      expect(await Promise.all(asked(first, 20).map(get))).toEqual(asked(first, 20).map(answerOf));
    }
    for (const { nth, read } of slow) expect(await read()).toEqual(asked(100 * nth, 40).map(answerOf));
  });
});
