import { OutboxPublisher } from '../../src/outbox/outbox.publisher.js';
import type { TestApp } from './test-app.js';
import { rekisterinpitaja } from './users.js';

const CHECK_MARKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';
let made = 0;

/** A hetu that no test has had yet, of the range reserved for made-up ones. */
export function newHetu(): string {
  const n = made++;
  const two = (x: number) => String(x).padStart(2, '0');
  const number = `${two(1 + (n % 28))}${two(1 + (Math.floor(n / 28) % 12))}${two(10 + (Math.floor(n / 336) % 80))}${900 + (n % 100)}`;
  return `${number.slice(0, 6)}-${number.slice(6)}${CHECK_MARKS[Number(number) % 31]!}`;
}

let madeForVtj = 0;

/** A hetu that VTJ may know, of a person that is yet to be born: the made-up range is never asked of VTJ. */
export function newVtjHetu(): string {
  const n = madeForVtj++;
  const number = `${String(1 + (n % 28)).padStart(2, '0')}${String(1 + (Math.floor(n / 28) % 12)).padStart(2, '0')}80${100 + (n % 700)}`;
  return `${number.slice(0, 6)}A${number.slice(6)}${CHECK_MARKS[Number(number) % 31]!}`;
}

/** Stores a person over HTTP and gives its OID. */
export async function createHenkilo(app: TestApp, values: object = {}): Promise<string> {
  const body = { etunimet: 'Uuno Kalervo', kutsumanimi: 'Uuno', sukunimi: 'Uusi', ...values };
  const answer = await app.as(rekisterinpitaja).post('/henkilo', body);
  if (answer.status !== 201) throw new Error(`POST /henkilo: ${answer.status} ${answer.text}`);
  return answer.text;
}

/** One contact group with an e-mail address. */
export const sahkoposti = (arvo: string, values: object = {}) => ({
  ryhmaKuvaus: 'yhteystietotyyppi1',
  ryhmaAlkuperaTieto: 'alkupera2',
  yhteystieto: [{ yhteystietoTyyppi: 'YHTEYSTIETO_SAHKOPOSTI', yhteystietoArvo: arvo }],
  ...values,
});

/** The row of `henkilo`. */
export async function rowOf(app: TestApp, henkiloOid: string): Promise<Record<string, unknown>> {
  const [row] = await app.query('select * from henkilo where oidhenkilo = $1', [henkiloOid]);
  if (!row) throw new Error(`No person ${henkiloOid}`);
  return row;
}

/** Messages to the topic since the last reset of the peers, those under way included: OIDs in order. */
export async function announced(app: TestApp): Promise<string[]> {
  await app.nest.get(OutboxPublisher).settle(60_000);
  const calls = await app.peers.traffic();
  return calls.flatMap(({ peer, body }) => {
    const { Action, Message } = (body ?? {}) as { Action?: string; Message?: string };
    return peer === 'aws' && Action === 'Publish' ? [(JSON.parse(Message!) as { oidHenkilo: string }).oidHenkilo] : [];
  });
}

/** Passivations asked of käyttöoikeuspalvelu since the last reset: path with query, in order. */
export async function passivations(app: TestApp): Promise<string[]> {
  const calls = await app.peers.traffic();
  return calls.filter(({ peer, method }) => peer === 'kayttooikeus' && method === 'DELETE').map(({ path }) => path);
}

/**
 * Settings with which changes are announced to the stand-in topic. However slow the machine is, an answer waits for its messages,
 * so that none comes after the next reset of the peers, and no message is taken for left behind and sent once more (ADR 32).
 */
export const ANNOUNCING = {
  ONR_OUTBOX_WAIT_MS: '60000',
  ONR_OUTBOX_LEASE_MS: '600000',
  'aws.henkiloModifiedTopic.enabled': 'true',
  'aws.henkiloModifiedTopic.topicArn': 'arn:aws:sns:eu-west-1:1:henkilo',
  'aws.opintopolkuRoleArn': 'arn:aws:iam::1:role/sns',
};
