#!/usr/bin/env -S MALLOC_ARENA_MAX=1 NODE_DISABLE_COMPILE_CACHE=1 node --max-semi-space-size=8 --max-old-space-size=1024 --heap-growing-percent=30
/**
 * Runs a built script of the service with a heap that stays small under load, and with memory outside V8 in one heap
 * (docs/adr/0071-small-heap.md): small-heap.cjs SCRIPT [ARGUMENT …]. The first line is the home of these settings. No shell
 * stands between, as shells drop variables with a dot in their names, and many settings have one.
 * Compiled code is not kept, as it is for commands: it would stay in memory a second time.
 */
const { resolve } = require('node:path');

const [node, , script, ...args] = process.argv;
process.argv = [node, resolve(script), ...args];
require(process.argv[1]);
