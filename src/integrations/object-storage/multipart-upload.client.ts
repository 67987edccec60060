import type { Readable } from 'node:stream';
import type { CompletedPart, PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';

/** The least that S3 takes: less memory than any other. A file may have 10 000 parts: 50 GB. */
const PART_BYTES = 5 * 1024 * 1024;
/** Parts on their way at a time; each is in memory, and one more that is being filled. */
const PARTS_AT_A_TIME = 2;

/** What the storage says of a file that it has taken. */
export interface SentFile {
  readonly VersionId?: string | undefined;
  readonly ETag?: string | undefined;
}

export interface MultipartUploadOptions {
  /** Bucket, key and how the storage encrypts the file. */
  readonly params: Omit<PutObjectCommandInput, 'Body'>;
  /** Aborted: the upload fails and leaves nothing. */
  readonly signal: AbortSignal;
  /** Called whenever the storage has taken some bytes. */
  readonly onSent: (bytes: number) => void;
}

/**
 * Memory of parts, used again and again: new memory for each part has V8 mark the whole heap every other second, and requests wait meanwhile
 * (ADR 130).
 */
class PartMemory {
  private readonly free: Buffer[] = [];

  take(): Buffer {
    return this.free.pop() ?? Buffer.allocUnsafeSlow(PART_BYTES);
  }

  /** @param part that nobody reads any more */
  giveBack(part: Buffer): void {
    if (this.free.length <= PARTS_AT_A_TIME) this.free.push(part);
  }
}

/** Of all uploads of the process; none before the first one, 15 MB afterwards. */
const memory = new PartMemory();

/** One file on its way into the storage: in one request where it is short, else in parts. It is there whole or not at all. */
export class MultipartUpload {
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;
  private readonly pieces: AsyncIterator<Buffer>;
  /** What the last part had no room for. */
  private rest: Buffer = Buffer.alloc(0);
  private readonly parts: CompletedPart[] = [];
  private failure: { readonly cause: unknown } | null = null;

  /** @param content read no faster than it is sent, and destroyed when a part fails */
  constructor(
    private readonly client: S3Client,
    private readonly content: Readable,
    private readonly options: MultipartUploadOptions,
  ) {
    this.pieces = (content as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    this.signal = AbortSignal.any([options.signal, this.stop.signal]);
  }

  /** @throws what the content or the storage failed with, whichever was first */
  async done(): Promise<SentFile> {
    const part = memory.take();
    const bytes = await this.fill(part);
    return bytes < PART_BYTES ? this.sendWhole(part, bytes) : this.sendInParts(part);
  }

  private async sendWhole(file: Buffer, bytes: number): Promise<SentFile> {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const command = new PutObjectCommand({ ...this.options.params, Body: file.subarray(0, bytes) });
    const answer = await this.client.send(command, { abortSignal: this.signal });
    this.taken(file, bytes, answer.$metadata.attempts);
    return answer;
  }

  private async sendInParts(first: Buffer): Promise<SentFile> {
    const { client, signal } = this;
    const { params } = this.options;
    const s3 = await import('@aws-sdk/client-s3');
    const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand(params), { abortSignal: signal });
    const upload = { Bucket: params.Bucket, Key: params.Key, UploadId };
    try {
      const send = async (PartNumber: number, part: Buffer, bytes: number) => {
        const command = new s3.UploadPartCommand({ ...upload, PartNumber, Body: part.subarray(0, bytes) });
        const { ETag, $metadata } = await client.send(command, { abortSignal: signal });
        this.parts[PartNumber - 1] = { PartNumber, ETag };
        this.taken(part, bytes, $metadata.attempts);
      };
      await this.sendAll(first, send);
      const complete = new s3.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: this.parts } });
      return await client.send(complete, { abortSignal: signal });
    } catch (cause) {
      // Of an upload that cannot be aborted now the next run takes the parts away (`Bucket.abortLeftovers`).
      await client.send(new s3.AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw cause;
    }
  }

  /** Returns, or throws, when no part is on its way any more. */
  private async sendAll(
    first: Buffer,
    send: (number: number, part: Buffer, bytes: number) => Promise<void>,
  ): Promise<void> {
    const sending = new Set<Promise<void>>();
    const begin = (number: number, part: Buffer, bytes: number) => {
      const sent = send(number, part, bytes)
        .catch((cause: unknown) => this.fail(cause))
        .finally(() => sending.delete(sent));
      sending.add(sent);
    };
    begin(1, first, PART_BYTES);
    try {
      for (let number = 2, bytes = PART_BYTES; bytes === PART_BYTES && !this.signal.aborted; number++) {
        const part = memory.take();
        bytes = await this.fill(part);
        if (sending.size === PARTS_AT_A_TIME) await Promise.race(sending);
        if (bytes > 0) begin(number, part, bytes);
      }
    } catch (cause) {
      this.fail(cause);
    }
    await Promise.all(sending);
    if (this.failure) throw this.failure.cause;
  }

  /** Ends what is on its way; the first cause stays. */
  private fail(cause: unknown): void {
    this.failure ??= { cause };
    this.stop.abort();
    this.content.destroy();
  }

  /** @returns fewer bytes than the part has room for: the content has ended */
  private async fill(part: Buffer): Promise<number> {
    let bytes = 0;
    for (;;) {
      const copied = this.rest.copy(part, bytes);
      bytes += copied;
      this.rest = this.rest.subarray(copied);
      if (bytes === part.length) return bytes;
      const next = await this.pieces.next();
      if (next.done) return bytes;
      this.rest = next.value;
    }
  }

  /** @param attempts where there was more than one, an earlier one may still be reading the memory: it is not used again */
  private taken(part: Buffer, bytes: number, attempts: number | undefined): void {
    this.options.onSent(bytes);
    if (attempts === 1) memory.giveBack(part);
  }
}
