import { readHetu } from '../../src/common/hetu.js';
import { ProgressMeter } from '../../src/common/progress.js';
import { DatantuontiImportService } from '../../src/datantuonti/datantuonti-import.service.js';
import { KoskiMuokkausService } from '../../src/datantuonti/koski-muokkaus.service.js';
import { TestidatantuontiService } from '../../src/datantuonti/testidatantuonti.service.js';
import { PeerError } from '../../src/common/errors.js';
import { KayttooikeusClient } from '../../src/integrations/kayttooikeus/kayttooikeus.client.js';
import { JobRegistry } from '../../src/jobs/job-registry.service.js';
import type { JobSummary } from '../../src/jobs/job.decorator.js';
import { OutboxPublisher } from '../../src/outbox/outbox.publisher.js';
import { TestObjectStorage, type Fault } from '../support/object-storage.js';
import { ANNOUNCING, announced, newHetu, passivations, rowOf } from '../support/persons.js';
import { storeHenkilo, storePlain } from '../support/stored-persons.js';
import { TestApp } from '../support/test-app.js';

const JOBS = ['DatantuontiImport', 'TestidatantuontiImport', 'KoskiDatantuonninMuokkaus'];
const BUCKET = 'datantuonti-in';
const { signal } = new AbortController();
let progress: ProgressMeter;

let storage: TestObjectStorage;
let app: TestApp;

async function start(env: Record<string, string> = {}): Promise<void> {
  app = new TestApp({ ...ANNOUNCING, ...env }, []);
  await app.start();
}
const oid = (n: number) => `1.2.246.562.24.${30_000_000_000 + n}`;
const henkilot = <T>(columns: string, where: string) => app.query<T & object>(`select ${columns} from henkilo where ${where} order by oidhenkilo`); // prettier-ignore

beforeEach(() => (progress = new ProgressMeter()));
/** Nobody is stored, and nothing is under way. */
async function empty(): Promise<void> {
  await app.query('truncate henkilo, henkiloviite, onr_datantuonti_kesken cascade');
  await app.query('drop table if exists datantuonti_henkilo_temp');
  await app.peers.reset();
  app.lines.length = 0;
}

describe('DatantuontiImport', () => {
  const CSV_KEY = 'oppijanumerorekisteri/v1/csv/henkilo-1796000000000.csv';
  /** A chain 1 ← 2 ← 3, an identified master 4 with slave 5, one without languages 6, one that is stored already 7. */
  const CSV =
    'oid,yksiloityvtj,aidinkieli,asiointikieli,kansalaisuus,master_oid,linkitetyt_oidit\n' +
    `${oid(1)},f,fi,sv,"246,752",,${oid(2)}\n` +
    `${oid(2)},f,fi,fi,246,${oid(1)},\n` +
    `${oid(3)},t,fi,fi,246,,\n` +
    `${oid(4)},t,ru,,643,,${oid(5)}\n` +
    `${oid(5)},f,fi,fi,246,${oid(4)},\n` +
    `${oid(6)},f,,,,,\n` +
    `${oid(7)},t,fi,fi,246,,\n`;

  const run = () => app.nest.get(DatantuontiImportService).run(signal, progress);
  const put = async (csv: string, manifest: string = JSON.stringify({ henkilo: CSV_KEY })) => {
    await storage.put(BUCKET, CSV_KEY, csv);
    await storage.put(BUCKET, 'oppijanumerorekisteri/v1/manifest.json', manifest);
  };
  const startImport = () =>
    start({
      'aws.endpoint': storage.url,
      'aws.henkiloModifiedTopic.enabled': 'false',
      'oppijanumerorekisteri.tasks.datantuonti.import.bucket-name': BUCKET,
      ONR_OBJECT_STORAGE_TIMEOUT_MS: '1500',
    });

  beforeAll(async () => {
    storage = await TestObjectStorage.start();
    await storage.bucket(BUCKET);
    await startImport();
  });
  afterAll(async () => {
    await app.stop();
    await storage.stop();
  });
  beforeEach(empty);

  it('says that there is no manifest', async () => {
    await expect(run()).rejects.toThrow(
      's3: download of s3://datantuonti-in/oppijanumerorekisteri/v1/manifest.json failed: NoSuchKey (404)',
    );
  });

  it('makes those that are not stored, under other names, and links them', async () => {
    const stored = await storeHenkilo(app, { oidhenkilo: oid(7), etunimet: 'Jo Olemassa', sukunimi: 'Oleva' });
    await put(CSV);
    expect(await run()).toEqual({ seen: 7, changed: 6, failed: 0, linked: 4 });

    const made = await henkilot<{
      oidhenkilo: string; etunimet: string; kutsumanimi: string; sukunimi: string; hetu: string | null; sukupuoli: string;
      syntymaaika: Date; yksiloityvtj: boolean; yksilointi_yritetty: boolean; yksiloity: boolean; duplicate: boolean;
      passivoitu: boolean; kasittelija: string;
    }>('*, syntymaaika::text as syntyi', `oidhenkilo like '1.2.246.562.24.3000000000%' and oidhenkilo <> '${oid(7)}'`); // prettier-ignore
    expect(made.map(({ oidhenkilo }) => oidhenkilo)).toEqual([1, 2, 3, 4, 5, 6].map(oid));
    const flags = made.map((h) => [h.yksiloityvtj, h.yksilointi_yritetty, h.yksiloity, h.duplicate, h.passivoitu]);
    expect(flags).toEqual([
      [false, false, true, false, false],
      [false, false, false, true, true],
      [true, true, false, false, false],
      [true, true, false, false, false],
      [false, false, false, true, true],
      [false, false, true, false, false],
    ]);
    const thisYear = new Date().getFullYear();
    for (const h of made) {
      expect(h.etunimet).toBe(`${h.kutsumanimi} Testi`);
      expect(h.sukunimi).toMatch(/^[A-ZÄÖÅ][a-zäöå]+-Testi$/);
      expect(h.kasittelija).toBe('datantuonti');
      const syntyi = (h as unknown as { syntyi: string }).syntyi;
      expect(thisYear - Number(syntyi.slice(0, 4))).toBeGreaterThanOrEqual(7);
      expect(thisYear - Number(syntyi.slice(0, 4))).toBeLessThanOrEqual(80);
      if (!h.yksiloityvtj) expect([h.hetu, h.sukupuoli]).toEqual([null, '2']);
      else expect(readHetu(h.hetu!)).toEqual({ birthDate: syntyi, sukupuoli: h.sukupuoli, isFake: true });
    }
    const viitteet = await app.query('select master_oid, slave_oid from henkiloviite order by 1');
    expect(viitteet).toEqual([
      { master_oid: oid(1), slave_oid: oid(2) },
      { master_oid: oid(4), slave_oid: oid(5) },
    ]);
    const kielet = `select h.oidhenkilo, a.kielikoodi as aidinkieli, b.kielikoodi as asiointikieli,
                           (select string_agg(k.kansalaisuuskoodi, ',' order by 1) from henkilo_kansalaisuus hk
                              join kansalaisuus k on k.id = hk.kansalaisuus_id where hk.henkilo_id = h.id) as kansalaisuus
                      from henkilo h left join kielisyys a on a.id = h.aidinkieli_id
                      left join kielisyys b on b.id = h.asiointikieli_id where h.oidhenkilo = any ($1) order by 1`;
    expect(await app.query(kielet, [[oid(1), oid(4), oid(6)]])).toEqual([
      { oidhenkilo: oid(1), aidinkieli: 'fi', asiointikieli: 'sv', kansalaisuus: '246,752' },
      { oidhenkilo: oid(4), aidinkieli: 'ru', asiointikieli: null, kansalaisuus: '643' },
      { oidhenkilo: oid(6), aidinkieli: null, asiointikieli: null, kansalaisuus: null },
    ]);
    expect(await rowOf(app, stored.oid)).toMatchObject({ etunimet: 'Jo Olemassa', sukunimi: 'Oleva', version: 0 });
    expect(await passivations(app)).toEqual([2, 5].map((n) => `/kayttooikeus-service/henkilo/${oid(n)}/passivoi`));
    const created = app.audit.filter(({ operation }) => operation === 'CREATE_HENKILO');
    expect(created.map(({ target }) => (target as { henkiloOid: string }).henkiloOid).sort()).toEqual([1, 2, 3, 4, 5, 6].map(oid)); // prettier-ignore
    expect(app.lines.join('\n')).toContain('Oppijanumerorekisteri datantuonti import task completed');
    expect(await app.query('select * from onr_datantuonti_kesken')).toEqual([]);
    expect(progress.read()).toMatchObject({ done: 6, total: 6 });
    const columns = `select column_name || ' ' || data_type as c from information_schema.columns
                      where table_schema = 'public' and table_name = 'datantuonti_henkilo_temp' order by ordinal_position`;
    expect((await app.query<{ c: string }>(columns)).map(({ c }) => c)).toEqual([
      'oid text', 'yksiloityvtj boolean', 'aidinkieli text', 'asiointikieli text', 'kansalaisuus text', 'master_oid text',
      'linkitetyt_oidit text',
    ]); // prettier-ignore

    expect(await run()).toEqual({ seen: 7, changed: 0, failed: 0, linked: 0 });
    expect(await henkilot('etunimet', `kasittelija = 'datantuonti'`)).toHaveLength(6);
  });

  it('does what a run before it was killed at, and links nobody else', async () => {
    await put(CSV);
    await run();
    const unlink = async (slave: string) => {
      await app.query('delete from henkiloviite where slave_oid = $1', [slave]);
      await app.query('update henkilo set duplicate = false, passivoitu = false where oidhenkilo = $1', [slave]);
    };
    await unlink(oid(2)); // by somebody, later
    await unlink(oid(5)); // the run died before it came to this one
    await storePlain(app, 'onr_datantuonti_kesken', { tyo: 'DatantuontiImport', oidhenkilo: oid(5) });
    expect(await run()).toEqual({ seen: 7, changed: 0, failed: 0, linked: 1 });
    expect(await app.query('select slave_oid from henkiloviite')).toEqual([{ slave_oid: oid(5) }]);
    expect(await app.query('select * from onr_datantuonti_kesken')).toEqual([]);
  });

  it('leaves unlinked what cannot be linked, and goes on', async () => {
    await put(
      'oid,yksiloityvtj,aidinkieli,asiointikieli,kansalaisuus,master_oid,linkitetyt_oidit\n' +
        `${oid(11)},f,fi,fi,246,,"${oid(12)},${oid(99)}"\n` +
        `${oid(12)},t,fi,fi,246,${oid(11)},\n` +
        `${oid(13)},f,fi,fi,246,${oid(98)},\n` +
        `${oid(14)},f,fi,fi,246,,${oid(15)}\n${oid(15)},f,fi,fi,246,${oid(14)},\n`,
    );
    expect(await run()).toMatchObject({ changed: 5, failed: 3, linked: 2 });
    expect(await app.query('select slave_oid from henkiloviite')).toEqual([{ slave_oid: oid(15) }]);
    expect(app.lines.join('\n')).toContain(`Henkilö ${oid(98)} was not linked with ${oid(13)}`);
  });

  it('links in the next run whom it could not link because käyttöoikeuspalvelu was away', async () => {
    await put(CSV);
    const kayttooikeus = app.nest.get(KayttooikeusClient);
    const passivoi = jest
      .spyOn(kayttooikeus, 'passivoi')
      .mockRejectedValue(new PeerError('kayttooikeus', 'got no answer'));
    expect(await run()).toMatchObject({ changed: 7, failed: 4, linked: 0 });
    passivoi.mockRestore();
    expect(await run()).toMatchObject({ changed: 0, failed: 0, linked: 4 });
    expect(await app.query('select slave_oid from henkiloviite order by 1')).toEqual([
      { slave_oid: oid(2) },
      { slave_oid: oid(5) },
    ]);
    expect(await app.query('select * from onr_datantuonti_kesken')).toEqual([]);
  });

  it.each([
    ['a manifest that is no JSON', '{', /manifest.json names no file of persons/],
    ['a manifest without the file', '{"other":"x"}', /manifest.json names no file of persons/],
    ['a manifest of a file that is gone', '{"henkilo":"gone.csv"}', /gone.csv failed: NoSuchKey \(404\)/],
    ['a manifest without end', `{"henkilo":"${'x'.repeat(70_000)}"}`, /failed: it is longer than 65536 bytes/],
  ])('says what is wrong: %s', async (_, manifest, error) => {
    await put(CSV, manifest);
    await expect(run()).rejects.toThrow(error);
  });

  it('keeps the former rows when the file is broken off, and creates nobody', async () => {
    await app.query('create table datantuonti_henkilo_temp (former text)');
    await put(CSV.slice(0, 300).replace(/,[^,]*$/, ''));
    await expect(run()).rejects.toThrow(/missing data for column/);
    expect(await app.query('select former from datantuonti_henkilo_temp')).toEqual([]);
    expect(await henkilot('1', `kasittelija = 'datantuonti'`)).toEqual([]);
    await put(CSV);
    expect(await run()).toMatchObject({ changed: 7 });
  });

  it.each<[string, Fault, RegExp]>([
    [
      'is cut in the middle',
      'answer cut',
      /^s3: download of s3:\/\/datantuonti-in\/oppijanumerorekisteri\/v1\/csv\/henkilo-1796000000000.csv failed: ECONNRESET$/,
    ],
    ['stops in the middle', 'answer stuck', /henkilo-1796000000000.csv failed: TimeoutError: .* 1500 ms/],
  ])('keeps the former rows when the download %s, and creates nobody', async (_, fault, error) => {
    await put(CSV);
    await app.query(`create table datantuonti_henkilo_temp as select 'former' as oid`);
    storage.rule = ({ path }) => (path.includes(CSV_KEY) ? fault : undefined);
    try {
      await expect(run()).rejects.toThrow(error);
    } finally {
      storage.rule = () => undefined;
    }
    expect(await app.query('select * from datantuonti_henkilo_temp')).toEqual([{ oid: 'former' }]);
    expect(await henkilot('1', `kasittelija = 'datantuonti'`)).toEqual([]);
    expect(await run()).toMatchObject({ changed: 7 });
  });

  it.each([
    ['manifest', 'oppijanumerorekisteri/v1/manifest.json'],
    ['file', CSV_KEY],
  ])('fails when the storage does not answer for the %s in time', async (_, key) => {
    await put(CSV);
    await app.query(`create table datantuonti_henkilo_temp as select 'former' as oid`);
    storage.rule = ({ path }) => (path.includes(key) ? new Promise(() => undefined) : undefined);
    try {
      await expect(run()).rejects.toThrow(
        new RegExp(`^s3: download of s3://datantuonti-in/${key} failed: TimeoutError: .* 1500 ms`),
      );
    } finally {
      storage.rule = () => undefined;
    }
    expect(await app.query('select * from datantuonti_henkilo_temp')).toEqual([{ oid: 'former' }]);
  });

  it('ends when it is told to, and goes on in the next run', async () => {
    await put(CSV);
    const abort = new AbortController();
    abort.abort();
    await expect(app.nest.get(DatantuontiImportService).run(abort.signal, progress)).rejects.toThrow(/abort/i);
    expect(await run()).toMatchObject({ changed: 7, linked: 4 });
  });
});

describe('TestidatantuontiImport', () => {
  const run = () => app.nest.get(TestidatantuontiService).run(signal, progress);
  beforeAll(() => start());
  afterAll(() => app.stop());
  beforeEach(async () => {
    await empty();
    await app.query('truncate testidatantuonti_henkilo');
  });
  const row = (values: Record<string, unknown>) =>
    storePlain(app, 'testidatantuonti_henkilo', {
      etunimet: 'Nella Testi', sukunimi: 'Suomifi', syntymaaika: '1900-01-01', sukupuoli: 1, turvakielto: false, kotikunta: '091',
      aidinkieli: 'sv', kansalaisuudet: '246,752', katuosoite: 'Katu 1', postinumero: '00100', kaupunki: 'Helsinki', ...values,
    }); // prettier-ignore

  it('makes persons of the rows and sets guardians', async () => {
    const [lapsi, aiti, salattu, osoitteeton, olemassa] = [newHetu(), newHetu(), newHetu(), newHetu(), newHetu()];
    const stored = await storeHenkilo(app, { hetu: olemassa, etunimet: 'Jo Olemassa' });
    await row({ hetu: lapsi, huoltajat: `${aiti}, ${olemassa},010100A999X` });
    await row({ hetu: aiti, etunimet: 'Äiti', kuolinpaiva: '2020-02-29' });
    await row({ hetu: salattu, turvakielto: true });
    await row({ hetu: osoitteeton, kaupunki: null, aidinkieli: null, kansalaisuudet: null });
    await row({ hetu: olemassa });
    await row({ hetu: lapsi, etunimet: 'Toinen Rivi' });
    expect(await run()).toEqual({ seen: 4, changed: 4, failed: 0, wards: 1 });

    const of = async (hetu: string) => (await app.query('select *, syntymaaika::text as syntyi, kuolinpaiva::text as kuoli from henkilo where hetu = $1', [hetu]))[0]!; // prettier-ignore
    const { birthDate, sukupuoli } = readHetu(lapsi)!;
    const person = await of(lapsi);
    expect(person).toMatchObject({
      kutsumanimi: person.etunimet, sukunimi: 'Suomifi', syntyi: birthDate, sukupuoli, kotikunta: '091', turvakielto: false,
      yksiloityvtj: true, yksilointi_yritetty: true, yksiloity: false, duplicate: false, kasittelija: 'testidatantuonti',
    }); // prettier-ignore
    expect(person.oidhenkilo).toMatch(/^1\.2\.246\.562\.24\.\d{11}$/);
    expect((await of(aiti)).kuoli).toBe('2020-02-29');
    const osoitteet = `select h.hetu, g.ryhmakuvaus, g.ryhma_alkuperatieto, g.read_only as readonly, y.yhteystieto_tyyppi as tyyppi, y.yhteystieto_arvo as arvo
       from yhteystiedotryhma g join yhteystiedot y on y.yhteystiedotryhma_id = g.id join henkilo h on h.id = g.henkilo_id
      where h.hetu = any ($1) order by y.id`;
    const group = { hetu: lapsi, ryhmakuvaus: 'yhteystietotyyppi4', ryhma_alkuperatieto: 'alkupera1', readonly: true };
    expect(await app.query(osoitteet, [[lapsi, salattu, osoitteeton]])).toEqual([
      { ...group, tyyppi: 'YHTEYSTIETO_KATUOSOITE', arvo: 'Katu 1' },
      { ...group, tyyppi: 'YHTEYSTIETO_POSTINUMERO', arvo: '00100' },
      { ...group, tyyppi: 'YHTEYSTIETO_KAUPUNKI', arvo: 'Helsinki' },
    ]);
    const suhteet = `select p.hetu from henkilo_huoltaja_suhde s join henkilo l on l.id = s.lapsi_id
                       join henkilo p on p.id = s.huoltaja_id where l.hetu = $1 order by p.hetu`;
    expect(await app.query(suhteet, [lapsi])).toEqual([aiti, olemassa].sort().map((hetu) => ({ hetu })));
    expect(await rowOf(app, stored.oid)).toMatchObject({ etunimet: 'Jo Olemassa', kutsumanimi: 'Aatu' });
    expect(await app.query('select * from onr_datantuonti_kesken')).toEqual([]);
    expect(await run()).toEqual({ seen: 0, changed: 0, failed: 0, wards: 0 });
  });

  it('gives guardians to whom a run before it was killed at', async () => {
    const [lapsi, isa] = [newHetu(), newHetu()];
    const child = await storeHenkilo(app, { hetu: lapsi });
    await storeHenkilo(app, { hetu: isa });
    await row({ hetu: lapsi, huoltajat: isa });
    await storePlain(app, 'onr_datantuonti_kesken', { tyo: 'TestidatantuontiImport', oidhenkilo: child.oid });
    expect(await run()).toEqual({ seen: 0, changed: 0, failed: 0, wards: 1 });
    expect(await app.query('select 1 from henkilo_huoltaja_suhde where lapsi_id = $1', [child.id])).toHaveLength(1);
  });
});

describe('KoskiDatantuonninMuokkaus', () => {
  const run = () => app.nest.get(KoskiMuokkausService).run(signal, progress);
  beforeAll(() => start());
  afterAll(() => app.stop());
  beforeEach(async () => {
    await empty();
    await app.query('truncate import.koski_datantuonti_henkilo_oids');
  });
  const waiting = (oids: readonly string[]) =>
    app.query('insert into import.koski_datantuonti_henkilo_oids (oid) select unnest($1::text[])', [oids]);

  it('gives a thousand persons exactly the shares of ages and municipalities', async () => {
    await app.query(
      `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, hetu, syntymaaika, sukupuoli, kotikunta)
       select nextval('hibernate_sequence'), 0, '1.2.246.562.24.4' || lpad(n::text, 10, '0'), 'Sama Nimi', 'Sama', 'Koski', 'vanha' || n, '1950-01-01', '1', '564'
         from generate_series(1, 1000) n`,
    );
    const oids = Array.from({ length: 1000 }, (_, i) => `1.2.246.562.24.4${String(i + 1).padStart(10, '0')}`);
    await app.query(
      `insert into kotikunta_historia (id, version, henkilo_id, kotikunta, kuntaan_muuttopv)
       select nextval('hibernate_sequence'), 0, id, '564', '1950-01-01' from henkilo where oidhenkilo = any ($1)`,
      [oids],
    );
    await waiting([...oids, oids[0]!, oids[0]!]);
    expect(await run()).toEqual({ seen: 1000, changed: 1000, failed: 0, unknown: 0 });

    const rows = await henkilot<{ hetu: string; syntyi: string; sukupuoli: string; kotikunta: string | null; etunimet: string; id: string }>(
      'id, hetu, syntymaaika::text as syntyi, sukupuoli, kotikunta, etunimet', `oidhenkilo like '1.2.246.562.24.4%'`); // prettier-ignore
    const year = Number(new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Helsinki' }).slice(0, 4));
    const ages = rows.map(({ syntyi }) => year - Number(syntyi.slice(0, 4)));
    const between = (a: number, b: number) => ages.filter((age) => age >= a && age <= b).length;
    expect([between(8, 17), between(18, 25), between(26, 80)]).toEqual([960, 20, 20]);
    expect(new Set(rows.map(({ hetu }) => hetu)).size).toBe(1000);
    for (const { hetu, syntyi, sukupuoli, etunimet } of rows) {
      expect(readHetu(hetu)).toEqual({ birthDate: syntyi, sukupuoli, isFake: true });
      expect(etunimet).toBe('Sama Nimi');
    }
    const historia = await app.query<{ id: string; kotikunta: string; alku: string; loppu: string | null; syntyi: string; nyt: string }>(
      `select h.id, k.kotikunta, k.kuntaan_muuttopv::text as alku, k.kunnasta_pois_muuttopv::text as loppu, h.syntymaaika::text as syntyi, h.kotikunta as nyt
         from kotikunta_historia k join henkilo h on h.id = k.henkilo_id where h.oidhenkilo = any ($1)`, [oids]); // prettier-ignore
    const fromBirth = historia.filter(({ alku, syntyi }) => alku === syntyi);
    const count = (kunta: string) => fromBirth.filter(({ kotikunta }) => kotikunta === kunta).length;
    expect([count('918'), count('049'), count('186')]).toEqual([320, 320, 320]);
    expect(historia.every(({ kotikunta, nyt, loppu }) => kotikunta === nyt && loppu === null)).toBe(true);
    const moved = historia.filter(({ alku, syntyi }) => alku !== syntyi);
    expect(moved).toHaveLength(20);
    for (const { alku, syntyi, kotikunta } of moved) {
      expect(['918', '049', '186']).toContain(kotikunta);
      const birthday = (years: number) => `${Number(syntyi.slice(0, 4)) + years}${syntyi.slice(4)}`;
      expect(alku >= birthday(1).replace('02-29', '02-28') && alku < birthday(18)).toBe(true);
    }
    expect(rows.filter(({ kotikunta }) => kotikunta === null)).toHaveLength(20);
    expect(historia).toHaveLength(980);
    expect(await app.query('select 1 from import.koski_datantuonti_henkilo_oids where processed is null')).toEqual([]);
    expect(progress.read()).toMatchObject({ done: 1000, total: 1000 });
    expect(await run()).toEqual({ seen: 0, changed: 0, failed: 0, unknown: 0 });
  });

  it('announces the person, keeps the former hetu findable, and passes over one that is unknown', async () => {
    const former = newHetu();
    const henkilo = await storeHenkilo(app, { hetu: former, yksiloityvtj: true, vtj_bucket: 4 });
    await storePlain(app, 'henkilo_hetu', { henkilo_id: henkilo.id, hetu: former });
    await waiting([henkilo.oid, '1.2.246.562.24.99999999999']);
    await app.peers.reset();
    expect(await run()).toEqual({ seen: 2, changed: 1, failed: 0, unknown: 1 });
    const { hetu, vtj_bucket: bucket } = (await rowOf(app, henkilo.oid)) as { hetu: string; vtj_bucket: unknown };
    expect([hetu === former, bucket]).toEqual([false, null]);
    const hetut = await app.query<{ hetu: string }>('select hetu from henkilo_hetu where henkilo_id = $1', [
      henkilo.id,
    ]);
    expect(hetut.map((h) => h.hetu).sort()).toEqual([former, hetu].sort());
    await app.nest.get(OutboxPublisher).settle(5_000);
    expect([...new Set(await announced(app))]).toEqual([henkilo.oid]);
    expect(app.audit.map(({ operation }) => operation)).toContain('FORCE_UPDATE_HENKILO');
    expect(await app.query('select 1 from import.koski_datantuonti_henkilo_oids where processed is null')).toEqual([]);
  });

  it('leaves for the next run whom it could not change', async () => {
    const [a, b] = [await storeHenkilo(app), await storeHenkilo(app)];
    await app.query(`create function deny() returns trigger language plpgsql as $$ begin
      if new.id = ${a.id} then raise exception 'no' using errcode = '23505'; end if; return new; end $$`);
    await app.query('create trigger deny before update on henkilo for each row execute function deny()');
    await waiting([a.oid, b.oid]);
    expect(await run()).toMatchObject({ seen: 2, changed: 1, failed: 1 });
    expect(await app.query('select oid from import.koski_datantuonti_henkilo_oids where processed is null')).toEqual([{ oid: a.oid }]); // prettier-ignore
    expect(app.lines.join('\n')).toContain(`Henkilö ${a.oid} is left for the next run, somebody was in the way`);
    await app.query('drop trigger deny on henkilo');
    expect(await run()).toMatchObject({ seen: 1, changed: 1, failed: 0 });
  });
});

describe.each([
  ['prod', /never runs where ENV is prod/],
  [' PROD ', /never runs where ENV is prod/],
])('where ENV is "%s"', (ENV, reason) => {
  beforeAll(() =>
    start({
      ENV,
      'aws.henkiloModifiedTopic.enabled': 'false',
      'oppijanumerorekisteri.tasks.datantuonti.import.enabled': 'true',
      'oppijanumerorekisteri.tasks.datantuonti.import.bucket-name': 'prod-bucket',
      'oppijanumerorekisteri.tasks.testidatantuonti.import.enabled': 'true',
      'oppijanumerorekisteri.tasks.koski-datantuonnin-muokkaus.enabled': 'true',
    }),
  );
  afterAll(() => app.stop());

  it.each(JOBS)('%s refuses, though its settings say otherwise', async (name) => {
    const henkilo = await storeHenkilo(app);
    await storePlain(app, 'import.koski_datantuonti_henkilo_oids', { oid: henkilo.oid });
    const job = app.nest.get(JobRegistry).find(name)!;
    expect(job.enabled).toBe(true);
    const outcome: Promise<JobSummary> = Promise.resolve().then(() => job.handler.run(signal, progress));
    await expect(outcome).rejects.toThrow(reason);
    await expect(outcome).rejects.toThrow(name);
    expect(await rowOf(app, henkilo.oid)).toMatchObject({ version: 0 });
    expect(await app.query(`select to_regclass('datantuonti_henkilo_temp') as t`)).toEqual([{ t: null }]);
  });
});
