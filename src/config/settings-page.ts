import { SETTINGS } from './config.js';
import { fallbackOf, listSettings, type AnySetting, type Deployment, type Requirement } from './setting.js';

const PAGE_HEAD = `# Settings

Environment variables, read once at the start. This page is what \`src/config/*.settings.ts\` say: \`npm run settings\` writes it, a test
compares. The first name of a row that is set wins. Outside production every default fits the sandbox of \`npm start\`. A malformed
setting is refused by name everywhere. **P**: must be given with \`NODE_ENV=production\`; what production refuses is refused by name, too.
\`{name}\` in a default stands for the value of that setting.
`;

/** Settings that defaults of others are made of stand in them by name. */
const SANDBOX: Deployment = {
  production: false,
  environment: '',
  allowsLoopback: false,
  port: 8080,
  contextPath: '{server.servlet.context-path}',
  virkailija: '{virkailija.baseurl}',
};
const PRODUCTION: Deployment = { ...SANDBOX, production: true };
const ENVIRONMENTS = ['prod', 'qa', 'dev', 'hahtuva'];

/** docs/settings.md. */
export function renderSettings(): string {
  const sections = Object.entries(SETTINGS).map(([title, settings]) => {
    const rows = listSettings(settings).map((setting) => `| ${cellsOf(setting).join(' | ')} |`);
    return [`## ${title}`, '', '| Names | Value | Default | Meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
  });
  return [PAGE_HEAD, ...sections].join('\n');
}

function cellsOf(setting: AnySetting): string[] {
  const { names, type, unit, required, description, refusals = [] } = setting;
  const refused = refusals
    .filter(({ isDescribed }) => !isDescribed)
    .map(({ reason }) => `; production refuses what ${reason}`);
  return [
    [names.map(code).join(', '), ...(required ? [toMark(required)] : [])].join(' '),
    [type.description, ...(unit ? [unit] : [])].join(', '),
    toDefault(setting),
    description + refused.join(''),
  ];
}

function toMark({ with: others, unless }: Requirement): string {
  const when = others ? [`with ${others.map(code).join(' or ')}`] : [];
  return ['**P**', ...when, ...(unless ? [`without ${code(unless)}`] : [])].join(' ');
}

function toDefault(setting: AnySetting): string {
  if (setting.fallbackText !== undefined) return setting.fallbackText;
  const inSandbox = toValue(fallbackOf<unknown>(setting, SANDBOX));
  const inProduction = toValue(fallbackOf<unknown>(setting, PRODUCTION));
  const by = ENVIRONMENTS.map((environment) => [
    environment,
    toValue(fallbackOf<unknown>(setting, { ...PRODUCTION, environment })),
  ]);
  const differing = by.filter(([, value]) => value !== inProduction).map(([environment, value]) => `${value} with ${code(`ENV=${environment}`)}`); // prettier-ignore
  return [inSandbox, ...differing, ...(inProduction === inSandbox ? [] : [`${inProduction} in production`])].join(', ');
}

function toValue(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '–';
  if (value === '') return 'empty';
  return code(Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : JSON.stringify(value));
}

const code = (text: string): string => `\`${text}\``;
