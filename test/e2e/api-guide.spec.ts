import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadPersons } from '../../sandbox/load-persons.ts';
import { useTestApp } from '../support/test-app.js';

const GUIDE = readFileSync(path.resolve(__dirname, '../../docs/api-guide.md'), 'utf8');
const MARK = '--- next block ---';

/** The lines of the guide with what it says they print; null where it says nothing. */
const blocks = [...GUIDE.matchAll(/```sh\n([^]*?)```\n(?:\n```text\n([^]*?)```\n)?/g)].map(([, script, printed]) => ({
  script: script!,
  printed: printed ?? null,
}));

describe('docs/api-guide.md', () => {
  const app = useTestApp();

  it('has lines for every subject', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(9);
    for (const subject of [
      'Logging in',
      'Finding',
      'Creating',
      'Following changes',
      'Importing',
      'Limits',
      'Errors',
      'Versions',
    ]) {
      expect(GUIDE).toMatch(new RegExp(`^## ${subject}`, 'm'));
    }
  });

  it('prints what it says, line by line, against the sandbox', async () => {
    await loadPersons(app.settings.DATABASE_URL);
    const script = blocks.map((block) => `${block.script}\necho '${MARK}'`).join('\n');
    const env = { ...process.env, ONR: app.base, PEERS: app.peers.url, LC_ALL: 'C.UTF-8' };
    const { stdout } = await promisify(execFile)('bash', ['-c', `set -euo pipefail\n${script}`], { env });

    const printed = stdout.split(`${MARK}\n`).slice(0, -1);
    const trimmed = (text: string | null) => text?.trimEnd() ?? '';
    expect(printed.map(trimmed)).toEqual(blocks.map((block) => trimmed(block.printed)));
  });
});
