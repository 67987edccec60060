/** How far a long work is at one moment. */
export interface Progress {
  /** Items worked on so far. */
  readonly done: number;
  /** Items in all; null: nobody knows. */
  readonly total: number | null;
  /** Since the beginning. */
  readonly seconds: number;
}

/** Counts the items of a long work while it goes on; others look at it. Its functions may be handed on by themselves. */
export class ProgressMeter {
  private done = 0;
  private total: number | null = null;
  private readonly began = performance.now();

  /** There are so many items in all, those done already included. */
  readonly expect = (total: number): void => {
    this.total = total;
  };

  readonly add = (count = 1): void => {
    this.done += count;
  };

  read(): Progress {
    return { done: this.done, total: this.total, seconds: (performance.now() - this.began) / 1000 };
  }
}

/** Items a second in the mean; 0 where nothing is known yet. */
const rateOf = ({ done, seconds }: Progress): number => (seconds > 0 ? done / seconds : 0);

/** Seconds until the end at the rate so far; null where that cannot be told. */
export function secondsLeft(progress: Progress): number | null {
  const { done, total, seconds } = progress;
  if (total === null || done === 0 || seconds === 0) return null;
  return Math.max(0, (total - done) / rateOf(progress));
}

/** Between 0 and 1; null where the total is not known. */
export const shareOf = ({ done, total }: Progress): number | null =>
  total === null ? null : total === 0 ? 1 : Math.min(1, done / total);

const two = (n: number) => String(n).padStart(2, '0');

/** `0:07`, `12:30`, `3:05:00` */
export function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `1200 of 10000 (12 %), 340/s, 0:26 left` */
export function progressText(progress: Progress): string {
  const { done, total } = progress;
  const share = shareOf(progress);
  const left = secondsLeft(progress);
  const rate = rateOf(progress);
  return [
    share === null ? `${done}` : `${done} of ${total} (${Math.floor(share * 100)} %)`,
    `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`,
    ...(left === null ? [] : [`${clockText(left)} left`]),
  ].join(', ');
}

/** Where progress is shown: a terminal or a file. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const TERMINAL_INTERVAL_MS = 250;
const LINE_INTERVAL_MS = 10_000;
const ERASE_LINE = '\r\u001b[K';

/**
 * Shows progress until it is told to stop: on a terminal in one line that changes, elsewhere as a plain line now and then. Shows
 * nothing as long as nothing is done.
 * @returns stops it; the last state stays
 */
export function showProgress(
  name: string,
  read: () => Progress,
  output: ProgressOutput,
  intervalMs = output.isTTY ? TERMINAL_INTERVAL_MS : LINE_INTERVAL_MS,
): () => void {
  const show = (end: string) => {
    const progress = read();
    if (progress.done === 0) return;
    const text = `${name}: ${progressText(progress)}`;
    output.write(output.isTTY ? `${ERASE_LINE}${text.slice(0, (output.columns ?? 80) - 1)}${end}` : `${text}\n`);
  };
  const timer = setInterval(() => show(''), intervalMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    show('\n');
  };
}
