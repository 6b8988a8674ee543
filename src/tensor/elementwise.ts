/** out ← out + scale·x, over flat memory of equal length. */
export function addScaled(out: Float64Array, scale: number, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] += scale * x[i];
}

/** out ← scale·out, over flat memory. */
export function scale(out: Float64Array, factor: number): void {
  for (let i = 0; i < out.length; i++) out[i] *= factor;
}

/** out ← out ∘ x, over flat memory of equal length. */
export function multiplyBy(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] *= x[i];
}

/** out ← x ∘ y, over flat memory of equal length. */
export function multiply(out: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] * y[i];
}

/** A new vector a + scale·b. */
export function plusScaled(a: Float64Array, scale: number, b: Float64Array): Float64Array {
  const out = a.slice();
  addScaled(out, scale, b);
  return out;
}

// A number is taken by its index where signs are as good as random: a branch would be mispredicted every other time.
const choice = new Float64Array(2);

/** out ← max(x, 0); NaN stays. */
export function positivePart(out: Float64Array, x: Float64Array): void {
  choice[0] = 0;
  for (let i = 0; i < out.length; i++) {
    const entry = x[i];
    choice[1] = entry;
    out[i] = choice[Number(!(entry <= 0))];
  }
}

/** out ← x where `by` is positive, 0 elsewhere; `by` begins again where it ends. */
export function gate(out: Float64Array, x: Float64Array, by: Float64Array): void {
  choice[0] = 0;
  for (let start = 0; start < out.length; start += by.length) {
    for (let i = 0; i < by.length; i++) {
      choice[1] = x[start + i];
      out[start + i] = choice[Number(by[i] > 0)];
    }
  }
}
