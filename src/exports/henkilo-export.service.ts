import { Injectable, Logger } from '@nestjs/common';
import { ProgressMeter } from '../common/progress.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { EXPORT_SETTINGS } from '../config/export.settings.js';
import { givenSetting } from '../config/setting.js';
import { ObjectStorageClient } from '../integrations/object-storage/object-storage.client.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';
import { HENKILO_OIDS_COPY } from './export-files.sql.js';
import { ExportFilesService, manifestOf } from './export-files.service.js';

const FOLDER = 'fulldump/henkilo/v1/';
const FILE = { key: `${FOLDER}henkilo.csv`, format: 'csv', copy: HENKILO_OIDS_COPY } as const;

/** The OIDs of all persons for the notification service (docs/spec/security-integrations-jobs.md#6.2). */
@Injectable()
export class HenkiloExportService {
  private readonly log = new Logger(HenkiloExportService.name);

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly files: ExportFilesService,
    private readonly storage: ObjectStorageClient,
  ) {}

  /** @throws PeerError the file could not be written: what was there before stays, and so does the manifest */
  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    const { bucketName, kmsKeyArn } = this.config.henkiloExport;
    const bucket = this.storage.bucket(givenSetting(EXPORT_SETTINGS.henkiloExport.bucketName, bucketName));
    progress.expect(1);
    await bucket.abortLeftovers(FOLDER);
    const written = await this.files.write(bucket, [FILE], { kmsKeyArn, signal, progress });
    await this.files.writeManifest(bucket, `${FOLDER}manifest.json`, manifestOf(written), { signal });
    this.log.log('Oppijanumerorekisteri henkilo export task completed'); // an alarm waits for this text
    return { seen: 1, changed: written.length, failed: 0 };
  }
}
