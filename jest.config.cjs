// Packages that are published as ES modules only: Jest on Node 20 cannot require them untranspiled (ADR 1).
const esmOnly = [
  '@nestjs',
  'uid',
  'iterare',
  'file-type',
  'load-esm',
  'strtok3',
  'token-types',
  'uint8array-extras',
  'es-toolkit',
  'jose',
  'node-pg-migrate',
  'glob',
  'minimatch',
  'jiti',
  '@opentelemetry', // loads node:http by import()
];
const swc = (parser, { sourceMaps, ...transform }) => [
  '@swc/jest',
  { jsc: { target: 'es2022', parser, transform }, module: { type: 'commonjs' }, sourceMaps },
];
module.exports = {
  testEnvironment: 'node',
  testTimeout: 300_000, // a busy machine is slow, not wrong
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testRegex: '\\.spec\\.ts$',
  // Those with two servers or a PgBouncer: npm run test:cluster.
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.ONR_TEST_CLUSTER ? [] : ['<rootDir>/test/cluster/'])],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': swc(
      { syntax: 'typescript', decorators: true },
      { sourceMaps: 'inline', legacyDecorator: true, decoratorMetadata: true },
    ),
    '^.+\\.m?js$': swc({ syntax: 'ecmascript' }, { sourceMaps: false }),
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  setupFiles: ['reflect-metadata'],
};
