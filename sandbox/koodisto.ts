/** Koodistopalvelu: the whole code sets of sandbox/koodisto/ (docs/spec/security-integrations-jobs.md#4.3). */
import { readFileSync, readdirSync } from 'node:fs';
import { json } from './http.ts';
import type { Context, Route } from './route.ts';

/** A code of a set in the files of sandbox/koodisto. */
interface Koodi {
  readonly arvo: string;
  /** By language: fi, sv, en. */
  readonly nimi: Readonly<Record<string, string>>;
  /** Last day it may be used, `YYYY-MM-DD`. */
  readonly loppu?: string;
}

const directory = new URL('koodisto/', import.meta.url);
const sets = new Map<string, readonly Koodi[] | undefined>();

/** Codes of a set, read once; undefined: no such set. */
export function codesOf(name: string): readonly Koodi[] | undefined {
  if (!sets.has(name)) {
    const file = readdirSync(directory).find((entry) => entry === `${name}.json`);
    const read = (path: string) => JSON.parse(readFileSync(new URL(path, directory), 'utf8')) as { koodit: Koodi[] };
    sets.set(name, file === undefined ? undefined : read(file).koodit);
  }
  return sets.get(name);
}

const toKoodi = (origin: string, koodisto: string, { arvo, nimi, loppu }: Koodi) => {
  const koodiUri = `${koodisto}_${arvo.toLowerCase()}`;
  return {
    koodiUri,
    resourceUri: `${origin}/koodisto-service/rest/codeelement/${koodiUri}`,
    koodisto: { koodistoUri: koodisto, organisaatioOid: '1.2.246.562.10.00000000001', koodistoVersios: [1, 2] },
    versio: 1,
    koodiArvo: arvo,
    paivitysPvm: '2024-01-01',
    voimassaAlkuPvm: '1900-01-01',
    voimassaLoppuPvm: loppu ?? null,
    tila: 'HYVAKSYTTY',
    version: 0,
    metadata: ['fi', 'sv', 'en'].map((kieli) => ({
      nimi: nimi[kieli],
      kuvaus: nimi[kieli],
      lyhytNimi: nimi[kieli],
      kieli: kieli.toUpperCase(),
    })),
  };
};

export const koodistoRoutes = ({ origin }: Context): Route[] => [
  [
    'koodisto',
    'GET',
    /^\/koodisto-service\/rest\/json\/([^/]+)\/koodi$/,
    (name, { url }) => {
      const codes = codesOf(name);
      if (!codes) return json({}, 404);
      const onlyValid = url.searchParams.get('onlyValidKoodis') === 'true';
      return json(codes.filter(({ loppu }) => !onlyValid || !loppu).map((code) => toKoodi(origin(), name, code)));
    },
  ],
];
