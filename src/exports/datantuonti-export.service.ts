import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { ProgressMeter } from '../common/progress.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { EXPORT_SETTINGS } from '../config/export.settings.js';
import { givenSetting } from '../config/setting.js';
import { ObjectStorageClient } from '../integrations/object-storage/object-storage.client.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';
import { DATANTUONTI_COPY } from './export-files.sql.js';
import { ExportFilesService } from './export-files.service.js';
import { ExportTablesRepository } from './export-tables.repository.js';

const ROOT = 'oppijanumerorekisteri/v1/';

/** Persons without what tells who they are, for test environments (docs/spec/security-integrations-jobs.md#6.3). */
@Injectable()
export class DatantuontiExportService {
  private readonly log = new Logger(DatantuontiExportService.name);

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly clock: Clock,
    private readonly tables: ExportTablesRepository,
    private readonly files: ExportFilesService,
    private readonly storage: ObjectStorageClient,
  ) {}

  /** @throws PeerError the file could not be written: the manifest names the former one, which stays */
  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    const { bucketName, kmsKeyArn } = this.config.datantuontiExport;
    const bucket = this.storage.bucket(givenSetting(EXPORT_SETTINGS.datantuontiExport.bucketName, bucketName));
    progress.expect(1);
    await bucket.abortLeftovers(ROOT);
    await this.tables.createDatantuontiExport(signal);
    const key = `${ROOT}csv/henkilo-${this.clock.now().getTime()}.csv`;
    const written = await this.files.write(bucket, [{ key, format: 'csv', copy: DATANTUONTI_COPY }], {
      kmsKeyArn,
      signal,
      progress,
    });
    await this.files.writeManifest(bucket, `${ROOT}manifest.json`, { henkilo: key }, { signal });
    this.log.log('Oppijanumerorekisteri datantuonti export task completed'); // an alarm waits for this text
    return { seen: 1, changed: written.length, failed: 0 };
  }
}
