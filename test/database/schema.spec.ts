import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** What the schema itself promises: functions, the view, generated values and constraints (docs/spec/schema.md#3, docs/spec/schema.md#4, docs/spec/schema.md#14). */
describe('schema', () => {
  let database: TestDatabase;
  let db: Client;
  let id = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = new Client({ connectionString: database.url });
    await db.connect();
  });
  afterAll(async () => {
    await db.end();
    await database.drop();
  });
  beforeEach(() => db.query('begin'));
  afterEach(() => db.query('rollback'));

  const rows = async (sql: string, values: unknown[] = []) =>
    (await db.query<Record<string, unknown>>(sql, values)).rows;
  const value = async (sql: string, values: unknown[] = []) => Object.values((await rows(sql, values))[0]!)[0];
  const insert = async (table: string, row: Record<string, unknown>): Promise<number> => {
    const full: Record<string, unknown> = { id: ++id, version: 0, ...row };
    const keys = Object.keys(full);
    await db.query(
      `insert into ${table} (${keys.join(', ')}) values (${keys.map((_, i) => `$${i + 1}`).join(', ')})`,
      Object.values(full),
    );
    return full.id as number;
  };
  const henkilo = (row: Record<string, unknown> = {}) =>
    insert('henkilo', {
      etunimet: 'Aino',
      kutsumanimi: 'Aino',
      sukunimi: 'Testi',
      oidhenkilo: `1.2.246.562.24.${10_000_000_000 + id}`,
      ...row,
    });
  const oid = (henkiloId: number) => value('select oidhenkilo from henkilo where id = $1', [henkiloId]);

  describe('functions', () => {
    it.each([
      ['2024-02-29', '2024-02-29'],
      ['0999-01-01', '0999-01-01'],
      [null, ''],
    ])('date_to_char(%s) is "%s"', async (day, text) =>
      expect(await value('select date_to_char($1::date)', [day])).toBe(text),
    );

    it.each([
      ['ÄÖÅäöåÜüßØøŁłĐđÞþŠšŽž', 'aoaaoauussoolldd' + 'ththsszz'],
      ['Åke-Örjan O’Hara', "ake-orjan o'hara"],
      [null, null],
    ])('duplicate_search_fmt(%s) is %s', async (text, plain) =>
      expect(await value('select duplicate_search_fmt($1)', [text])).toBe(plain),
    );

    it('finds a name with accents by one without', async () => {
      const similarity = await value(
        `select similarity(duplicate_search_fmt('Eino Ilmari Eino Testiäinen 1911-11-11'), duplicate_search_fmt('Eino Eino Testiainen 1911-11-11'))::float8`,
      );
      expect(similarity).toBeCloseTo(0.7586207, 6);
    });

    it('have the declared attributes', async () => {
      const found = await rows(
        `select p.proname as name, l.lanname as language, p.provolatile as volatility, p.proisstrict as strict, p.prosecdef as definer
           from pg_proc p join pg_language l on l.oid = p.prolang
          where p.pronamespace = 'public'::regnamespace and p.proname in ('date_to_char', 'duplicate_search_fmt', 'fix_vtj_update_by_linking_henkilos')
          order by 1`,
      );
      expect(found).toEqual([
        { name: 'date_to_char', language: 'sql', volatility: 'i', strict: false, definer: false },
        { name: 'duplicate_search_fmt', language: 'sql', volatility: 'i', strict: false, definer: false },
        {
          name: 'fix_vtj_update_by_linking_henkilos',
          language: 'plpgsql',
          volatility: 'v',
          strict: false,
          definer: false,
        },
      ]);
    });
  });

  it('keeps the search text of a person', async () => {
    const person = await henkilo({
      etunimet: 'Väinö Åke',
      kutsumanimi: 'Åke',
      sukunimi: 'Öster',
      syntymaaika: '1990-07-03',
    });
    const text = () => value('select duplicate_search_str from henkilo where id = $1', [person]);
    expect(await text()).toBe('vaino ake ake oster 1990-07-03');
    await db.query('update henkilo set syntymaaika = null where id = $1', [person]);
    expect(await text()).toBe('vaino ake ake oster ');
  });

  describe('fix_vtj_update_by_linking_henkilos', () => {
    it('moves the hetu and its history to the original and links the duplicate', async () => {
      const flags = { yksiloityvtj: true, vtj_register: true, vtj_bucket: 5, version: 4 };
      const original = await henkilo({ hetu: '010190-900P', ...flags, modified: '2020-01-01' });
      const duplicate = await henkilo({ hetu: '010203A9013', ...flags, modified: '2020-01-01' });
      await db.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2), ($3, $4), ($3, $5)', [
        original, '010190-900P', duplicate, '010203A9013', '020203A9025',
      ]); // prettier-ignore

      await db.query('select fix_vtj_update_by_linking_henkilos($1, $2)', [await oid(original), await oid(duplicate)]);

      const state = (henkiloId: number) =>
        rows(
          `select hetu, yksiloityvtj, vtj_register, duplicate, passivoitu, vtj_bucket, version::int, modified = current_timestamp::timestamp as touched
             from henkilo where id = $1`,
          [henkiloId],
        );
      expect(await state(duplicate)).toEqual([
        {
          hetu: null,
          yksiloityvtj: false,
          vtj_register: false,
          duplicate: true,
          passivoitu: false,
          vtj_bucket: null,
          version: 4,
          touched: true,
        },
      ]);
      expect(await state(original)).toEqual([
        {
          hetu: '010203A9013',
          yksiloityvtj: true,
          vtj_register: true,
          duplicate: false,
          passivoitu: false,
          vtj_bucket: null,
          version: 4,
          touched: true,
        },
      ]);
      expect(await rows('select henkilo_id::int, hetu from henkilo_hetu order by hetu')).toEqual([
        { henkilo_id: original, hetu: '010190-900P' },
        { henkilo_id: original, hetu: '010203A9013' },
        { henkilo_id: original, hetu: '020203A9025' },
      ]);
      expect(await rows('select version::int, master_oid, slave_oid from henkiloviite')).toEqual([
        { version: 0, master_oid: await oid(original), slave_oid: await oid(duplicate) },
      ]);
      expect(await value('select count(*)::int from revinfo')).toBe(0);
    });

    it('clears the hetu of the original when the duplicate is unknown', async () => {
      const original = await henkilo({ hetu: '010190-900P' });
      await db.query('select fix_vtj_update_by_linking_henkilos($1, $2)', [await oid(original), '1.2.3']);
      expect(await value('select hetu from henkilo where id = $1', [original])).toBeNull();
    });
  });

  it('force_retry_automaattinen_yksilointi removes the set-aside data and makes the task due', async () => {
    const kansalaisuus = await insert('kansalaisuus', { kansalaisuuskoodi: '246' });
    const setAside = async (henkiloId: number) => {
      const tieto = await insert('yksilointitieto', { henkiloid: henkiloId });
      const ryhma = await insert('yhteystiedotryhma', { yksilointitieto_id: tieto, ryhma_alkuperatieto: 'alkupera1' });
      await insert('yhteystiedot', { yhteystiedotryhma_id: ryhma, yhteystieto_tyyppi: 'YHTEYSTIETO_KUNTA' });
      await db.query('insert into yksilointi_kansalaisuus (yksilointitieto_id, kansalaisuus_id) values ($1, $2)', [
        tieto,
        kansalaisuus,
      ]);
      return [tieto, ryhma];
    };
    const retried = await henkilo();
    const other = await henkilo();
    await setAside(retried);
    const [tieto, ryhma] = await setAside(other);
    await insert('yhteystiedotryhma', { henkilo_id: retried, ryhma_alkuperatieto: 'alkupera6' });
    await insert('yksilointivirhe', { henkilo_id: retried, aikaleima: '2024-01-01', poikkeus: 'x' });
    for (const task of ['yksilointi task', 'Export']) {
      await db.query(
        `insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version) values ($1, 'recurring', '2999-01-01', false, 1)`,
        [task],
      );
    }

    await db.query('select force_retry_automaattinen_yksilointi($1)', [await oid(retried)]);

    expect(await rows('select id::int from yksilointitieto')).toEqual([{ id: tieto }]);
    expect(await rows('select yhteystiedotryhma_id::int as id from yhteystiedot')).toEqual([{ id: ryhma }]);
    expect(await rows('select yksilointitieto_id::int as id from yksilointi_kansalaisuus')).toEqual([{ id: tieto }]);
    expect(await value('select count(*)::int from yhteystiedotryhma')).toBe(2);
    expect(await value('select count(*)::int from yksilointivirhe')).toBe(1);
    expect(await rows('select task_name from scheduled_tasks where execution_time = current_timestamp')).toEqual([
      { task_name: 'yksilointi task' },
    ]);
  });

  it('tuontikooste counts a batch once for each of its organisations', async () => {
    const importer = await henkilo({ etunimet: 'Tuija', sukunimi: 'Tuoja' });
    const orgs = [
      await insert('organisaatio', { oid: '1.2.246.562.10.1' }),
      await insert('organisaatio', { oid: '1.2.246.562.10.2' }),
    ];
    const batch = { kasiteltavia: 4, kasiteltyja: 3, api: 'OPPIJA' };
    const tuonti = await insert('tuonti', {
      ...batch,
      kasittelija_oid: await oid(importer),
      aikaleima: '2024-01-01 10:00',
    });
    const empty = await insert('tuonti', { ...batch, kasittelija_oid: '1.2.3', aikaleima: '2024-01-02 10:00' });
    await insert('tuonti', batch); // without organisations: never listed
    for (const [t, o] of [[tuonti, orgs[0]], [tuonti, orgs[1]], [empty, orgs[0]]]) {
      await db.query('insert into tuonti_organisaatio (tuonti_id, organisaatio_id) values ($1, $2)', [t, o]);
    } // prettier-ignore
    const persons = [await henkilo({ yksiloity: true }), await henkilo({ yksiloityeidas: true }), await henkilo()];
    for (const [index, person] of persons.entries()) {
      await insert('tuonti_rivi', { tuonti_id: tuonti, henkilo_id: person, conflict: [true, false, null][index] });
    }

    const listed = await rows(
      `select id::int, oid, author, "timestamp"::text, org, total, done, api, successful::int, conflicts::int, failures::int, inprogress
         from tuontikooste order by id, org`,
    );

    const first = {
      id: tuonti, oid: await oid(importer), author: 'Tuoja, Tuija', timestamp: '2024-01-01 10:00:00', total: 4, done: 3, api: 'OPPIJA',
      successful: 1, conflicts: 1, failures: 3, inprogress: 1,
    }; // prettier-ignore
    expect(listed).toEqual([
      { ...first, org: '1.2.246.562.10.1' },
      { ...first, org: '1.2.246.562.10.2' },
      {
        ...first,
        id: empty,
        oid: '1.2.3',
        author: null,
        timestamp: '2024-01-02 10:00:00',
        org: '1.2.246.562.10.1',
        successful: 0,
        conflicts: 0,
        failures: 4,
      },
    ]);
  });

  describe('constraints', () => {
    it('keep a hetu and other ways of identification from an eIDAS-identified person', async () => {
      for (const [change, constraint] of [
        [{ hetu: '010190-900P' }, 'henkilo_yksiloityeidas_ei_hetua_check'],
        [{ yksiloity: true }, 'henkilo_yksiloityeidas_exclusive_check'],
        [{ yksiloityvtj: true }, 'henkilo_yksiloityeidas_exclusive_check'],
      ] as const) {
        await db.query('savepoint s');
        await expect(henkilo({ yksiloityeidas: true, ...change })).rejects.toMatchObject({ code: '23514', constraint });
        await db.query('rollback to s');
      }
      await henkilo({ yksiloityeidas: null, yksiloity: true, hetu: '010190-900P' });
    });

    it.each([
      ['henkilo_hetu', 'hetu', 'uk_henkilo_hetu_01'],
      ['henkilo_passinumero', 'passinumero', 'uk_passinumero_01'],
    ])('give a value of %s to one person only', async (table, column, constraint) => {
      await db.query(`insert into ${table} (henkilo_id, ${column}) values ($1, 'X')`, [await henkilo()]);
      const second = await henkilo();
      await expect(
        db.query(`insert into ${table} (henkilo_id, ${column}) values ($1, 'X')`, [second]),
      ).rejects.toMatchObject({ constraint });
    });

    it.each([
      [{ recipients: '{}' }, 'recipients_required'],
      [{ queuedemailstatus_id: 'SENT', sent_at: '2024-01-01' }, 'sent_has_to_have_lahetystunniste'],
      [{ queuedemailstatus_id: 'SENT', lahetystunniste: 'x' }, 'sent_at_requires_status_sent'],
      [{ queuedemailstatus_id: 'LOST' }, 'queuedemail_queuedemailstatus_id_fkey'],
    ])('refuse a mail with %j', async (change, constraint) => {
      const mail: Record<string, unknown> = {
        id: '3b241101-e2bb-4255-8caf-4136c566a962', queuedemailstatus_id: 'QUEUED', recipients: '{a@example.com}', subject: 's', body: 'b',
        idempotency_key: '3b241101-e2bb-4255-8caf-4136c566a963', ...change,
      }; // prettier-ignore
      const keys = Object.keys(mail);
      const sql = `insert into queuedemail (${keys.join(', ')}) values (${keys.map((_, i) => `$${i + 1}`).join(', ')})`;
      await expect(db.query(sql, Object.values(mail))).rejects.toMatchObject({ constraint });
    });

    it('remove the attributes of a session with it', async () => {
      const uuid = '3b241101-e2bb-4255-8caf-4136c566a962';
      await db.query('insert into spring_session values ($1, $1, 0, 0, 1800, 0, null)', [uuid]);
      await db.query(`insert into spring_session_attributes values ($1, 'a', '')`, [uuid]);
      await db.query('delete from spring_session');
      expect(await value('select count(*)::int from spring_session_attributes')).toBe(0);
    });
  });

  it('comments 92 columns of the reference', async () => {
    const commented = await value(
      `select count(*)::int from pg_description d join pg_class r on r.oid = d.objoid
        where d.classoid = 'pg_class'::regclass and d.objsubid > 0 and r.relnamespace = 'public'::regnamespace and r.relname !~ '^onr_'`,
    );
    expect(commented).toBe(92);
  });

  it('has the autovacuum settings of the six hot tables', async () => {
    const found = await rows(
      `select relname from pg_class where reloptions @> array['autovacuum_vacuum_scale_factor=0.0', 'autovacuum_vacuum_threshold=1000',
                'autovacuum_analyze_scale_factor=0.0', 'autovacuum_analyze_threshold=1000'] order by 1`,
    );
    expect(found.map((row) => row.relname)).toEqual([
      'henkilo', 'henkilo_kansalaisuus', 'henkiloviite', 'identification', 'yhteystiedot', 'yhteystiedotryhma',
    ]); // prettier-ignore
  });

  it('numbers messages to other systems from the one sequence', async () => {
    await db.query(`insert into onr_outbox (topic, henkilo_oid, body) values ('henkilo', '1.2.3', '{}')`);
    expect(
      await rows(
        `select id = currval('hibernate_sequence') as numbered, attempts, next_attempt <= now() as due from onr_outbox`,
      ),
    ).toEqual([{ numbered: true, attempts: 0, due: true }]);
  });
});
