import { spawn } from 'node:child_process';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { S3StandIn } from '../../sandbox/s3.ts';
import { freePort } from '../../scripts/lib/free-port.ts';

export interface SeenStorageCall {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The first bytes; whole for forms. */
  body: string;
}

/** What happens to a call instead of its answer. */
export type Fault =
  | { readonly status: number; readonly code: string }
  /** The connection is cut when some of the body has come. */
  | 'cut'
  /** The connection is cut when half of the answer's first piece has gone. */
  | 'answer cut'
  /** Nothing comes after half of the answer's first piece. */
  | 'answer stuck';

type Rule = (call: SeenStorageCall) => Fault | undefined | Promise<Fault | undefined>;

/**
 * An S3 and what can go wrong on the way to it. Where ONR_TEST_MOTO names the program, moto's server (`npm run test:s3`), else
 * the stand-in of this process.
 */
export class TestObjectStorage {
  readonly calls: SeenStorageCall[] = [];
  /** Undefined: the call goes through. */
  rule: Rule = () => undefined;
  private readonly client: S3Client;
  private readonly front = createServer((request, response) => {
    this.pass(request, response).catch(() => response.destroy());
  });

  private constructor(
    private readonly upstream: string,
    private readonly stopUpstream: () => Promise<void>,
  ) {
    this.client = new S3Client({
      endpoint: upstream,
      region: 'eu-west-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  }

  static async start(): Promise<TestObjectStorage> {
    const moto = process.env.ONR_TEST_MOTO;
    const [upstream, stop] = moto ? await startMoto(moto) : await startStandIn();
    const storage = new TestObjectStorage(upstream, stop);
    await new Promise<void>((resolve) => storage.front.listen(0, '127.0.0.1', resolve));
    return storage;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.front.address() as AddressInfo).port}`;
  }

  /** A new bucket. */
  async bucket(name: string, isVersioned = false): Promise<void> {
    const place = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } as const;
    await this.client.send(new CreateBucketCommand({ Bucket: name, ...place }));
    const versions = { VersioningConfiguration: { Status: 'Enabled' } } as const;
    if (isVersioned) await this.client.send(new PutBucketVersioningCommand({ Bucket: name, ...versions }));
  }

  /** Keys of a bucket, sorted. */
  async keys(bucket: string): Promise<string[]> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key }) => Key!);
  }

  async text(bucket: string, key: string, version?: string): Promise<string> {
    return (await this.file(bucket, key, version)).Body!.transformToString();
  }

  /** @param version left out: the newest */
  file(bucket: string, key: string, version?: string): Promise<GetObjectCommandOutput> {
    return this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }));
  }

  async put(bucket: string, key: string, text: string): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
  }

  async beginUpload(bucket: string, key: string): Promise<void> {
    await this.client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
  }

  /** Keys of uploads that are neither complete nor aborted. */
  async openUploads(bucket: string): Promise<string[]> {
    const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return Uploads.map(({ Key }) => Key!);
  }

  /** From now on nobody's access key is known, or everybody's. */
  async refuseKeys(refuse: boolean): Promise<void> {
    await fetch(`${this.upstream}/moto-api/reset-auth`, { method: 'POST', body: refuse ? '0' : '1000000000' });
  }

  async stop(): Promise<void> {
    this.client.destroy();
    this.front.closeAllConnections();
    await new Promise((resolve) => this.front.close(resolve));
    await this.stopUpstream();
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const call = { method, path: url, headers, body: '' };
    this.calls.push(call);
    const fault = await this.rule(call);
    if (fault === 'cut') return void request.once('data', () => request.destroy());
    if (typeof fault === 'object') {
      for await (const _ of request);
      const error = `<Error><Code>${fault.code}</Code><Message>no</Message></Error>`;
      response.writeHead(fault.status, { 'content-type': 'application/xml' });
      return void response.end(url === '/' ? `<ErrorResponse>${error}</ErrorResponse>` : error); // `/` is STS
    }
    const { expect: _, ...passed } = headers;
    const onward = httpRequest(this.upstream + url, { method, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      if (!fault) return void answer.pipe(response);
      answer.once('data', (piece: Buffer) => {
        answer.destroy();
        response.write(piece.subarray(0, piece.length / 2), () => fault === 'answer cut' && response.destroy());
      });
    });
    onward.on('error', () => response.destroy());
    request.on('data', (chunk: Buffer) => {
      if (call.body.length < 10_000) call.body += chunk.toString('latin1', 0, 10_000);
    });
    request.pipe(onward);
  }
}

async function startStandIn(): Promise<[string, () => Promise<void>]> {
  const standIn = new S3StandIn();
  return [await standIn.start(), () => standIn.stop()];
}

async function startMoto(program: string): Promise<[string, () => Promise<void>]> {
  const port = await freePort();
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + 120_000; ; await sleep(200)) {
    if (await fetch(`${url}/moto-api/`).then(() => true, () => false)) break; // prettier-ignore
    if (child.exitCode !== null || Date.now() > end) throw new Error(`${program} does not answer`);
  }
  return [
    url,
    async () => {
      child.kill();
      await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(null)));
    },
  ];
}
