import '../common/node-version.js';
import { readConfig } from '../config/config.js';
import { migrate } from '../database/migrate.js';

/**
 * Migrates the configured database and ends. The service does the same when it starts; run this first where building
 * indexes on a big adopted database would take longer than the platform lets a starting service take.
 */
migrate(readConfig().database).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
