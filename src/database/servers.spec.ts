import type { SessionAttributes } from '../common/database-url.js';
import { Servers, type ServerState } from './servers.js';

const PRIMARY: ServerState = { isStandby: false, isReadOnly: false };
const STANDBY: ServerState = { isStandby: true, isReadOnly: true };
/** A primary that somebody has set to `default_transaction_read_only`. */
const LOCKED: ServerState = { isStandby: false, isReadOnly: true };

/** The servers a, b, … in these states; null: away. What they are may be changed. */
function given(wanted: SessionAttributes, states: (ServerState | null)[]) {
  const asked: string[] = [];
  const servers = states.map((_, i) => ({ host: 'abc'[i]!, port: 5432, url: '' }));
  const ask = ({ host }: { host: string }) => {
    asked.push(host);
    const state = states['abc'.indexOf(host)];
    return state ? Promise.resolve(state) : Promise.reject(new Error('away'));
  };
  const all = new Servers(servers, wanted, ask);
  return { all, asked, states, find: async () => (await all.find()).host };
}

describe('the one of several servers', () => {
  it.each<[SessionAttributes, (ServerState | null)[], string]>([
    ['read-write', [STANDBY, PRIMARY], 'b'],
    ['read-write', [LOCKED, STANDBY, PRIMARY], 'c'],
    ['read-write', [null, PRIMARY], 'b'],
    ['primary', [STANDBY, LOCKED], 'b'],
    ['standby', [PRIMARY, STANDBY], 'b'],
    ['read-only', [PRIMARY, LOCKED], 'b'],
    ['prefer-standby', [PRIMARY, STANDBY], 'b'],
    ['prefer-standby', [PRIMARY, null], 'a'],
    ['any', [null, STANDBY], 'b'],
  ])('%s of %j is %s', async (wanted, states, expected) => {
    expect(await given(wanted, states).find()).toBe(expected);
  });

  it.each<[SessionAttributes, (ServerState | null)[]]>([
    ['read-write', [STANDBY, LOCKED, null]],
    ['standby', [PRIMARY]],
    ['any', [null, null]],
  ])('%s of %j: there is none', async (wanted, states) => {
    await expect(given(wanted, states).find()).rejects.toThrow(
      `none of ${states.length} servers is there and ${wanted}`,
    );
  });

  it('is remembered until a connection says otherwise, and looked for once for all who ask', async () => {
    const { all, asked, states, find } = given('read-write', [PRIMARY, STANDBY]);
    expect(await Promise.all([find(), find(), find()])).toEqual(['a', 'a', 'a']);
    expect(await find()).toBe('a');
    expect(asked).toEqual(['a', 'b']);
    states[0] = null;
    states[1] = PRIMARY;
    expect(await find()).toBe('a');
    all.forget();
    expect(await find()).toBe('b');
    expect(asked).toEqual(['a', 'b', 'a', 'b']);
  });

  it('after a failure is not looked for again at once, whoever asks', async () => {
    const { all, asked, states, find } = given('read-write', [null]);
    await expect(find()).rejects.toThrow('none of 1');
    all.forget();
    await expect(find()).rejects.toThrow('none of 1');
    expect(asked).toEqual(['a']);
    states[0] = PRIMARY;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await find()).toBe('a');
  });
});
