import type { TestApp } from './test-app.js';

let made = 0;

/** A stored person. */
export interface StoredHenkilo {
  readonly id: number;
  readonly oid: string;
}

/** An OID that no test has had yet. */
export const newOid = (): string => `1.2.246.562.24.${71_000_000_000 + made++}`;

/** Writes a row of `henkilo` as it is, whatever the rules say. @param columns column name → value */
export async function storeHenkilo(app: TestApp, columns: Record<string, unknown> = {}): Promise<StoredHenkilo> {
  const oid = newOid();
  const row = {
    version: 0,
    oidhenkilo: oid,
    etunimet: 'Aatu Eevert',
    kutsumanimi: 'Aatu',
    sukunimi: 'Testilä',
    ...columns,
  };
  const id = await store(app, 'henkilo', row);
  return { id, oid: row.oidhenkilo };
}

/** Links the slave under the master. */
export const storeViite = (app: TestApp, master: StoredHenkilo, slave: StoredHenkilo): Promise<number> =>
  store(app, 'henkiloviite', { version: 0, master_oid: master.oid, slave_oid: slave.oid });

/** A contact group with its values, in the given order. */
export async function storeRyhma(
  app: TestApp,
  henkilo: StoredHenkilo,
  arvot: readonly [tyyppi: string, arvo: string | null][],
  columns: Record<string, unknown> = {},
): Promise<number> {
  const owner = { henkilo_id: henkilo.id, ryhmakuvaus: 'yhteystietotyyppi1', ryhma_alkuperatieto: 'alkupera2' };
  const id = await store(app, 'yhteystiedotryhma', { version: 0, ...owner, ...columns });
  for (const [tyyppi, arvo] of arvot) {
    const value = { yhteystieto_tyyppi: `YHTEYSTIETO_${tyyppi}`, yhteystieto_arvo: arvo, yhteystiedotryhma_id: id };
    await store(app, 'yhteystiedot', { version: 0, ...value });
  }
  return id;
}

/** A guardian of a child. */
export const storeHuoltaja = (
  app: TestApp,
  lapsi: StoredHenkilo,
  huoltaja: StoredHenkilo,
  columns: Record<string, unknown> = {},
): Promise<number> =>
  store(app, 'henkilo_huoltaja_suhde', { version: 0, lapsi_id: lapsi.id, huoltaja_id: huoltaja.id, ...columns });

/** Inserts one row with a new id and gives the id. */
export async function store(app: TestApp, table: string, columns: Record<string, unknown>): Promise<number> {
  const names = Object.keys(columns);
  const [row] = await app.query<{ id: string }>(
    `insert into ${table} (id, ${names.join(', ')})
     values (nextval('hibernate_sequence'), ${names.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
    Object.values(columns),
  );
  return Number(row!.id);
}

/** Inserts one row of a table without an id. */
export async function storePlain(app: TestApp, table: string, columns: Record<string, unknown>): Promise<void> {
  const names = Object.keys(columns);
  const values = names.map((_, i) => `$${i + 1}`).join(', ');
  await app.query(`insert into ${table} (${names.join(', ')}) values (${values})`, Object.values(columns));
}
