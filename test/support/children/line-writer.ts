import { writeSync } from 'node:fs';
import { register } from 'prom-client';
import { countLostLines, lines } from '../../../src/common/lines.js';

const readMetric = async () => {
  await import('../../../src/health/metrics.registry.js');
  return Number(/^log_lines_lost_total (\d+)$/m.exec(await register.metrics())?.[1]);
};

/** Writes 70 MB of lines at once, says on the error output what it could wait for, and a last line when there is room. */
async function main(): Promise<void> {
  const say = (what: unknown) => writeSync(2, `${JSON.stringify(what)}\n`);
  say({ before: await lines.hasRoom() });
  const line = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < 70; i++) lines.write(line);
  say({ after: await lines.hasRoom() });
  while (!(await lines.hasRoom()));
  say({ lost: countLostLines(), metric: await readMetric() });
  lines.write('the last line');
  lines.flush();
  process.exit(0);
}

void main();
