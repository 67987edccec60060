import { pipeline, Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { Callers } from '../common/callers.js';
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
  private readonly pace = new Pace(() => this.megabytesPerSecond() * 1e6);
  /** Until then requests go first; on the clock of `performance.now()`. */
  private yieldsUntil = 0;

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly db: Database,
    private readonly callers: Callers,
  ) {}

  /**
   * All files of a run, one after the other; what the same rows give is sent once and copied. Slowly while requests come, but for no longer than half of the
   * time that its snapshot may take.
   * @returns them in the same order
   */
  write(
    bucket: Bucket,
    files: readonly ExportFile[],
    { progress, ...options }: UploadOptions & { readonly progress: JobProgress },
  ): Promise<StoredObject[]> {
    this.yieldsUntil = performance.now() + this.config.exportSnapshotMs / 2;
    return this.db.withSnapshot(this.config.exportSnapshotMs, async (snapshot) => {
      const byRows = new Map<string, StoredObject>();
      const stored: StoredObject[] = [];
      for (const file of files) {
        const content = () => this.paced(contentOf(snapshot, file));
        const rows = identityOf(file);
        const same = byRows.get(rows);
        const written = same
          ? await bucket.copy(same, file.key, content, options)
          : await bucket.upload(file.key, content(), options);
        this.note(bucket, written);
        byRows.set(rows, written);
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

  private megabytesPerSecond(): number {
    const { exportMegabytesPerSecond, exportMegabytesPerSecondBesideRequests } = this.config;
    return this.callers.goFirst(this.yieldsUntil)
      ? Math.min(exportMegabytesPerSecond, exportMegabytesPerSecondBesideRequests)
      : exportMegabytesPerSecond;
  }

  private paced(content: Readable): Readable {
    return pipeline(content, this.pace.stream(), () => undefined); // the upload hears of errors
  }

  private note({ name }: Bucket, { key, bytes }: StoredObject): void {
    this.log.log(`Wrote ${key} to ${name}, ${bytes} bytes`);
  }
}

const BYTES = { objectMode: false } as const;

/** The same for files with the same bytes, in whatever steps they are read. */
const identityOf = ({ copy }: ExportFile): string => (typeof copy === 'string' ? copy : copy.sqlOf('', true));

function contentOf(snapshot: Snapshot, { copy, format }: ExportFile): Readable {
  const rows = typeof copy === 'string' ? snapshot.copy(copy) : Readable.from(snapshot.copyInSteps(copy), BYTES);
  return format === 'json' ? pipeline(rows, toJsonList(), () => undefined) : rows;
}

/** The manifest of files, with the versions that are meant (docs/spec/security-integrations-jobs.md#6.1). */
export const manifestOf = (files: readonly StoredObject[]) => ({
  exportFiles: files.map(({ key, version }) => ({
    objectKey: key,
    ...(version !== null && { objectVersion: version }),
  })),
});
