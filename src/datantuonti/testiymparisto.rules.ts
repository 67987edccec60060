import { ForbiddenError } from '../common/errors.js';
import type { Config } from '../config/config.js';

/**
 * Jobs that make up or change persons for tests run where nobody's real data are: whatever their own settings say, not
 * where ENV is `prod`, nor in a production that does not say which environment it is.
 * @throws ForbiddenError naming the job
 */
export function assertTestEnvironment({ environment, production }: Config, job: string): void {
  const name = environment.trim().toLowerCase();
  if (name === 'prod') throw new ForbiddenError(`${job} makes up data for tests and never runs where ENV is prod`);
  if (production && name === '')
    throw new ForbiddenError(`${job} makes up data for tests: ENV must name a test environment`);
}
