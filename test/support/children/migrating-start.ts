import { migrate } from '../../../src/database/migrate.js';

/** Migrates the database at DATABASE_URL as a starting service does, says so, and stays. */
async function main(): Promise<void> {
  console.log('starting');
  await migrate(process.env.DATABASE_URL!);
  console.log('migrated');
  setInterval(() => undefined, 1000);
}

void main();
