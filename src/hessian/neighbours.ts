import type { Factors, SampleVectors } from "./factors.js";

/**
 * For neighbouring taps, l = m − 1, where E is a diagonal d: columns `from` … `to` − 1 of P = Xᵐˡ diag a and F = δ dᵀ, whose
 * entries are what X ⊗ a and δ ⊗ E have in common.
 * @param scale (N) of every sample; left out, 1
 */
export function fillNeighbours(
  factors: Factors,
  m: number,
  [from, to]: readonly [number, number],
  p: SampleVectors,
  f: SampleVectors,
  scale?: Float64Array,
): void {
  const { count } = factors;
  const { units } = factors.taps[m];
  const x = factors.curvature[m][m - 1].data;
  const a = factors.rows[m];
  const d = factors.slopes[m][m - 1];
  const { data: delta } = factors.deltas[m];
  const { data: ps, step: pStep } = p;
  const { data: fs, step: fStep } = f;
  for (let i = 0; i < count; i++) {
    const weight = scale === undefined ? 1 : scale[i];
    const own = i * units;
    for (let q = from; q < to; q++) {
      const activation = weight * a.data[i * a.step + q];
      const slope = weight * d.data[i * d.step + q];
      const column = (q * count + i) * units;
      const row = (q - from) * units;
      const [toP, toF] = [i * pStep + row, i * fStep + row];
      for (let k = 0; k < units; k++) {
        ps[toP + k] = x[column + k] * activation;
        fs[toF + k] = delta[own + k] * slope;
      }
    }
  }
}

/** From the adjoints of P and F to those of the factors. */
export function pullBackNeighbours(
  factors: Factors,
  m: number,
  [from, to]: readonly [number, number],
  pBar: SampleVectors,
  fBar: SampleVectors,
  scale?: Float64Array,
): void {
  const { count } = factors;
  const { units } = factors.taps[m];
  const { data: xs, adjoint: xBar } = factors.curvature[m][m - 1];
  const a = factors.rows[m];
  const d = factors.slopes[m][m - 1];
  const { data: delta, adjoint: deltaBar } = factors.deltas[m];
  const { adjoint: ps, step: pStep } = pBar;
  const { adjoint: fs, step: fStep } = fBar;
  for (let i = 0; i < count; i++) {
    const weight = scale === undefined ? 1 : scale[i];
    const own = i * units;
    for (let q = from; q < to; q++) {
      const activation = weight * a.data[i * a.step + q];
      const slope = weight * d.data[i * d.step + q];
      const column = (q * count + i) * units;
      const row = (q - from) * units;
      const [toP, toF] = [i * pStep + row, i * fStep + row];
      let aBar = 0;
      let dBar = 0;
      for (let k = 0; k < units; k++) {
        const p = ps[toP + k];
        const f = fs[toF + k];
        xBar[column + k] += p * activation;
        aBar += p * xs[column + k];
        deltaBar[own + k] += f * slope;
        dBar += f * delta[own + k];
      }
      a.adjoint[i * a.step + q] += weight * aBar;
      d.adjoint[i * d.step + q] += weight * dBar;
    }
  }
}
