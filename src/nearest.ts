/** A name as it is compared: `weight_decay`, `weight-decay` and `weightDecay` are one. */
export function spelling(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}

/** The name that `wanted` may have been meant to be, if any is near: half of its letters or more as they are. */
export function nearest(wanted: string, names: readonly string[]): string | undefined {
  const spelt = spelling(wanted);
  let best: string | undefined;
  let least = spelt.length / 2 + 1;
  for (const name of names) {
    const edits = editDistance(spelt, spelling(name));
    if (edits >= least) continue;
    best = name;
    least = edits;
  }
  return best;
}

/** Letters to change, add or leave out, by rows of Levenshtein's table. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
