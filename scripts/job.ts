#!/usr/bin/env node
/** Runs one background job now and waits for its end: `npm run job -- "EmailRetryTask"`. */
import { runJobsCli } from './lib/jobs-cli.ts';

runJobsCli(['run', process.argv[2] ?? '']);
