/** What the fixed work takes on two unhurried cores of 2025, milliseconds. */
const USUAL_MS = 45;

const ROWS = Array.from({ length: 2_000 }, (_, n) => ({
  oid: `1.2.246.562.24.${n}`,
  etunimet: 'Aino',
  luvut: [n, n + 1, n + 2],
}));

function workFixedAmount(): void {
  for (let turn = 0; turn < 20; turn++) JSON.stringify(JSON.parse(JSON.stringify(ROWS)));
}

/**
 * How many times longer than usual a process takes on this machine at the moment, since its processors are slow or others use them; 1: no
 * longer. A bound of time for the service is multiplied by it, so that a defect passes it and a slow machine does not.
 */
export function measureSlowness(): number {
  workFixedAmount(); // compiled by then
  const began = performance.now();
  workFixedAmount();
  return Math.max(1, (performance.now() - began) / USUAL_MS);
}
