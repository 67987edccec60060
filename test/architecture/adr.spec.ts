import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const DIRECTORY = path.resolve(__dirname, '../../docs/adr');
const files = readdirSync(DIRECTORY).filter((file) => file.endsWith('.md') && file !== 'README.md');
const decisions = files.sort().map((file) => ({ file, text: readFileSync(path.join(DIRECTORY, file), 'utf8') }));

/** Title, status and date stand in the first lines. */
const HEAD =
  /^# (\d+)\. (\S.*)\n\n- Status: (accepted|superseded by ADR \d+)\n- Date: (\d{4}-\d\d-\d\d)\n\n## Context\n/;

describe('docs/adr', () => {
  it.each(decisions)('$file has title, status, date, context, decision and consequences', ({ file, text }) => {
    expect(text).toMatch(HEAD);
    expect(Number(HEAD.exec(text)![1])).toBe(Number(file.slice(0, 4)));
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, name]) => name);
    expect(['Context, Decision, Consequences', 'Context, Decision, Consequences, Alternatives']).toContain(
      sections.join(', '),
    );
    for (const section of text.split(/^## .+$/m).slice(1)) expect(section.trim()).not.toBe('');
  });

  it('gives no number twice', () => {
    const numbers = decisions.map(({ file }) => file.slice(0, 4));
    expect(numbers).toEqual([...new Set(numbers)]);
  });

  it('README.md lists every decision in order, with title and status', () => {
    const index = readFileSync(path.join(DIRECTORY, 'README.md'), 'utf8');
    const rows = [...index.matchAll(/^\| \[(\d+)\]\((\S+)\) +\| (.+?) +\| (.+?) +\|$/gm)].map((row) => row.slice(1));
    expect(rows).toEqual(
      decisions.map(({ file, text }) => {
        const [, number, title, status] = HEAD.exec(text) ?? [];
        return [number, file, title, status];
      }),
    );
  });
});
