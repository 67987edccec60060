import { Job, type JobHandler, type JobProgress, type JobSummary } from '../jobs/job.decorator.js';
import { dailyAt, fixedDelay } from '../jobs/schedule.rules.js';
import { DatantuontiExportService } from './datantuonti-export.service.js';
import { ExportService } from './export.service.js';
import { HenkiloExportService } from './henkilo-export.service.js';

/** Files of all persons, for the data lake. */
@Job({ name: 'Export', schedule: fixedDelay({ hours: 1 }), enabled: (config) => config.export.enabled })
export class ExportJob implements JobHandler {
  constructor(private readonly service: ExportService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.service.run(signal, progress);
  }
}

/** The OIDs of all persons, for the notification service. */
@Job({ name: 'HenkiloExport', schedule: fixedDelay({ hours: 1 }), enabled: (config) => config.henkiloExport.enabled })
export class HenkiloExportJob implements JobHandler {
  constructor(private readonly service: HenkiloExportService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.service.run(signal, progress);
  }
}

/** Persons without what tells who they are, for test environments. */
@Job({
  name: 'DatantuontiExport',
  schedule: dailyAt(0, 15),
  enabled: (config) => config.datantuontiExport.enabled,
})
export class DatantuontiExportJob implements JobHandler {
  constructor(private readonly service: DatantuontiExportService) {}

  run(signal: AbortSignal, progress: JobProgress): Promise<JobSummary> {
    return this.service.run(signal, progress);
  }
}
