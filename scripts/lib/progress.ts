import { createRequire } from 'node:module';

/** As in src/common/progress.ts. */
interface Progress {
  readonly done: number;
  readonly total: number | null;
  readonly seconds: number;
}

/**
 * Shows how far a long work is, as `npm run job` does: in one line on a terminal, now and then in a plain line elsewhere.
 * @returns ends it
 */
export function showProgress(name: string, read: () => Progress): () => void {
  // The built one: scripts cannot load the sources of the service.
  const { showProgress: show } = createRequire(import.meta.url)('../../dist/common/progress.js') as {
    showProgress: (name: string, read: () => Progress, output: NodeJS.WriteStream) => () => void;
  };
  return show(name, read, process.stderr);
}

/** As `showProgress` for what is counted here. @returns `add` counts, `end` ends it */
export function countProgress(name: string, total: number) {
  let done = 0;
  const began = performance.now();
  const end = showProgress(name, () => ({ done, total, seconds: (performance.now() - began) / 1000 }));
  const add = () => {
    done++;
  };
  return { add, end };
}
