#!/usr/bin/env node
/** Lists the background jobs with their last and next runs: `npm run jobs`. */
import { runServiceCli } from './lib/service-cli.ts';

runServiceCli('jobs.js', ['list']);
