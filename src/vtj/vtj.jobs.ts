import { fixedDelay } from '../jobs/schedule.rules.js';
import { Job, type JobHandler, type JobProgress, type JobSummary } from '../jobs/job.decorator.js';
import { MuutostietoFetchService } from './muutostieto-fetch.service.js';
import { MuutostietoService } from './muutostieto.service.js';
import { VtjPerustietoService } from './vtj-perustieto.service.js';

/** Fetches the base data of persons new to VTJ. */
@Job({
  name: 'vtj perustieto task',
  schedule: fixedDelay({ minutes: 15 }),
  enabled: (config) => config.vtjMuutosrajapinta.perustietoEnabled,
})
export class VtjPerustietoJob implements JobHandler {
  constructor(private readonly perustiedot: VtjPerustietoService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.perustiedot.run(signal, progress);
  }
}

/** Fetches changes from VTJ. */
@Job({
  name: 'vtj muutostieto fetch task',
  schedule: fixedDelay({ hours: 1 }),
  enabled: (config) => config.vtjMuutosrajapinta.fetchEnabled,
})
export class MuutostietoFetchJob implements JobHandler {
  constructor(private readonly haku: MuutostietoFetchService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.haku.run(signal, progress);
  }
}

/** Brings fetched changes into the register. */
@Job({
  name: 'vtj muutostieto task',
  schedule: fixedDelay({ hours: 1 }),
  enabled: (config) => config.vtjMuutosrajapinta.muutostietoEnabled,
})
export class MuutostietoJob implements JobHandler {
  constructor(private readonly muutostiedot: MuutostietoService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.muutostiedot.run(signal, progress);
  }
}
