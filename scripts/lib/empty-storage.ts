#!/usr/bin/env node
/** As much of S3 as uploads need, on the port given: takes everything at once and keeps nothing. `GET /` tells bytes by key. */
import { createServer } from 'node:http';

const bytes = new Map<string, number>();
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
  if (pathname === '/') {
    response.end(JSON.stringify(Object.fromEntries(bytes)));
    bytes.clear();
    return;
  }
  const source = request.headers['x-amz-copy-source'];
  if (typeof source === 'string') bytes.set(pathname, bytes.get(`/${source}`) ?? 0);
  request.on('data', (chunk: Buffer) => bytes.set(pathname, (bytes.get(pathname) ?? 0) + chunk.length));
  request.on('end', () => {
    response.setHeader('etag', '"0"');
    if (request.method === 'POST' && searchParams.has('uploads'))
      response.end('<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>');
    else if (request.method === 'POST')
      response.end('<CompleteMultipartUploadResult><ETag>"0"</ETag></CompleteMultipartUploadResult>');
    else if (request.method === 'GET') response.end('<ListMultipartUploadsResult></ListMultipartUploadsResult>');
    else response.end(source === undefined ? '' : '<CopyObjectResult><ETag>"0"</ETag></CopyObjectResult>');
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
