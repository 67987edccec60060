import { setTimeout as sleep } from 'node:timers/promises';
import { readHetu } from '../../src/common/hetu.js';
import { henkiloOid } from '../../src/common/oid.js';
import { FakePeer } from '../support/fake-peer.js';
import { TestApp } from '../support/test-app.js';

/** What a test says of a person; the rest is a person that VTJ has identified. */
export interface TestHenkilo {
  readonly etunimet?: string;
  readonly kutsumanimi?: string;
  readonly sukunimi?: string;
  readonly hetu?: string | null;
  readonly created?: string;
  /** Further columns of `henkilo`. */
  readonly [column: string]: unknown;
}

export interface StoredHenkilo {
  readonly id: number;
  readonly oid: string;
  readonly hetu: string;
}

/** The application with the change API and Slack on peers that the test answers for. */
export class VtjApp extends TestApp {
  private number = 1_000_001_000; // hetut below 1 000 are for the tests themselves

  private constructor(
    readonly muutosrajapinta: FakePeer,
    readonly slack: FakePeer,
    env: Record<string, string>,
  ) {
    super(
      {
        'oppijanumerorekisteri.vtj-muutosrajapinta.base-url': muutosrajapinta.url,
        'oppijanumerorekisteri.vtj-muutosrajapinta.retry-delay-ms': '1',
        'oppijanumerorekisteri.slack-url': slack.url,
        'aws.henkiloModifiedTopic.enabled': 'true',
        'aws.henkiloModifiedTopic.topicArn': 'arn:aws:sns:eu-west-1:1:henkilo',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        ONR_OUTBOX_POLL_MS: '50',
        ...env,
      },
      [],
    );
  }

  static async startNew(env: Record<string, string> = {}): Promise<VtjApp> {
    const app = new VtjApp(await FakePeer.start(), await FakePeer.start(() => ({ body: 'ok' })), env);
    await app.start();
    return app;
  }

  override async stop(): Promise<void> {
    await super.stop();
    await Promise.all([this.muutosrajapinta.stop(), this.slack.stop()]);
  }

  /** Forgets persons, messages, calls and log lines. */
  async clear(): Promise<void> {
    await this.query(
      `truncate henkilo, henkilo_aud, henkilo_hetu, henkilo_huoltaja_suhde, henkilo_huoltaja_suhde_aud, henkiloviite,
         henkilo_kansalaisuus, henkilo_kansalaisuus_aud, yhteystiedotryhma, yhteystiedot, kotikunta_historia, revinfo,
         vtj_muutostieto, vtj_muutostieto_kirjausavain cascade`,
    );
    this.muutosrajapinta.calls.length = 0;
    this.muutosrajapinta.handle = () => undefined;
    this.slack.calls.length = 0;
    this.slack.handle = () => ({ body: 'ok' });
    this.lines.length = 0;
    await this.peers.reset();
  }

  /** A person identified by VTJ, in its bucket, made long ago. */
  async henkilo(values: TestHenkilo = {}): Promise<StoredHenkilo> {
    const number = this.number++;
    const row = {
      version: 0,
      etunimet: 'Aino Maria',
      kutsumanimi: 'Aino',
      sukunimi: 'Korhonen',
      hetu: hetu(number % 1_000_000),
      oidhenkilo: henkiloOid(24, number),
      created: '2024-01-01T10:00:00',
      modified: '2024-02-01T10:00:00',
      kasittelija: 'kasittelija',
      yksiloityvtj: true,
      vtj_bucket: 7,
      ...values,
    };
    const columns = Object.keys(row);
    const [stored] = await this.query<{ id: number; oid: string }>(
      `insert into henkilo (id, ${columns.join(', ')})
       values (nextval('hibernate_sequence'), ${columns.map((_, i) => `$${i + 1}`).join(', ')}) returning id, oidhenkilo as oid`,
      Object.values(row),
    );
    if (row.hetu && row.yksiloityvtj) {
      await this.query('insert into henkilo_hetu (henkilo_id, hetu) values ($1, $2)', [stored!.id, row.hetu]);
    }
    return { ...stored!, hetu: row.hetu! };
  }

  /** A group of contact values. */
  async ryhma(henkilo: StoredHenkilo | null, kuvaus: string, alkupera: string, arvot: Record<string, string>) {
    const [ryhma] = await this.query<{ id: number }>(
      `insert into yhteystiedotryhma (id, version, ryhmakuvaus, henkilo_id, ryhma_alkuperatieto, read_only)
       values (nextval('hibernate_sequence'), 0, $1, $2, $3, $4) returning id`,
      [kuvaus, henkilo?.id ?? null, alkupera, alkupera === 'alkupera1'],
    );
    for (const [tyyppi, arvo] of Object.entries(arvot)) {
      await this.query(
        `insert into yhteystiedot (id, version, yhteystieto_tyyppi, yhteystieto_arvo, yhteystiedotryhma_id)
         values (nextval('hibernate_sequence'), 0, $1, $2, $3)`,
        [`YHTEYSTIETO_${tyyppi}`, arvo, ryhma!.id],
      );
    }
  }

  /** A waiting change. @param pv when VTJ changed it; later ones come later by default */
  async muutos(henkilotunnus: string, tietoryhmat: unknown, values: { pv?: string; error?: boolean } = {}) {
    const [row] = await this.query<{ id: number }>(
      `insert into vtj_muutostieto (id, version, henkilotunnus, muutospv, tietoryhmat, processed, error)
       values (nextval('hibernate_sequence'), 0, $1, coalesce($2::timestamp, now()::timestamp), $3, $4, $5) returning id`,
      [
        henkilotunnus,
        values.pv ?? null,
        JSON.stringify(tietoryhmat),
        values.error ? new Date() : null,
        values.error ?? null,
      ],
    );
    return row!.id;
  }

  async asuminen(henkilo: StoredHenkilo, kunta: string, alku: string | null, loppu: string | null = null) {
    await this.query(
      `insert into kotikunta_historia (id, version, henkilo_id, kotikunta, kuntaan_muuttopv, kunnasta_pois_muuttopv)
       values (nextval('hibernate_sequence'), 0, $1, $2, $3, $4)`,
      [henkilo.id, kunta, alku, loppu],
    );
  }

  async huoltaja(lapsi: StoredHenkilo, huoltaja: StoredHenkilo, alku: string | null) {
    await this.query(
      `insert into henkilo_huoltaja_suhde (id, version, lapsi_id, huoltaja_id, alkupvm, created, updated)
       values (nextval('hibernate_sequence'), 0, $1, $2, $3, '2024-01-01', '2024-01-01')`,
      [lapsi.id, huoltaja.id, alku],
    );
  }

  /** The row of a person. */
  async row(henkilo: StoredHenkilo): Promise<Record<string, unknown>> {
    const [row] = await this.query('select * from henkilo where id = $1', [henkilo.id]);
    return row!;
  }

  /** Where a person lives and lived, `kunta alku loppu`. */
  async asumiset(henkilo: StoredHenkilo): Promise<string[]> {
    const rows = await this.query<{ text: string }>(
      `select concat_ws(' ', kotikunta, coalesce(kuntaan_muuttopv::text, '-'), kunnasta_pois_muuttopv) as text
         from kotikunta_historia where henkilo_id = $1 order by kuntaan_muuttopv, id`,
      [henkilo.id],
    );
    return rows.map(({ text }) => text);
  }

  /** Guardians of a child, `etunimet alku loppu`. */
  async huoltajat(lapsi: StoredHenkilo): Promise<string[]> {
    const rows = await this.query<{ text: string }>(
      `select concat_ws(' ', h.etunimet, coalesce(s.alkupvm::text, '-'), s.loppupvm) as text
         from henkilo_huoltaja_suhde s join henkilo h on h.id = s.huoltaja_id where s.lapsi_id = $1 order by s.id`,
      [lapsi.id],
    );
    return rows.map(({ text }) => text);
  }

  async kaikkiHetut(henkilo: StoredHenkilo): Promise<string[]> {
    const rows = await this.query<{ hetu: string }>('select hetu from henkilo_hetu where henkilo_id = $1 order by 1', [
      henkilo.id,
    ]);
    return rows.map(({ hetu: h }) => h);
  }

  /** Texts of alerts. */
  get alerts(): string[] {
    return this.slack.calls.map(({ body }) => {
      const { blocks } = JSON.parse(body) as { blocks: { text: { text: string } }[] };
      return blocks[1]!.text.text;
    });
  }

  /** OIDs that SNS was told of, sorted, once the outbox is empty. */
  async announced(): Promise<string[]> {
    for (let tries = 0; tries < 100; tries++) {
      if ((await this.query('select 1 from onr_outbox limit 1')).length === 0) break;
      await sleep(20);
    }
    const bodies = (await this.peers.traffic())
      .filter(({ peer }) => peer === 'aws')
      .map(({ body }) => JSON.stringify(body));
    return bodies.flatMap((body) => /1\.2\.246\.562\.24\.\d+/.exec(body) ?? []).sort();
  }
}

/** Distinct made-up hetut: a birthday from 2000 on and individual number 900-999. @param n 0 to 999 999 */
export function hetu(n: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = Math.floor(n / 100);
  const digits = `${two((day % 28) + 1)}${two((Math.floor(day / 28) % 12) + 1)}${two(Math.floor(day / 336))}`;
  const number = String(900 + (n % 100));
  for (const mark of '0123456789ABCDEFHJKLMNPRSTUVWXY') {
    const text = `${digits}A${number}${mark}`;
    if (readHetu(text)) return text;
  }
  throw new Error('no check mark fits');
}

export const paiva = (arvo: string) => ({ arvo, tarkkuus: 'PAIVA' });
