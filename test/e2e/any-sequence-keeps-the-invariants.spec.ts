import fc from 'fast-check';
import { DokumenttiKokoaja } from '../../src/henkilo/dokumentti/dokumentti-kokoaja.service.js';
import { HenkiloForceUpdateService } from '../../src/vtj/henkilo-force-update.service.js';
import { importRows } from '../support/imports.js';
import { createHenkilo, newVtjHetu, rowOf } from '../support/persons.js';
import { useTestApp, type TestAnswer } from '../support/test-app.js';
import { rekisterinpitaja, tuoja } from '../support/users.js';

/**
 * Whatever is done to persons in whatever order, they stay what the register promises. A sequence that breaks something is
 * printed with its calls, made as short as it can be; it is repeated by
 *
 *   ONR_TEST_SEED=… ONR_TEST_PATH=… npx jest any-sequence         both as printed
 *   ONR_TEST_RUNS=1000 ONR_TEST_SEED=$RANDOM npx jest any-sequence     other sequences, and more of them
 */
const SEED = Number(process.env.ONR_TEST_SEED ?? 1);
const RUNS = Number(process.env.ONR_TEST_RUNS ?? 25);
const PATH = process.env.ONR_TEST_PATH;

const app = useTestApp({ 'oppijanumerorekisteri.allow-fake-ssn': 'true' });
const keeper = () => app.as(rekisterinpitaja);

const NIMET = [
  { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi' },
  { etunimet: 'Aino Maria', kutsumanimi: 'Aino', sukunimi: 'Virtanen' },
] as const;
const PERSONS = 5;
const HETUT = 4;

/** Indexes into what a sequence begins with; a person beyond is one that an import or find-or-create has made. */
const who = fc.nat(PERSONS + 1);
const some = fc.uniqueArray(who, { minLength: 1, maxLength: 3 });
const hetu = fc.nat(HETUT - 1);
const nimet = fc.nat(NIMET.length - 1);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** Who VTJ says is the guardian: the first is found by a hetu, the second by names. None of them is a person of the sequence. */
const HUOLTAJAT = [
  { etunimet: 'Helmi', sukunimi: 'Huoltaja' },
  { hetu: '', etunimet: 'Toivo', sukunimi: 'Huoltaja' },
] as const;
const huoltaja = fc.nat(HUOLTAJAT.length - 1);
/** What VTJ says of the person's hetu: whose names it has, which hetu came in its place, and who the guardian is. */
const vtj = maybe(fc.record({ nimet, uusiHetu: maybe(hetu), huoltaja: maybe(huoltaja) }));

/** What one call does; which of the members it has depends on `does`. */
type Step = Readonly<
  Partial<{
    who: number;
    some: number[];
    slave: number;
    nimet: number;
    hetu: number;
    number: number;
    vtj: { nimet: number; uusiHetu?: number; huoltaja?: number };
    rows: { nimet: number; who?: number; hetu?: number; number?: number }[];
  }>
> & { readonly does: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('link'), who, some }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('forcelink'), who, some }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('unlink'), who, slave: who }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('update'), who, nimet: maybe(nimet), hetu: maybe(fc.nat(HETUT)) }) }, // prettier-ignore
  { weight: 5, arbitrary: fc.record({ does: fc.constant('yksiloi'), who, vtj }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('refresh'), vtj }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('accept') }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('yksiloihetuton'), who }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('purayksilointi') }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('passinumero'), who, number: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('tunniste'), who, number: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('findOrCreate'), nimet, who: maybe(who), hetu: maybe(hetu) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('import'),
      rows: fc.array(fc.record({ nimet, who: maybe(who), hetu: maybe(hetu), number: maybe(fc.nat(2)) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
);
/** Every kind of call, each of which does what it is asked: what is drawn may miss a kind. */
const EVERY_KIND: readonly Step[] = [
  { does: 'update', who: 3, nimet: 0 },
  { does: 'passinumero', who: 3, number: 0 },
  { does: 'tunniste', who: 4, number: 0 },
  { does: 'link', who: 3, some: [4] },
  { does: 'unlink', who: 3, slave: 4 },
  { does: 'yksiloihetuton', who: 3 },
  { does: 'purayksilointi' },
  { does: 'forcelink', who: 3, some: [4] },
  { does: 'yksiloi', who: 0, vtj: { nimet: 1 } },
  { does: 'accept' },
  { does: 'refresh', vtj: { nimet: 1, huoltaja: 0 } },
  { does: 'findOrCreate', nimet: 0, hetu: 3 },
  { does: 'import', rows: [{ nimet: 0, hetu: 1 }, { nimet: 1, number: 1 }] },
]; // prettier-ignore
let worlds = 0;

/** Persons of one sequence: nobody else has their hetut and numbers. */
class World {
  readonly calls: string[] = [];
  readonly hetut = Array.from({ length: HETUT }, newVtjHetu);
  private readonly huoltajanHetu = newVtjHetu();
  readonly oids: string[] = [];
  private lastTried = 0;
  private lastMarked = 0;
  private readonly prefix = `W${worlds++}`;

  async begin(): Promise<void> {
    for (let n = 0; n < PERSONS; n++)
      this.oids.push(await createHenkilo(app, { ...NIMET[n % 2], ...(n < 3 && { hetu: this.hetutAt(n) }) }));
  }

  /** @returns whether the register did what was asked */
  async make(step: Step): Promise<boolean> {
    const answer = await this.send(step);
    this.calls.push(`${JSON.stringify(step)} → ${answer.status}`);
    if (answer.status === 200 && step.does === 'yksiloi') this.lastTried = step.who!;
    if (answer.status === 200 && step.does === 'yksiloihetuton') this.lastMarked = step.who!;
    if (answer.status >= 500) throw new Error(`${answer.status} ${answer.text}`);
    return answer.status < 300;
  }

  private async send({ does, ...step }: Step): Promise<TestAnswer> {
    // Refreshing, accepting and taking back are for the last person with whom there is something to do.
    const oid = this.oidAt(step.who ?? (does === 'purayksilointi' ? this.lastMarked : this.lastTried));
    const path = `/henkilo/${oid}`;
    switch (does) {
      case 'link':
      case 'forcelink':
        return keeper().post(`${path}/${does}`, step.some!.map((n) => this.oidAt(n))); // prettier-ignore
      case 'unlink':
        return keeper().delete(`${path}/unlink/${this.oidAt(step.slave)}`);
      case 'update':
        return keeper().put('/henkilo', {
          oidHenkilo: oid,
          ...(step.nimet !== undefined && NIMET[step.nimet]),
          ...(step.hetu !== undefined && { hetu: step.hetu === HETUT ? '' : this.hetutAt(step.hetu) }),
        });
      case 'yksiloi':
      case 'refresh': {
        const { hetu } = await rowOf(app, oid);
        const known = step.vtj && {
          ...NIMET[step.vtj.nimet],
          ...(step.vtj.uusiHetu !== undefined && { uusiHetu: this.hetutAt(step.vtj.uusiHetu) }),
          ...(step.vtj.huoltaja !== undefined && { huoltajat: [this.huoltajaAt(step.vtj.huoltaja)] }),
        };
        if (hetu) await app.peers.state({ vtj: { [hetu as string]: known ?? null } });
        // 500: VTJ does not know an identified person any more (E30).
        const answer = await (does === 'yksiloi' ? keeper().post(`${path}/yksiloi`) : keeper().put(`${path}/yksilointitiedot`)); // prettier-ignore
        return does === 'refresh' && answer.status === 500 ? { ...answer, status: 404 } : answer;
      }
      case 'accept':
        return keeper().put(`${path}/yksilointitiedot/yliajayksiloimaton`);
      case 'passinumero':
        return keeper().post(`${path}/passinumerot`, [this.numberAt(step.number)]);
      case 'tunniste':
        return keeper().post(`${path}/identification`, { idpEntityId: 'email', identifier: `${this.numberAt(step.number)}@example.fi` }); // prettier-ignore
      case 'findOrCreate': {
        const answer = await keeper().post('/s2s/findOrCreateHenkiloPerustieto', {
          ...NIMET[step.nimet!],
          ...(step.who !== undefined && { oidHenkilo: oid }),
          ...(step.hetu !== undefined && { hetu: this.hetutAt(step.hetu) }),
        });
        if (answer.status === 201) this.oids.push(answer.body.oidHenkilo as string);
        return answer;
      }
      case 'import':
        await importRows(app.as(tuoja), step.rows!.map((row, n) => this.toRivi(row, n))); // prettier-ignore
        await this.adopt();
        return { status: 200 } as TestAnswer;
      default:
        return keeper().post(`${path}/${does}`);
    }
  }

  /** A row is found by one thing, or is somebody new. */
  private toRivi({ nimet, who, hetu, number }: NonNullable<Step['rows']>[number], n: number): object {
    const found =
      who !== undefined ? { oid: this.oidAt(who) }
      : hetu !== undefined ? { hetu: this.hetutAt(hetu) }
      : { passinumero: this.numberAt(number ?? 0) }; // prettier-ignore
    return { tunniste: `r${n}`, henkilo: { ...NIMET[nimet], ...found, kansalaisuus: [{ koodi: '752' }] } };
  }

  /** Persons that an import has made are persons of the sequence. */
  private async adopt(): Promise<void> {
    const made = await app.query<{ oid: string }>(
      `select h.oidhenkilo as oid from henkilo h
        where h.hetu = any ($1) or exists (select from henkilo_passinumero p where p.henkilo_id = h.id and p.passinumero like $2)
        order by h.id`,
      [this.hetut, `${this.prefix}P%`],
    );
    for (const { oid } of made) if (!this.oids.includes(oid)) this.oids.push(oid);
  }

  private oidAt = (n: number | undefined): string => this.oids[(n ?? 0) % this.oids.length]!;
  private hetutAt = (n: number): string => this.hetut[n]!;
  private huoltajaAt = (n: number): object => ({ hetu: this.huoltajanHetu, ...HUOLTAJAT[n] });
  private numberAt = (n: number | undefined): string => `${this.prefix}P${n}`;
}

/** Each gives rows only where something is wrong with the persons of $1. */
const INVARIANTS: Readonly<Record<string, string>> = {
  'a person has one master, linked once':
    'select slave_oid from henkiloviite where slave_oid = any ($1) group by 1 having count(*) > 1',
  'a master is nobody’s slave':
    'select m.master_oid from henkiloviite m join henkiloviite s on s.slave_oid = m.master_oid where m.master_oid = any ($1)',
  'links join stored persons': `select master_oid, slave_oid from henkiloviite
    where (master_oid = any ($1) and not exists (select from henkilo where oidhenkilo = slave_oid))
       or (slave_oid = any ($1) and not exists (select from henkilo where oidhenkilo = master_oid))`,
  'a hetu is one person’s': `select hetu from (select id, hetu from henkilo where hetu is not null union select henkilo_id, hetu from henkilo_hetu) x
    group by hetu having count(*) > 1 and bool_or(id in (select id from henkilo where oidhenkilo = any ($1)))`,
  'slaves and nobody else are duplicates and passive': `select oidhenkilo, duplicate, passivoitu, slave from henkilo h,
      lateral (select exists (select from henkiloviite where slave_oid = h.oidhenkilo) as slave) s
    where oidhenkilo = any ($1) and (duplicate <> slave or passivoitu <> slave)`,
  'whom VTJ has identified has a hetu':
    'select oidhenkilo from henkilo where oidhenkilo = any ($1) and yksiloityvtj and hetu is null and not duplicate',
  'the last history of a person is its row': `select h.oidhenkilo, k.key, k.value, to_jsonb(h) -> k.key as now
     from henkilo h left join lateral (select to_jsonb(a) as state from henkilo_aud a where a.id = h.id order by rev desc limit 1) a on true,
          lateral jsonb_each(coalesce(state, '{"oidhenkilo": null}')) k
    where oidhenkilo = any ($1) and to_jsonb(h) ? k.key and k.key <> 'vtjsync_timestamp' and k.value is distinct from to_jsonb(h) -> k.key`,
  ...Object.fromEntries(
    [
      ['henkilo_kansalaisuus', 'kansalaisuus_id'],
      ['henkilo_organisaatio', 'organisaatio_id'],
      ['henkilo_passinumero', 'passinumero'],
    ].map(([table, element]) => [
      `the history of ${table} adds up to its rows`,
      `with ids as (select id as henkilo_id from henkilo where oidhenkilo = any ($1)),
            history as (select distinct on (henkilo_id, ${element}) henkilo_id, ${element}, revtype
                          from ${table}_aud join ids using (henkilo_id) order by henkilo_id, ${element}, rev desc)
       (select henkilo_id, ${element} from history where revtype = 0 except select henkilo_id, ${element} from ${table})
       union all (select henkilo_id, ${element} from ${table} join ids using (henkilo_id)
                  except select henkilo_id, ${element} from history where revtype = 0)`,
    ]),
  ),
  'the last history of a guardian is its row': `with ids as (select id as lapsi_id from henkilo where oidhenkilo = any ($1)),
        history as (select distinct on (a.id) a.* from henkilo_huoltaja_suhde_aud a join ids using (lapsi_id) order by a.id, a.rev desc),
        suhde as (select s.* from henkilo_huoltaja_suhde s join ids using (lapsi_id))
   select id, to_jsonb(h) as history, to_jsonb(s) as now
     from (select * from history where revtype <> 2) h full join suhde s using (id)
    where to_jsonb(h) - 'rev' - 'revtype' is distinct from to_jsonb(s) - 'version'`,
};

const kokoaja = () => app.nest.get(DokumenttiKokoaja, { strict: false });

/** @throws Error something is not so; the persons must have had documents before they were changed */
async function assertInvariants(oids: readonly string[]): Promise<void> {
  for (const [what, sql] of Object.entries(INVARIANTS)) {
    const rows = await app.query(sql, [oids]);
    if (rows.length > 0) throw new Error(`Not so: ${what}: ${JSON.stringify(rows)}`);
  }
  await kokoaja().settled();
  const { wrong } = await kokoaja().check([...oids]);
  if (wrong.length > 0) throw new Error(`Not so: documents are as the tables: ${JSON.stringify(wrong)}`);
}

it(`one master, no cycle, no shared hetu, flags as linked, history and documents as the tables (ONR_TEST_SEED=${SEED})`, async () => {
  const done = new Set<string>();
  const sequence = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14, size: 'max' }), async (steps) => {
    const world = new World();
    try {
      await world.begin();
      for (const one of steps) {
        await kokoaja().build(world.oids); // what changes now has documents
        if (await world.make(one)) done.add(one.does);
        await assertInvariants(world.oids);
      }
    } catch (error) {
      throw new Error(`${(error as Error).message}\nCalls:\n  ${world.calls.join('\n  ')}`, { cause: error });
    }
  });
  const examples: [Step[]][] = [[[...EVERY_KIND]]];
  await fc.assert(sequence, { seed: SEED, numRuns: RUNS, examples, ...(PATH !== undefined && { path: PATH }) });
  // Nothing would be shown by a register that refuses everything.
  if (PATH === undefined) expect([...done].sort()).toEqual(EVERY_KIND.map(({ does }) => does).sort());
});

describe('what is not so is noticed:', () => {
  const LINK =
    "insert into henkiloviite (id, version, master_oid, slave_oid) values (nextval('hibernate_sequence'), 0, ";
  /** By hand, with persons a (hetu), b, c (slave of b) and d. */
  const BROKEN: readonly (readonly [what: string, sql: string])[] = [
    ['a person has one master, linked once', `${LINK}'a', 'c')`],
    ['a person has one master, linked once', `${LINK}'b', 'c')`],
    ['a master is nobody’s slave', `${LINK}'c', 'd')`],
    ['a master is nobody’s slave', `${LINK}'d', 'b')`],
    ['a master is nobody’s slave', `${LINK}'a', 'a')`],
    ['links join stored persons', `${LINK}'a', '1.2.246.562.24.00000000000')`],
    ['links join stored persons', `${LINK}'1.2.246.562.24.00000000000', 'd')`],
    ['a hetu is one person’s', "insert into henkilo_hetu (henkilo_id, hetu) select d.id, a.hetu from henkilo a, henkilo d where a.oidhenkilo = 'a' and d.oidhenkilo = 'd'"],
    ['a hetu is one person’s', "update henkilo set hetu = (select hetu from henkilo where oidhenkilo = 'a') where oidhenkilo = 'd'"],
    ['slaves and nobody else are duplicates and passive', `${LINK}'a', 'd')`],
    ['slaves and nobody else are duplicates and passive', "delete from henkiloviite where slave_oid = 'c'"],
    ['slaves and nobody else are duplicates and passive', "update henkilo set duplicate = true where oidhenkilo = 'd'"],
    ['slaves and nobody else are duplicates and passive', "update henkilo set passivoitu = true where oidhenkilo = 'd'"],
    ['slaves and nobody else are duplicates and passive', "update henkilo set passivoitu = false where oidhenkilo = 'c'"],
    ['whom VTJ has identified has a hetu', "update henkilo set yksiloityvtj = true where oidhenkilo = 'd'"],
    ['the last history of a person is its row', "update henkilo set sukunimi = 'Toinen' where oidhenkilo = 'd'"],
    ['the last history of a person is its row', "delete from henkilo_aud where id = (select id from henkilo where oidhenkilo = 'd')"],
    ['the history of henkilo_kansalaisuus adds up to its rows', "delete from henkilo_kansalaisuus where henkilo_id = (select id from henkilo where oidhenkilo = 'a')"],
    ['the history of henkilo_kansalaisuus adds up to its rows', "delete from henkilo_kansalaisuus_aud where henkilo_id = (select id from henkilo where oidhenkilo = 'a')"],
    ['the history of henkilo_passinumero adds up to its rows', "delete from henkilo_passinumero where henkilo_id = (select id from henkilo where oidhenkilo = 'a')"],
    ['the history of henkilo_passinumero adds up to its rows', "delete from henkilo_passinumero_aud where henkilo_id = (select id from henkilo where oidhenkilo = 'a')"],
    ['the history of henkilo_organisaatio adds up to its rows', "delete from henkilo_organisaatio where henkilo_id = (select id from henkilo where oidhenkilo = 'a')"],
    ['the history of henkilo_organisaatio adds up to its rows', "delete from henkilo_organisaatio_aud where henkilo_id = (select id from henkilo where oidhenkilo = 'a')"],
    ['the last history of a guardian is its row', "delete from henkilo_huoltaja_suhde where lapsi_id = (select id from henkilo where oidhenkilo = 'a')"],
    ['the last history of a guardian is its row', "delete from henkilo_huoltaja_suhde_aud where lapsi_id = (select id from henkilo where oidhenkilo = 'a')"],
    ['the last history of a guardian is its row', "update henkilo_huoltaja_suhde set loppupvm = '2030-01-01' where lapsi_id = (select id from henkilo where oidhenkilo = 'a')"],
    ['documents are as the tables', "update onr_henkilo_dokumentti set muut = muut || ' ' where oidhenkilo = 'a' and muutos = 0"],
    ['documents are as the tables', "update onr_henkilo_dokumentti set turvakielto = true where oidhenkilo = 'a' and muutos = 0"],
  ]; // prettier-ignore
  const oids = new Map<string, string>();
  /** What refuses such rows in the database. */
  const GUARDS = ['henkilo drop constraint henkilo_hetu_key', 'henkilo_hetu drop constraint uk_henkilo_hetu_01'];

  beforeAll(async () => {
    const hetu = newVtjHetu();
    const oid = await createHenkilo(app, { hetu, kansalaisuus: [{ kansalaisuusKoodi: '246' }] });
    oids.set('a', oid);
    for (const name of ['b', 'c', 'd']) oids.set(name, await createHenkilo(app));
    await keeper().post(`/henkilo/${oid}/passinumerot`, ['BROKEN-1']);
    await importRows(app.as(tuoja), [
      { tunniste: 'a', henkilo: { ...NIMET[0], hetu, kansalaisuus: [{ koodi: '246' }] } },
    ]);
    await app.nest
      .get(HenkiloForceUpdateService, { strict: false })
      .forceUpdate({ oidHenkilo: oid, huoltajat: [{ hetu: newVtjHetu(), ...HUOLTAJAT[0] }] });
    await keeper().post(`/henkilo/${oids.get('b')}/link`, [oids.get('c')]);
    for (const guard of GUARDS) await app.query(`alter table ${guard}`);
    await kokoaja().build([...oids.values()]);
  });

  it('nothing as long as nothing is broken', () => assertInvariants([...oids.values()]));

  it.each(BROKEN)('%s: %s', async (what, sql) => {
    const broken = sql.replaceAll(/'([a-d])'/g, (_, name: string) => `'${oids.get(name)}'`);
    const isDocument = sql.includes('onr_henkilo_dokumentti'); // read on another connection
    if (!isDocument) await app.query('begin');
    try {
      const changed = await app.query(`${broken} returning 1`);
      expect(changed.length).toBeGreaterThan(0);
      await expect(assertInvariants([...oids.values()])).rejects.toThrow(`Not so: ${what}:`);
    } finally {
      await (isDocument ? kokoaja().build([...oids.values()]) : app.query('rollback'));
    }
  });

  it('each of the rules', () => {
    const rules = [...Object.keys(INVARIANTS), 'documents are as the tables'];
    expect([...new Set(BROKEN.map(([what]) => what))].sort()).toEqual(rules.sort());
  });
});
