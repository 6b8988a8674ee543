/** Seconds that all rounds together may take, and the least number of them. */
const BUDGET = { usual: 30, least: 240 } as const;
const ROUNDS = { least: 3, most: 101 } as const;

/**
 * Samples everybody in turn, round by round, there and back, so that what else the machine does slows all alike.
 * @returns samples of each, one a round
 */
export async function interleaved<Sample>(
  participants: readonly (() => Promise<Sample>)[],
): Promise<Sample[][]> {
  const samples = participants.map((): Sample[] => []);
  const started = performance.now();
  for (let round = 0; round < ROUNDS.most; round++) {
    const spent = (performance.now() - started) / 1000;
    const expected = spent * (1 + 1 / round);
    if (round > 0 && expected > (round < ROUNDS.least ? BUDGET.least : BUDGET.usual)) break;
    const order = [...participants.keys()];
    if (round % 2 === 1) order.reverse();
    for (const i of order) samples[i].push(await participants[i]());
  }
  return samples;
}
