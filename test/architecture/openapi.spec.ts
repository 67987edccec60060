import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

describe('openapi.json', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'onr-openapi-'));
  const made = path.join(directory, 'openapi.json');
  beforeAll(() => {
    execFileSync(process.execPath, [path.join(ROOT, 'scripts/bootstrap.mjs'), 'openapi', made], { stdio: 'pipe' });
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is what the code says (npm run openapi rewrites it)', () => {
    expect(read(path.join(ROOT, 'openapi.json'))).toEqual(read(made));
  });

  it('is a valid OpenAPI 3.1 document', () => {
    const output = execFileSync(process.execPath, [
      path.join(ROOT, 'node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js'),
      made,
    ]);
    expect(JSON.parse(String(output))).toMatchObject({ valid: true });
  });

  it('has one operation id per operation', () => {
    const paths = Object.values(read(made).paths as Record<string, Record<string, { operationId: string }>>);
    const ids = paths.flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
