import { boolean, matching, share, wholeNumber } from './setting-types.js';
import { setting, type Settings } from './setting.js';

const onr = (key: string) => `oppijanumerorekisteri.${key}`;

/** OID nodes of the reference's deployments, by `ENV`. */
const SOLMULUOKKA: Readonly<Record<string, number>> = { prod: 24, qa: 98, dev: 198, hahtuva: 298 };

export const REGISTER_SETTINGS = {
  solmuluokka: setting({
    names: [onr('henkilo.solmuluokka')],
    type: wholeNumber(1, 9999),
    fallback: ({ environment }) => SOLMULUOKKA[environment] ?? 24,
    description: 'OID node of new persons',
  }),
  /** Accept hetut with individual number 900-999. */
  allowFakeSsn: setting({
    names: [onr('allow-fake-ssn'), 'ONR_ALLOW_FAKE_SSN'],
    type: boolean,
    fallback: ({ production }) => !production,
    refusals: [
      {
        when: (allowed, { environment }) => allowed && ['prod', ''].includes(environment),
        reason: 'accepts artificial hetut, which only a test environment (ENV) may',
        isDescribed: true,
      },
    ],
    description: 'accept hetut with individual number 900–999; in production only where `ENV` names a test environment',
  }),
  nimi: {
    etunimiThreshold: setting({
      names: [onr('etunimi-threshold')],
      type: share,
      fallback: 0.85,
      description: 'first names that are so alike are the same',
    }),
    sukunimiThreshold: setting({
      names: [onr('sukunimi-threshold')],
      type: share,
      fallback: 0.85,
      description: 'the same of family names',
    }),
  },
  imports: {
    attachWhateverNames: setting({
      names: ['ONR_IMPORT_ATTACH_WHATEVER_NAMES'],
      type: boolean,
      fallback: false,
      description:
        'true: an import brings every person that it finds into its organisations, whatever the names, as the reference does (ADR 83)',
    }),
  },
  hetuLookups: {
    missesPerHour: setting({
      names: ['ONR_HETU_LOOKUP_MISSES'],
      type: wholeNumber(1, 1_000_000),
      fallback: 1000,
      unit: 'hetut an hour',
      description:
        'a caller that looks by more hetut in vain, and gets somebody by less than three quarters of its hetut, is noticed: metric, log, audit log (ADR 140)',
    }),
    refuses: setting({
      names: ['ONR_HETU_LOOKUP_REFUSE'],
      type: boolean,
      fallback: false,
      description: 'true: such a caller’s look-ups by hetu are answered 429 until its hour is over',
    }),
  },
  protectedContacts: {
    shownByOrganisation: setting({
      names: ['ONR_PROTECTED_CONTACTS_BY_ORGANISATION'],
      type: boolean,
      fallback: false,
      description:
        'true: callers with rights by organisation see the contact details of persons under turvakielto, as in the reference (ADR 84)',
    }),
  },
  duplicates: {
    mostPersonsInMemory: setting({
      names: ['ONR_DUPLICATE_MEMORY_PERSONS'],
      type: wholeNumber(0, 100_000_000),
      fallback: 12_000_000,
      unit: 'persons',
      description:
        'the search for duplicates keeps the search texts of so many persons in memory, see ADR 125; with more of them, or 0, the database’s index answers',
    }),
    mostMemoryMb: setting({
      names: ['ONR_DUPLICATE_MEMORY_MB'],
      type: wholeNumber(1, 65_536),
      fallback: 1024,
      unit: 'MB',
      description:
        'and in so much memory outside the JavaScript heap: 50 to 115 MB for a million persons; where they need more, the database’s index answers',
    }),
  },
  personDocuments: {
    enabled: setting({
      names: ['ONR_PERSON_DOCUMENTS'],
      type: boolean,
      fallback: true,
      description:
        'whole persons and basic data are answered from ready documents, which triggers keep right (ADR 120); false: from the tables, and what the triggers write is deleted every night',
    }),
  },
  henkiloViiteSplitSize: setting({
    names: [onr('henkilo-viite-split-size')],
    type: wholeNumber(1, 100_000),
    fallback: 5000,
    description: 'OIDs of one query',
  }),
  rootUserOid: setting({
    names: [onr('root-user-oid')],
    type: matching(/^1(\.\d+)+$/, 'an OID'),
    fallback: '1.2.246.562.24.00000000001',
    description: 'who changes persons in background jobs',
  }),
} as const satisfies Settings;
