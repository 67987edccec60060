import { Injectable, Logger } from '@nestjs/common';
import { ProgressMeter } from '../common/progress.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { EXPORT_SETTINGS } from '../config/export.settings.js';
import { givenSetting } from '../config/setting.js';
import {
  ObjectStorageClient,
  type Bucket,
  type StoredObject,
} from '../integrations/object-storage/object-storage.client.js';
import type { JobProgress, JobSummary } from '../jobs/job.decorator.js';
import { FORMATS, filesOf, folderOf, VERSIONS, type ExportFile } from './export-files.sql.js';
import { ExportFilesService, manifestOf } from './export-files.service.js';
import { ExportTablesRepository } from './export-tables.repository.js';

const ROOT = 'fulldump/oppijanumerorekisteri/';
/** The data lake is there, wherever this service runs. */
const LAMPI_REGION = 'eu-west-1';

/** CSV before JSON in our bucket; in the data lake by version first. */
const WRITTEN: readonly ExportFile[] = FORMATS.flatMap((format) => VERSIONS.flatMap((version) => filesOf(version, format))); // prettier-ignore

/** All persons and their contact details for the data lake (docs/spec/security-integrations-jobs.md#6.1). */
@Injectable()
export class ExportService {
  private readonly log = new Logger(ExportService.name);

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly tables: ExportTablesRepository,
    private readonly files: ExportFilesService,
    private readonly storage: ObjectStorageClient,
  ) {}

  /** @throws PeerError a file could not be written: what was there before stays, and so does the manifest */
  async run(signal: AbortSignal, progress: JobProgress = new ProgressMeter()): Promise<JobSummary> {
    const { bucketName, copyToLampi } = this.config.export;
    const bucket = this.storage.bucket(givenSetting(EXPORT_SETTINGS.export.bucketName, bucketName));
    const lampi = copyToLampi ? this.lampi() : null;
    progress.expect(WRITTEN.length);
    await bucket.abortLeftovers(ROOT);
    await this.tables.createExport(signal);
    const written = await this.files.write(bucket, WRITTEN, { signal, progress });
    if (lampi) await this.copy(bucket, lampi, written, signal);
    else this.log.log('The export is not copied to the data lake');
    this.log.log('Oppijanumerorekisteri export task completed'); // an alarm waits for this text
    return { seen: WRITTEN.length, changed: written.length, failed: 0 };
  }

  private lampi(): Bucket {
    const { lampiBucketName, lampiRoleArn, lampiExternalId } = this.config.export;
    return this.storage.bucket(givenSetting(EXPORT_SETTINGS.export.lampiBucketName, lampiBucketName), {
      region: LAMPI_REGION,
      roleArn: lampiRoleArn,
      externalId: lampiExternalId,
      sessionName: 'oppijanumerorekisteri-lampi-export',
    });
  }

  /** Each version and format with a manifest of its own, once its files are there. */
  private async copy(from: Bucket, to: Bucket, written: readonly StoredObject[], signal: AbortSignal): Promise<void> {
    await to.abortLeftovers(ROOT);
    for (const folder of VERSIONS.flatMap((version) => FORMATS.map((format) => folderOf(version, format)))) {
      const copies: StoredObject[] = [];
      for (const file of written.filter(({ key }) => key.startsWith(folder)))
        copies.push(await this.files.copy(from, to, file, { signal }));
      await this.files.writeManifest(to, `${folder}manifest.json`, manifestOf(copies), { signal });
    }
  }
}
