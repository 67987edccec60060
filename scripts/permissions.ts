#!/usr/bin/env node
/** Writes docs/permissions.md from the permission matrix, or another file: npm run permissions [-- FILE]. A test compares. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPermissions } from '../test/security/permission-page.ts';
import { fromCaller } from './lib/rig.ts';
import { root } from './lib/command.ts';

const [file] = process.argv.slice(2);
writeFileSync(file ? fromCaller(file) : join(root, 'docs', 'permissions.md'), renderPermissions());
