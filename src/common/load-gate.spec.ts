import { LoadGate } from './load-gate.js';

/** Works that end when told, and which of them have begun. */
function works(gate: LoadGate, weights: readonly number[]) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const results = weights.map((weight, i) =>
    gate.run(weight, () => {
      begun.push(i);
      return new Promise<number>((resolve) => (ends[i] = () => resolve(i)));
    }),
  );
  const end = async (i: number) => {
    ends[i]!();
    await results[i];
    await new Promise(setImmediate);
  };
  return { begun, end };
}

it('lets in what fits, the rest in order of arrival', async () => {
  const { begun, end } = works(new LoadGate(10), [6, 4, 5, 1]);
  expect(begun).toEqual([0, 1]);
  await end(1);
  expect(begun).toEqual([0, 1]);
  await end(0);
  expect(begun).toEqual([0, 1, 2, 3]);
});

it('runs work heavier than the bound alone', async () => {
  const { begun, end } = works(new LoadGate(10), [1, 50, 1]);
  expect(begun).toEqual([0]);
  await end(0);
  expect(begun).toEqual([0, 1]);
  await end(1);
  expect(begun).toEqual([0, 1, 2]);
});

it('makes room again after a failure', async () => {
  const gate = new LoadGate(1);
  await expect(gate.run(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(gate.run(1, () => Promise.resolve('yes'))).resolves.toBe('yes');
});
