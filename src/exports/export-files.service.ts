import { pipeline, type Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Snapshot } from '../database/snapshot.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import type { Bucket, StoredObject, UploadOptions } from '../integrations/object-storage/object-storage.client.js';
import type { JobProgress } from '../jobs/job.decorator.js';
import { toJsonList } from './json-list.mapper.js';
import type { ExportFile } from './export-files.sql.js';
import { Pace } from './pace.rules.js';

/** Writes files of exports: one state of the database for all files of a run, and no more of it in memory than a few parts. */
@Injectable()
export class ExportFilesService {
  private readonly log = new Logger('Exports');
  private readonly pace: Pace;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly db: Database,
  ) {
    this.pace = new Pace(config.exportMegabytesPerSecond * 1e6);
  }

  /** All files of a run, one after the other; what the same COPY gives is sent once and copied. @returns them in the same order */
  write(
    bucket: Bucket,
    files: readonly ExportFile[],
    { progress, ...options }: UploadOptions & { readonly progress: JobProgress },
  ): Promise<StoredObject[]> {
    return this.db.withSnapshot(this.config.exportSnapshotMs, async (snapshot) => {
      const byCopy = new Map<string, StoredObject>();
      const stored: StoredObject[] = [];
      for (const file of files) {
        const content = () => this.paced(contentOf(snapshot, file));
        const same = byCopy.get(file.copy);
        const written = same
          ? await bucket.copy(same, file.key, content, options)
          : await bucket.upload(file.key, content(), options);
        this.note(bucket, written);
        byCopy.set(file.copy, written);
        stored.push(written);
        progress.add();
      }
      return stored;
    });
  }

  /** The same file into another bucket, under the same key. */
  async copy(from: Bucket, to: Bucket, file: StoredObject, options: UploadOptions): Promise<StoredObject> {
    const stored = await to.upload(file.key, this.paced(await from.download(file, options.signal)), options);
    this.note(to, stored);
    return stored;
  }

  /** What tells readers of the new files; last, when they are all there. */
  async writeManifest(bucket: Bucket, key: string, manifest: object, options: UploadOptions): Promise<void> {
    await bucket.uploadText(key, JSON.stringify(manifest), options);
  }

  private paced(content: Readable): Readable {
    return pipeline(content, this.pace.stream(), () => undefined); // the upload hears of errors
  }

  private note({ name }: Bucket, { key, bytes }: StoredObject): void {
    this.log.log(`Wrote ${key} to ${name}, ${bytes} bytes`);
  }
}

function contentOf(snapshot: Snapshot, { copy, format }: ExportFile): Readable {
  const rows = snapshot.copy(copy);
  return format === 'json' ? pipeline(rows, toJsonList(), () => undefined) : rows;
}

/** The manifest of files, with the versions that are meant (docs/spec/security-integrations-jobs.md#6.1). */
export const manifestOf = (files: readonly StoredObject[]) => ({
  exportFiles: files.map(({ key, version }) => ({
    objectKey: key,
    ...(version !== null && { objectVersion: version }),
  })),
});
