import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root } from './command.ts';

/** Where the recorded reference found its peers. */
const RECORDED_PEERS = 'http://localhost:8484';

/**
 * A copy of the scenarios that may be changed: also of what links lead to, so that nothing is written to the kit (`cpSync` of
 * Node 24 keeps the links in a folder, whatever `dereference` says).
 */
export function copyCases(casesDirectory: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(casesDirectory)) {
    cpSync(realpathSync(join(casesDirectory, name)), join(target, name), { recursive: true });
  }
}

/** Makes recorded texts that carry an address of the peers carry theirs: they listen on a free port. */
export function meetPeersAt(peers: string, goldens: string): void {
  if (!existsSync(goldens)) return;
  chmodSync(goldens, 0o755); // the kit may be read-only, and so is its copy
  for (const file of readdirSync(goldens)) {
    const path = join(goldens, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(RECORDED_PEERS)) continue;
    rmSync(path);
    writeFileSync(path, text.replaceAll(RECORDED_PEERS, peers));
  }
}

type Rule = 'all' | { readonly except: readonly string[] } | { readonly only: readonly string[] };
const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Copies those scenarios of the kit that test/conformance/finished.json lists. The file maps a cases file to
 * `"all"`, `{"except": [text, …]}` or `{"only": [text, …]}`; a scenario is meant when its name contains the text.
 * @throws when a text fits no scenario, so that the list cannot go stale
 */
export function writeFinishedCases(casesDirectory: string, target: string): void {
  const finished = readJson(join(root, 'test', 'conformance', 'finished.json')) as Record<string, Rule>;
  copyCases(join(casesDirectory, 'goldens'), join(target, 'goldens'));
  const fixture = join(casesDirectory, 'fixture.sql');
  if (existsSync(fixture)) cpSync(fixture, join(target, 'fixture.sql'));
  for (const [file, rule] of Object.entries(finished)) {
    const scenarios = readJson(join(casesDirectory, file)) as { name: string }[];
    const texts = rule === 'all' ? [] : 'only' in rule ? rule.only : rule.except;
    for (const text of texts) {
      if (!scenarios.some(({ name }) => name.includes(text)))
        throw new Error(`finished.json: no scenario of ${file} contains "${text}"`);
    }
    const isNamed = ({ name }: { name: string }) => texts.some((text) => name.includes(text));
    const chosen = scenarios.filter((scenario) => rule === 'all' || isNamed(scenario) === 'only' in rule);
    writeFileSync(join(target, file), JSON.stringify(chosen));
  }
}
