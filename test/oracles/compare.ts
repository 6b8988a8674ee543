import { expect } from "vitest";

/** Largest |x_i|. */
export function largest(x: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < x.length; i++) size = Math.max(size, Math.abs(x[i]));
  return size;
}

/** ‖x‖₂; ‖A‖_F for the entries of a matrix. */
export function euclidean(x: ArrayLike<number>): number {
  const scale = largest(x) || 1;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] / scale) * (x[i] / scale);
  return scale * Math.sqrt(sum);
}

/** `H[12,3]: 4.10e-1 vs 4.09e-1, ratio 1.0024`. */
function describeMismatch(name: string, got: number, wanted: number): string {
  return `${name}: ${got.toPrecision(12)} vs ${wanted.toPrecision(12)}, ratio ${(got / wanted).toPrecision(8)}`;
}

/** What differs by more than the tolerance, worst first, as sentences with numbers in them; empty when all agree. */
function mismatches(
  name: (at: number) => string,
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
): string[] {
  if (got.length !== wanted.length) return [`${got.length} entries vs ${wanted.length}`];
  const wrong: { at: number; by: number }[] = [];
  for (let at = 0; at < got.length; at++) {
    const by = Math.abs(got[at] - wanted[at]);
    if (!(by <= tolerance)) wrong.push({ at, by: Number.isNaN(by) ? Number.POSITIVE_INFINITY : by });
  }
  wrong.sort((a, b) => b.by - a.by);
  return wrong.slice(0, 5).map(({ at }) => describeMismatch(name(at), got[at], wanted[at]));
}

/** Entry by entry within tolerance·scale, where the scale is by default the largest entry wanted. */
export function expectClose(
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  scale = largest(wanted),
  name: (at: number) => string = (at) => `[${at}]`,
): void {
  expect(mismatches(name, got, wanted, tolerance * scale)).toEqual([]);
}

/** |got − wanted| ≤ tolerance·scale, where the scale is by default |wanted|. */
export function expectNear(got: number, wanted: number, tolerance: number, scale = Math.abs(wanted)): void {
  expectClose([got], [wanted], tolerance, scale, () => "value");
}

/** The name of parameter `at` of a network: `W1[2,0]`, `b2[1]`. */
export function parameterName(
  layout: readonly { readonly name: string; readonly shape: readonly number[]; readonly offset: number }[],
  at: number,
): string {
  const block = layout.findLast(({ offset }) => offset <= at);
  if (!block) return `theta[${at}]`;
  const index = at - block.offset;
  const [, columns] = block.shape;
  const place = columns === undefined ? `${index}` : `${Math.floor(index / columns)},${index % columns}`;
  return `${block.name}[${place}]`;
}
