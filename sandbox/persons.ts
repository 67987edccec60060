/**
 * The invented persons of the sandbox. Hetut carry individual numbers 900–999, which no one has, except those born in
 * the future (`vtj: true` without a register row): the identification with VTJ refuses the reserved range.
 * `sandbox/load-persons.ts` writes them into an empty register, the VTJ stand-ins answer from them.
 */
import { hasOid, users, type SandboxUser } from './users.ts';
import { AMMATTIKOULU, MALLIKOULU, MALLILUKIO, TIEDEKUNTA, YLIOPISTO } from './organisations.ts';

const CHECK_MARKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

/** `'1985-03-15', 902` → `'150385-9024'`. */
function hetuOf(born: string, individual: number, sign?: string): string {
  const year = born.slice(0, 4);
  const number = `${born.slice(8)}${born.slice(5, 7)}${year.slice(2)}${String(individual).padStart(3, '0')}`;
  return `${number.slice(0, 6)}${sign ?? (Number(year) < 2000 ? '-' : 'A')}${number.slice(6)}${CHECK_MARKS.charAt(Number(number) % 31)}`;
}

/** The person's OID number `n`: node 24, ten digits and a check digit. */
function oidOf(n: number): string {
  const digits = String(3_000_000_000 + n);
  const sum = [...digits].reverse().reduce((total, digit, i) => total + Number(digit) * ([7, 3, 1][i % 3] ?? 0), 0);
  return `1.2.246.562.24.${digits}${(10 - (sum % 10)) % 10}`;
}

const address = (street: string, postcode: string, city: string) => ({ street, postcode, city });
const mail = (text: string) => ({ YHTEYSTIETO_SAHKOPOSTI: text });
const phone = (text: string) => ({ YHTEYSTIETO_MATKAPUHELINNUMERO: text });

type Sukupuoli = '1' | '2';
interface Names {
  readonly etunimet: string;
  readonly kutsumanimi: string;
  readonly sukunimi: string;
}
/** Who or where, from, until (null: still); days are `YYYY-MM-DD`. */
type Period = readonly [what: string, from: string, until: string | null];

export interface SandboxPerson extends Names {
  readonly oid: string;
  readonly hetu: string | null;
  readonly syntymaaika: string | null;
  readonly sukupuoli: Sukupuoli | null;
  /** How the person is identified. */
  readonly yksilointi: 'vtj' | 'virkailija' | 'eidas' | null;
  /** VTJ knows the hetu. */
  readonly vtj: boolean;
  readonly aidinkieli: string | null;
  readonly asiointikieli: string | null;
  readonly kansalaisuus: readonly string[];
  readonly kotikunta: string | null;
  readonly osoite: { readonly street: string; readonly postcode: string; readonly city: string } | null;
  /** Kind of the contact group → kind of the value → value. */
  readonly yhteystiedot: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Kind and value of login identifiers. */
  readonly tunnisteet: readonly (readonly [idpEntityId: string, identifier: string])[];
  readonly passinumerot: readonly string[];
  /** OIDs. */
  readonly organisaatiot: readonly string[];
  /** Municipality codes. */
  readonly kotikunnat: readonly Period[];
  /** Guardians, called as `personCalled` takes them. */
  readonly huoltajat: readonly Period[];
  readonly turvakielto?: boolean;
  readonly passivoitu?: boolean;
  readonly kuolinpaiva?: string;
  readonly kuolinsiivous?: string;
  /** The person whose duplicate this one is, called as `personCalled` takes him. */
  readonly master?: string;
  /** The names that VTJ has, where they differ. */
  readonly vtjNimet?: Names;
}

/** Fields that differ from what most persons have; `merkki`: the sign of the century in the hetu. */
type Further = Partial<SandboxPerson> & { readonly merkki?: string };
type PersonRow = readonly [
  etunimet: string,
  kutsumanimi: string,
  sukunimi: string,
  born: string | null,
  /** Individual number of the hetu; null: no hetu. */
  individual: number | null,
  sukupuoli: Sukupuoli | null,
  more?: Further,
];

let count = 0;
function person([
  etunimet,
  kutsumanimi,
  sukunimi,
  born,
  individual,
  sukupuoli,
  further = {},
]: PersonRow): SandboxPerson {
  count += 1;
  const { merkki, ...more } = further;
  const hetu = individual === null || born === null ? null : hetuOf(born, individual, merkki);
  return {
    oid: oidOf(count),
    etunimet,
    kutsumanimi,
    sukunimi,
    hetu,
    syntymaaika: born,
    sukupuoli,
    yksilointi: hetu === null ? null : 'vtj',
    vtj: hetu !== null,
    aidinkieli: 'fi',
    asiointikieli: null,
    kansalaisuus: ['246'],
    kotikunta: hetu === null ? null : '091',
    osoite: null,
    yhteystiedot: {},
    tunnisteet: [],
    passinumerot: [],
    organisaatiot: [],
    kotikunnat: [],
    huoltajat: [],
    ...more,
  };
}

const IDENTIFIED: readonly PersonRow[] = [
  [
    'Aino Maria',
    'Aino',
    'Korhonen',
    '1985-03-15',
    902,
    '2',
    {
      kansalaisuus: ['246', '752'],
      passinumerot: ['FI1234567'],
      osoite: address('Mannerheimintie 1 A 2', '00100', 'HELSINKI'),
      yhteystiedot: {
        yhteystietotyyppi1: { ...mail('aino.korhonen@example.com'), ...phone('0501234567') },
        yhteystietotyyppi2: mail('aino@tyo.example.com'),
      },
      tunnisteet: [['google', 'aino-google']],
      kotikunnat: [
        ['837', '2005-08-01', '2010-12-31'],
        ['091', '2011-01-01', null],
      ],
      organisaatiot: [YLIOPISTO],
      asiointikieli: 'fi',
    },
  ],
  [
    'Eino Olavi',
    'Eino',
    'Virtanen',
    '1990-07-03',
    903,
    '1',
    {
      yhteystiedot: { yhteystietotyyppi1: { ...mail('eino.virtanen@example.com'), ...phone('0407654321') } },
      tunnisteet: [
        ['email', 'eino.virtanen@example.com'],
        ['oppijaToken', 'sandbox-token-eino'],
      ],
      organisaatiot: [YLIOPISTO],
      kotikunnat: [
        ['564', '1990-07-03', '2009-08-31'],
        ['091', '2009-09-01', null],
      ],
    },
  ],
  [
    'Helmi Sofia',
    'Helmi',
    'Mäkinen',
    '2001-12-24',
    904,
    '2',
    {
      merkki: 'A',
      organisaatiot: [TIEDEKUNTA],
      kotikunta: '837',
      osoite: address('Hämeenkatu 12 B 34', '33100', 'TAMPERE'),
    },
  ],
  [
    'Väinö Johannes',
    'Väinö',
    'Nieminen',
    '1979-09-09',
    905,
    '1',
    { kotikunta: '853', kotikunnat: [['853', '1979-09-09', null]], organisaatiot: [YLIOPISTO] },
  ],
  [
    'Åsa Birgitta',
    'Åsa',
    'Österman',
    '1968-06-06',
    906,
    '2',
    { aidinkieli: 'sv', asiointikieli: 'sv', kotikunta: '499', osoite: address('Strandgatan 5', '65610', 'KORSHOLM') },
  ],
  ['Jean-Luc Oskar', 'Jean-Luc', 'af Enehjelm', '1955-05-05', 907, '1', { aidinkieli: 'sv', kotikunta: '049' }],
  [
    'Nils-Ánte',
    'Nils-Ánte',
    'Aikio',
    '1999-01-31',
    909,
    '1',
    { aidinkieli: 'se', kotikunta: '890', kotikunnat: [['890', '1999-01-31', null]] },
  ],
  [
    'Siobhán Marie',
    'Siobhán',
    "O'Hara",
    '1992-02-29',
    910,
    '2',
    {
      aidinkieli: 'en',
      asiointikieli: 'en',
      kansalaisuus: ['372', '246'],
      passinumerot: ['IE7654321'],
      tunnisteet: [['email', 'siobhan@example.com']],
    },
  ],
  ['Mikko', 'Mikko', 'Meikäläinen', '2005-04-10', 911, '1', { kotikunta: '564', organisaatiot: [AMMATTIKOULU] }],
  [
    'Maija Kaarina',
    'Maija',
    'Meikäläinen',
    '1975-10-11',
    912,
    '2',
    { kotikunta: '564', yhteystiedot: { yhteystietotyyppi1: mail('maija.meikalainen@example.com') } },
  ],
  ['Matti Kalevi', 'Matti', 'Meikäläinen', '1973-01-02', 913, '1', { kotikunta: '564' }],
  ['Ilona Anna-Liisa', 'Anna-Liisa', 'Lehtinen-Salo', '1988-08-18', 914, '2', { kotikunta: '179' }],
  ['Onni Elias', 'Onni', 'Laine', '2009-09-09', 915, '1', { kotikunta: '092', organisaatiot: [MALLIKOULU] }],
  ['Lilja Aurora', 'Lilja', 'Heikkinen', '2012-12-12', 916, '2', { kotikunta: '092', organisaatiot: [MALLIKOULU] }],
  [
    'Tuomas',
    'Tuomas',
    'Hämäläinen',
    '1983-11-30',
    917,
    '1',
    { kotikunta: '245', passinumerot: ['FI7777777', 'FI8888888'] },
  ],
  [
    'Olga Petrovna',
    'Olga',
    'Ivanova',
    '1971-07-17',
    918,
    '2',
    { aidinkieli: 'ru', kansalaisuus: ['643'], kotikunta: '285' },
  ],
  [
    'Nguyen Van',
    'Nguyen',
    'Tran',
    '1996-03-03',
    919,
    '1',
    {
      aidinkieli: 'vi',
      kansalaisuus: ['704'],
      kotikunta: '091',
      yhteystiedot: { yhteystietotyyppi1: phone('0451112233') },
    },
  ],
  [
    'Fatima',
    'Fatima',
    'Hassan',
    '2003-06-15',
    920,
    '2',
    { aidinkieli: 'so', kansalaisuus: ['706', '246'], organisaatiot: [MALLILUKIO] },
  ],
  ['Kerttu Orvokki', 'Kerttu', 'Rantanen', '1938-04-04', 922, '2', { kotikunta: '423' }],
  [
    'Urho Kaleva',
    'Urho',
    'Saarinen',
    '1947-02-14',
    923,
    '1',
    { kotikunta: '405', kotikunnat: [['405', '1990-01-01', null]] },
  ],
];

const PROTECTED_OR_DEAD: readonly PersonRow[] = [
  [
    'Tuula Tellervo',
    'Tuula',
    'Turvallinen',
    '1960-02-20',
    906,
    '2',
    {
      turvakielto: true,
      kotikunta: '049',
      kotikunnat: [['049', '1999-01-01', null]],
      yhteystiedot: { yhteystietotyyppi1: mail('tuula@example.com') },
    },
  ],
  [
    'Taneli',
    'Taneli',
    'Turvallinen',
    '2011-11-01',
    925,
    '1',
    { turvakielto: true, kotikunta: '049', organisaatiot: [MALLIKOULU] },
  ],
  ['Kalle', 'Kalle', 'Kuollut', '1930-11-11', 905, '1', { kuolinpaiva: '2020-06-01', kotikunta: null }],
  [
    'Elsa Maria',
    'Elsa',
    'Edesmennyt',
    '1941-05-21',
    928,
    '2',
    { kuolinpaiva: '2023-12-31', kotikunta: null, passivoitu: true, kuolinsiivous: 'REMOVE_ACCESS_RIGHTS' },
  ],
  ['Pasi', 'Pasi', 'Passiivinen', '1965-03-12', 929, '1', { passivoitu: true }],
];

const FAMILY: readonly PersonRow[] = [
  [
    'Lauri Kalevi',
    'Lauri',
    'Korhonen',
    '2015-01-01',
    907,
    '1',
    {
      organisaatiot: [MALLIKOULU],
      kotikunnat: [['091', '2015-01-01', null]],
      huoltajat: [
        ['Aino Korhonen', '2015-01-01', null],
        ['Eino Virtanen', '2016-02-02', null],
      ],
    },
  ],
  [
    'Venla',
    'Venla',
    'Meikäläinen',
    '2010-08-08',
    930,
    '2',
    {
      kotikunta: '564',
      huoltajat: [
        ['Maija Meikäläinen', '2010-08-08', null],
        ['Matti Meikäläinen', '2010-08-08', null],
      ],
    },
  ],
  [
    'Joona',
    'Joona',
    'Meikäläinen',
    '2007-02-03',
    931,
    '1',
    { kotikunta: '564', huoltajat: [['Maija Meikäläinen', '2007-02-03', '2025-02-03']] },
  ],
  [
    'Taimi',
    'Taimi',
    'Turvallinen',
    '2013-03-03',
    932,
    '2',
    { turvakielto: true, kotikunta: '049', huoltajat: [['Tuula Turvallinen', '2013-03-03', null]] },
  ],
];

const HETUTON: readonly PersonRow[] = [
  [
    'John Henry',
    'John',
    'Smith',
    '1995-05-05',
    null,
    '1',
    {
      yksilointi: 'virkailija',
      aidinkieli: 'en',
      asiointikieli: 'en',
      kansalaisuus: ['840'],
      passinumerot: ['US555000'],
      organisaatiot: [YLIOPISTO],
      yhteystiedot: { yhteystietotyyppi2: mail('john.smith@example.com') },
      tunnisteet: [['email', 'john.smith@example.com']],
    },
  ],
  [
    'María José',
    'María',
    'García López',
    '1998-09-27',
    null,
    '2',
    {
      yksilointi: 'virkailija',
      aidinkieli: 'es',
      kansalaisuus: ['724'],
      organisaatiot: [YLIOPISTO],
      passinumerot: ['ES998877'],
    },
  ],
  [
    'Li',
    'Li',
    'Wang',
    '2000-02-02',
    null,
    '2',
    { yksilointi: 'virkailija', aidinkieli: 'zh', kansalaisuus: ['156'], organisaatiot: [TIEDEKUNTA] },
  ],
  [
    'Amir',
    'Amir',
    'Rahimi',
    '2004-04-04',
    null,
    '1',
    { aidinkieli: 'fa', kansalaisuus: ['004'], organisaatiot: [MALLILUKIO] },
  ],
  [
    'Anonyymi',
    'Anonyymi',
    'Oppija',
    '2002-10-20',
    null,
    '1',
    { kansalaisuus: ['999'], aidinkieli: '99', organisaatiot: [AMMATTIKOULU] },
  ],
];

const EIDAS: readonly PersonRow[] = [
  [
    'Elena',
    'Elena',
    'Eidasova',
    '1988-08-08',
    null,
    '2',
    { yksilointi: 'eidas', aidinkieli: null, kansalaisuus: ['276'], tunnisteet: [['eidas', 'DE/FI/123abc']] },
  ],
  [
    'Kristjan',
    'Kristjan',
    'Tamm',
    '1991-01-19',
    null,
    '1',
    { yksilointi: 'eidas', aidinkieli: 'et', kansalaisuus: ['233'], tunnisteet: [['eidas', 'EE/FI/39101190000']] },
  ],
];

const UNIDENTIFIED: readonly PersonRow[] = [
  ['Reino Ilmari', 'Reino', 'Odottava', '1994-04-14', 941, '1', { yksilointi: null, vtj: false }],
  ['Sanni', 'Sanni', 'Odottava', '1997-07-27', 940, '2', { yksilointi: null, vtj: false, organisaatiot: [YLIOPISTO] }],
  ['Tero', 'Tero', 'Tuntematon', '1980-02-02', 943, '1', { yksilointi: null, vtj: false, kansalaisuus: ['999'] }],
  [
    'Iida Emilia',
    'Iida',
    'Tulevainen',
    '2095-01-01',
    130,
    '2',
    { yksilointi: null, vtj: true, merkki: 'A', organisaatiot: [MALLIKOULU] },
  ],
  [
    'Erkki',
    'Erkki',
    'Eroava',
    '2080-02-02',
    125,
    '1',
    {
      yksilointi: null,
      vtj: true,
      merkki: 'A',
      vtjNimet: { etunimet: 'Erik Johan', kutsumanimi: 'Erik', sukunimi: 'Erilainen' },
    },
  ],
];

/** Linked duplicates: the last field names the master. */
const DUPLICATES: readonly PersonRow[] = [
  ['Aino', 'Aino', 'Korhonen', '1985-03-15', null, '2', { master: 'Aino Korhonen', passinumerot: ['FI7654321'] }],
  ['Aino M', 'Aino', 'Korhonen-Laine', '1985-03-15', null, '2', { master: 'Aino Korhonen', passivoitu: true }],
  ['Jon', 'Jon', 'Smith', '1995-05-05', null, '1', { master: 'John Smith', passivoitu: true, kansalaisuus: ['840'] }],
  [
    'Olga',
    'Olga',
    'Ivanoff',
    '1971-07-17',
    null,
    '2',
    { master: 'Olga Ivanova', passivoitu: true, aidinkieli: 'ru', kansalaisuus: ['643'] },
  ],
];

/** Duplicates that no one has linked yet: the duplicate search finds them. */
const LOOKALIKES: readonly PersonRow[] = [
  ['Eino Olavi', 'Eino', 'Virtanen', '1990-07-03', null, '1'],
  ['Vaino Johannes', 'Vaino', 'Nieminen', '1979-09-09', null, '1'],
  ['André Jean', 'André', 'Müller', '1979-10-09', null, '1', { aidinkieli: 'de', kansalaisuus: ['276'] }],
  ['Andre Jean', 'Andre', 'Muller', '1979-10-09', null, '1', { aidinkieli: 'de', kansalaisuus: ['276'] }],
];

/** The users' own rows, so that everyone can look at their own data. */
function userPerson({ name, oid, kayttajaTyyppi }: SandboxUser & { readonly oid: string }): SandboxPerson {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const surname = kayttajaTyyppi === 'PALVELU' ? 'Palvelu' : 'Sandbox';
  const own = { ...person([title, title, surname, null, null, null, { kansalaisuus: [] }]), oid };
  if (name !== 'rekisterinpitaja') return own;
  const hetu = hetuOf('1970-01-01', 901);
  return {
    ...own,
    etunimet: 'Risto',
    kutsumanimi: 'Risto',
    sukunimi: 'Rekisterinpitäjä',
    hetu,
    syntymaaika: '1970-01-01',
    sukupuoli: '1',
    yksilointi: 'vtj',
  };
}

export const persons: readonly SandboxPerson[] = [
  ...[
    ...IDENTIFIED,
    ...PROTECTED_OR_DEAD,
    ...FAMILY,
    ...HETUTON,
    ...EIDAS,
    ...UNIDENTIFIED,
    ...DUPLICATES,
    ...LOOKALIKES,
  ].map(person),
  ...users.filter(hasOid).map(userPerson),
];

const nameOf = ({ kutsumanimi, sukunimi }: Names) => `${kutsumanimi} ${sukunimi}`;
const byName = new Map(persons.map((p) => [nameOf(p), p] as const).reverse());

/** The person called by `'Kutsumanimi Sukunimi'`; of several the first. */
export function personCalled(name: string): SandboxPerson {
  const found = byName.get(name);
  if (!found) throw new Error(`No sandbox person ${name}`);
  return found;
}

/** Persons that only VTJ knows, born in the future so that the identification does not refuse their hetut. */
const ROWS_ONLY_IN_VTJ: readonly PersonRow[] = [
  [
    'Uuno Armas',
    'Uuno',
    'Uusi',
    '2080-01-01',
    131,
    '1',
    { merkki: 'A', osoite: address('Keskuskatu 3', '90100', 'OULU'), kotikunta: '564' },
  ],
  ['Ulla Irmeli', 'Ulla', 'Uusi', '2085-03-15', 124, '2', { merkki: 'A' }],
  ['Sven Olof', 'Sven', 'Nyman', '2090-07-03', 123, '1', { merkki: 'A', aidinkieli: 'sv', kotikunta: '499' }],
  ['Turo', 'Turo', 'Tulevaturva', '2091-04-24', 133, '1', { merkki: 'A', turvakielto: true, kotikunta: '049' }],
];
const ONLY_IN_VTJ = ROWS_ONLY_IN_VTJ.map(person);

/** A person as VTJ knows him, in the shape of the conformance kit's VTJ persons. What is absent VTJ leaves out. */
export interface VtjPerson extends Names {
  readonly paluukoodi?: string;
  readonly voimassaolokoodi?: string;
  /** The hetu that came in the place of the one asked for. */
  readonly uusiHetu?: string;
  readonly entisetNimet?: readonly { readonly nimi: string; readonly laji: string }[];
  readonly sukupuoli?: string | null;
  readonly aidinkieli?: string;
  readonly kansalaisuus?: readonly string[];
  readonly kotikunta?: string | null;
  readonly turvakielto?: boolean;
  /** `YYYYMMDD`. */
  readonly kuolinpvm?: string;
  readonly sahkoposti?: string;
  readonly osoite?: Readonly<Partial<Record<VtjOsoiteField, string>>> | null;
  readonly ulkomainen?: Readonly<
    Partial<Record<'lahiosoite' | 'paikkakunta' | 'valtiokoodi' | 'valtioS' | 'valtioR', string>>
  >;
  readonly huoltajat?: readonly VtjRelative[];
  readonly huollettavat?: readonly VtjRelative[];
}
export interface VtjRelative {
  readonly hetu?: string | null;
  readonly etunimet?: string;
  readonly sukunimi?: string;
  /** Kind of the guardianship; default 03. */
  readonly suhde?: string;
}
type VtjOsoiteField =
  | 'lahiosoiteS'
  | 'lahiosoiteR'
  | 'katuS'
  | 'katuR'
  | 'katunumero'
  | 'porraskirjain'
  | 'huoneistonumero'
  | 'jakokirjain'
  | 'postinumero'
  | 'postitoimipaikkaS'
  | 'postitoimipaikkaR';

/** What VTJ knows, by hetu. */
export function vtjPersons(): Readonly<Record<string, VtjPerson>> {
  const known = [...persons, ...ONLY_IN_VTJ].flatMap(({ hetu, ...p }) =>
    p.vtj && hetu !== null ? [{ hetu, ...p }] : [],
  );
  return Object.fromEntries(
    known.map((p): [string, VtjPerson] => [
      p.hetu,
      {
        etunimet: p.etunimet,
        kutsumanimi: p.kutsumanimi,
        sukunimi: p.sukunimi,
        sukupuoli: p.sukupuoli,
        aidinkieli: p.aidinkieli ?? '99',
        kansalaisuus: p.kansalaisuus,
        kotikunta: p.kotikunta,
        turvakielto: p.turvakielto ?? false,
        kuolinpvm: p.kuolinpaiva?.replaceAll('-', ''),
        sahkoposti: p.yhteystiedot.yhteystietotyyppi1?.YHTEYSTIETO_SAHKOPOSTI,
        osoite: p.osoite && {
          katuS: p.osoite.street.replace(/ \d.*$/, ''),
          katunumero: /\d+/.exec(p.osoite.street)?.[0],
          lahiosoiteS: p.osoite.street,
          postinumero: p.osoite.postcode,
          postitoimipaikkaS: p.osoite.city,
        },
        huoltajat: p.huoltajat.map(([name]) => {
          const { hetu, etunimet, sukunimi } = personCalled(name);
          return { hetu, etunimet, sukunimi, suhde: '03' };
        }),
        ...p.vtjNimet,
      },
    ]),
  );
}
