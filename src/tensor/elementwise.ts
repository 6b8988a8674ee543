/** out ← out + scale·x, over flat memory of equal length. */
export function addScaled(out: Float64Array, scale: number, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] += scale * x[i];
}

/** out ← out ∘ x, over flat memory of equal length. */
export function multiplyBy(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] *= x[i];
}

/** A new vector a + scale·b. */
export function plusScaled(a: Float64Array, scale: number, b: Float64Array): Float64Array {
  const out = a.slice();
  addScaled(out, scale, b);
  return out;
}
