import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

const PACKAGE = path.resolve(__dirname, '../../node_modules/@sparticuz/chromium');
/** As root, without a screen, without a word to anyone outside. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Unpacks the npm package's Chromium with the system libraries it brings along, as it does in AWS Lambda, into a
 * directory of its own: two test runs at once must not meet half a browser.
 */
function unpack(directory: string): { executablePath: string; libraries: string } {
  mkdirSync(directory, { recursive: true });
  const script = `require(${JSON.stringify(PACKAGE)}).executablePath().then((file) => process.stdout.write(file))`;
  const executablePath = execFileSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: directory, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
  });
  return { executablePath, libraries: path.join(directory, 'al2023', 'lib') };
}

/**
 * A real Chromium with an empty profile.
 * @param directory takes the browser and the profile; the caller removes it
 */
export function launchChromium(directory: string): Promise<BrowserContext> {
  const { executablePath, libraries } = unpack(path.join(directory, 'chromium'));
  const { LD_LIBRARY_PATH: own, ...rest } = process.env;
  return chromium.launchPersistentContext(path.join(directory, 'profile'), {
    executablePath,
    args: FLAGS,
    env: { ...rest, LD_LIBRARY_PATH: own ? `${libraries}:${own}` : libraries, HOME: directory },
    locale: 'fi-FI',
  });
}
