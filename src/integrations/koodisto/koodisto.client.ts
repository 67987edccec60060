import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../common/clock.js';
import { assertOutsideTransaction, isInsideTransaction } from '../../common/open-transaction.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { anonymousClient } from '../anonymous.client.js';
import type { PeerResponse } from '../http.client.js';

/** Code lists by their name here: address part in koodisto and version, 0 for the newest (docs/spec/security-integrations-jobs.md#4.3). */
const KOODISTOT = {
  sukupuoli: { uri: 'sukupuoli', versio: 1 },
  kansalaisuus: { uri: 'maatjavaltiot2', versio: 0 },
  yhteystietotyyppi: { uri: 'yhteystietotyypit', versio: 1 },
  yhteystiedonAlkupera: { uri: 'yhteystietojenalkupera', versio: 1 },
  kunta: { uri: 'kunta', versio: 2 },
  kieli: { uri: 'kieli', versio: 1 },
  tunnistetyyppi: { uri: 'henkilontunnistetyypit', versio: 1 },
} as const;

export type Koodisto = keyof typeof KOODISTOT;

/** The name of the list in koodisto, as error texts quote it. */
export const koodistoUri = (koodisto: Koodisto): string => KOODISTOT[koodisto].uri;
export type KoodiKieli = 'FI' | 'SV' | 'EN';

export interface Koodi {
  readonly koodiArvo: string;
  /** Name by language; a language may be missing. */
  readonly nimi: Readonly<Partial<Record<KoodiKieli, string>>>;
}

/** One code list. Passive and expired codes are in it: they are valid here. Comparison is exact, kieli is upper case. */
export interface Koodit {
  readonly list: readonly Koodi[];
  has(koodiArvo: string): boolean;
  find(koodiArvo: string): Koodi | undefined;
}

/** Tells whether a code is in its code set. Those who make it say in which letter case `hasKieli` takes a code. */
export interface Koodistot {
  readonly hasKieli: (koodi: string) => boolean;
  readonly hasMaa: (koodi: string) => boolean;
  readonly hasKunta: (koodi: string) => boolean;
}

interface Kept {
  readonly koodit: Koodit;
  readonly usableUntil: number;
}

const CODES_FRESH_MS = 300_000;
/** After a failed refresh the old list serves this long before koodisto is asked again. */
const RETRY_AFTER_FAILURE_MS = 30_000;
/** Codes change a few times a year, so a day-old list is better than refusing every write while koodisto is down. */
const CODES_USABLE_MS = 24 * 3_600_000;

/** Code lists, kept 300 s; one call per list however many wait for it. A failure is not kept. */
@Injectable()
export class KoodistoClient {
  private readonly log = new Logger(KoodistoClient.name);
  private readonly http = anonymousClient('koodisto');
  private readonly lists: LRUCache<Koodisto, Kept>;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.lists = new LRUCache({
      max: Object.keys(KOODISTOT).length,
      ttl: CODES_FRESH_MS,
      ttlResolution: 0,
      perf: { now: () => this.now() },
      fetchMethod: (koodisto, kept, { options }) => this.refresh(koodisto, kept, options),
    });
  }

  /**
   * Whoever needs a list inside a transaction gets it before, too: the transaction then has one however long it waits.
   * @throws PeerError koodisto does not answer properly and no list of the last day is at hand
   * @throws Error none of the last day is at hand inside a transaction
   */
  async get(koodisto: Koodisto): Promise<Koodit> {
    if (isInsideTransaction()) {
      const kept = this.lists.peek(koodisto, { allowStale: true });
      if (kept && kept.usableUntil > this.now()) return kept.koodit;
      assertOutsideTransaction('koodisto');
    }
    return (await this.lists.forceFetch(koodisto)).koodit;
  }

  /** @param options of the entry: how long it is fresh */
  private async refresh(koodisto: Koodisto, kept: Kept | undefined, options: { ttl?: number }): Promise<Kept> {
    try {
      const koodit = await this.fetch(koodisto);
      return { koodit, usableUntil: this.now() + CODES_USABLE_MS };
    } catch (error) {
      if (!kept || kept.usableUntil <= this.now()) throw error;
      this.log.warn(`The kept list ${koodisto} serves on: ${(error as Error).message}`);
      options.ttl = RETRY_AFTER_FAILURE_MS;
      return kept;
    }
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  private async fetch(koodisto: Koodisto): Promise<Koodit> {
    const { uri, versio } = KOODISTOT[koodisto];
    const version = versio === 0 ? '' : `&koodistoVersio=${versio}`;
    const url = `${this.config.virkailija.baseUrl}/koodisto-service/rest/json/${uri}/koodi?onlyValidKoodis=false${version}`;
    const response = await this.http.send(url, { operation: uri });
    if (response.status !== 200) throw response.error();
    return toKoodit(response);
  }
}

function toKoodit(response: PeerResponse): Koodit {
  const body = response.json();
  if (!Array.isArray(body)) throw response.error('answered what is not a list');
  const byArvo = new Map(body.map((item) => toKoodi(item, response)).map((koodi) => [koodi.koodiArvo, koodi]));
  return { list: [...byArvo.values()], has: (arvo) => byArvo.has(arvo), find: (arvo) => byArvo.get(arvo) };
}

/** @throws PeerError an item without a code, or a name in an unknown language */
function toKoodi(item: unknown, response: PeerResponse): Koodi {
  const { koodiArvo, metadata } = (item ?? {}) as { koodiArvo?: unknown; metadata?: unknown };
  if (typeof koodiArvo !== 'string') throw response.error('answered an item without koodiArvo');
  const nimi: Partial<Record<KoodiKieli, string>> = {};
  for (const { kieli, nimi: text } of Array.isArray(metadata)
    ? (metadata as { kieli?: unknown; nimi?: unknown }[])
    : []) {
    if (kieli !== 'FI' && kieli !== 'SV' && kieli !== 'EN')
      throw response.error('answered a name in an unknown language');
    if (typeof text === 'string') nimi[kieli] = text;
  }
  return { koodiArvo, nimi };
}
