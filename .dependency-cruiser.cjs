/**
 * The direction of docs/architecture.md: which folders of src each folder may import, besides itself. What is not
 * listed is refused; files directly in src and entry points (src/bin) put everything together and may import all.
 */
const common = [];
const config = ['common'];
const database = [...config, 'config'];
const http = [...config, 'config'];
const history = ['database', ...database];
const jobs = ['database', 'http', ...http];
const integrations = ['jobs', ...jobs];
const auth = ['integrations', ...integrations];
const audit = ['auth', ...auth];
const outbox = ['integrations', ...integrations];
/** What every room of the domain may import. */
const base = ['history', 'outbox', 'audit', ...audit];
const koodit = base;
const yhteystiedot = ['koodit', ...base];
const henkiloviite = base;
const yksilointitieto = ['yhteystiedot', ...yhteystiedot];
const hakuteksti = base;
const kotikunta = base;
const henkilo = ['kotikunta', 'hakuteksti', 'henkiloviite', 'yksilointitieto', ...yksilointitieto];
const huoltajat = ['henkilo', ...henkilo];
const duplicates = ['huoltajat', ...huoltajat];
const yksilointi = ['duplicates', ...duplicates];

const MAY_IMPORT = {
  common,
  config,
  database,
  http,
  history,
  jobs,
  integrations,
  auth,
  audit,
  outbox,
  health: base,
  telemetry: ['config', ...config],
  openapi: base,
  email: base,
  koodit,
  yhteystiedot,
  henkiloviite,
  yksilointitieto,
  hakuteksti,
  kotikunta,
  henkilo,
  huoltajat,
  identification: ['henkilo', ...henkilo],
  duplicates,
  cleanup: ['henkilo', ...henkilo],
  vtj: ['duplicates', ...duplicates],
  exports: base,
  datantuonti: ['vtj', 'duplicates', ...duplicates],
  yksilointi,
  'oppijat-tuonti': ['yksilointi', 'email', ...yksilointi],
  tila: ['henkilo', ...henkilo],
  yleistunniste: ['oppijat-tuonti', 'yksilointi', 'email', ...yksilointi],
};

const folderRule = ([folder, allowed]) => ({
  name: `direction-of-${folder}`,
  comment: `src/${folder} may import: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [folder, ...allowed].map((name) => `^src/${name}/`) },
});

module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(folderRule),
    {
      name: 'folder-without-direction',
      comment: 'A new folder of src needs its line in .dependency-cruiser.cjs and in docs/architecture.md',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: ['bin', ...Object.keys(MAY_IMPORT)].map((name) => `^src/${name}/`) },
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
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
