#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-semi-space-size=8 --max-old-space-size=1024 --heap-growing-percent=30
/**
 * Runs a built script of the service with a heap that stays small under load, and with memory outside V8 in one heap
 * (docs/adr/0071-small-heap.md): small-heap.cjs SCRIPT [ARGUMENT …]. The first line is the home of these settings. No shell
 * stands between, as shells drop variables with a dot in their names, and many settings have one.
 *
 * What V8 has compiled is kept in `node_modules/.cache/compiled`, or where NODE_COMPILE_CACHE says, and read at the next start;
 * where that cannot be written, each start compiles.
 */
const { enableCompileCache } = require('node:module');
const { join, resolve } = require('node:path');

const [node, , script, ...args] = process.argv;
process.argv = [node, resolve(script), ...args];
enableCompileCache?.(process.env.NODE_COMPILE_CACHE || join(__dirname, '..', 'node_modules', '.cache', 'compiled'));
require(process.argv[1]);
