import { Logger } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { VtjKyselyClient } from './vtj-kysely.client.js';
import { VtjCertificationCheckJob } from './vtj-certification-check.job.js';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const DAYS_30 = 30 * 86_400_000;

/** Alarms watch these texts (docs/runbook.md). */
it.each([
  [new Date(NOW + DAYS_30 + 1_000), ['log VTJKysely certification is valid at least 30 days.'], 0],
  [new Date(NOW + DAYS_30), ['warn VTJKysely certification is expiring in less than 30 days.'], 1],
  [new Date(NOW - 1_000), ['warn VTJKysely certification is expiring in less than 30 days.'], 1],
  [null, [], 0],
])('a certificate that ends %s', async (expiry, lines, failed) => {
  const said: string[] = [];
  for (const level of ['log', 'warn'] as const)
    jest
      .spyOn(Logger.prototype, level)
      .mockImplementation((...args: unknown[]) => void said.push(`${level} ${String(args[0])}`));
  class Fixed extends Clock {
    override now(): Date {
      return new Date(NOW);
    }
  }
  const client = { findCertificateExpiry: () => Promise.resolve(expiry) } as unknown as VtjKyselyClient;
  expect(await new VtjCertificationCheckJob(client, new Fixed()).run()).toMatchObject({ failed });
  expect(said).toEqual(lines);
  jest.restoreAllMocks();
});
