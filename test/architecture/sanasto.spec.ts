import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** Technical words, which docs/sanasto.md need not explain. A Finnish word is not one of them. */
const ENGLISH = new Set(
  `leave overload access actuator adapter address addresses adoption alerts allowed anonymous answer app arguments array audit
    audited auth authorize aws bearer bin binding body by callers calls cas certification check checker class cleaner
    cleanup client clock columns common config connection context create credentials criteria data database
    date death document drain dto duplicates email entities entity error errors existence export exports facts fetch fields files
    find first force form gate groups handler headers health helsinki history html http index input integrations ip iso
    job jobs json key keyed keys kinds legacy limits lines list listen load loaded loader local lock log logger login
    logout main management manager mask material message metadata methods metrics migrate migration millis
    modified multipart name negotiation no node number oauth2 object oid open openapi or order origin outbox pace page parameter params peers places
    permission permissions personal pg pipeline pkcs12 pool process progress public query queued ranges read reader recent reference register registry
    repeated replica request resource response restarting result retry return rights rounds route rules run runner scalars scan
    schedule scheduled scheduler schema schemas secret security server servers service session sessions setting settings signer signing slack snapshot
    sns soap source spring state statement steady storage store swagger tables target task text time timestamp tls token tokens
    transaction transformer trigram vocabulary table sequence trigrams types unavailable unidecode update upload url validate version versioned work
    wrap write writers xml authentication level strong only reads bulk import otlp prometheus telemetry trace tracing`.split(
    /\s+/,
  ),
);

it('docs/sanasto.md explains every domain word in the names of files and folders', () => {
  const rows = readFileSync(path.join(ROOT, 'docs/sanasto.md'), 'utf8').split('\n');
  const explained = new Set(
    rows.flatMap(
      (row) =>
        /^\| ([^|]*)\|/
          .exec(row)?.[1]
          ?.toLowerCase()
          .match(/[a-z0-9]+/g) ?? [],
    ),
  );
  const names = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const words = names.flatMap((name) => path.basename(name).split('.')[0]!.split('-'));

  expect(words.length).toBeGreaterThan(500);
  expect([...new Set(words)].filter((word) => !explained.has(word) && !ENGLISH.has(word))).toEqual([]);
});
