import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Version {
  readonly id: string;
  readonly etag: string;
  readonly bytes: Buffer;
  readonly encryption: Record<string, string>;
}
interface OpenUpload {
  readonly key: string;
  readonly parts: Map<number, Buffer>;
  readonly encryption: Record<string, string>;
}
interface StoredBucket {
  isVersioned: boolean;
  /** Oldest first. */
  readonly files: Map<string, Version[]>;
  readonly uploads: Map<string, OpenUpload>;
}

/** Refused as S3 refuses it. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/**
 * The part of S3 (and of STS) that exports use, in this process and in memory. `npm run test:s3` runs the tests of the exports
 * against moto's server, which speaks S3 for real.
 */
export class S3StandIn {
  private readonly buckets = new Map<string, StoredBucket>();
  /** As moto: after this call nobody's key is known. */
  private refusesKeys = false;
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch((error: unknown) => {
      const { status, code } = error instanceof Refusal ? error : new Refusal(500, 'InternalError');
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams: query } = new URL(request.url!, 'http://s3');
    if (pathname === '/moto-api/reset-auth') {
      this.refusesKeys = body.toString() === '0';
      return void response.end();
    }
    if (this.refusesKeys) throw new Refusal(403, 'InvalidAccessKeyId');
    if (pathname === '/') return void response.end(assumedRole());
    const [, name = '', ...rest] = decodeURIComponent(pathname).split('/');
    const key = rest.join('/');
    const send = (xml: string | Buffer = '', headers: Record<string, string> = {}) => {
      response.writeHead(request.method === 'DELETE' ? 204 : 200, headers);
      response.end(xml);
    };
    if (key === '') return send(this.ofBucket(request.method!, name, query, body));
    this.ofFile(request, this.bucket(name), key, query, body, send);
  }

  private ofBucket(method: string, name: string, query: URLSearchParams, body: Buffer): string {
    if (method === 'PUT' && query.has('versioning')) {
      this.bucket(name).isVersioned = body.includes('Enabled');
      return '';
    }
    if (method === 'PUT') {
      this.buckets.set(name, { isVersioned: false, files: new Map(), uploads: new Map() });
      return '';
    }
    const { files, uploads } = this.bucket(name);
    const prefix = query.get('prefix') ?? '';
    if (query.has('uploads')) {
      const open = [...uploads].filter(([, { key }]) => key.startsWith(prefix));
      const rows = open.map(([id, { key }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`);
      return `<ListMultipartUploadsResult>${rows.join('')}</ListMultipartUploadsResult>`;
    }
    const rows = [...files.keys()].sort().map((key) => `<Contents><Key>${key}</Key></Contents>`);
    return `<ListBucketResult>${rows.join('')}</ListBucketResult>`;
  }

  private ofFile(
    { method, headers }: IncomingMessage,
    bucket: StoredBucket,
    key: string,
    query: URLSearchParams,
    body: Buffer,
    send: (xml?: string | Buffer, headers?: Record<string, string>) => void,
  ): void {
    if (headers['content-encoding']?.includes('aws-chunked')) throw new Refusal(501, 'NotImplemented');
    const encryption = Object.fromEntries(
      Object.entries(headers).filter(([name]) => name.startsWith('x-amz-server-side-encryption')),
    ) as Record<string, string>;
    const uploadId = query.get('uploadId');
    const upload = uploadId === null ? undefined : bucket.uploads.get(uploadId);
    if (uploadId !== null && !upload) throw new Refusal(404, 'NoSuchUpload');
    if (method === 'POST' && query.has('uploads')) {
      const id = randomUUID();
      bucket.uploads.set(id, { key, parts: new Map(), encryption });
      return send(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
    }
    if (method === 'PUT' && upload) {
      upload.parts.set(Number(query.get('partNumber')), body);
      return send('', { etag: etagOf(body) });
    }
    if (method === 'POST' && upload) {
      const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
      if (parts.slice(0, -1).some(({ length }) => length < 5 * 1024 * 1024)) throw new Refusal(400, 'EntityTooSmall');
      bucket.uploads.delete(uploadId!);
      const { etag, id } = this.store(bucket, key, Buffer.concat(parts), upload.encryption);
      return send(
        `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>${etag}</ETag></CompleteMultipartUploadResult>`,
        bucket.isVersioned ? { 'x-amz-version-id': id } : {},
      );
    }
    if (method === 'DELETE') {
      bucket.uploads.delete(uploadId!);
      return send();
    }
    const { 'x-amz-copy-source': source, 'x-amz-copy-source-if-match': wantedSource } = headers;
    if (method === 'PUT' && typeof source === 'string') {
      const [path, versionId] = source.split('?versionId=') as [string, string?];
      const [name, ...rest] = decodeURIComponent(path).split('/') as [string, ...string[]];
      const copied = find(this.bucket(name), rest.join('/'), versionId);
      if (wantedSource !== undefined && wantedSource !== copied.etag) throw new Refusal(412, 'PreconditionFailed');
      const { etag, id } = this.store(bucket, key, copied.bytes, encryption);
      return send(
        `<CopyObjectResult><ETag>${etag}</ETag></CopyObjectResult>`,
        bucket.isVersioned ? { 'x-amz-version-id': id } : {},
      );
    }
    if (method === 'PUT') {
      const { etag, id } = this.store(bucket, key, body, encryption);
      return send('', { etag, ...(bucket.isVersioned && { 'x-amz-version-id': id }) });
    }
    const file = find(bucket, key, query.get('versionId'));
    const { 'if-match': wanted } = headers;
    if (wanted !== undefined && wanted !== file.etag) throw new Refusal(412, 'PreconditionFailed');
    const about = { etag: file.etag, 'content-length': String(file.bytes.length), ...file.encryption };
    send(file.bytes, { ...about, ...(bucket.isVersioned && { 'x-amz-version-id': file.id }) });
  }

  private store(bucket: StoredBucket, key: string, bytes: Buffer, encryption: Record<string, string>): Version {
    const version = { id: randomUUID(), etag: etagOf(bytes), bytes, encryption };
    bucket.files.set(key, [...(bucket.isVersioned ? (bucket.files.get(key) ?? []) : []), version]);
    return version;
  }

  private bucket(name: string): StoredBucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw new Refusal(404, 'NoSuchBucket');
    return bucket;
  }
}

/** The newest version unless another one is named. */
function find({ files }: StoredBucket, key: string, versionId: string | null = null): Version {
  const versions = files.get(key);
  const file = versions?.find(({ id }) => id === versionId) ?? versions?.at(-1);
  if (!file) throw new Refusal(404, 'NoSuchKey');
  return file;
}

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

const assumedRole =
  () => `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
  <Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
