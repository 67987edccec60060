#!/usr/bin/env node
/** Writes docs/permissions.md from the permission matrix, or another file: npm run permissions [-- FILE]. A test compares. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromCaller } from './lib/rig.ts';
import { root } from './lib/command.ts';

/** Its module belongs to the tests, which are checked by rules of their own: it is not named where the scripts' rules would reach it. */
const page = (await import(join(root, 'test', 'security', 'permission-page.ts'))) as { renderPermissions(): string };

const [file] = process.argv.slice(2);
writeFileSync(file ? fromCaller(file) : join(root, 'docs', 'permissions.md'), page.renderPermissions());
