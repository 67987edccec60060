/**
 * The direction of docs/architecture.md: which folders of src each folder may import, besides itself. What is not
 * listed is refused; files directly in src and command lines (cli.ts) put everything together and may import all.
 */
const common = [];
const config = ['common'];
const database = [...config, 'config'];
const http = [...config, 'config'];
const jobs = ['database', 'http', ...http];
const integrations = ['jobs', ...jobs];
const organisaatio = ['integrations', ...integrations];
const auth = ['organisaatio', ...organisaatio];
const audit = ['auth', ...auth];
const outbox = ['integrations', ...integrations];
/** What every module of the domain may import. */
const base = ['outbox', 'audit', ...audit];
const kotikunta = base;
const henkilo = ['kotikunta', ...kotikunta];
const huoltajat = ['henkilo', ...henkilo];
const duplicates = ['huoltajat', ...huoltajat];
const forceUpdate = ['duplicates', ...duplicates];
const yksilointi = ['force-update', ...forceUpdate];

const MAY_IMPORT = {
  common,
  config,
  database,
  http,
  jobs,
  integrations,
  organisaatio,
  auth,
  audit,
  outbox,
  health: base,
  openapi: base,
  email: base,
  kotikunta,
  henkilo,
  huoltajat,
  identification: ['henkilo', ...henkilo],
  duplicates,
  'force-update': forceUpdate,
  cleanup: ['henkilo', ...henkilo],
  vtj: ['force-update', ...forceUpdate],
  yksilointi,
  'oppijat-tuonti': ['yksilointi', 'email', ...yksilointi],
  yleistunniste: ['oppijat-tuonti', 'yksilointi', 'email', ...yksilointi],
};

const folderRule = ([folder, allowed]) => ({
  name: `direction-of-${folder}`,
  comment: `src/${folder} may import: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: '/cli\\.ts$' },
  to: { path: '^src/', pathNot: [folder, ...allowed].map((name) => `^src/${name}/`) },
});

module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(folderRule),
    {
      name: 'folder-without-direction',
      comment: 'A new folder of src needs its line in .dependency-cruiser.cjs and in docs/architecture.md',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: Object.keys(MAY_IMPORT).map((name) => `^src/${name}/`) },
      to: { path: '^src/' },
    },
    {
      name: 'common-is-plain',
      comment: 'src/common knows neither Nest nor TypeORM',
      severity: 'error',
      from: { path: '^src/common/' },
      to: { path: 'node_modules/(@nestjs|typeorm)/' },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'resolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types that two files take from each other do no harm: only what remains after compilation counts as a cycle.
    tsPreCompilationDeps: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
