import { setTimeout as sleep } from 'node:timers/promises';
import type { TestAnswer, TestApp, TestCaller } from './test-app.js';
import { tuoja, YLIOPISTO } from './users.js';

const PERSON = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi', kansalaisuus: [{ koodi: '752' }] };

/** A row of an import; without identifiers of its own a new passport number. */
export const rivi = (tunniste: string | null, henkilo: object = { passinumero: `P-${tunniste}` }) => ({
  ...(tunniste !== null && { tunniste }),
  henkilo: { ...PERSON, ...henkilo },
});

/** Rows `<prefix>0` …, each a new person by passport. */
export const rivit = (count: number, prefix = 'r') => Array.from({ length: count }, (_, n) => rivi(`${prefix}${n}`));

/** Starts an import and gives its id. */
export async function startImport(caller: TestCaller, henkilot: object[], path = '/oppija'): Promise<number> {
  const answer = await caller.put(path, { henkilot });
  if (answer.status !== 200) throw new Error(`PUT ${path}: ${answer.status} ${answer.text}`);
  return answer.body.id as number;
}

/** Waits until the import is done and gives the progress seen on the way, without repetitions. */
export async function untilHandled(caller: TestCaller, id: number, timeoutMs = 120_000): Promise<number[]> {
  const seen: number[] = [];
  for (const end = Date.now() + timeoutMs; ; await sleep(5)) {
    const { body }: TestAnswer = await caller.get(`/oppija/tuonti=${id}/perustiedot`);
    if (seen.at(-1) !== body.kasiteltyja) seen.push(body.kasiteltyja as number);
    if (body.kasitelty) return seen;
    if (Date.now() > end) throw new Error(`Import ${id} is not handled: ${seen.join(', ')}`);
  }
}

/** Imports rows and waits until they are handled. */
export async function importRows(caller: TestCaller, henkilot: object[]): Promise<number> {
  const id = await startImport(caller, henkilot);
  await untilHandled(caller, id);
  return id;
}

/** Puts an import into the database as the reference leaves one that it has not handled. */
export async function storeImport(app: TestApp, henkilot: unknown[]): Promise<number> {
  const [row] = await app.query<{ id: string }>(
    `with o as (insert into organisaatio (id, version, oid) values (nextval('hibernate_sequence'), 0, $2)
                on conflict (oid) do update set version = organisaatio.version returning id),
          d as (insert into tuonti_data (id, version, data) values (nextval('hibernate_sequence'), 0, lo_from_bytea(0, convert_to($1, 'UTF8'))) returning id),
          t as (insert into tuonti (id, version, kasiteltavia, kasiteltyja, kasittelija_oid, data_id)
                select nextval('hibernate_sequence'), 0, $3, 0, $4, d.id from d returning id)
     insert into tuonti_organisaatio (tuonti_id, organisaatio_id) select t.id, o.id from t, o returning tuonti_id as id`,
    [JSON.stringify({ sahkoposti: null, henkilot }), YLIOPISTO, henkilot.length, tuoja.sub],
  );
  return Number(row!.id);
}
