/** SQLSTATE classes whose messages name statements, tables and connections but never values. */
const FREE_OF_VALUES = /^(08|42|53|57|58)/;

/** What an error says, fit for a log: the database quotes refused values in its messages, so those are left out. */
export function errorText(error: Error): string {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  if (typeof code !== 'string' || severity === undefined || FREE_OF_VALUES.test(code)) return error.message;
  return `SQLSTATE ${code}`;
}

/** At most five lines of where it happened; SQL and values are not part of a stack. */
export const errorStack = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 5)
    .join('\n');
