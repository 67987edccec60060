import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { TuontiOsaService } from './tuonti-osa.service.js';
import type { TuontiRepository } from './tuonti.repository.js';
import { TuontiTyojonoService } from './tuonti-tyojono.service.js';

it('looks for imports with longer and longer pauses while the database is away', async () => {
  Logger.overrideLogger(false);
  let looks = 0;
  const listUnfinished = () =>
    looks++ === 0 ? Promise.resolve([{ id: 1, kasittelijaOid: null }]) : Promise.reject(new Error('away'));
  const handle = () => Promise.reject(new Error('away'));
  const tyojono = new TuontiTyojonoService(
    { listUnfinished } as unknown as TuontiRepository,
    { handle } as unknown as TuontiOsaService,
  );
  tyojono.wake();
  await sleep(1_500);
  await tyojono.beforeApplicationShutdown();
  expect(looks).toBeGreaterThan(1);
  expect(looks).toBeLessThan(8);
});
