import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { register } from 'prom-client';
import { ProgressMeter, type Progress } from '../../src/common/progress.js';
import { DatantuontiExportService } from '../../src/exports/datantuonti-export.service.js';
import { ExportService } from '../../src/exports/export.service.js';
import { HenkiloExportService } from '../../src/exports/henkilo-export.service.js';
import { TestObjectStorage } from '../support/object-storage.js';
import {
  store,
  storeHenkilo,
  storePlain,
  storeRyhma,
  storeViite,
  type StoredHenkilo,
} from '../support/stored-persons.js';
import { TestApp } from '../support/test-app.js';

const KMS_KEY = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
const { signal } = new AbortController();

let storage: TestObjectStorage;
let app: TestApp;
let settings = 0;

/** The application with buckets of its own, so that no test sees what another wrote. */
async function startApp(env: Record<string, string> = {}): Promise<void> {
  app = new TestApp({ 'aws.endpoint': storage.url, ...env }, []);
  await app.start();
}

beforeAll(async () => {
  storage = await TestObjectStorage.start();
});
afterAll(() => storage.stop());
beforeEach(() => {
  storage.calls.length = 0;
  storage.rule = () => undefined;
  settings++;
});
afterEach(() => app.stop());

const run = () => app.nest.get(ExportService).run(signal);

const reject = (reason: string): never => {
  throw new Error(reason);
};

/** Another process of the service on the application's database and storage: an entry point of src/bin. */
function startProcess(entry: 'jobs' | 'main', args: readonly string[], env: Record<string, string> = {}) {
  const file = join(__dirname, `../../src/bin/${entry}.ts`);
  const hook = join(__dirname, '../support/ts-hook.cjs');
  const settings = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    ...app.settings,
    PORT: '0',
    ...env,
  };
  const child = spawn(process.execPath, ['--throw-deprecation', '-r', hook, file, ...args], { env: settings });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  return { child, output: () => output, exited: new Promise((resolve) => child.once('exit', resolve)) };
}
const seenKeys = (method: RegExp) =>
  storage.calls.filter((call) => method.test(call.method)).map(({ path }) => path.replace(/\?.*/, ''));
const folder = 'fulldump/oppijanumerorekisteri';

/** One of everything: a master with two slaves, protection, eIDAS, two nationalities, odd characters. */
async function storePersons(): Promise<{ aino: StoredHenkilo; salattu: StoredHenkilo; eidas: StoredHenkilo }> {
  const fixed = { created: '2026-01-15 10:00:00.120', modified: '2026-07-01 12:30:45' };
  const [kieli] = await app.query<{ id: string }>(`select id from kielisyys where kielikoodi = 'fi'`);
  const kieliId = kieli?.id ?? (await store(app, 'kielisyys', { version: 0, kielikoodi: 'fi' }));
  const aino = await storeHenkilo(app, {
    oidhenkilo: '1.2.246.562.24.10000000001', hetu: '010190-900P', sukupuoli: '2', syntymaaika: '1990-01-01',
    etunimet: 'Aino "Äiti", Maria', sukunimi: 'Kör\\nä', kotikunta: '091', yksiloityvtj: true,
    aidinkieli_id: kieliId, asiointikieli_id: kieliId, ...fixed,
  }); // prettier-ignore
  const salattu = await storeHenkilo(app, {
    oidhenkilo: '1.2.246.562.24.10000000002', turvakielto: true, kotikunta: '092', etunimet: 'Sala', sukunimi: 'Ttu', ...fixed,
  }); // prettier-ignore
  const eidas = await storeHenkilo(app, {
    oidhenkilo: '1.2.246.562.98.10000000003', etunimet: 'Eid', sukunimi: 'As\tRivi\nToinen', passivoitu: true, ...fixed,
  }); // prettier-ignore
  await storeViite(app, aino, eidas);
  await storeViite(app, aino, salattu);
  for (const [id, kansalaisuuskoodi] of [
    [91, '752'],
    [92, '246'],
  ] as const) {
    // prettier-ignore
    await app.query(`insert into kansalaisuus (id, version, kansalaisuuskoodi) values (${id}, 0, '${kansalaisuuskoodi}')`);
    await storePlain(app, 'henkilo_kansalaisuus', { henkilo_id: aino.id, kansalaisuus_id: id });
  }
  for (const tunniste of ['SE/FI/b', 'SE/FI/a'])
    await store(app, 'eidastunniste', { version: 0, henkilo_id: eidas.id, tunniste, createdby: 'test' });
  await storeRyhma(app, aino, [['SAHKOPOSTI', 'aino@example.fi'], ['PUHELINNUMERO', null]]); // prettier-ignore
  await storeRyhma(app, salattu, [['KATUOSOITE', 'Salatie 1, "A"']], { ryhmakuvaus: null });
  return { aino, salattu, eidas };
}

/** Contact details of more bytes than a part has. */
const storeMuchOf = (ryhmaId: number, count = 20_000) =>
  app.query(
    `insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystieto_arvo, yhteystiedotryhma_id)
     select 100000000 + n, 0, 'YHTEYSTIETO_KATUOSOITE', lpad(n::text, 250, 'ä'), ${ryhmaId} from generate_series(1, ${count}) n`,
  );

describe('Export', () => {
  const bucketOf = () => `export-${settings}`;
  const lampiOf = () => `lampi-${settings}`;
  const start = (env: Record<string, string> = {}) =>
    startApp({ 'oppijanumerorekisteri.tasks.export.bucket-name': bucketOf(), ...env });
  const startWithLampi = async (env: Record<string, string> = {}) => {
    await storage.bucket(lampiOf(), true);
    await start({
      ...env,
      'oppijanumerorekisteri.tasks.export.copy-to-lampi': 'true',
      'oppijanumerorekisteri.tasks.export.lampi-bucket-name': lampiOf(),
      'oppijanumerorekisteri.tasks.export.lampi-role-arn': 'arn:aws:iam::123456789012:role/lampi',
      'oppijanumerorekisteri.tasks.export.lampi-external-id': 'sopimus-7',
    });
  };
  const text = (key: string) => storage.text(bucketOf(), `${folder}/${key}`);

  beforeEach(() => storage.bucket(bucketOf()));

  it('writes persons and contact details, v3 without and v4 with eIDAS, as CSV and JSON', async () => {
    await start();
    await app.query('truncate henkilo cascade');
    await storePersons();
    expect(await run()).toEqual({ seen: 8, changed: 8, failed: 0 });

    expect(seenKeys(/^PUT$/)).toEqual(
      ['v3/csv/henkilo.csv', 'v3/csv/yhteystieto.csv', 'v4/csv/henkilo.csv', 'v4/csv/yhteystieto.csv',
       'v3/json/henkilo.json', 'v3/json/yhteystieto.json', 'v4/json/henkilo.json', 'v4/json/yhteystieto.json',
      ].map((key) => `/${bucketOf()}/${folder}/${key}`), // prettier-ignore
    );
    const sorted = (csv: string) => [csv.split('\n')[0], ...csv.split('\n1.2.246').slice(1).map((row) => `1.2.246${row}`.replace(/\n$/, '')).sort()]; // prettier-ignore
    expect(sorted(await text('v4/csv/henkilo.csv'))).toEqual([
      'henkilo_oid,hetu,eidas_tunnisteet,sukupuoli,syntymaaika,sukunimi,etunimet,aidinkieli,turvakielto,kotikunta,yksiloityvtj,kansalaisuus,master_oid,linkitetyt_oidit,created,updated',
      '1.2.246.562.24.10000000001,010190-900P,,2,1990-01-01,Kör\\nä,"Aino ""Äiti"", Maria",fi,f,091,t,"246,752",,"1.2.246.562.24.10000000002,1.2.246.562.98.10000000003",2026-01-15 08:00:00.12+00,2026-07-01 09:30:45+00',
      '1.2.246.562.24.10000000002,,,,,Ttu,Sala,,t,,f,,1.2.246.562.24.10000000001,,2026-01-15 08:00:00.12+00,2026-07-01 09:30:45+00',
      '1.2.246.562.98.10000000003,,"SE/FI/a,SE/FI/b",,,"As\tRivi\nToinen",Eid,,f,,f,,1.2.246.562.24.10000000001,,2026-01-15 08:00:00.12+00,2026-07-01 09:30:45+00',
    ]);
    expect(sorted(await text('v3/csv/henkilo.csv'))).toEqual([
      'henkilo_oid,hetu,sukupuoli,syntymaaika,sukunimi,etunimet,aidinkieli,turvakielto,kotikunta,yksiloityvtj,kansalaisuus,master_oid,linkitetyt_oidit,created,updated',
      '1.2.246.562.24.10000000001,010190-900P,2,1990-01-01,Kör\\nä,"Aino ""Äiti"", Maria",fi,f,091,t,"246,752",,"1.2.246.562.24.10000000002,1.2.246.562.98.10000000003",2026-01-15 08:00:00.12+00,2026-07-01 09:30:45+00',
      '1.2.246.562.24.10000000002,,,,Ttu,Sala,,t,,f,,1.2.246.562.24.10000000001,,2026-01-15 08:00:00.12+00,2026-07-01 09:30:45+00',
      '1.2.246.562.98.10000000003,,,,"As\tRivi\nToinen",Eid,,f,,f,,1.2.246.562.24.10000000001,,2026-01-15 08:00:00.12+00,2026-07-01 09:30:45+00',
    ]);
    const yhteystiedot = [
      'henkilo_oid,yhteystietotyyppi,yhteystieto_arvo,yhteystieto_arvo_tyyppi,alkupera',
      '1.2.246.562.24.10000000001,yhteystietotyyppi1,aino@example.fi,YHTEYSTIETO_SAHKOPOSTI,alkupera2',
      '1.2.246.562.24.10000000002,,"Salatie 1, ""A""",YHTEYSTIETO_KATUOSOITE,alkupera2',
    ];
    expect(sorted(await text('v3/csv/yhteystieto.csv'))).toEqual(yhteystiedot);
    expect(sorted(await text('v4/csv/yhteystieto.csv'))).toEqual(yhteystiedot);
    const copied = storage.calls.filter(({ headers }) => headers['x-amz-copy-source'] !== undefined);
    expect(copied.map(({ path }) => path.replace(/\?.*/, ''))).toEqual(
      ['v4/csv/yhteystieto.csv', 'v4/json/yhteystieto.json'].map((key) => `/${bucketOf()}/${folder}/${key}`),
    );

    const lines = async (key: string) => {
      const [first, ...rows] = (await text(key)).split('\n');
      expect([first, ...rows.slice(-2)]).toEqual(['[', ']', '']);
      const objects = rows.slice(0, -2);
      expect(objects.map((row) => row.endsWith(','))).toEqual(objects.map((_, i) => i < objects.length - 1));
      return objects.map((row) => row.replace(/,$/, '')).sort();
    };
    expect(await lines('v4/json/henkilo.json')).toEqual([
      '{"henkilo_oid":"1.2.246.562.24.10000000001","hetu":"010190-900P","sukupuoli":"2","syntymaaika":"1990-01-01","sukunimi":"Kör\\\\nä","etunimet":"Aino \\"Äiti\\", Maria","aidinkieli":"fi","turvakielto":false,"kotikunta":"091","yksiloityvtj":true,"kansalaisuus":"246,752","linkitetyt_oidit":"1.2.246.562.24.10000000002,1.2.246.562.98.10000000003","created":"2026-01-15T08:00:00.120Z","updated":"2026-07-01T09:30:45.000Z"}',
      '{"henkilo_oid":"1.2.246.562.24.10000000002","sukunimi":"Ttu","etunimet":"Sala","turvakielto":true,"yksiloityvtj":false,"master_oid":"1.2.246.562.24.10000000001","created":"2026-01-15T08:00:00.120Z","updated":"2026-07-01T09:30:45.000Z"}',
      '{"henkilo_oid":"1.2.246.562.98.10000000003","eidas_tunnisteet":"SE/FI/a,SE/FI/b","sukunimi":"As\\tRivi\\nToinen","etunimet":"Eid","turvakielto":false,"yksiloityvtj":false,"master_oid":"1.2.246.562.24.10000000001","created":"2026-01-15T08:00:00.120Z","updated":"2026-07-01T09:30:45.000Z"}',
    ]);
    expect(await text('v3/json/henkilo.json')).not.toContain('eidas');
    expect(await text('v4/json/yhteystieto.json')).toBe(await text('v3/json/yhteystieto.json'));
    expect(await lines('v3/json/yhteystieto.json')).toEqual([
      '{"henkilo_oid":"1.2.246.562.24.10000000001","yhteystietotyyppi":"yhteystietotyyppi1","yhteystieto_arvo":"aino@example.fi","yhteystieto_arvo_tyyppi":"YHTEYSTIETO_SAHKOPOSTI","alkupera":"alkupera2"}',
      '{"henkilo_oid":"1.2.246.562.24.10000000002","yhteystieto_arvo":"Salatie 1, \\"A\\"","yhteystieto_arvo_tyyppi":"YHTEYSTIETO_KATUOSOITE","alkupera":"alkupera2"}',
    ]);

    expect(app.lines.join('\n')).toContain('Oppijanumerorekisteri export task completed');
    expect(await storage.keys(bucketOf())).not.toContainEqual(expect.stringContaining('manifest'));
    expect(await app.query(`select nspname from pg_namespace where nspname like 'export%'`)).toEqual([
      { nspname: 'export' },
    ]);
    const constraints = `select conname, contype from pg_constraint where connamespace = 'export'::regnamespace order by 1`;
    expect(await app.query(constraints)).toEqual([
      { conname: 'henkilo_fk', contype: 'f' },
      { conname: 'henkilo_pk', contype: 'p' },
    ]);
  });

  it('writes a register without persons as empty lists', async () => {
    await start();
    await app.query('truncate henkilo, henkiloviite cascade');
    await run();
    expect(await text('v4/json/henkilo.json')).toBe('[\n\n]\n');
    expect(await text('v3/csv/yhteystieto.csv')).toBe(
      'henkilo_oid,yhteystietotyyppi,yhteystieto_arvo,yhteystieto_arvo_tyyppi,alkupera\n',
    );
  });

  it('copies to the data lake as its role, and names the versions in four manifests, each after its files', async () => {
    await startWithLampi();
    await storePersons();
    await run();
    const lampiCalls = seenKeys(/^PUT$/).filter((path) => path.startsWith(`/${lampiOf()}/`));
    expect(lampiCalls).toEqual(
      ['v3/csv/henkilo.csv', 'v3/csv/yhteystieto.csv', 'v3/csv/manifest.json',
       'v3/json/henkilo.json', 'v3/json/yhteystieto.json', 'v3/json/manifest.json',
       'v4/csv/henkilo.csv', 'v4/csv/yhteystieto.csv', 'v4/csv/manifest.json',
       'v4/json/henkilo.json', 'v4/json/yhteystieto.json', 'v4/json/manifest.json',
      ].map((key) => `/${lampiOf()}/${folder}/${key}`), // prettier-ignore
    );
    for (const kind of ['v3/csv', 'v3/json', 'v4/csv', 'v4/json']) {
      const files = [`${folder}/${kind}/henkilo.${kind.slice(3)}`, `${folder}/${kind}/yhteystieto.${kind.slice(3)}`];
      const versions = await Promise.all(files.map(async (key) => (await storage.file(lampiOf(), key)).VersionId!));
      expect(versions.every((version) => version.length > 10)).toBe(true);
      expect(await storage.text(lampiOf(), `${folder}/${kind}/manifest.json`)).toBe(
        `{"exportFiles":[{"objectKey":"${files[0]}","objectVersion":"${versions[0]}"},{"objectKey":"${files[1]}","objectVersion":"${versions[1]}"}]}`,
      );
      for (const key of files) expect(await storage.text(lampiOf(), key)).toBe(await storage.text(bucketOf(), key));
    }
    const asked = new URLSearchParams(storage.calls.find(({ path }) => path === '/')!.body);
    expect(Object.fromEntries(asked)).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::123456789012:role/lampi',
      ExternalId: 'sopimus-7',
      RoleSessionName: 'oppijanumerorekisteri-lampi-export',
    });
    const keyOf = (bucket: string) =>
      /Credential=(\w+)/.exec(storage.calls.find(({ method, path }) => method === 'PUT' && path.startsWith(`/${bucket}/`))!.headers.authorization!)![1]; // prettier-ignore
    expect(keyOf(bucketOf())).toBe('sandbox');
    expect(keyOf(lampiOf())).not.toBe('sandbox');
  });

  it('sends long files in parts, whole', async () => {
    await start();
    const { aino } = await storePersons();
    await storeMuchOf(await storeRyhma(app, aino, []));
    await run();
    const rows = (await text('v3/csv/yhteystieto.csv')).trimEnd().split('\n');
    expect(rows).toHaveLength(20_003);
    expect(new Set(rows).size).toBe(20_003);
    expect(JSON.parse(await text('v4/json/yhteystieto.json'))).toHaveLength(20_002);
    expect(storage.calls.some(({ path }) => path.includes('partNumber=2'))).toBe(true);
    expect(await storage.openUploads(bucketOf())).toEqual([]);
  });

  it('writes slowly while requests come, and as fast as it may when nobody asks', async () => {
    await start({ ONR_EXPORT_MB_PER_SECOND_BESIDE_REQUESTS: '1' });
    const { aino } = await storePersons();
    await storeMuchOf(await storeRyhma(app, aino, []), 2_000); // 1.1 MB of CSV, 1.2 MB of JSON
    const timed = async () => {
      const began = performance.now();
      await run();
      return performance.now() - began;
    };
    const alone = await timed();
    let isOver = false;
    const beside = timed().finally(() => (isOver = true));
    while (!isOver) await Promise.all([app.anonymous.get(`/henkilo/${aino.oid}`), sleep(100)]);
    expect(await beside).toBeGreaterThan(2_000);
    expect(alone).toBeLessThan(await beside);
    expect((await text('v4/csv/yhteystieto.csv')).trimEnd().split('\n')).toHaveLength(2_003);
  });

  it('tells how many of its files are done, and how many bytes the storage has taken', async () => {
    await start();
    await app.query('truncate henkilo cascade');
    await storePersons();
    const seen: Progress[] = [];
    const progress = new ProgressMeter();
    storage.rule = ({ method }) => {
      if (method === 'PUT') seen.push(progress.read());
      return undefined;
    };
    await app.nest.get(ExportService).run(signal, progress);
    expect(seen.map(({ done, total }) => [done, total])).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((done) => [done, 8]));
    expect(progress.read()).toMatchObject({ done: 8, total: 8 });
    const taken = async (metric: string) =>
      (await register.getSingleMetric(metric)!.get()).values.find(({ labels }) => labels.bucket === bucketOf())?.value;
    expect(await taken('onr_object_storage_files_total')).toBe(8);
    const sent = ['v3/csv/henkilo.csv', 'v3/csv/yhteystieto.csv', 'v4/csv/henkilo.csv', 'v3/json/henkilo.json', 'v3/json/yhteystieto.json', 'v4/json/henkilo.json']; // prettier-ignore
    const bytes = await Promise.all(sent.map(async (key) => Buffer.byteLength(await text(key))));
    expect(bytes).toEqual([630, 255, 667, 908, 359, 945]);
    expect(await taken('onr_object_storage_bytes_total')).toBe(3764); // the storage itself copied the others
  });

  it('gives all files of a run the same state, whatever happens meanwhile', async () => {
    await start();
    await storePersons();
    storage.rule = async ({ path }) => {
      if (path.includes('v3/csv/henkilo.csv')) {
        await app.query(`update export.henkilo set sukunimi = 'Myöhemmin'`);
        await app.query(`update henkilo set sukunimi = 'Myöhemmin'`);
      }
      return undefined;
    };
    await run();
    for (const key of await storage.keys(bucketOf()))
      expect(await storage.text(bucketOf(), key)).not.toContain('Myöhemmin');
  });

  it.each([
    [
      'a connection that is cut in the middle of a part',
      'cut',
      /upload of s3:\/\/\S+yhteystieto.csv failed: .*(ECONNRESET|EPIPE)/,
    ],
    ['a refusal', { status: 403, code: 'AccessDenied' }, /yhteystieto.csv failed: AccessDenied \(403\)/],
    ['a storage that is overloaded', { status: 503, code: 'SlowDown' }, /yhteystieto.csv failed: SlowDown \(503\)/],
  ] as const)(
    'after %s fails with a reason, leaves nothing half done and keeps the former files',
    async (_, fault, reason) => {
      await startWithLampi();
      const { aino } = await storePersons();
      const ryhma = await storeRyhma(app, aino, []);
      await run();
      const manifest = `${folder}/v3/csv/manifest.json`;
      const before = [await text('v3/csv/yhteystieto.csv'), await storage.text(lampiOf(), manifest)];

      await storeMuchOf(ryhma);
      storage.rule = ({ path }) =>
        path.includes('v3/csv/yhteystieto.csv') && path.includes('partNumber=2') ? fault : undefined;
      await expect(run()).rejects.toThrow(reason);
      expect([await text('v3/csv/yhteystieto.csv'), await storage.text(lampiOf(), manifest)]).toEqual(before);
      expect(await storage.openUploads(bucketOf())).toEqual([]);
      const open = `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in trans%'`;
      for (const end = Date.now() + 30_000; (await app.query(open)).length > 0 && Date.now() < end;) await sleep(50);
      expect(await app.query(open)).toEqual([]);

      storage.rule = () => undefined;
      await run();
      expect((await text('v3/csv/yhteystieto.csv')).length).toBeGreaterThan(before[0]!.length);
    },
  );

  describe('with a data lake that fails', () => {
    const KINDS = ['v3/csv', 'v3/json', 'v4/csv', 'v4/json'];
    const fileOf = (kind: string) => `${folder}/${kind}/henkilo.${kind.slice(3)}`;
    /** An earlier export: a file and a manifest that names its version. @returns the manifests */
    const storeFormer = async () => {
      for (const kind of KINDS) {
        await storage.put(lampiOf(), fileOf(kind), `former ${kind}`);
        const objectVersion = (await storage.file(lampiOf(), fileOf(kind))).VersionId;
        const manifest = { exportFiles: [{ objectKey: fileOf(kind), objectVersion }] };
        await storage.put(lampiOf(), `${folder}/${kind}/manifest.json`, JSON.stringify(manifest));
      }
      return manifests();
    };
    const manifests = () =>
      Promise.all(KINDS.map((kind) => storage.text(lampiOf(), `${folder}/${kind}/manifest.json`)));
    const ofLampi = (path: string, part = '') => path.startsWith(`/${lampiOf()}/`) && path.includes(part);
    const refused = { status: 403, code: 'AccessDenied' } as const;
    const never = new Promise<undefined>(() => undefined);

    it.each<[string, string, string, TestObjectStorage['rule']]>([
      [
        'a role that is refused',
        'henkilo.csv',
        String.raw`sts: AssumeRole of arn:aws:iam::123456789012:role/lampi failed: AccessDenied \(403\)`,
        ({ path }) => (path === '/' ? refused : undefined),
      ],
      [
        'a role that nobody answers for',
        'henkilo.csv',
        'sts: AssumeRole of arn:aws:iam::123456789012:role/lampi failed: TimeoutError: .* 1500 ms.*',
        ({ path }) => (path === '/' ? never : undefined),
      ],
      [
        'a bucket that never answers',
        'henkilo.csv',
        'TimeoutError: .* 1500 ms.*',
        ({ path }) => (ofLampi(path) ? never : undefined),
      ],
      [
        'a bucket that is missing',
        'henkilo.csv',
        String.raw`NoSuchBucket \(404\)`,
        ({ path }) => (ofLampi(path) ? { status: 404, code: 'NoSuchBucket' } : undefined),
      ],
      [
        'a bucket that is refused',
        'henkilo.csv',
        String.raw`AccessDenied \(403\)`,
        ({ path }) => (ofLampi(path) ? refused : undefined),
      ],
      [
        'a connection that is cut in the middle of a part',
        'yhteystieto.csv',
        '.*(ECONNRESET|EPIPE|socket hang up)',
        ({ path }) => (ofLampi(path, 'v3/csv/yhteystieto.csv?partNumber=2') ? 'cut' : undefined),
      ],
      [
        'our own file that breaks off while it is read',
        'yhteystieto.csv',
        String.raw`its content broke off: s3: download of s3://export-\d+/${folder}/v3/csv/yhteystieto.csv failed: ECONNRESET`,
        ({ method, path }) =>
          method === 'GET' && path.startsWith(`/${bucketOf()}/${folder}/v3/csv/yhteystieto.csv`)
            ? 'answer cut'
            : undefined,
      ],
      [
        'a manifest that is refused',
        'manifest.json',
        String.raw`AccessDenied \(403\)`,
        ({ path }) => (ofLampi(path, 'v3/csv/manifest.json') ? refused : undefined),
      ],
    ])(
      'after %s fails with a reason, leaves nothing half done and keeps the former manifests',
      async (_, file, reason, rule) => {
        await startWithLampi({ ONR_OBJECT_STORAGE_TIMEOUT_MS: '1500' });
        const { aino } = await storePersons();
        if (file === 'yhteystieto.csv') await storeMuchOf(await storeRyhma(app, aino, []));
        const before = await storeFormer();
        storage.rule = rule;
        await expect(run()).rejects.toThrow(
          new RegExp(`^s3: upload of s3://${lampiOf()}/${folder}/v3/csv/${file} failed: ${reason}$`),
        );
        expect(await manifests()).toEqual(before);
        for (const [n, kind] of KINDS.entries()) {
          const [, version] = /"objectVersion":"([^"]+)"/.exec(before[n]!)!;
          expect(await storage.text(lampiOf(), fileOf(kind), version)).toBe(`former ${kind}`);
        }
        expect(await storage.openUploads(lampiOf())).toEqual([]);

        storage.rule = () => undefined;
        expect(await run()).toMatchObject({ changed: 8 });
        for (const [n, manifest] of (await manifests()).entries()) expect(manifest).not.toBe(before[n]);
      },
    );
  });

  it('does without a moment’s failure', async () => {
    await start();
    await storePersons();
    let failures = 0;
    storage.rule = ({ method }) =>
      method === 'PUT' && failures++ === 0 ? { status: 503, code: 'SlowDown' } : undefined;
    expect(await run()).toMatchObject({ changed: 8 });
    expect(failures).toBe(9);
  });

  it('does without the first try of every part: what is sent again has the same bytes', async () => {
    await start();
    const { aino } = await storePersons();
    await storeMuchOf(await storeRyhma(app, aino, []));
    await run();
    const before = await text('v4/json/yhteystieto.json');
    const tried = new Set<string>();
    storage.rule = ({ path }) => {
      if (!path.includes('partNumber=') || tried.has(path)) return undefined;
      tried.add(path);
      return tried.size % 2 === 0 ? 'cut' : { status: 500, code: 'InternalError' };
    };
    expect(await run()).toMatchObject({ changed: 8 });
    expect(tried.size).toBeGreaterThanOrEqual(4);
    expect((await text('v4/json/yhteystieto.json')) === before).toBe(true);
  });

  it('sends a file again where the storage does not copy it', async () => {
    await start();
    await storePersons();
    storage.rule = ({ headers }) =>
      headers['x-amz-copy-source'] === undefined ? undefined : { status: 403, code: 'AccessDenied' };
    expect(await run()).toMatchObject({ changed: 8 });
    expect(await text('v4/csv/yhteystieto.csv')).toContain('aino@example.fi');
    expect(await text('v4/json/yhteystieto.json')).toBe(await text('v3/json/yhteystieto.json'));
    expect(app.lines.join('\n')).toContain('AccessDenied (403)');
  });

  it('says which bucket is missing, and that the key is not known', async () => {
    await start({ 'oppijanumerorekisteri.tasks.export.bucket-name': 'no-such-bucket' });
    await expect(run()).rejects.toThrow(
      's3: upload of s3://no-such-bucket/fulldump/oppijanumerorekisteri/v3/csv/henkilo.csv failed: NoSuchBucket (404)',
    );
    await storage.refuseKeys(true);
    try {
      await expect(run()).rejects.toThrow(/v3\/csv\/henkilo.csv failed: InvalidAccessKeyId \(403\)$/);
    } finally {
      await storage.refuseKeys(false);
    }
  });

  it('is refused by name of the setting where no bucket is given', async () => {
    await startApp();
    await expect(run()).rejects.toThrow('oppijanumerorekisteri.tasks.export.bucket-name is not given');
    expect(await app.query(`select 1 from pg_namespace where nspname like 'export%'`)).toEqual([]);
  });

  it('ends soon when it is told to, leaving nothing open', async () => {
    await start();
    const { aino } = await storePersons();
    await storeMuchOf(await storeRyhma(app, aino, []));
    const abort = new AbortController();
    storage.rule = ({ path }) => {
      if (path.includes('partNumber=1')) abort.abort();
      return undefined;
    };
    await expect(app.nest.get(ExportService).run(abort.signal)).rejects.toThrow('the run was told to stop');
    expect(await storage.openUploads(bucketOf())).toEqual([]);
  });

  it('ends when it is told to while the storage is silent', async () => {
    await start({ ONR_OBJECT_STORAGE_TIMEOUT_MS: '100000' });
    const { aino } = await storePersons();
    await storeMuchOf(await storeRyhma(app, aino, []));
    const abort = new AbortController();
    let told = 0;
    storage.rule = ({ path }) => {
      if (!path.includes('partNumber=1')) return undefined;
      told = performance.now();
      abort.abort();
      return new Promise(() => undefined);
    };
    await expect(app.nest.get(ExportService).run(abort.signal)).rejects.toThrow('the run was told to stop');
    expect(performance.now() - told).toBeLessThan(60_000);
    expect(await storage.openUploads(bucketOf())).toEqual([]);
  });

  it('fails when the snapshot would be held for longer than allowed', async () => {
    await start({ ONR_EXPORT_SNAPSHOT_MS: '1000' });
    const { aino } = await storePersons();
    await storeMuchOf(await storeRyhma(app, aino, []));
    storage.rule = async ({ path }) => {
      if (path.includes('partNumber')) await sleep(1_500);
      return undefined;
    };
    await expect(run()).rejects.toThrow('The snapshot was held for 1000 ms, longer than allowed');
    expect(await storage.openUploads(bucketOf())).toEqual([]);
  });

  it('fails when the storage does not answer in time, leaving nothing open and keeping the former files', async () => {
    await start({ ONR_OBJECT_STORAGE_TIMEOUT_MS: '1500' });
    const { aino } = await storePersons();
    await run();
    const before = await text('v3/csv/yhteystieto.csv');
    await storeMuchOf(await storeRyhma(app, aino, []));
    let attempts = 0;
    storage.rule = ({ path }) => {
      if (!path.includes('v3/csv/yhteystieto.csv?partNumber=2')) return undefined;
      attempts++;
      return new Promise(() => undefined);
    };
    await expect(run()).rejects.toThrow(
      /^s3: upload of s3:\/\/export-\d+\/fulldump\/oppijanumerorekisteri\/v3\/csv\/yhteystieto.csv failed: TimeoutError: .* 1500 ms/,
    );
    expect(attempts).toBe(3);
    expect(await text('v3/csv/yhteystieto.csv')).toBe(before);
    expect(await storage.openUploads(bucketOf())).toEqual([]);
  });

  it('takes away what a killed run has left, and nothing else', async () => {
    await start();
    await storage.beginUpload(bucketOf(), `${folder}/v3/csv/henkilo.csv`);
    await storage.beginUpload(bucketOf(), 'of-another');
    await app.query('create schema exportnew');
    await app.query('create table exportnew.henkilo (a int)');
    await run();
    expect(await storage.openUploads(bucketOf())).toEqual(['of-another']);
    expect(await app.query(`select nspname from pg_namespace where nspname like 'export%'`)).toEqual([
      { nspname: 'export' },
    ]);
  });

  it('is done again by another process when its own is killed in the middle of an upload, without leftovers', async () => {
    await start();
    const { aino } = await storePersons();
    await run();
    const key = `${folder}/v3/csv/yhteystieto.csv`;
    const former = await text('v3/csv/yhteystieto.csv');
    await storeMuchOf(await storeRyhma(app, aino, []));
    const state = async () =>
      (await app.query<{ picked: boolean; done: boolean; failures: number }>(
        `select picked, last_success is not null as done, consecutive_failures as failures from scheduled_tasks where task_name = 'Export'`,
      ))[0]; // prettier-ignore

    const reached = new Promise<void>((resolve) => {
      storage.rule = ({ path }) => {
        if (!path.includes('yhteystieto.csv') || !path.includes('partNumber=2')) return undefined;
        resolve();
        return new Promise(() => undefined); // it hangs until its sender is gone
      };
    });
    const killed = startProcess('jobs', ['run', 'Export']);
    await Promise.race([reached, killed.exited.then(() => reject(`the job ended: ${killed.output()}`))]);
    killed.child.kill('SIGKILL');
    await killed.exited;
    expect(await text('v3/csv/yhteystieto.csv')).toBe(former);
    expect(await storage.openUploads(bucketOf())).toEqual([key]);
    expect(await state()).toMatchObject({ picked: true });

    storage.rule = () => undefined;
    const next = startProcess('main', [], {
      'db-scheduler.enabled': 'true',
      ONR_JOBS_POLL_MS: '50',
      ONR_JOBS_HEARTBEAT_MS: '1000',
      'db-scheduler.missed-heartbeats-limit': '2',
      'oppijanumerorekisteri.tasks.export.enabled': 'true',
      'oppijanumerorekisteri.scheduling.yksilointi.enabled': 'false',
    });
    for (const end = Date.now() + 600_000; Date.now() < end; await sleep(200)) {
      const now = await state();
      if (now?.done && !now.picked) break;
    }
    expect([await state(), next.output()]).toEqual([{ picked: false, done: true, failures: 0 }, expect.stringContaining('job "Export" is taken over')]); // prettier-ignore
    next.child.kill('SIGTERM');
    await next.exited;
    expect((await text('v3/csv/yhteystieto.csv')).trimEnd().split('\n')).toHaveLength(20_003);
    expect(await storage.openUploads(bucketOf())).toEqual([]);
    expect(await app.query(`select nspname from pg_namespace where nspname like 'export%'`)).toEqual([
      { nspname: 'export' },
    ]);
  }, 900_000);

  it('does without the right to list unfinished uploads', async () => {
    await start();
    storage.rule = ({ path }) => (path.includes('uploads') ? { status: 403, code: 'AccessDenied' } : undefined);
    expect(await run()).toMatchObject({ changed: 8 });
    expect(app.lines.join('\n')).toContain('listing of unfinished uploads');
  });
});

describe.each([
  {
    job: 'HenkiloExport',
    service: HenkiloExportService,
    setting: 'henkilo-export.bucket-name',
    manifest: 'fulldump/henkilo/v1/manifest.json',
    file: String.raw`fulldump/henkilo/v1/henkilo\.csv`,
  },
  {
    job: 'DatantuontiExport',
    service: DatantuontiExportService,
    setting: 'datantuonti.export.bucket-name',
    manifest: 'oppijanumerorekisteri/v1/manifest.json',
    file: String.raw`oppijanumerorekisteri/v1/csv/henkilo-\d{13}\.csv`,
  },
])('when the storage fails, $job', ({ service, setting, manifest, file }) => {
  const start = (bucket: string) => startApp({ [`oppijanumerorekisteri.tasks.${setting}`]: bucket });
  const runJob = () => app.nest.get(service).run(signal);
  const failure = (bucket: string, reason: string) =>
    expect.objectContaining({
      message: expect.stringMatching(new RegExp(`^s3: upload of s3://${bucket}/${file} failed: ${reason}$`)),
    });
  /** Persons whose OIDs are more bytes than a part has. */
  const storeMany = () =>
    app.query(
      `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, created, modified)
       select 200000000 + n, 0, '1.2.246.562.24.' || lpad(n::text, 235, '0'), 'Aku', 'Aku', 'Ankka', now(), now()
         from generate_series(1, 21000) n`,
    );

  it.each<[string, string, () => unknown]>([
    [
      'a connection that is cut in the middle of a part',
      '.*(ECONNRESET|EPIPE|socket hang up)',
      () => (storage.rule = ({ path }) => (path.includes('partNumber=2') ? 'cut' : undefined)),
    ],
    [
      'a refusal',
      String.raw`AccessDenied \(403\)`,
      () => (storage.rule = ({ method }) => (method === 'PUT' ? { status: 403, code: 'AccessDenied' } : undefined)),
    ],
    [
      'a secret that is wrong',
      String.raw`SignatureDoesNotMatch \(403\)`,
      () => (storage.rule = () => ({ status: 403, code: 'SignatureDoesNotMatch' })),
    ],
    ['a key that is not known', String.raw`InvalidAccessKeyId \(403\)`, () => storage.refuseKeys(true)],
  ])('after %s fails with a reason, leaves nothing half done and keeps the former files', async (_, reason, begin) => {
    const bucket = `vika-${settings}`;
    await storage.bucket(bucket);
    await start(bucket);
    await storePersons();
    await runJob();
    const contents = async () =>
      Promise.all((await storage.keys(bucket)).map(async (key) => [key, await storage.text(bucket, key)]));
    const before = await contents();
    expect(before).toEqual([
      [expect.stringMatching(new RegExp(`^${file}$`)), expect.stringContaining('1.2.246.562.24.10000000001')],
      [manifest, expect.stringMatching(new RegExp(`"${file}"`))],
    ]);

    await storeMany();
    await begin();
    try {
      await expect(runJob()).rejects.toEqual(failure(bucket, reason));
    } finally {
      storage.rule = () => undefined;
      await storage.refuseKeys(false);
    }
    expect(await contents()).toEqual(before);
    expect(await storage.openUploads(bucket)).toEqual([]);
  });

  it('says which bucket is missing', async () => {
    await start('no-such-bucket');
    await expect(runJob()).rejects.toEqual(failure('no-such-bucket', String.raw`NoSuchBucket \(404\)`));
  });
});

describe('HenkiloExport', () => {
  it('writes all OIDs in order with the given key, then the manifest with their version', async () => {
    const bucket = `henkilo-${settings}`;
    await storage.bucket(bucket, true);
    await startApp({
      'oppijanumerorekisteri.tasks.henkilo-export.bucket-name': bucket,
      'oppijanumerorekisteri.tasks.henkilo-export.kms-key-arn': KMS_KEY,
    });
    await app.query('truncate henkilo cascade');
    await storePersons();
    expect(await app.nest.get(HenkiloExportService).run(signal)).toEqual({ seen: 1, changed: 1, failed: 0 });
    const file = await storage.file(bucket, 'fulldump/henkilo/v1/henkilo.csv');
    expect([file.ServerSideEncryption, file.SSEKMSKeyId]).toEqual(['aws:kms', KMS_KEY]);
    expect(await file.Body!.transformToString()).toBe(
      'henkilo_oid\n1.2.246.562.24.10000000001\n1.2.246.562.24.10000000002\n1.2.246.562.98.10000000003\n',
    );
    expect(await storage.text(bucket, 'fulldump/henkilo/v1/manifest.json')).toBe(
      `{"exportFiles":[{"objectKey":"fulldump/henkilo/v1/henkilo.csv","objectVersion":"${file.VersionId}"}]}`,
    );
    expect(seenKeys(/^PUT$/)).toEqual([
      `/${bucket}/fulldump/henkilo/v1/henkilo.csv`,
      `/${bucket}/fulldump/henkilo/v1/manifest.json`,
    ]);
    expect(app.lines.join('\n')).toContain('Oppijanumerorekisteri henkilo export task completed');
  });
});

describe('DatantuontiExport', () => {
  it('writes persons of the production’s node without what tells who they are', async () => {
    const bucket = `datantuonti-${settings}`;
    await storage.bucket(bucket);
    await startApp({
      'oppijanumerorekisteri.tasks.datantuonti.export.bucket-name': bucket,
      'oppijanumerorekisteri.tasks.datantuonti.export.encryption-key-arn': KMS_KEY,
    });
    await app.query('truncate henkilo cascade');
    await storePersons();
    const before = Date.now();
    expect(await app.nest.get(DatantuontiExportService).run(signal)).toEqual({ seen: 1, changed: 1, failed: 0 });
    const { henkilo } = JSON.parse(await storage.text(bucket, 'oppijanumerorekisteri/v1/manifest.json')) as {
      henkilo: string;
    };
    const [, at] = /^oppijanumerorekisteri\/v1\/csv\/henkilo-(\d{13})\.csv$/.exec(henkilo)!;
    expect(Number(at)).toBeGreaterThanOrEqual(before);
    const rows = (await storage.text(bucket, henkilo)).trimEnd().split('\n');
    expect([rows[0], ...rows.slice(1).sort()]).toEqual([
      'oid,yksiloityvtj,aidinkieli,asiointikieli,kansalaisuus,master_oid,linkitetyt_oidit',
      '1.2.246.562.24.10000000001,t,fi,fi,"246,752",,"1.2.246.562.24.10000000002,1.2.246.562.98.10000000003"',
      '1.2.246.562.24.10000000002,f,,,,1.2.246.562.24.10000000001,',
    ]);
    expect((await storage.file(bucket, henkilo)).SSEKMSKeyId).toBe(KMS_KEY);
    expect(await app.query(`select nspname from pg_namespace where nspname like 'datantuonti%'`)).toEqual([{ nspname: 'datantuonti_export' }]); // prettier-ignore
    expect(app.lines.join('\n')).toContain('Oppijanumerorekisteri datantuonti export task completed');
  });
});
