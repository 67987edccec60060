import { Injectable } from '@nestjs/common';

/**
 * What other modules do after every whole run of `yksilointi task`, such as telling importers how their rows fared
 * (docs/spec/yksilointi-vtj.md#2.1). They say so at start; a run that failed or was broken off does not get here.
 */
@Injectable()
export class YksilointiajonPaatosService {
  private readonly steps: (() => Promise<void>)[] = [];

  /** @param step what it throws makes the run a failure */
  add(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  async runAll(): Promise<void> {
    for (const step of this.steps) await step();
  }
}
