/**
 * Writes the sandbox persons into an empty register.
 *
 *   node sandbox/load-persons.ts postgres://…        also a function, `loadPersons(url)`
 */
import { pathToFileURL } from 'node:url';
import pg, { type ClientBase } from 'pg';
import { codesOf } from './koodisto.ts';
import { YLIOPISTO } from './organisations.ts';
import { personCalled, persons, type SandboxPerson } from './persons.ts';
import { users } from './users.ts';

const CREATED = '2024-01-01 10:00:00';
const MODIFIED = '2024-02-01 10:00:00';
const REGISTRAR = '1.2.246.562.24.00000000001';

/** The person's contact groups: those given, and the address that VTJ gave. */
function contactGroups({ yhteystiedot, osoite }: SandboxPerson) {
  const own = Object.entries(yhteystiedot).map(([type, values]) => ({
    type,
    origin: 'alkupera2',
    readOnly: false,
    values,
  }));
  if (!osoite) return own;
  const values = {
    YHTEYSTIETO_KATUOSOITE: osoite.street,
    YHTEYSTIETO_POSTINUMERO: osoite.postcode,
    YHTEYSTIETO_KAUPUNKI: osoite.city,
    YHTEYSTIETO_MAA: 'Suomi',
  };
  return [...own, { type: 'yhteystietotyyppi4', origin: 'alkupera1', readOnly: true, values }];
}

/** The row of a statement that gives exactly one. */
function only<T>([row]: readonly T[]): T {
  if (row === undefined) throw new Error('The statement gave no row');
  return row;
}

/** Inserts with an id from the sequence that all tables share, and returns it. */
async function insert(client: ClientBase, table: string, row: Readonly<Record<string, unknown>>): Promise<string> {
  const columns = Object.keys(row);
  const { rows } = await client.query<{ id: string }>(
    `insert into ${table} (id, version, ${columns.join(', ')})
     values (nextval('hibernate_sequence'), 0, ${columns.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
    Object.values(row),
  );
  return only(rows).id;
}

/** Names of the languages of the register in themselves, as old rows have them; of others the Finnish name. */
const OWN_NAMES: Readonly<Record<string, string>> = { fi: 'suomi', sv: 'svenska', en: 'English' };

/**
 * A row for every language of the code set, with its name: the register itself leaves the name of a language that it meets
 * for the first time empty, and clients show the name.
 */
async function writeLanguages(client: ClientBase): Promise<void> {
  const languages = (codesOf('kieli') ?? []).map(({ arvo, nimi }) => ({ code: arvo.toLowerCase(), name: nimi.fi }));
  await client.query(
    `insert into kielisyys (id, version, kielikoodi, kielityyppi)
     select nextval('hibernate_sequence'), 0, koodi, nimi from unnest($1::text[], $2::text[]) k (koodi, nimi)
     on conflict (kielikoodi) do update set kielityyppi = coalesce(kielisyys.kielityyppi, excluded.kielityyppi)`,
    [languages.map(({ code }) => code), languages.map(({ code, name }) => OWN_NAMES[code] ?? name)],
  );
}

/** A cache of the id of a code row, made when it is missing. */
function codeRows(client: ClientBase, table: string, column: string) {
  const ids = new Map<string, string>();
  return async (code: string | null) => {
    if (code === null) return null;
    const cached = ids.get(code);
    if (cached !== undefined) return cached;
    const { rows } = await client.query<{ id: string }>(
      `select id from ${table} where ${column} = $1 order by id limit 1`,
      [code],
    );
    const id = rows[0]?.id ?? (await insert(client, table, { [column]: code }));
    ids.set(code, id);
    return id;
  };
}

/**
 * @param connectionString of a migrated database
 * @returns persons written; 0 when the register was not empty
 */
export async function loadPersons(connectionString: string | undefined): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await writeIfEmpty(client);
  } finally {
    await client.end();
  }
}

async function writeIfEmpty(client: ClientBase): Promise<number> {
  await client.query('begin');
  try {
    await client.query('lock table henkilo in exclusive mode');
    const { rows } = await client.query<{ filled: boolean }>('select exists (select from henkilo) as filled');
    const written = only(rows).filled ? 0 : await write(client);
    await client.query('commit');
    return written;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function write(client: ClientBase): Promise<number> {
  await writeLanguages(client);
  const language = codeRows(client, 'kielisyys', 'kielikoodi');
  const nationality = codeRows(client, 'kansalaisuus', 'kansalaisuuskoodi');
  const organisation = codeRows(client, 'organisaatio', 'oid');
  const ids = new Map<string, string>();
  for (const p of persons) {
    const isVtj = p.yksilointi === 'vtj';
    const id = await insert(client, 'henkilo', {
      oidhenkilo: p.oid,
      etunimet: p.etunimet,
      kutsumanimi: p.kutsumanimi,
      sukunimi: p.sukunimi,
      hetu: p.hetu,
      syntymaaika: p.syntymaaika,
      sukupuoli: p.sukupuoli,
      kotikunta: p.kotikunta,
      turvakielto: p.turvakielto ?? false,
      kuolinpaiva: p.kuolinpaiva ?? null,
      kuolinsiivous: p.kuolinsiivous ?? null,
      passivoitu: p.passivoitu ?? false,
      duplicate: p.master !== undefined,
      yksiloity: p.yksilointi === 'virkailija',
      yksiloityvtj: isVtj,
      yksiloityeidas: p.yksilointi === 'eidas',
      yksilointi_yritetty: isVtj,
      vtj_register: isVtj,
      vtjsync_timestamp: isVtj ? `${CREATED}Z` : null,
      aidinkieli_id: await language(p.aidinkieli),
      asiointikieli_id: await language(p.asiointikieli),
      created: CREATED,
      modified: MODIFIED,
      kasittelija: REGISTRAR,
    });
    ids.set(p.oid, id);
    // Those that VTJ knows are followed by the change jobs from the start.
    if (isVtj && p.vtj) await client.query('update henkilo set vtj_bucket = id % 100 where id = $1', [id]);
    if (isVtj) await client.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2)', [id, p.hetu]);
    for (const code of p.kansalaisuus) {
      await client.query('insert into henkilo_kansalaisuus (henkilo_id, kansalaisuus_id) values ($1, $2)', [
        id,
        await nationality(code),
      ]);
    }
    for (const oid of p.organisaatiot) {
      await client.query('insert into henkilo_organisaatio (henkilo_id, organisaatio_id) values ($1, $2)', [
        id,
        await organisation(oid),
      ]);
    }
    for (const number of p.passinumerot) {
      await client.query('insert into henkilo_passinumero (henkilo_id, passinumero) values ($1, $2)', [id, number]);
    }
    for (const [idpentityid, identifier] of p.tunnisteet) {
      if (idpentityid === 'eidas')
        await insert(client, 'eidastunniste', { henkilo_id: id, tunniste: identifier, createdby: REGISTRAR });
      await insert(client, 'identification', { henkilo_id: id, idpentityid, identifier });
    }
    for (const [kotikunta, from, until] of p.kotikunnat) {
      await insert(client, 'kotikunta_historia', {
        henkilo_id: id,
        kotikunta,
        kuntaan_muuttopv: from,
        kunnasta_pois_muuttopv: until,
      });
    }
    for (const { type, origin, readOnly, values } of contactGroups(p)) {
      const group = await insert(client, 'yhteystiedotryhma', {
        henkilo_id: id,
        ryhmakuvaus: type,
        ryhma_alkuperatieto: origin,
        read_only: readOnly,
      });
      for (const [kind, value] of Object.entries(values)) {
        await insert(client, 'yhteystiedot', {
          yhteystiedotryhma_id: group,
          yhteystieto_tyyppi: kind,
          yhteystieto_arvo: value,
        });
      }
    }
  }
  for (const p of persons) {
    if (p.master) await insert(client, 'henkiloviite', { master_oid: personCalled(p.master).oid, slave_oid: p.oid });
    for (const [name, from, until] of p.huoltajat) {
      await insert(client, 'henkilo_huoltaja_suhde', {
        lapsi_id: ids.get(p.oid),
        huoltaja_id: ids.get(personCalled(name).oid),
        alkupvm: from,
        loppupvm: until,
        created: CREATED,
        updated: CREATED,
      });
    }
  }
  await writeImports(client, ids, organisation);
  return persons.length;
}

/** An import as its sender made it; the rows lead to persons of the sandbox. */
interface SandboxImport {
  /** Below every id of the sequence that is given out from now on. */
  readonly id: number;
  readonly api: 'OPPIJA' | 'YLEISTUNNISTE';
  /** Name of the sandbox user. */
  readonly by: string;
  /** Persons called as `personCalled` takes them. */
  readonly rows: readonly string[];
}

/** Finished imports, so that their listings and results have something to show. */
const IMPORTS: readonly SandboxImport[] = [
  { id: 1, api: 'OPPIJA', by: 'tuoja', rows: ['Eino Virtanen', 'Aino Korhonen', 'Sanni Odottava'] },
  { id: 2, api: 'YLEISTUNNISTE', by: 'yleistunniste', rows: ['Aino Korhonen', 'John Smith'] },
];

async function writeImports(
  client: ClientBase,
  ids: ReadonlyMap<string, string>,
  organisation: (oid: string) => Promise<string | null>,
): Promise<void> {
  for (const { id, api, by, rows } of IMPORTS) {
    const user = users.find(({ name }) => name === by);
    const henkilot = rows.map((name, index) => {
      const { hetu, etunimet, kutsumanimi, sukunimi, kansalaisuus } = personCalled(name);
      const henkilo = { ...(hetu && { hetu }), etunimet, kutsumanimi, sukunimi };
      return {
        tunniste: `rivi-${index + 1}`,
        henkilo: { ...henkilo, kansalaisuus: kansalaisuus.map((koodi) => ({ koodi })) },
        conflict: false,
      };
    });
    await client.query(
      `insert into tuonti_data (id, version, data) values ($1, 0, lo_from_bytea(0, convert_to($2, 'UTF8')))`,
      [id, JSON.stringify({ sahkoposti: null, henkilot })],
    );
    await client.query(
      `insert into tuonti (id, version, kasiteltavia, kasiteltyja, kasittelija_oid, data_id, ilmoitustarve_kasitelty, aikaleima, api)
       values ($1, 0, $2, $2, $3, $1, true, $4, $5)`,
      [id, rows.length, user?.oid, MODIFIED, api],
    );
    await client.query('insert into tuonti_organisaatio (tuonti_id, organisaatio_id) values ($1, $2)', [
      id,
      await organisation(YLIOPISTO),
    ]);
    for (const [index, name] of rows.entries()) {
      const row = { tuonti_id: id, tunniste: `rivi-${index + 1}`, henkilo_id: ids.get(personCalled(name).oid) };
      await insert(client, 'tuonti_rivi', { ...row, conflict: false });
    }
  }
}

async function main(connectionString: string | undefined) {
  const written = await loadPersons(connectionString);
  console.log(written === 0 ? 'The register is not empty: nothing written' : `${written} sandbox persons written`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv[2] ?? process.env.DATABASE_URL).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
