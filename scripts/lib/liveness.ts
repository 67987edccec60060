/** Asks again and again whether the service lives, in a thread of its own: what its caller does meanwhile delays no question. */
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const PAUSE_MS = 50;
/** An answer that has not come by then does not come. */
const ANSWER_MS = 60_000;

/** What the questions since the last look were answered. */
interface Look {
  readonly asked: number;
  /** Questions without 200 for an answer. */
  readonly failed: number;
  readonly longestMs: number;
}

/** Watches from now on until `stop`. */
export class LivenessWatch {
  private readonly worker: Worker;

  /** @param base of the service */
  constructor(base: string) {
    this.worker = new Worker(new URL(import.meta.url), { workerData: `${base}/actuator/health/liveness` });
  }

  /** What happened since the last call, with the question that is under way. */
  look(): Promise<Look> {
    return new Promise((resolve, reject) => {
      this.worker.once('error', reject);
      this.worker.once('message', (look: Look) => {
        this.worker.off('error', reject);
        resolve(look);
      });
      this.worker.postMessage('look');
    });
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}

/** @returns the status; 0: no answer */
const ask = (url: string, agent: http.Agent) =>
  new Promise<number>((resolve) => {
    const request = http.get(url, { agent }, (response) => {
      response
        .resume()
        .on('end', () => resolve(response.statusCode ?? 0))
        .on('error', () => resolve(0));
    });
    request.on('error', () => resolve(0));
    request.setTimeout(ANSWER_MS, () => request.destroy());
  });

async function watch(url: string): Promise<never> {
  const agent = new http.Agent({ keepAlive: true });
  let [asked, failed, longestMs] = [0, 0, 0];
  let asking: Promise<void> = Promise.resolve();
  parentPort?.on('message', () => {
    void asking.then(() => {
      parentPort?.postMessage({ asked, failed, longestMs } satisfies Look);
      [asked, failed, longestMs] = [0, 0, 0];
    });
  });
  for (;;) {
    asking = (async () => {
      const began = performance.now();
      if ((await ask(url, agent)) !== 200) failed++;
      asked++;
      longestMs = Math.max(longestMs, performance.now() - began);
    })();
    await asking;
    await sleep(PAUSE_MS);
  }
}

if (!isMainThread && typeof workerData === 'string') await watch(workerData);
