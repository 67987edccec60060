import {
  CALLERS,
  OTHER_ROUTES,
  readMatrix,
  WHOSE,
  type CallerName,
  type Row,
  type Whose,
} from './permission-matrix.ts';

const COLUMNS: Readonly<Record<Whose, string>> = {
  own: 'oneself',
  organisation: 'a person of the own organisation',
  turvakielto: 'the same under turvakielto',
  other: 'a person of another organisation',
};

const HEAD = `# Who may do what

Written by \`npm run permissions\` from \`test/security/permission-matrix.ts\`, the table that \`test/security/permissions.spec.ts\` tries on the
running service, every cell of it: change it there. An operation without a row fails the test.

A cell names the callers that get an answer; all others are refused: 401, or 302 to the login without one. **Bold**: the answer tells how the
person is reached (e-mail, phone, address, municipality). In (parentheses): the answer is a list from which the person is left out. Where one cell stands for all,
it makes no difference whose data they are. Who a caller is, whose data are its own, and which rights reach whom: ADR 80, 81, 83, 84.

## Callers

| Caller | Right, and the organisation that it is held in |
|---|---|
`;

/** docs/permissions.md. */
export function renderPermissions(): string {
  const callers = Object.entries(CALLERS).map(([name, right]) => `| ${name} | ${meaningOf(right)} |\n`);
  const operations = [...readMatrix()].map(([key, row]) => `| ${row.id} \`${key}\` | ${cellsOf(row).join(' | ')} |\n`);
  const titles = WHOSE.map((whose) => COLUMNS[whose]);
  const others = Object.entries(OTHER_ROUTES).map(([key, who]) => `| \`${key}\` | ${who} |\n`);
  return [
    HEAD,
    ...callers,
    '\n## Operations\n\n',
    `| Operation | ${titles.join(' | ')} |\n|---|${'---|'.repeat(titles.length)}\n`,
    ...operations,
    '\n## Other addresses\n\nThey give no data of persons.\n\n| Address | For |\n|---|---|\n',
    ...others,
  ].join('');
}

function meaningOf(right: string | null): string {
  if (right === null) return 'without login';
  if (right === '-') return 'logged in, without any right';
  const [name, organisation] = right.split('@');
  return `\`${name}\`, ${organisation === 'root' ? 'root organisation' : 'one university'}`;
}

function cellsOf(row: Row): string[] {
  const cells = WHOSE.map((whose) => cellOf(row[whose]));
  return cells.every((cell) => cell === cells[0]) ? [cells[0]!, ...cells.slice(1).map(() => '″')] : cells;
}

const REFUSED = new Set(['302', '401']);

function cellOf(answers: Row[Whose]): string {
  const names = (Object.keys(CALLERS) as CallerName[]).filter((name) => !REFUSED.has(answers[name]!));
  if (names.length === 0) return 'nobody';
  const kinds = new Set(names.map((name) => answers[name]!.slice(3)));
  const everybody = names.length === Object.keys(CALLERS).length - 1 && kinds.size === 1;
  return everybody
    ? shown('everybody logged in', answers.none!)
    : names.map((name) => shown(name, answers[name]!)).join(', ');
}

const shown = (name: string, answer: string): string =>
  answer.endsWith('+') ? `**${name}**` : answer.endsWith('-') ? `(${name})` : name;
