import { Clock } from '../common/clock.js';
import { redirectLines } from '../common/lines.js';
import { TilaService } from './tila.service.js';

beforeAll(() =>
  redirectLines({ write: () => undefined, flush: () => undefined, hasRoom: () => Promise.resolve(true) }),
);
afterAll(() => redirectLines(null));

it('reads a certificate again that could not be read, and one that could after an hour only', async () => {
  const expires = new Date('2030-01-01T00:00:00Z');
  const findCertificateExpiry = jest.fn().mockRejectedValueOnce(new Error('unreadable')).mockResolvedValue(expires);
  const nothing = {} as never; // the parts that need it fail, each by itself
  const config = { vtjKysely: { keystore: {} }, personDocuments: { enabled: false } } as never;
  const vtjKysely = { findCertificateExpiry } as never;
  const service = new TilaService(config, new Clock(), nothing, nothing, nothing, vtjKysely);
  const states = [];
  for (let time = 0; time < 3; time++) {
    states.push((await service.getTila()).varmenteet);
    service.forget();
  }

  expect(states).toMatchObject([
    { kunto: 'failed', syy: expect.stringContaining('unreadable') as string },
    { kunto: 'ok', tiedot: [{ name: 'vtjkysely', expires }] },
    { kunto: 'ok', tiedot: [{ name: 'vtjkysely', expires }] },
  ]);
  expect(findCertificateExpiry).toHaveBeenCalledTimes(2);
});
