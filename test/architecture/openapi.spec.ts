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
  });
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

  it('says of every operation which errors it can give, and how they look', () => {
    const { paths, components } = read(made) as {
      paths: Record<string, Record<string, { requestBody?: object; responses: Record<string, Response> }>>;
      components: { schemas: Record<string, object> };
    };
    const operations = Object.entries(paths).flatMap(([at, item]) =>
      Object.entries(item).map(([method, operation]) => ({ name: `${method} ${at}`, ...operation })),
    );
    expect(operations.length).toBeGreaterThanOrEqual(75);
    const schema = { $ref: '#/components/schemas/VirheDto' };
    for (const { name, requestBody, responses } of operations) {
      const errors = Object.keys(responses).filter((code) => code >= '400' && code !== '406');
      const withBody = requestBody ? ['413', '415'] : [];
      expect([name, ...errors]).toEqual([name, '400', '401', '404', '409', ...withBody, '503']);
      for (const code of errors) expect(responses[code]!.content).toEqual({ 'application/json': { schema } });
    }
    const has406 = (name: string) => '406' in operations.find((operation) => operation.name === name)!.responses;
    expect(has406('get /henkilo/{oid}')).toBe(true);
    expect(has406('get /henkilo/{oidHenkilo}/asiointiKieli')).toBe(false); // a bare text
    expect(components.schemas.VirheDto).toMatchObject({ required: ['timestamp', 'status', 'error', 'path'] });
  });
});

interface Response {
  content?: object;
}
