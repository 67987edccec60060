#!/usr/bin/env node
/** Lists the background jobs with their last and next runs: `npm run jobs`. */
import { runJobsCli } from './lib/jobs-cli.ts';

runJobsCli(['list']);
