interface Waiting {
  readonly weight: number;
  readonly enter: () => void;
}

/**
 * Lets work in as long as the sum of its weights stays within a bound; the rest waits in order of arrival. Work heavier
 * than the bound runs alone.
 */
export class LoadGate {
  private inside = 0;
  private readonly queue: Waiting[] = [];

  constructor(private readonly capacity: number) {}

  async run<T>(weight: number, work: () => Promise<T>): Promise<T> {
    if (this.queue.length === 0 && this.fits(weight)) this.inside += weight;
    else await new Promise<void>((enter) => this.queue.push({ weight, enter }));
    try {
      return await work();
    } finally {
      this.inside -= weight;
      this.admit();
    }
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
