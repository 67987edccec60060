import { readFile } from 'node:fs/promises';
import type { MigrationBuilder } from 'node-pg-migrate';

const noTransaction = /^--\s*no transaction\s*$/im;

/**
 * Reads the plain SQL files of `migrations/`. A file with the line `-- No Transaction` runs outside a transaction, each
 * of its statements (ending with `;` at the end of a line) on its own, as CREATE INDEX CONCURRENTLY demands. Any other
 * file runs as one transaction. There is no way back: `down` is refused.
 */
export function loadSqlMigrations(filePaths: string[]) {
  return Promise.all(
    filePaths.map(async (filePath) => {
      const sql = await readFile(filePath, 'utf8');
      const up = (pgm: MigrationBuilder) => {
        if (!noTransaction.test(sql)) {
          pgm.sql(sql);
          return;
        }
        pgm.noTransaction();
        for (const statement of sql.split(/(?<=;)[ \t]*$/m)) if (statement.trim()) pgm.sql(statement.trim());
      };
      return { id: filePath, filePaths: [filePath], actions: { up, down: false as const } };
    }),
  );
}
