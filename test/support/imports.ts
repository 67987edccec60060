import { setTimeout as sleep } from 'node:timers/promises';
import type { TestAnswer, TestCaller } from './test-app.js';

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
export async function untilHandled(caller: TestCaller, id: number, timeoutMs = 30_000): Promise<number[]> {
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
