#!/usr/bin/env node
/** Runs one background job now and waits for its end: `npm run job -- "EmailRetryTask"`. */
import { runJobsCli } from './lib/jobs-cli.mjs';

runJobsCli(['run', process.argv[2] ?? '']);
