import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderSettings } from '../config/settings-page.js';

/** Writes docs/settings.md from the settings' definitions, or another file that is named. */
writeFileSync(process.argv[2] ?? path.resolve(__dirname, '../../docs/settings.md'), renderSettings());
