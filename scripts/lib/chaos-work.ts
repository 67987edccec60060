/** Work for the background jobs, and whether all of it was done, and once. */
import { randomUUID } from 'node:crypto';
import type { PeerDoor } from './peer-door.ts';
import type { Sql, WITHOUT_HISTORY } from './chaos-checks.ts';

const PERSONS = 30;
const MAILS = 5;
const ORPHANS = 2_000;
const OLD_ROWS = 12_000;
const CHECK_MARKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

type FirstName = (typeof WITHOUT_HISTORY)[number];
interface Made {
  readonly oid: string;
  readonly hetu: string;
}

/** Invented: nobody was born then yet. */
function hetuOf(n: number): string {
  const [day, year, individual] = [1 + (n % 28), 60 + (Math.floor(n / 28) % 30), 2 + (Math.floor(n / 840) % 890)];
  const number = `${String(day).padStart(2, '0')}03${year}${String(individual).padStart(3, '0')}`;
  return `${number.slice(0, 6)}A${number.slice(6)}${CHECK_MARKS.charAt(Number(number) % 31)}`;
}

/** Makes work, and knows of all that was made what must have come of it. */
export class JobWork {
  private readonly sql: Sql;
  private readonly tell: (state: object) => Promise<void>;
  private readonly store: (key: string, text: string) => Promise<void>;
  private made = 0;
  private readonly imported: string[] = [];
  private readonly muutokset: object[] = [];
  private readonly subjects: string[] = [];

  /**
   * @param tell sets the state of the sandbox
   * @param store puts a file where DatantuontiImport reads
   */
  constructor(sql: Sql, tell: (state: object) => Promise<void>, store: (key: string, text: string) => Promise<void>) {
    this.sql = sql;
    this.tell = tell;
    this.store = store;
  }

  /** Something to do for each job that changes something. */
  async make(): Promise<void> {
    const taavi = await this.persons('Taavi', 'yksiloityvtj', 'false');
    const tellervo = await this.persons('Tellervo', 'yksiloityvtj', 'true');
    const tapio = await this.persons('Tapio', 'yksiloityvtj, vtj_bucket', 'true, n % 100');
    await this.persons('Tuoni', 'yksiloityvtj, kuolinpaiva', `true, '2020-01-01'`);
    await this.makeTestData();
    for (const [n, { hetu }] of tapio.entries())
      this.muutokset.push({
        henkilotunnus: hetu,
        muutospv: '2026-01-01T12:00:00.000',
        avain: 1_001 + this.muutokset.length,
        tietoryhmat: [
          { tietoryhma: 'SAHKOPOSTIOSOITE', muutosattribuutti: 'LISATTY', sahkopostiosoite: `${hetu}@example.fi` },
          {
            tietoryhma: 'HUOLTAJA',
            muutosattribuutti: 'LISATTY',
            huoltaja: { henkilotunnus: tellervo[n]!.hetu, etunimet: 'Tellervo', sukunimi: 'Työ' },
          },
        ],
      });
    const named = (persons: readonly Made[], etunimet: FirstName) =>
      persons.map(
        ({ hetu }) =>
          [
            hetu,
            {
              etunimet,
              kutsumanimi: etunimet,
              sukunimi: 'Työ',
              kotikunta: '091',
              sukupuoli: '1',
              aidinkieli: 'fi',
              kansalaisuus: ['246'],
            },
          ] as const,
      );
    await this.tell({
      vtj: Object.fromEntries([...named(taavi, 'Taavi'), ...named(tellervo, 'Tellervo'), ...named(tapio, 'Tapio')]),
      muutokset: this.muutokset,
    });
    for (let n = 0; n < MAILS; n++) {
      const subject = `Viesti ${this.subjects.length}`;
      this.subjects.push(subject);
      await this.sql(`insert into queuedemail (id, queuedemailstatus_id, recipients, subject, body, idempotency_key)
        values ('${randomUUID()}', 'QUEUED', '{a@example.fi}', '${subject}', 'teksti', '${randomUUID()}')`);
    }
    await this.sql(`insert into yhteystiedotryhma (id, version, ryhma_alkuperatieto)
      select nextval('hibernate_sequence'), 0, 'alkupera1' from generate_series(1, ${ORPHANS})`);
    await this
      .sql(`with r as (insert into revinfo (rev, revtstmp) values ((select coalesce(min(rev), 0) - 1 from revinfo), 1000) returning rev)
      insert into henkilo_aud (id, rev, revtype, etunimet) select -n, rev, 0, 'Vanha' from r, generate_series(1, ${OLD_ROWS}) n`);
  }

  /**
   * Everything that was made, once all jobs have run to their ends.
   * @returns question → whom the answer is not true of
   */
  async look(door: PeerDoor): Promise<Map<string, string[]>> {
    const who = async (statement: string) => (await this.sql<{ who: string }>(statement)).map((row) => row.who);
    const those = (name: FirstName, wrong: string) =>
      who(`select oidhenkilo as who from henkilo h where etunimet = '${name}' and not coalesce(${wrong}, false)`);
    return new Map([
      ['everybody was identified', await those('Taavi', 'yksiloityvtj')],
      ['everybody has base data', await those('Tellervo', 'vtj_bucket is not null')],
      ['everybody who died is out of use', await those('Tuoni', `kuolinsiivous = 'REMOVE_ACCESS_RIGHTS' and passivoitu`)],
      [
        'every change of VTJ was stored once and applied',
        await those('Tapio', `(select count(*) filter (where m.processed is not null) = 1 and count(*) = 1 from vtj_muutostieto m where m.henkilotunnus = h.hetu)
           and (select count(*) from yhteystiedotryhma r join yhteystiedot y on y.yhteystiedotryhma_id = r.id
                 where r.henkilo_id = h.id and y.yhteystieto_arvo = h.hetu || '@example.fi') = 1`),
      ],
      ['everybody to whom VTJ gave a guardian has one', await those('Tapio', `(select count(*) = 1 from henkilo_huoltaja_suhde s where s.lapsi_id = h.id)`)],
      ['every mail is sent', await who(`select subject as who from queuedemail where queuedemailstatus_id <> 'SENT'`)],
      ['every mail went out once', this.subjects.filter((subject) => door.mails.get(subject)?.size !== 1)],
      ['nobody’s contact details are gone', await who(`select id::text as who from yhteystiedotryhma where henkilo_id is null and yksilointitieto_id is null limit 3`)],
      ['everybody of Koski was changed', await who(`select oid as who from import.koski_datantuonti_henkilo_oids where processed is null`)],
      ['every test person is there, once', await who(`select t.hetu as who from testidatantuonti_henkilo t where (select count(*) from henkilo h where h.hetu = t.hetu and h.etunimet = 'Topi') <> 1`)],
      ['everybody of the file is there', await who(`select oid as who from unnest(array[${this.imported.map((oid) => `'${oid}'`).join()}]::text[]) oid
           where not exists (select from henkilo h where h.oidhenkilo = oid and h.hetu is not null and h.yksiloityvtj)`)],
      ['old history is gone', await who(`select id::text as who from henkilo_aud where etunimet = 'Vanha' limit 3`)],
    ]); // prettier-ignore
  }

  /** Mails that were taken by a process that died, and identifications that a peer failed, wait ten minutes; these do not. */
  async hurry(): Promise<void> {
    await this.sql(`update queuedemail set last_attempt = null where queuedemailstatus_id = 'QUEUED'`);
    await this.sql(
      `update yksilointivirhe set uudelleenyritys_aikaleima = '2020-01-01' where uudelleenyritys_aikaleima is not null`,
    );
  }

  /** Persons for an empty test environment: of the file of another one, of the list of suomi.fi, and those of Koski. */
  private async makeTestData(): Promise<void> {
    const first = this.made;
    this.made += PERSONS;
    for (let n = 0; n < PERSONS; n++) this.imported.push(`1.2.246.562.24.${79_000_000_000 + first + n}`);
    const rows = this.imported.map((oid) => `${oid},true,fi,sv,246,,`);
    await this.store('oppijanumerorekisteri/v1/manifest.json', JSON.stringify({ henkilo: 'henkilo.csv' }));
    await this.store(
      'henkilo.csv',
      `oid,yksiloityvtj,aidinkieli,asiointikieli,kansalaisuus,master_oid,linkitetyt_oidit\n${rows.join('\n')}\n`,
    );
    const hetut = Array.from({ length: PERSONS }, (_, n) => `'${hetuOf(first + n)}'`);
    await this
      .sql(`insert into testidatantuonti_henkilo (hetu, etunimet, sukunimi, syntymaaika, sukupuoli, turvakielto, kotikunta)
      select hetu, 'Topi', 'Työ', '2060-01-01', 1, false, '091' from unnest(array[${hetut.join()}]) hetu`);
    const turo = await this.persons('Turo', 'yksiloityvtj, vtj_bucket', 'true, 99');
    await this.sql(
      `insert into import.koski_datantuonti_henkilo_oids (oid) select oid from unnest(array[${turo.map(({ oid }) => `'${oid}'`).join()}]) oid`,
    );
  }

  private async persons(firstName: FirstName, columns: string, values: string): Promise<Made[]> {
    const first = this.made;
    this.made += PERSONS;
    const hetut = Array.from({ length: PERSONS }, (_, n) => hetuOf(first + n));
    return this
      .sql<Made>(`insert into henkilo (id, version, oidhenkilo, etunimet, kutsumanimi, sukunimi, hetu, ${columns})
      select nextval('hibernate_sequence'), 0, '1.2.246.562.24.' || (80000000000 + ${first} + n), '${firstName}', '${firstName}', 'Työ', hetu, ${values}
        from unnest(array[${hetut.map((hetu) => `'${hetu}'`).join()}]) with ordinality x (hetu, n)
      returning oidhenkilo as oid, hetu`);
  }
}
