import { Job, type JobHandler, type JobProgress, type JobSummary } from '../jobs/job.decorator.js';
import { dailyAt, fixedDelay } from '../jobs/schedule.rules.js';
import { DATANTUONTI_IMPORT, DatantuontiImportService } from './datantuonti-import.service.js';
import { KOSKI_MUOKKAUS, KoskiMuokkausService } from './koski-muokkaus.service.js';
import { TESTIDATANTUONTI_IMPORT, TestidatantuontiService } from './testidatantuonti.service.js';

/** Persons of the production under other names, into a test environment. */
@Job({
  name: DATANTUONTI_IMPORT,
  schedule: dailyAt(2, 15),
  enabled: (config) => config.datantuontiImport.enabled,
})
export class DatantuontiImportJob implements JobHandler {
  constructor(private readonly service: DatantuontiImportService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.service.run(signal, progress);
  }
}

/** Test persons of the suomi.fi list. */
@Job({
  name: TESTIDATANTUONTI_IMPORT,
  schedule: dailyAt(2, 10),
  enabled: (config) => config.testidatantuontiImport.enabled,
})
export class TestidatantuontiImportJob implements JobHandler {
  constructor(private readonly service: TestidatantuontiService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.service.run(signal, progress);
  }
}

/** Ages and municipalities for the tests of Koski. */
@Job({
  name: KOSKI_MUOKKAUS,
  schedule: fixedDelay({ minutes: 15 }),
  enabled: (config) => config.koskiDatantuonninMuokkaus.enabled,
})
export class KoskiDatantuonninMuokkausJob implements JobHandler {
  constructor(private readonly service: KoskiMuokkausService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.service.run(signal, progress);
  }
}
