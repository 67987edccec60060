/** What a command has counted. */
interface Counts {
  passed: number;
  failed: number;
}

/** Counts for a command, whose last line is "NAME: N passed, M failed"; one that ends in an error has failed at least once. */
export function startCounts(name: string): Counts {
  const counts = { passed: 0, failed: 0 };
  process.once('exit', (status) => {
    if (status !== 0) counts.failed = Math.max(1, counts.failed);
    console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed`);
  });
  return counts;
}
