import { PassThrough, pipeline, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Counter } from 'prom-client';
import { PeerError } from '../../common/errors.js';
import { assertOutsideTransaction } from '../../common/open-transaction.js';
import { endWith, startStep } from '../../common/tracing.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { createAwsCredentials, Sha256, type AwsIdentity } from '../aws-signer.service.js';
import { MultipartUpload } from './multipart-upload.client.js';

const CONNECT_TIMEOUT_MS = 5_000;
const ATTEMPTS = 3;
/** The most that the storage copies by itself at a time. */
const COPIED_BYTES_AT_MOST = 5 * 1024 ** 3;

const storedFiles = new Counter({
  name: 'onr_object_storage_files_total',
  help: 'Files stored, by bucket',
  labelNames: ['bucket'],
});
const storedBytes = new Counter({
  name: 'onr_object_storage_bytes_total',
  help: 'Bytes that the storage has taken, those of files that failed later included; grows while a file is sent',
  labelNames: ['bucket'],
});

/** One version of a file. */
export interface StoredObject {
  readonly key: string;
  /** Null where the bucket keeps no versions. */
  readonly version: string | null;
  /** What the storage compares contents by. */
  readonly etag: string;
  readonly bytes: number;
}

export interface UploadOptions {
  /** Key that the storage encrypts the file with; null: what the bucket says. */
  readonly kmsKeyArn?: string | null;
  /** Aborted: the upload fails and leaves nothing. */
  readonly signal: AbortSignal;
}

/** Bytes that are hashed at a time. */
const HASHED_BYTES = 128 * 1024;

/** Gives everybody else a turn of the event loop now and then: requests would wait for the hash of a whole part. */
class Sha256InTurns extends Sha256 {
  private contents: Uint8Array[] = [];

  override update(data: Uint8Array): void {
    this.contents.push(data);
  }

  override async digest(): Promise<Uint8Array> {
    for (const data of this.contents)
      for (let begin = 0; begin < data.length; begin += HASHED_BYTES) {
        if (begin > 0) await setImmediate();
        super.update(data.subarray(begin, begin + HASHED_BYTES));
      }
    return super.digest();
  }

  override reset(): void {
    this.contents = [];
    super.reset();
  }
}

/** S3 (docs/spec/security-integrations-jobs.md#6). The SDK is loaded with the first call (ADR 130). */
@Injectable()
export class ObjectStorageClient {
  /** By identity: keeping credentials and connections for the next run. */
  private readonly clients = new Map<string, Promise<S3Client>>();

  constructor(@InjectConfig() private readonly config: Config) {}

  /** @param identity who calls; left out: this service in its own region */
  bucket(name: string, identity?: AwsIdentity): Bucket {
    const { region } = this.config.aws;
    const caller = identity ?? { region, roleArn: null, sessionName: 'oppijanumerorekisteri' };
    return new Bucket(name, () => {
      assertOutsideTransaction('s3');
      return this.client(caller);
    });
  }

  private client(identity: AwsIdentity): Promise<S3Client> {
    const key = JSON.stringify(identity);
    const kept = this.clients.get(key);
    if (kept) return kept;
    const client = this.create(identity);
    this.clients.set(key, client);
    client.catch(() => this.clients.delete(key));
    return client;
  }

  private async create(identity: AwsIdentity): Promise<S3Client> {
    const { aws, objectStorageTimeoutMs } = this.config;
    const { S3Client } = await import('@aws-sdk/client-s3');
    const ask = await createAwsCredentials(aws, identity);
    const client = new S3Client({
      region: identity.region,
      credentials: async (caller?: object) => {
        try {
          return await ask(caller); // so that STS is called with the times of this client
        } catch (cause) {
          throw noCredentials(identity, cause);
        }
      },
      maxAttempts: ATTEMPTS,
      sha256: Sha256InTurns,
      requestChecksumCalculation: 'WHEN_REQUIRED', // the storage compares the hash in the signature
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: objectStorageTimeoutMs, // from the first byte sent to the headers of the answer
        throwOnRequestTimeout: true,
        socketTimeout: objectStorageTimeoutMs, // of silence, also in an answer that is being read
      },
      ...(aws.endpoint && { endpoint: aws.endpoint, forcePathStyle: true }),
    });
    client.middlewareStack.add(
      (next, { commandName = 'Command' }) =>
        (call) => {
          const span = startStep(`s3 ${commandName.replace(/Command$/, '')}`, { 'peer.service': 's3' });
          return span ? endWith(span, next(call)) : next(call);
        },
      { step: 'initialize', name: 'tracing' }, // outermost: one span, whatever is repeated
    );
    return client;
  }
}

/** Files of one bucket. Every file is there whole or not at all: what it was before stays until the new one is complete. */
export class Bucket {
  private readonly log = new Logger('ObjectStorage');

  constructor(
    readonly name: string,
    private readonly client: () => Promise<S3Client>,
  ) {}

  /**
   * Stores a file, in parts where it is long. A failed upload is aborted.
   * @param content read no faster than it is sent, and destroyed when this fails
   * @throws PeerError the storage refuses it, does not answer in time, or the content broke off
   */
  async upload(key: string, content: Readable, { kmsKeyArn, signal }: UploadOptions): Promise<StoredObject> {
    content.on('error', () => undefined); // read below, if anybody reads it by then
    const stop = () => content.destroy(new Error('the run was told to stop'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const params = { Bucket: this.name, Key: key, ...encryptionBy(kmsKeyArn) };
      let bytes = 0;
      const onSent = (sent: number) => {
        bytes += sent;
        storedBytes.inc({ bucket: this.name }, sent);
      };
      const upload = new MultipartUpload(await this.client(), content, { params, signal, onSent });
      const { VersionId, ETag } = await upload.done();
      storedFiles.inc({ bucket: this.name });
      return { key, version: realVersion(VersionId), etag: ETag ?? '', bytes };
    } catch (cause) {
      if (signal.aborted) throw this.error('upload', key, 'the run was told to stop', cause);
      if (cause !== content.errored) throw this.failed('upload', key, cause);
      throw this.error('upload', key, `its content broke off: ${(cause as Error).message}`, cause);
    } finally {
      signal.removeEventListener('abort', stop);
      content.destroy();
    }
  }

  /**
   * Stores the same content under another key of this bucket: the storage copies it, or, where that is too long for it or it refuses, the content is
   * sent again.
   * @param content made only when it is to be sent
   * @throws PeerError as `upload`
   */
  async copy(file: StoredObject, key: string, content: () => Readable, options: UploadOptions): Promise<StoredObject> {
    if (file.bytes <= COPIED_BYTES_AT_MOST && !options.signal.aborted) {
      try {
        return await this.copyInStorage(file, key, options);
      } catch (cause) {
        this.log.warn(this.failed('copy', key, cause).message);
      }
    }
    return this.upload(key, content(), options);
  }

  private async copyInStorage(
    file: StoredObject,
    key: string,
    { kmsKeyArn, signal }: UploadOptions,
  ): Promise<StoredObject> {
    const [client, { CopyObjectCommand }] = await Promise.all([this.client(), import('@aws-sdk/client-s3')]);
    const from = `${this.name}/${file.key}`.split('/').map(encodeURIComponent).join('/');
    const command = new CopyObjectCommand({
      Bucket: this.name,
      Key: key,
      CopySource: file.version === null ? from : `${from}?versionId=${file.version}`,
      ...(file.etag && { CopySourceIfMatch: file.etag }),
      ...encryptionBy(kmsKeyArn),
    });
    const { VersionId, CopyObjectResult } = await client.send(command, { abortSignal: signal });
    storedFiles.inc({ bucket: this.name });
    return { key, version: realVersion(VersionId), etag: CopyObjectResult?.ETag ?? '', bytes: file.bytes };
  }

  /** Stores a short text. */
  async uploadText(key: string, text: string, options: UploadOptions): Promise<StoredObject> {
    return this.upload(key, Readable.from([Buffer.from(text, 'utf8')]), options);
  }

  /**
   * The bytes of a file, unless it has changed since it was stored. Where they break off, they end with a PeerError.
   * @throws PeerError it is not to be had
   */
  async download(file: Pick<StoredObject, 'key'> & Partial<StoredObject>, signal: AbortSignal): Promise<Readable> {
    const { key, etag } = file;
    try {
      const [client, { GetObjectCommand }] = await Promise.all([this.client(), import('@aws-sdk/client-s3')]);
      const command = new GetObjectCommand({ Bucket: this.name, Key: key, ...(etag && { IfMatch: etag }) });
      const { Body } = await client.send(command, { abortSignal: signal });
      const content = new PassThrough();
      const answer = (Body as Readable).once('error', (cause) => content.destroy(this.failed('download', key, cause)));
      return pipeline(answer, content, () => undefined); // whoever reads hears of errors
    } catch (cause) {
      throw this.failed('download', key, cause);
    }
  }

  /**
   * A short text.
   * @param maxBytes a longer one is an error
   */
  async downloadText(key: string, maxBytes: number, signal: AbortSignal): Promise<string> {
    const content = await this.download({ key }, signal);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of content as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) break;
    }
    if (bytes > maxBytes) throw this.error('download', key, `it is longer than ${maxBytes} bytes`, null);
    return Buffer.concat(chunks).toString('utf8');
  }

  /**
   * Aborts uploads that a killed run has left unfinished: their parts cost money and nobody sees them.
   * @param prefix of keys that only this run writes
   */
  async abortLeftovers(prefix: string): Promise<void> {
    try {
      const [client, s3] = await Promise.all([this.client(), import('@aws-sdk/client-s3')]);
      const { Uploads = [] } = await client.send(
        new s3.ListMultipartUploadsCommand({ Bucket: this.name, Prefix: prefix }), // a thousand at most
      );
      for (const { Key, UploadId } of Uploads) {
        if (!Key?.startsWith(prefix)) continue;
        await client.send(new s3.AbortMultipartUploadCommand({ Bucket: this.name, Key, UploadId }));
        this.log.warn(`Aborted an upload of ${this.address(Key)} that an earlier run had left`);
      }
    } catch (cause) {
      // A role without the right to list uploads can still export; any other fault shows with the upload.
      this.log.warn(this.failed('listing of unfinished uploads', prefix, cause).message);
    }
  }

  private address(key: string): string {
    return `s3://${this.name}/${key}`;
  }

  private failed(what: string, key: string, cause: unknown): PeerError {
    return this.error(what, key, reasonOf(cause), cause, statusOf(cause));
  }

  private error(what: string, key: string, reason: string, cause: unknown, status?: number): PeerError {
    return new PeerError('s3', `${what} of ${this.address(key)} failed: ${reason}`, status ?? null, { cause });
  }
}

const statusOf = (cause: unknown): number | undefined =>
  (cause as Partial<S3ServiceException>).$metadata?.httpStatusCode;

/** What AWS or the connection says; of a time that is over also which. */
function reasonOf(cause: unknown): string {
  if (cause instanceof PeerError) return cause.message;
  const { name, message, code } = cause as S3ServiceException & { readonly code?: string };
  const status = statusOf(cause);
  if (status !== undefined) return `${name} (${status})`;
  return code === undefined || code === 'ETIMEDOUT' ? `${name}: ${message}` : code;
}

/** Why there are no credentials. */
function noCredentials({ roleArn }: AwsIdentity, cause: unknown): PeerError {
  const what = roleArn === null ? 'credentials of the process' : `AssumeRole of ${roleArn}`;
  return new PeerError('sts', `${what} failed: ${reasonOf(cause)}`, statusOf(cause) ?? null, { cause });
}

/** Stand-ins and buckets whose versions are switched off say `null`. */
const realVersion = (version: string | undefined): string | null =>
  version === undefined || version === 'null' ? null : version;

const encryptionBy = (kmsKeyArn: string | null | undefined) =>
  kmsKeyArn ? ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn } as const) : {};
