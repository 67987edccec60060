#!/usr/bin/env node
/** Takes everything of the service out of the database, or says what it would take: `npm run leave`, see src/bin/leave.ts. */
import { runServiceCli } from './lib/service-cli.ts';

runServiceCli('leave.js', process.argv.slice(2));
