import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inBatches, readChanging } from '../../packages/client/src/paging.js';
import { withRetries } from '../../packages/client/src/retry.js';

describe('The retries of the client', () => {
  let server: Server;
  let answers: { status: number; headers?: Record<string, string> }[];
  let seen: { method: string; url: string; body: string; at: number }[];
  const send = withRetries((request) => fetch(request), { attempts: 4, firstDelay: 5, maxDelay: 2_000 });
  const at = (url: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${url}`;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () => {
        seen.push({ method: request.method!, url: request.url!, body, at: Date.now() });
        const { status, headers } = answers.shift() ?? { status: 200 };
        if (status === 0) request.socket.destroy();
        else response.writeHead(status, headers).end(String(status));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    seen = [];
  });

  const post = (url: string) => new Request(at(url), { method: 'POST', body: '["1.2.3"]' });

  it('sends the same body again after 429 and 503, as often as it may', async () => {
    answers = [{ status: 429 }, { status: 503 }];
    expect((await send(post('/henkilo/henkilotByHenkiloOidList'))).status).toBe(200);
    expect(seen.map(({ body }) => body)).toEqual(['["1.2.3"]', '["1.2.3"]', '["1.2.3"]']);

    seen = [];
    answers = [{ status: 503 }, { status: 503 }, { status: 503 }, { status: 503 }, { status: 503 }];
    expect((await send(post('/henkilo/henkilotByHenkiloOidList'))).status).toBe(503);
    expect(seen).toHaveLength(4);
  });

  it('waits as long as Retry-After says', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '1' } }];
    await send(new Request(at('/henkilo/1.2.3')));
    expect(seen[1]!.at - seen[0]!.at).toBeGreaterThanOrEqual(990);
  });

  it('tries again when the connection breaks', async () => {
    answers = [{ status: 0 }];
    expect((await send(new Request(at('/henkilo/1.2.3')))).status).toBe(200);
    expect(seen).toHaveLength(2);
  });

  it.each(['/henkilo', '/oppija'])('does not create twice: POST %s after 503 or a broken connection', async (url) => {
    answers = [{ status: 503 }];
    expect((await send(post(url))).status).toBe(503);
    answers = [{ status: 0 }];
    await expect(send(post(url))).rejects.toThrow();
    expect(seen).toHaveLength(2);
    answers = [{ status: 429 }];
    expect((await send(post(url))).status).toBe(200);
  });

  it('gives other errors at once', async () => {
    answers = [{ status: 500 }];
    expect((await send(new Request(at('/henkilo/1.2.3')))).status).toBe(500);
    expect(seen).toHaveLength(1);
  });
});

describe('The pages of the client', () => {
  const all = async (pages: AsyncIterable<string>) => {
    const oids: string[] = [];
    for await (const oid of pages) oids.push(oid);
    return oids;
  };

  it('are parts of any list', () => {
    expect([...inBatches([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
    expect([...inBatches([], 2)]).toEqual([]);
  });

  it('hold everybody once', async () => {
    const list = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const read = (offset: number, amount: number | null) =>
      Promise.resolve(list.slice(offset, amount === null ? undefined : offset + amount));
    for (const amount of [2, 3, 7, 8]) expect(await all(readChanging(read, amount))).toEqual(list);
    expect(await all(readChanging(() => Promise.resolve([]), 2))).toEqual([]);
  });

  it('pass over nobody although persons are changed between two pages', async () => {
    let list = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    let calls = 0;
    const read = (offset: number, amount: number | null) => {
      calls += 1;
      const page = list.slice(offset, amount === null ? undefined : offset + amount);
      // Who was changed is the last now, and everybody behind him is one place further in front.
      if (calls <= 3) list = [...list.slice(1), list[0]!];
      return Promise.resolve(page);
    };
    expect((await all(readChanging(read, 3))).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });

  it('are one page in the end, when the list never rests', async () => {
    let list = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const asked: (number | null)[] = [];
    const read = (offset: number, amount: number | null) => {
      asked.push(amount);
      const page = list.slice(offset, amount === null ? undefined : offset + amount);
      list = [...list.slice(1), list[0]!];
      return Promise.resolve(page);
    };
    expect((await all(readChanging(read, 3))).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(asked.at(-1)).toBeNull();
    expect(asked.length).toBeLessThan(20);
  });
});
