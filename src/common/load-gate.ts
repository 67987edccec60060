import { UnavailableError } from './errors.js';
import { works } from './work.js';

interface Waiting {
  readonly weight: number;
  readonly enter: () => void;
}

/** Work waits at most so long to be let in. */
const MAX_WAIT_FOR_ENTRY_MS = 20_000;

/**
 * Lets work in as long as the sum of its weights stays within a bound; the rest waits in order of arrival. Work heavier
 * than the bound runs alone.
 */
export class LoadGate {
  private inside = 0;
  private readonly queue: Waiting[] = [];

  constructor(private readonly capacity: number) {}

  /** @throws UnavailableError it was not let in in time */
  async run<T>(weight: number, work: () => Promise<T>): Promise<T> {
    if (this.queue.length === 0 && this.fits(weight)) this.inside += weight;
    else await this.wait(weight);
    try {
      return await work();
    } finally {
      this.inside -= weight;
      this.admit();
    }
  }

  private wait(weight: number): Promise<void> {
    const patience = works.getStore()?.patience;
    const waiting = () =>
      new Promise<void>((resolve, reject) => {
        const leave = () => {
          this.queue.splice(this.queue.indexOf(place), 1);
          reject(new UnavailableError('Too much is under way'));
          this.admit();
        };
        const timer = setTimeout(leave, Math.min(MAX_WAIT_FOR_ENTRY_MS, patience?.leftMs ?? MAX_WAIT_FOR_ENTRY_MS));
        const enter = () => {
          clearTimeout(timer);
          resolve();
        };
        const place = { weight, enter };
        this.queue.push(place);
      });
    return patience ? patience.during(waiting) : waiting();
  }

  private fits(weight: number): boolean {
    return this.inside === 0 || this.inside + weight <= this.capacity;
  }

  private admit(): void {
    for (let next = this.queue[0]; next && this.fits(next.weight); next = this.queue[0]) {
      this.queue.shift();
      this.inside += next.weight;
      next.enter();
    }
  }
}
