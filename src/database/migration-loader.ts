import { readFile } from 'node:fs/promises';
import type { MigrationBuilder } from 'node-pg-migrate';

/** How long one migration waits for a lock. */
const LOCK_TIMEOUT_MS = 2_000;
const noTransaction = /^--\s*no transaction\s*$/im;

/**
 * Reads the plain SQL files of `migrations/`. A file with the line `-- No Transaction` runs outside a transaction, each
 * of its statements (ending with `;` at the end of a line) on its own, as CREATE INDEX CONCURRENTLY demands; it locks nobody out
 * and may wait. Any other file runs as one transaction that does not wait for long: writers would queue behind it. There is no
 * way back: `down` is refused.
 */
export function loadSqlMigrations(filePaths: string[]) {
  return Promise.all(
    filePaths.map(async (filePath) => {
      const sql = await readFile(filePath, 'utf8');
      const up = (pgm: MigrationBuilder) => {
        if (!noTransaction.test(sql)) {
          pgm.sql(`set local lock_timeout = '${LOCK_TIMEOUT_MS}ms';\n${sql}`);
          return;
        }
        pgm.noTransaction();
        for (const statement of sql.split(/(?<=;)[ \t]*$/m)) if (statement.trim()) pgm.sql(statement.trim());
      };
      return { id: filePath, filePaths: [filePath], actions: { up, down: false as const } };
    }),
  );
}
