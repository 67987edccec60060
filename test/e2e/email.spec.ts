import { EmailService } from '../../src/email/email.service.js';
import { TuontiIlmoitusService } from '../../src/oppijat-tuonti/tuonti/tuonti-ilmoitus.service.js';
import { importRows, rivi } from '../support/imports.js';
import { newHetu } from '../support/persons.js';
import { useTestApp } from '../support/test-app.js';
import { tuoja } from '../support/users.js';

const app = useTestApp();
const addresses = (count: number) => Array.from({ length: count }, (_, n) => `tuoja${n}@example.fi`);
const send = () => app.nest.get(EmailService).sendDue(new AbortController().signal);
const queue = (recipients: string[], copy?: string) =>
  app.nest.get(EmailService).queue({ recipients, copy, subject: 'Aihe', body: '<b>Hei</b>' });
const mails = () =>
  app.query(
    'select queuedemailstatus_id as status, batch_sent as sent, last_attempt is not null as tried, lahetystunniste is not null as opened from queuedemail order by created',
  );
/** Sizes and keys of the messages, and the dispatches they belong to. A call before the login is made once more. */
async function sentToService() {
  const calls = (await app.peers.traffic()).filter(({ path }) => path.endsWith('/lahetys/v1/viestit'));
  const viestit = calls.map(({ body }) => body as { vastaanottajat: unknown[]; idempotencyKey: string; lahetysTunniste: string }); // prettier-ignore
  return {
    sizes: viestit.map(({ vastaanottajat }) => vastaanottajat.length),
    keys: viestit.map(({ idempotencyKey }) => idempotencyKey),
    lahetykset: new Set(viestit.map(({ lahetysTunniste }) => lahetysTunniste)).size,
  };
}
const tenMinutesLater = () => app.query(`update queuedemail set last_attempt = last_attempt - interval '10 minutes 1 second'`); // prettier-ignore

describe('the mail queue', () => {
  beforeEach(async () => {
    await app.query('delete from queuedemail');
    await app.peers.reset();
  });

  it('sends to 600 in two messages with keys of their own, the copy last', async () => {
    await queue(addresses(600), 'kopio@example.fi');
    expect(await send()).toEqual({ seen: 1, changed: 1, failed: 0 });
    const { lahetykset, sizes, keys } = await sentToService();
    expect([lahetykset, sizes, new Set(keys).size]).toEqual([1, [512, 89], 2]);
    expect(await mails()).toEqual([{ status: 'SENT', sent: 601, tried: true, opened: true }]);
    expect(await send()).toEqual({ seen: 0, changed: 0, failed: 0 });
  });

  it('goes on after a failure in ten minutes, with the same key, and lets other mails pass', async () => {
    await queue(addresses(2));
    await app.peers.state({ fail: { viestinvalitys: 500 } });
    expect(await send()).toEqual({ seen: 1, changed: 0, failed: 1 });
    const [failed] = await app.query('select idempotency_key as key from queuedemail');
    expect(await mails()).toEqual([{ status: 'QUEUED', sent: 0, tried: true, opened: false }]);
    await app.peers.reset();
    await queue(addresses(3));
    expect(await send()).toEqual({ seen: 1, changed: 1, failed: 0 });
    await tenMinutesLater();
    expect(await send()).toEqual({ seen: 1, changed: 1, failed: 0 });
    const { sizes, keys } = await sentToService();
    expect([sizes, keys[1]]).toEqual([[3, 2], failed!.key]);
  });

  it('goes on with the second message when the process died after the first', async () => {
    const opened = await openDispatch();
    await queue(addresses(600));
    await app.query('update queuedemail set batch_sent = 512, lahetystunniste = $1, last_attempt = current_timestamp', [
      opened,
    ]);
    expect(await send()).toMatchObject({ seen: 0 });
    await tenMinutesLater();
    expect(await send()).toMatchObject({ changed: 1 });
    expect((await sentToService()).sizes).toEqual([1, 88]);
  });

  it('gives up what the service refuses', async () => {
    await queue(addresses(1));
    await app.query(`update queuedemail set lahetystunniste = '00000000-0000-0000-0000-000000000000'`); // unknown there: 400
    expect(await send()).toEqual({ seen: 1, changed: 0, failed: 1 });
    expect(await mails()).toMatchObject([{ status: 'ERROR', tried: true }]);
    await tenMinutesLater();
    expect(await send()).toMatchObject({ seen: 0 });
  });

  it('is shared: two senders at once send each mail once', async () => {
    for (let n = 0; n < 6; n++) await queue(addresses(n + 1));
    const results = await Promise.all([send(), send()]);
    expect(results[0].changed + results[1].changed).toBe(6);
    expect((await sentToService()).sizes.sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  async function openDispatch(): Promise<string> {
    await queue(addresses(1));
    await send();
    const [{ tunniste }] = (await app.query(
      `delete from queuedemail where queuedemailstatus_id = 'SENT' returning lahetystunniste as tunniste`,
    )) as [{ tunniste: string }];
    return tunniste;
  }
});

describe('importers are told', () => {
  const notify = () => app.nest.get(TuontiIlmoitusService).queueNotifications();
  const set = (id: number, columns: string) =>
    app.query(`update henkilo set ${columns} where id in (select henkilo_id from tuonti_rivi where tuonti_id = $1)`, [
      id,
    ]);
  const isHandled = async (id: number) =>
    (await app.query('select ilmoitustarve_kasitelty as handled from tuonti where id = $1', [id]))[0]!.handled;
  const start = async (sahkoposti: string | null, ...henkilot: object[]) => {
    const id = await importRows(app.as(tuoja), henkilot);
    await app.query('update tuonti set sahkoposti = $2 where id = $1', [id, sahkoposti]);
    return id;
  };
  const queued = () => app.query('select recipients, subject, body from queuedemail');

  beforeEach(() => app.query('delete from queuedemail'));

  it('once, in one mail for all, of imports with a person that was tried in vain', async () => {
    const failed = [await start('b@example.fi', rivi('a1')), await start('a@example.fi', rivi('a2')), await start('b@example.fi', rivi('a3'))]; // prettier-ignore
    const untried = await start('c@example.fi', rivi('a4'));
    const silent = await start(null, rivi('a5'));
    for (const id of [...failed, silent]) await set(id, 'yksilointi_yritetty = true');
    await Promise.all([notify(), notify(), notify()]);
    await notify();
    const [mail, ...others] = await queued();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ recipients: ['a@example.fi', 'b@example.fi'] });
    expect(mail!.body).toContain(`href="${app.peers.url}/henkilo-ui/oppijoidentuonti"`);
    expect(await Promise.all([...failed, silent, untried].map(isHandled))).toEqual([true, true, true, true, false]);
  });

  it('also when a person fails after another one was identified', async () => {
    const id = await start('d@example.fi', rivi('d1', { hetu: newHetu() }), rivi('d2', { hetu: newHetu() }));
    const one = (tunniste: string, columns: string) =>
      app.query(`update henkilo set ${columns} where id = (select henkilo_id from tuonti_rivi where tuonti_id = $1 and tunniste = $2)`, [id, tunniste]); // prettier-ignore
    await one('d1', 'yksilointi_yritetty = true, yksiloityvtj = true');
    await notify();
    expect(await isHandled(id)).toBe(false);
    await one('d2', 'yksilointi_yritetty = true');
    await notify();
    expect(await queued()).toMatchObject([{ recipients: ['d@example.fi'] }]);
  });

  it('not at all when everybody was identified', async () => {
    const id = await start('e@example.fi', rivi('e1', { hetu: newHetu() }));
    await set(id, 'yksilointi_yritetty = true, yksiloityvtj = true');
    await notify();
    expect(await queued()).toEqual([]);
    expect(await isHandled(id)).toBe(true);
  });
});
