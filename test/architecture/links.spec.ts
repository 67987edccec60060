import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const HERE = 'test/architecture/links.spec.ts';

/** Files of the project that people write, without the recordings. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(?:md|[cm]?[jt]s|sql|sh|ya?ml)$|^\.ci\//.test(file))
  .filter((file) => file !== HERE && !file.startsWith('test/conformance/kit/'))
  .filter((file) => existsSync(path.join(ROOT, file)))
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));

/** What GitHub makes of a heading. */
const slug = (heading: string) =>
  heading
    .replace(/<[^>]*>/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (text: string) =>
  new Set([
    ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!),
    ...[...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading!)),
  ]);

const anchors = new Map(
  files.filter(({ file }) => file.endsWith('.md')).map(({ file, text }) => [file, anchorsOf(text)]),
);

const leadsSomewhere = (target: string) => {
  const [file, anchor] = target.split('#') as [string, string?];
  if (!existsSync(path.join(ROOT, file))) return false;
  return anchor === undefined || (anchors.get(path.normalize(file))?.has(anchor) ?? false);
};

/** Every match of the pattern as `file: text`, where the test does not accept it. */
const findings = (pattern: RegExp, accept: (match: RegExpMatchArray, file: string) => boolean, among = files) =>
  among.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].filter((match) => !accept(match, file)).map(([found]) => `${file}: ${found}`),
  );

const markdown = files.filter(({ file }) => file.endsWith('.md'));

describe('References in comments and documents', () => {
  it('are looked for in many files', () => {
    expect(files.length).toBeGreaterThan(400);
    expect(markdown.length).toBeGreaterThan(40);
    const links = files.flatMap(({ text }) => [...text.matchAll(/docs\/spec\/[a-z-]+\.md#/g)]);
    expect(links.length).toBeGreaterThan(250);
  });

  it('none leads to an issue or a folder that only one machine has', () => {
    expect(findings(/\bissue \d+|\/work\/\w+/gi, () => false)).toEqual([]);
  });

  it('docs/…: the file and its anchor exist', () => {
    const reference = /(?<![\w/.-])docs\/[\w./-]*[\w/](?:#[\w.-]*\w)?/g;
    expect(findings(reference, ([target]) => leadsSomewhere(target))).toEqual([]);
  });

  it('links of documents lead to a file, and to an anchor of it', () => {
    const link = /\]\((?!\w+:)([^)\s]+)\)/g;
    const target = ([, to]: RegExpMatchArray, file: string) =>
      leadsSomewhere(to!.startsWith('#') ? file + to! : path.join(path.dirname(file), to!));
    expect(findings(link, target, markdown)).toEqual([]);
  });

  it('name paths of the project that exist, and commands of package.json', () => {
    const living = markdown.filter(({ file }) => !file.startsWith('docs/spec/'));
    const source = /`((?:[\w.-]+\/)+[\w.-]+\.(?:[cm]?[jt]s|sql|md|json))`/g;
    const isThere = ([, name]: RegExpMatchArray) =>
      ['', 'src', 'test'].some((at) => existsSync(path.join(ROOT, at, name!))) || name!.startsWith('dist/');
    expect(findings(source, isThere, living)).toEqual([]);
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    expect(findings(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g, ([, name]) => name! in scripts)).toEqual([]);
  });

  it('"ADR 86" has its file', () => {
    const numbers = new Set(markdown.map(({ file }) => Number(/^docs\/adr\/(\d{4})-/.exec(file)?.[1])));
    expect(findings(/\bADRs? (\d+)\b/g, ([, number]) => numbers.has(Number(number)))).toEqual([]);
  });

  it('name no section of the specification without a link to it', () => {
    const outside = files.filter(({ file }) => !file.startsWith('docs/spec/'));
    const document =
      '(?:api|henkilo|schema|security(?:-integrations-jobs)?|yksilointi(?:-vtj)?|duplicates(?:-tuonti-yleistunniste)?)';
    const unlinked = [
      /\(spec\b/g,
      /\boddit(?:y|ies) [A-Z]?-?\d/g,
      new RegExp(`\\b[Ss]pec(?:ification)? ${document}\\b`, 'g'),
      new RegExp(`(?<![\\w./#-])${document} (?:\\d+\\.\\d+|[AO]-?\\d+)`, 'g'),
      /(?<![\w#-])O-\d+\b/g,
      /(?<=[(|,] ?)[AO]\d{1,2}(?=[),|:]| \|)/g,
    ];
    expect(unlinked.flatMap((pattern) => findings(pattern, () => false, outside))).toEqual([]);
  });
});
