#!/usr/bin/env node
/** Builds what is stale, as every command does (`scripts/bootstrap.mjs`), and does nothing else: for tests of the built service. */
