import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../../../src/app.setup.js';

/* The application, with a second port that tells for how long its event loop stood still at most since the last question. */

const RESOLUTION_MS = 10;
/** Processor time of this thread at the last question. */
let used = process.threadCpuUsage();
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

async function main(): Promise<void> {
  const app = await createApp();
  await app.listen(Number(process.env.PORT), '127.0.0.1');
  const answers = createServer((_request, response) => {
    // The clock of the histogram must tick once more after what has just ended.
    void sleep(3 * RESOLUTION_MS).then(() => {
      const stood = delay.count === 0 ? 0 : delay.max / 1e6 - RESOLUTION_MS;
      const { user, system } = process.threadCpuUsage(used);
      // It stood still for its own work only: the rest of the time a busy machine let others run.
      const longest = Math.min(stood, (user + system) / 1e3);
      delay.reset();
      used = process.threadCpuUsage();
      response.end(String(Math.max(0, Math.round(longest))));
    });
  });
  await new Promise<void>((resolve) => answers.listen(Number(process.env.MEASURE_PORT), '127.0.0.1', resolve));
  delay.enable();
  console.log('measuring');
}

void main();
