import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { Database } from '../../src/database/database.js';
import { DokumenttiKokoaja } from '../../src/henkilo/dokumentti/dokumentti-kokoaja.service.js';
import { DokumenttiRepository } from '../../src/henkilo/dokumentti/dokumentti.repository.js';
import { DokumenttiTarkistusJob, DokumenttiTayttoJob } from '../../src/henkilo/dokumentti/dokumentti.jobs.js';
import { toHenkiloJson, toPerustietoJson } from '../../src/henkilo/dokumentti/dokumentti.mapper.js';
import { HenkiloReadRepository } from '../../src/henkilo/luku/henkilo-read.repository.js';
import { DOKUMENTTI_OSAT, toHenkiloDto, toHenkiloPerustietoDto } from '../../src/henkilo/luku/henkilo.mapper.js';
import { OsatRepository } from '../../src/henkilo/luku/osat.repository.js';
import { watchRequestStatements } from '../support/request-statements.js';
import {
  store,
  storeHenkilo,
  storePlain,
  storeRyhma,
  storeViite,
  type StoredHenkilo,
} from '../support/stored-persons.js';
import { useTestApp, type TestApp } from '../support/test-app.js';
import { katselija, rekisterinpitaja, virkailija } from '../support/users.js';

/** Ready documents of persons (ADR 120): never another answer than the tables give, in any snapshot. */

const doors = (app: TestApp) => ({
  db: app.nest.get(Database, { strict: false }),
  kokoaja: app.nest.get(DokumenttiKokoaja, { strict: false }),
  dokumentit: app.nest.get(DokumenttiRepository, { strict: false }),
  henkilot: app.nest.get(HenkiloReadRepository, { strict: false }),
  osat: app.nest.get(OsatRepository, { strict: false }),
  taytto: app.nest.get(DokumenttiTayttoJob, { strict: false }),
  tarkistus: app.nest.get(DokumenttiTarkistusJob, { strict: false }),
});
const never = new AbortController().signal;
const nothingHidden = () => false;

/** A person who has some of everything. */
async function storeWhole(app: TestApp, columns: Record<string, unknown> = {}): Promise<StoredHenkilo> {
  const [kieli] = await app.query<{ id: string }>(`select id from kielisyys where kielikoodi = 'fi'`);
  const kieliId = kieli?.id ?? (await store(app, 'kielisyys', { version: 0, kielikoodi: 'fi', kielityyppi: 'suomi' }));
  const [suomi] = await app.query<{ id: string }>(`select id from kansalaisuus where kansalaisuuskoodi = '246'`);
  const kansalaisuusId = suomi?.id ?? (await store(app, 'kansalaisuus', { version: 0, kansalaisuuskoodi: '246' }));
  const henkilo = await storeHenkilo(app, {
    etunimet: 'Åke "Öystein"\\ \u001f\u0001\t€😀',
    kotikunta: '091',
    aidinkieli_id: kieliId,
    asiointikieli_id: kieliId,
    syntymaaika: '1990-01-01',
    ...columns,
  });
  await storeRyhma(app, henkilo, [
    ['SAHKOPOSTI', 'a"},{"yhteystietoTyyppi":"YHTEYSTIETO_@example.fi'],
    ['PUHELINNUMERO', null],
  ]);
  await storeRyhma(app, henkilo, [], { ryhmakuvaus: null, ryhma_alkuperatieto: 'alkupera1', read_only: true });
  await storePlain(app, 'henkilo_hetu', { henkilo_id: henkilo.id, hetu: `hetu-${henkilo.id}` });
  await storePlain(app, 'henkilo_passinumero', { henkilo_id: henkilo.id, passinumero: `passi-${henkilo.id}` });
  await storePlain(app, 'henkilo_kansalaisuus', { henkilo_id: henkilo.id, kansalaisuus_id: kansalaisuusId });
  await store(app, 'eidastunniste', {
    version: 0,
    henkilo_id: henkilo.id,
    tunniste: `eidas-${henkilo.id}`,
    createdby: 'x',
  });
  for (const [idpentityid, identifier] of [
    ['email', 'oma@example.fi'],
    ['oppijaToken', `t-${henkilo.id}`],
  ])
    await store(app, 'identification', { version: 0, henkilo_id: henkilo.id, idpentityid, identifier });
  await store(app, 'yksilointivirhe', {
    version: 0,
    henkilo_id: henkilo.id,
    aikaleima: new Date(),
    poikkeus: 'x',
    viesti: 'y',
  });
  return henkilo;
}

describe('documents of persons', () => {
  const app = useTestApp();

  const READS: [string, string, (h: StoredHenkilo) => unknown][] = [
    ['GET', '/henkilo/{oid}', () => undefined],
    ['GET', '/henkilo/{oid}/master', () => undefined],
    ['POST', '/henkilo/henkilotByHenkiloOidList', (h) => [h.oid, '1.2.3.4']],
    ['POST', '/henkilo/masterHenkilosByOidList', (h) => [h.oid, null, '1.2.3.4']],
    ['POST', '/henkilo/henkiloPerustietosByHenkiloOidList', (h) => [h.oid, h.oid]],
    ['POST', '/henkilo/henkiloPerustietosByHenkiloHetuList', (h) => [`nyt-${h.id}`, null, '010190-900P']],
    ['GET', '/henkilo/{master}/slaves', () => undefined],
    ['GET', '/henkilo/identification?idp=oppijaToken&id=t-{id}', () => undefined],
  ];

  it.each(READS)(
    '%s %s answers the same bytes, rights and audit from the document as from the tables',
    async (method, path, body) => {
      const { kokoaja, dokumentit } = doors(app);
      const henkilo = await storeWhole(app, { turvakielto: true });
      await app.query(`update henkilo set hetu = 'nyt-' || id where id = $1`, [henkilo.id]);
      const master = path.includes('{master}') ? await storeHenkilo(app) : henkilo;
      if (master !== henkilo) await storeViite(app, master, henkilo);
      const url = path
        .replace('{oid}', henkilo.oid)
        .replace('{id}', String(henkilo.id))
        .replace('{master}', master.oid);
      await app.peers.state({ canAccess: ['*>*'] });
      for (const user of [rekisterinpitaja, virkailija]) {
        const ask = async () => {
          const from = app.audit.length;
          const { status, text } = await app.as(user).send(method, url, body(henkilo));
          const audit = app.audit.slice(from).map(({ target, operation }) => ({ target, operation }));
          return { status, text, audit };
        };
        await app.query('delete from onr_henkilo_dokumentti');
        const fromTables = await ask();
        await kokoaja.settled();
        await kokoaja.build([henkilo.oid]);
        expect(await dokumentit.findByOid(henkilo.oid)).not.toBeNull();
        await app.query(`update onr_henkilo_dokumentti set perustieto = replace(perustieto, 'Testilä', 'Dokumentti')`);
        const fromDocument = await ask();
        expect(fromTables.status).toBe(200);
        expect(fromTables.text).toContain('Testilä');
        expect(fromDocument.text).toContain('Dokumentti');
        expect({ ...fromDocument, text: fromDocument.text.replaceAll('Dokumentti', 'Testilä') }).toEqual(fromTables);
        expect(fromTables.text.includes('example.fi')).toBe(user === rekisterinpitaja);
      }
    },
  );

  it('lists of basic data are the same bytes whatever part of the persons has a document', async () => {
    const { kokoaja } = doors(app);
    const henkilot: StoredHenkilo[] = [];
    for (let i = 0; i < 90; i++) henkilot.push(await storeHenkilo(app, { sukunimi: `Lista"${i}`, hetu: `lista-${i}` }));
    const oids = henkilot.map(({ oid }) => oid);
    const asks = [
      ['/henkilo/henkiloPerustietosByHenkiloOidList', [...oids].reverse().concat(oids[3]!, '1.2.3.4', 'x",')],
      ['/henkilo/henkiloPerustietosByHenkiloHetuList', henkilot.map((_, i) => `lista-${89 - i}`).concat('lista-90')],
    ] as const;
    const ask = async () => {
      const from = app.audit.length;
      const texts: string[] = [];
      for (const [path, body] of asks) texts.push((await app.as(rekisterinpitaja).post(path, body)).text);
      return { texts, audit: app.audit.slice(from).map(({ target }) => target) };
    };
    await app.query('delete from onr_henkilo_dokumentti');
    const fromTables = await ask();
    expect(fromTables.texts.map((text) => JSON.parse(text).map((h: { sukunimi: string }) => h.sukunimi))).toEqual(
      asks.map(() => henkilot.map((_, i) => `Lista"${i}`)),
    );
    await kokoaja.settled();
    await kokoaja.build(oids);
    const statements = jest.spyOn(app.nest.get(HenkiloReadRepository, { strict: false }), 'listPerustiedotByOids');
    expect(await ask()).toEqual(fromTables);
    expect(statements).not.toHaveBeenCalled();
    statements.mockRestore();
    await app.query('update henkilo set version = version + 1 where id = $1', [henkilot[50]!.id]);
    await app.query('delete from onr_henkilo_dokumentti where oidhenkilo = $1', [oids[60]]);
    expect(await ask()).toEqual(fromTables);
    await kokoaja.settled();
  });

  it('is stored in this form: raise MUOTO when this fails for a reason', async () => {
    const { kokoaja } = doors(app);
    const aika = '2020-01-02T03:04:05.678';
    const henkilo = await storeHenkilo(app, { created: aika, modified: aika });
    const ryhma = await storeRyhma(app, henkilo, [
      ['SAHKOPOSTI', 'a@example.fi'],
      ['KATUOSOITE', null],
    ]);
    await kokoaja.build([henkilo.oid]);
    const rows = await app.query(
      'select muoto, leima, turvakielto, duplicate, perustieto, muut from onr_henkilo_dokumentti where oidhenkilo = $1',
      [henkilo.oid],
    );
    const unit = '\x1f';
    expect(rows).toEqual([
      {
        muoto: 2,
        leima: 1,
        turvakielto: false,
        duplicate: false,
        perustieto: `"identifications":[],"hetu":null,"eidasTunnisteet":[],"etunimet":"Aatu Eevert","kutsumanimi":"Aatu","sukunimi":"Testilä","syntymaaika":null,"turvakielto":false,"aidinkieli":null,"asiointiKieli":null,"kansalaisuus":[],"sukupuoli":null,"modified":1577934245678,"modifiedAt":"2020-01-02T05:04:05.678+02:00"}`,
        muut: ['e', 'f', 'n', 'n', 'n', 'n', 'f', 'f', 'f', 'f', 'f', 'f', '1577934245678', 'n', `[{"id":${ryhma}\x021\x032\x04SAHKOPOSTI\x06a@example.fi\x07KATUOSOITE","yhteystietoArvo":null}]}]`, 'e', 'e', '"2020-01-02T05:04:05.678+02:00"', 'e'].join(unit),
      },
    ]); // prettier-ignore
  });

  it('a reader who finds none gets one built for the next, and a change makes it void at once', async () => {
    const { kokoaja, dokumentit } = doors(app);
    const henkilo = await storeWhole(app);
    expect(await dokumentit.findByOid(henkilo.oid)).toBeNull();
    await app.as(rekisterinpitaja).get(`/henkilo/${henkilo.oid}`);
    await kokoaja.settled();
    expect(await dokumentit.findByOid(henkilo.oid)).not.toBeNull();
    await app.query(`update henkilo set sukunimi = 'Uusi' where id = $1`, [henkilo.id]);
    expect(await dokumentit.findByOid(henkilo.oid)).toBeNull();
    expect((await app.as(rekisterinpitaja).get(`/henkilo/${henkilo.oid}`)).body.sukunimi).toBe('Uusi');
  });

  it('a document built before a change is not stored after it', async () => {
    const { kokoaja, dokumentit } = doors(app);
    const henkilo = await storeWhole(app);
    const old = await kokoaja.collect([henkilo.oid]);
    await app.query(`update henkilo set sukunimi = 'Uusi' where id = $1`, [henkilo.id]);
    await kokoaja.build([henkilo.oid]);
    expect(await dokumentit.store(old.dokumentit, old.nakyma)).toBe(0);
    expect((await dokumentit.findByOid(henkilo.oid))!.perustieto).toContain('"Uusi"');

    const older = await kokoaja.collect([henkilo.oid]);
    await app.query(`update henkilo set sukunimi = 'Uusin' where id = $1`, [henkilo.id]);
    expect(await dokumentit.store(older.dokumentit, older.nakyma)).toBe(1);
    expect(await dokumentit.findByOid(henkilo.oid)).toBeNull();
  });

  it('who is the master, and whose contact details are protected, is looked up at every read', async () => {
    const { kokoaja } = doors(app);
    const [master, slave] = [await storeWhole(app), await storeWhole(app, { duplicate: true })];
    await app.peers.state({ canAccess: ['*>*'] });
    await kokoaja.build([master.oid, slave.oid]);
    const ask = (oid: string, path = '') => app.as(katselija).get(`/henkilo/${oid}${path}`);
    expect((await ask(slave.oid)).body.yhteystiedotRyhma).toHaveLength(2);
    await storeViite(app, master, slave);
    expect((await ask(slave.oid, '/master')).body.oidHenkilo).toBe(master.oid);
    await app.query('update henkilo set turvakielto = true where id = $1', [master.id]);
    expect((await ask(slave.oid)).body).toMatchObject({ yhteystiedotRyhma: [], kotikunta: null, turvakielto: false });
    await app.query('delete from henkiloviite where slave_oid = $1', [slave.oid]);
    expect((await ask(slave.oid)).body.yhteystiedotRyhma).toHaveLength(2);
    expect((await ask(slave.oid, '/master')).body.oidHenkilo).toBe(slave.oid);
  });

  describe('every table that a document is made of', () => {
    /** Read at every request besides the document. */
    const LIVE = ['henkiloviite'];
    const CODES = ['kansalaisuus', 'kielisyys'];

    const tablesRead = async (): Promise<string[]> => {
      const { db, kokoaja, henkilot, osat } = doors(app);
      const henkilo = await storeWhole(app);
      await kokoaja.build([henkilo.oid]); // the statements of the builder are those below
      return db.newTransaction(async () => {
        const rows = await henkilot.listByOids([henkilo.oid]);
        await osat.load(rows, DOKUMENTTI_OSAT);
        const locks = await db.query<{ name: string }>(
          `select distinct c.relname as name from pg_locks l join pg_class c on c.oid = l.relation
            where l.pid = pg_backend_pid() and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`,
        );
        return locks.map(({ name }) => name);
      });
    };

    it('has triggers for whatever column changes, in whatever way', async () => {
      const tables = await tablesRead();
      expect(tables).toEqual(
        ['eidastunniste', 'henkilo', 'henkilo_hetu', 'henkilo_kansalaisuus', 'henkilo_passinumero', 'henkiloviite', 'identification', 'kansalaisuus', 'kielisyys', 'yhteystiedot', 'yhteystiedotryhma', 'yksilointivirhe'], // prettier-ignore
      );
      // After the statement, for each statement, without a list of columns and without a condition.
      const triggers = await app.query<{ line: string }>(
        `select c.relname || ' ' || tgname as line from pg_trigger t join pg_class c on c.oid = tgrelid
          where tgname ~ '^onr_dokumentti_' and tgenabled = 'O' and tgqual is null and tgattr = '' and tgtype & 67 = 0`,
      );
      const kinds = (table: string) => (CODES.includes(table) ? [] : ['insert']).concat('update', 'delete', 'truncate');
      const wanted = tables
        .filter((table) => !LIVE.includes(table))
        .flatMap((table) => kinds(table).map((kind) => `${table} onr_dokumentti_${kind}`));
      wanted.push('yhteystiedotryhma onr_dokumentti_siirto');
      expect(triggers.map(({ line }) => line).sort()).toEqual(wanted.sort());
    });

    it.each([
      ['eidastunniste', `insert into eidastunniste (id, version, henkilo_id, tunniste, createdby) values (nextval('hibernate_sequence'), 0, $1, 'uusi-' || $1, 'x')`, `update eidastunniste set tunniste = tunniste || 'x' where henkilo_id = $1`, 'delete from eidastunniste where henkilo_id = $1'],
      ['henkilo', `insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi) select -$1, 0, oidhenkilo || '.1', 'x', 'x', 'x' from henkilo where id = $1`, 'update henkilo set version = version + 1 where id = $1', null],
      ['henkilo_hetu', `insert into henkilo_hetu (henkilo_id, hetu) values ($1, 'uusi-' || $1)`, `update henkilo_hetu set hetu = hetu || 'x' where henkilo_id = $1`, 'delete from henkilo_hetu where henkilo_id = $1'],
      ['henkilo_kansalaisuus', `with k as (insert into kansalaisuus (id, version, kansalaisuuskoodi) values (nextval('hibernate_sequence'), 0, '998') returning id) insert into henkilo_kansalaisuus select $1, id from k`, `update henkilo_kansalaisuus set henkilo_id = henkilo_id where henkilo_id = $1`, 'delete from henkilo_kansalaisuus where henkilo_id = $1'],
      ['henkilo_passinumero', `insert into henkilo_passinumero (henkilo_id, passinumero) values ($1, 'uusi-' || $1)`, `update henkilo_passinumero set passinumero = passinumero || 'x' where henkilo_id = $1`, 'delete from henkilo_passinumero where henkilo_id = $1'],
      ['identification', `insert into identification (id, version, henkilo_id, idpentityid, identifier) values (nextval('hibernate_sequence'), 0, $1, 'email', 'x')`, `update identification set identifier = 'y' where henkilo_id = $1`, 'delete from identification where henkilo_id = $1'],
      ['yhteystiedotryhma', `insert into yhteystiedotryhma (id, version, henkilo_id, ryhma_alkuperatieto) values (nextval('hibernate_sequence'), 0, $1, 'x')`, `update yhteystiedotryhma set ryhmakuvaus = 'x' where henkilo_id = $1`, `delete from yhteystiedotryhma g where henkilo_id = $1 and not exists (select from yhteystiedot y where y.yhteystiedotryhma_id = g.id)`],
      ['yhteystiedot', `insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystiedotryhma_id) select nextval('hibernate_sequence'), 0, 'YHTEYSTIETO_KUNTA', id from yhteystiedotryhma where henkilo_id = $1`, `update yhteystiedot set yhteystieto_arvo = 'x' where yhteystiedotryhma_id in (select id from yhteystiedotryhma where henkilo_id = $1)`, `delete from yhteystiedot where yhteystiedotryhma_id in (select id from yhteystiedotryhma where henkilo_id = $1)`],
      ['yksilointivirhe', null, `update yksilointivirhe set poikkeus = 'z' where henkilo_id = $1`, 'delete from yksilointivirhe where henkilo_id = $1'],
      ['kielisyys', null, `update kielisyys set kielityyppi = 'x' || $1 where kielikoodi = 'fi'`, null],
      ['kansalaisuus', null, `update kansalaisuus set kansalaisuuskoodi = '99' || $1 where kansalaisuuskoodi = '246'`, null],
    ])('%s: insert, update and delete make the document void', async (table, ...statements) => {
      const { kokoaja, dokumentit } = doors(app);
      const [henkilo, other] = [await storeWhole(app), await storeWhole(app)];
      for (const statement of statements) {
        if (statement === null) continue;
        await kokoaja.build([henkilo.oid, other.oid]);
        expect(await dokumentit.listByOids([henkilo.oid, other.oid])).toHaveLength(2);
        await app.query(statement.replaceAll('$1', String(henkilo.id)));
        const of = statement.startsWith('insert into henkilo ') ? `${henkilo.oid}.1` : henkilo.oid;
        expect(await dokumentit.findByOid(of)).toBeNull();
        if (!CODES.includes(table)) expect(await dokumentit.findByOid(other.oid)).not.toBeNull();
      }
    }); // prettier-ignore

    it('a person that is deleted, or gets another OID, has no document', async () => {
      const { kokoaja, dokumentit, tarkistus } = doors(app);
      const [gone, renamed] = [await storeHenkilo(app), await storeHenkilo(app)];
      await kokoaja.build([gone.oid, renamed.oid]);
      await app.query('delete from henkilo where id = $1', [gone.id]);
      await app.query(`update henkilo set oidhenkilo = oidhenkilo || '.9' where id = $1`, [renamed.id]);
      expect(await dokumentit.listByOids([gone.oid, renamed.oid])).toEqual([]);
      expect((await app.as(rekisterinpitaja).get(`/henkilo/${gone.oid}`)).status).toBe(404);
      await kokoaja.build([gone.oid]);
      await tarkistus.run(never);
      expect(
        await app.query('select * from onr_henkilo_dokumentti where oidhenkilo = any ($1)', [[gone.oid, renamed.oid]]),
      ).toEqual([]);
    });

    it('a table that is emptied makes all void, a row that is only written again makes one void', async () => {
      const { kokoaja, dokumentit } = doors(app);
      const [one, two] = [await storeWhole(app), await storeWhole(app)];
      await kokoaja.build([one.oid, two.oid]);
      await app.query('update kielisyys set kielikoodi = kielikoodi');
      expect(await dokumentit.listByOids([one.oid, two.oid])).toHaveLength(2);
      await app.query('truncate henkilo_passinumero');
      expect(await dokumentit.listByOids([one.oid, two.oid])).toEqual([]);
      await kokoaja.build([one.oid, two.oid]);
      expect((await dokumentit.listByOids([one.oid, two.oid])).map(({ muut }) => muut.includes('passi-'))).toEqual([
        false,
        false,
      ]);
    });
  });

  it('writers wait for nobody, and nobody for them', async () => {
    const { kokoaja, dokumentit } = doors(app);
    const [one, two] = [await storeWhole(app), await storeWhole(app)];
    const [a, b] = await Promise.all([1, 2].map(async () => connect(app)));
    const add = (client: Client, { id }: StoredHenkilo) =>
      client.query(
        `insert into yhteystiedotryhma (id, version, henkilo_id, ryhma_alkuperatieto) values (nextval('hibernate_sequence'), 0, $1, 'x')`,
        [id],
      );
    await a!.query('begin isolation level repeatable read');
    await b!.query('begin isolation level repeatable read');
    await add(a!, one); // crosswise: with a lock on each document this would be a deadlock
    await add(b!, two);
    expect(await kokoaja.build([one.oid, two.oid])).toBe(2);
    expect(await dokumentit.listByOids([one.oid, two.oid])).toHaveLength(2);
    await add(a!, two);
    await add(b!, one);
    await a!.query('commit');
    expect(await dokumentit.listByOids([one.oid, two.oid])).toEqual([]);
    expect(await kokoaja.build([one.oid, two.oid])).toBe(2);
    await b!.query('commit');
    expect(await dokumentit.listByOids([one.oid, two.oid])).toEqual([]);
    await Promise.all([a!.end(), b!.end()]);
  });

  it('a contact detail that changes while its group moves to somebody else makes the documents of both void', async () => {
    const { dokumentit, kokoaja } = doors(app);
    const [from, to] = [await storeWhole(app), await storeWhole(app)];
    const [a, b] = [await connect(app), await connect(app)];
    await app.query(
      `insert into yhteystiedotryhma (id, version, henkilo_id, ryhma_alkuperatieto) values (990001, 0, $1, 'alkupera2')`,
      [from.id],
    );
    await app.query(
      `insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystieto_arvo, yhteystiedotryhma_id) values (990002, 0, 'YHTEYSTIETO_KUNTA', 'vanha', 990001)`,
    );
    await a.query('begin');
    await a.query(`update yhteystiedot set yhteystieto_arvo = 'uusi' where id = 990002`);
    await b.query('begin');
    const move = b.query('update yhteystiedotryhma set henkilo_id = $1 where id = 990001', [to.id]);
    const waits = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await app.query<{ n: number }>(waits))[0]!.n === 0) await sleep(20);
    await a.query('commit');
    await move;
    await b.query('commit');
    await kokoaja.build([from.oid, to.oid]);
    const texts = (await dokumentit.listByOids([from.oid, to.oid])).map((d) => [d.oidHenkilo, d.muut.includes('uusi')]);
    expect(Object.fromEntries(texts)).toEqual({ [from.oid]: false, [to.oid]: true });
    await Promise.all([a.end(), b.end()]);
  });

  it('DokumenttiTaytto builds what is missing, DokumenttiTarkistus repairs and reports what is wrong', async () => {
    const { dokumentit, taytto, tarkistus } = doors(app);
    const henkilot = [await storeWhole(app), await storeWhole(app), await storeWhole(app)];
    const oids = henkilot.map(({ oid }) => oid);
    await taytto.run(never);
    const all = await app.query<{ n: number }>('select count(*) as n from henkilo');
    const ready = async () =>
      app.query(
        `select count(*) filter (where muutos = 0) as n, count(*) filter (where muutos > 0) as changes from onr_henkilo_dokumentti`,
      );
    expect(await ready()).toEqual([{ n: all[0]!.n, changes: 0 }]);
    await app.query('delete from onr_henkilo_dokumentti where oidhenkilo = $1', [oids[0]]);
    await app.query('select onr_dokumentti_uusi_polvi()');
    expect(await dokumentit.listByOids(oids)).toEqual([]);
    await taytto.run(never);
    expect(await ready()).toEqual([{ n: all[0]!.n, changes: 0 }]);
    expect(await dokumentit.listByOids(oids)).toHaveLength(3);

    await app.query(`update onr_henkilo_dokumentti set muut = replace(muut, '091', '092') where oidhenkilo = $1`, [
      oids[1],
    ]);
    expect(await tarkistus.run(never)).toMatchObject({ changed: 1 });
    expect(
      app.lines.filter((line) => line.includes(`The document of ${oids[1]} differed from the tables`)),
    ).toHaveLength(1);
    expect(await tarkistus.run(never)).toMatchObject({ changed: 0 });
    expect((await dokumentit.findByOid(oids[1]!))!.muut).toContain('091');
  });

  it('random writers and readers never meet an answer that the tables do not give', async () => {
    const { db, kokoaja, dokumentit, henkilot, osat, taytto } = doors(app);
    const persons = await Promise.all(Array.from({ length: 12 }, () => storeWhole(app)));
    const random = generator(20261128);
    const any = () => persons[Math.floor(random() * persons.length)]!;
    const writes: ((h: StoredHenkilo) => [string, unknown[]])[] = [
      ({ id }) => ['update henkilo set sukunimi = $2, version = version + 1 where id = $1', [id, `Nimi${random()}`]],
      ({ id }) => ['update henkilo set turvakielto = not turvakielto, duplicate = not duplicate where id = $1', [id]],
      ({ id }) => [`insert into yhteystiedotryhma (id, version, henkilo_id, ryhma_alkuperatieto) values (nextval('hibernate_sequence'), 0, $1, 'alkupera2')`, [id]],
      ({ id }) => [`insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystieto_arvo, yhteystiedotryhma_id) select nextval('hibernate_sequence'), 0, 'YHTEYSTIETO_KUNTA', $2, min(id) from yhteystiedotryhma where henkilo_id = $1 having count(*) > 0`, [id, `x${random()}`]],
      ({ id }) => [`update yhteystiedot set yhteystieto_arvo = $2 where yhteystiedotryhma_id in (select id from yhteystiedotryhma where henkilo_id = $1)`, [id, `y${random()}`]],
      ({ id }) => [`update yhteystiedotryhma set henkilo_id = $2 where henkilo_id = $1 and id % 3 = 0`, [id, any().id]],
      ({ id }) => ['delete from henkilo_passinumero where henkilo_id = $1', [id]],
      ({ id }) => ['insert into henkilo_passinumero (henkilo_id, passinumero) values ($1, $2)', [id, `p${random()}`]],
      ({ id }) => ['update identification set identifier = $2 where henkilo_id = $1', [id, `i${random()}`]],
      ({ id }) => [`update yksilointivirhe set viesti = $2 where henkilo_id = $1`, [id, `v${random()}`]],
      () => [`update henkilo set kotikunta = $1 where oidhenkilo like '1.2.246.562.24.71%'`, [`${Math.floor(random() * 900)}`]],
      () => [`update kielisyys set kielityyppi = $1 where kielikoodi = 'fi'`, [`k${random()}`]],
    ]; // prettier-ignore
    let writing = 4;
    let written = 0;
    const writer = async () => {
      const client = await connect(app);
      for (let n = 0; n < 60; n++) {
        await client.query(`begin isolation level ${random() < 0.2 ? 'repeatable read' : 'read committed'}`);
        try {
          for (let k = 0; k < 1 + random() * 3; k++)
            await client.query(...writes[Math.floor(random() * writes.length)]!(any()));
          await client.query(random() < 0.2 ? 'rollback' : 'commit');
          written++;
        } catch (error) {
          if (!/deadlock|could not serialize/.test((error as Error).message)) throw error; // rows of persons, as ever
          await client.query('rollback');
        }
      }
      await client.end();
      writing--;
    };
    let compared = 0;
    const reader = async () => {
      while (writing > 0) {
        const oids = persons.filter(() => random() < 0.5).map(({ oid }) => oid);
        await db.newTransaction(async () => {
          const found = await dokumentit.listByOids(oids);
          const masterit = await dokumentit.listMasters(oids);
          const lista = await dokumentit.findPerustietoLista(oids);
          const rows = await henkilot.listByOids(oids);
          const parts = await osat.load(rows, DOKUMENTTI_OSAT);
          if (lista)
            expect(lista.json).toBe(
              JSON.stringify(
                rows
                  .filter(({ oidHenkilo }) => lista.henkiloOids.includes(oidHenkilo))
                  .map((row) => toHenkiloPerustietoDto(row, parts, nothingHidden)),
              ),
            );
          for (const dokumentti of [...found, ...masterit.flatMap((m) => m.dokumentti ?? [])]) {
            const row = rows.find(({ oidHenkilo }) => oidHenkilo === dokumentti.oidHenkilo)!;
            compared++;
            expect(dokumentti.suojattu).toBe(row.suojattu);
            expect(toHenkiloJson(dokumentti, false)).toBe(JSON.stringify(toHenkiloDto(row, parts, nothingHidden)));
            expect(toPerustietoJson(dokumentti, false)).toBe(
              JSON.stringify(toHenkiloPerustietoDto(row, parts, nothingHidden)),
            );
          }
        }, 'REPEATABLE READ');
        if (random() < 0.7) kokoaja.add(oids);
        else await kokoaja.build(oids);
      }
    };
    await Promise.all([writer(), writer(), writer(), writer(), reader(), reader(), reader()]);
    await kokoaja.settled();
    await taytto.run(never);
    const { counting, wrong } = await kokoaja.check(persons.map(({ oid }) => oid));
    expect(wrong).toEqual([]);
    expect(counting).toBe(persons.length);
    expect(written).toBeGreaterThan(100);
    expect(compared).toBeGreaterThan(20);
  }, 300_000);

  it('find-or-create of a person with a document is one statement, whoever holds the person', async () => {
    const { kokoaja } = doors(app);
    const henkilo = await storeWhole(app, { hetu: '010190-900P' });
    const asked = [{ oidHenkilo: henkilo.oid }, { hetu: '010190-900P' }];
    const ask = (body: object) =>
      app
        .as(rekisterinpitaja)
        .post('/s2s/findOrCreateHenkiloPerustieto', { etunimet: 'A', kutsumanimi: 'A', sukunimi: 'B', ...body });
    await app.query('delete from onr_henkilo_dokumentti');
    const fromTables = await Promise.all(asked.map(ask));
    await kokoaja.settled();
    await kokoaja.build([henkilo.oid]);
    const statements = watchRequestStatements(app);
    await app.query('begin');
    await app.query('select * from henkilo where id = $1 for update', [henkilo.id]);
    const fromDocument = await Promise.all(asked.map(ask));
    await app.query('rollback');
    statements.stop();
    expect(statements.texts).toHaveLength(2);
    expect(fromDocument.map(({ status, text }) => [status, text])).toEqual(fromTables.map(({ text }) => [200, text]));
    expect(fromTables[0]!.body).toMatchObject({ oidHenkilo: henkilo.oid, hetu: '010190-900P' });
  });

  it('with the table gone everything works as from the tables, writes too', async () => {
    const henkilo = await storeWhole(app);
    const before = await app.as(rekisterinpitaja).get(`/henkilo/${henkilo.oid}`);
    await app.query('alter table onr_henkilo_dokumentti rename to onr_pois');
    await app.query(`update henkilo set sukunimi = 'Pois' where id = $1`, [henkilo.id]);
    const after = await app.as(rekisterinpitaja).get(`/henkilo/${henkilo.oid}`);
    expect(after.body).toEqual({ ...before.body, sukunimi: 'Pois' });
    const list = await app.as(rekisterinpitaja).post('/henkilo/masterHenkilosByOidList', [henkilo.oid]);
    expect(list.body).toEqual({ [henkilo.oid]: after.body });
    const { taytto, tarkistus } = doors(app);
    expect(await taytto.run(never)).toMatchObject({ seen: 0 });
    expect(await tarkistus.run(never)).toMatchObject({ seen: 0 });
    const created = await app
      .as(rekisterinpitaja)
      .post('/henkilo', { etunimet: 'Uuno', kutsumanimi: 'Uuno', sukunimi: 'Uusi' });
    expect(created.status).toBe(201);
    await app.query('alter table onr_pois rename to onr_henkilo_dokumentti');
  });
});

describe('documents turned off', () => {
  const app = useTestApp({ ONR_PERSON_DOCUMENTS: 'false' });

  it('are neither read nor built, and what triggers write is deleted', async () => {
    const { dokumentit, kokoaja, taytto, tarkistus } = doors(app);
    const henkilo = await storeWhole(app);
    await kokoaja.build([henkilo.oid]);
    await app.query(
      `update onr_henkilo_dokumentti set perustieto = replace(perustieto, 'Testilä', 'Dokumentti') where muutos = 0`,
    );
    const bodies = [
      (await app.as(rekisterinpitaja).get(`/henkilo/${henkilo.oid}`)).body,
      (await app.as(rekisterinpitaja).post('/henkilo/henkilotByHenkiloOidList', [henkilo.oid])).body[0],
      (await app.as(rekisterinpitaja).post('/henkilo/masterHenkilosByOidList', [henkilo.oid])).body[henkilo.oid],
    ];
    expect(bodies.map(({ sukunimi }) => sukunimi)).toEqual(['Testilä', 'Testilä', 'Testilä']);
    expect(await taytto.run(never)).toMatchObject({ seen: 0 });
    await app.query('update henkilo set version = version + 1');
    const early = await kokoaja.collect([henkilo.oid]);
    expect((await tarkistus.run(never)).changed).toBeGreaterThan(0);
    expect(await app.query('select * from onr_henkilo_dokumentti')).toEqual([]);
    await dokumentit.store(early.dokumentit, early.nakyma);
    expect(await dokumentit.findByOid(henkilo.oid)).toBeNull();
  });
});

async function connect(app: TestApp): Promise<Client> {
  const client = new Client({ connectionString: app.settings.DATABASE_URL });
  await client.connect();
  return client;
}

/** Repeatable numbers from 0 to 1. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
