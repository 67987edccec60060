#!/usr/bin/env node
/** Runs one background job now and waits for its end: `npm run job -- "EmailRetryTask"`. */
import { runServiceCli } from './lib/service-cli.ts';

runServiceCli('jobs.js', ['run', process.argv[2] ?? '']);
