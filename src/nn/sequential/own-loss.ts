import { add, defineOperation, type Operand, type Value } from "../../autodiff/index.js";
import { ArgumentError } from "../../errors.js";
import { rowMajor, type Tensor } from "../../tensor/view.js";
import type { Loss } from "../losses.js";

/**
 * S v as an operation on logits u (N,K) and v (N,K), from a loss that knows S and its derivative alone. Derivatives go up to
 * ψ‴, the loss's third.
 */
export function ownCurvature({
  name,
  evaluate,
  curvature,
  curvatureAdjoint,
}: Loss): (u: Value, v: Value) => Value {
  /** Visits every sample with its S (K×K). */
  const forEachSample = (
    u: Tensor,
    visit: (at: number, p: Float64Array, s: Float64Array) => void,
  ): Tensor => {
    const outputs = u.shape[1];
    const [p, r, zeros] = [0, 1, 2].map(() => new Float64Array(u.data.length));
    const s = new Float64Array(outputs * outputs);
    for (let at = 0; at < u.data.length; at += outputs) {
      // The mean does not depend on the target: any will do.
      evaluate(u.data, zeros, at, outputs, p, r);
      curvature(u.data, p, at, outputs, s);
      visit(at, p, s);
    }
    return u;
  };

  /** ψ‴[a, b] = S · (∂⟨sym(abᵀ), S⟩/∂p), symmetric in all that it is applied to. */
  const third: (inputs: readonly Operand[]) => Value = defineOperation({
    name: `third derivative of ${name}`,
    run([u, a, b]) {
      const outputs = u.shape[1];
      const out = new Float64Array(u.data.length);
      const weights = new Float64Array(outputs * outputs);
      const byMean = new Float64Array(outputs);
      forEachSample(u, (at, p, s) => {
        for (let k = 0; k < outputs; k++)
          for (let l = 0; l < outputs; l++)
            weights[k * outputs + l] =
              0.5 * (a.data[at + k] * b.data[at + l] + a.data[at + l] * b.data[at + k]);
        byMean.fill(0);
        curvatureAdjoint(p, at, outputs, weights, byMean);
        multiply(s, byMean, 0, out, at, outputs);
      });
      return rowMajor(out, u.shape);
    },
    jvp([du, da, db], [u, a, b]) {
      if (du !== null) throw noFourth(name);
      const parts = [da && third([u, da, b]), db && third([u, a, db])].filter((part) => part !== null);
      return parts.reduce((sum, part) => add(sum, part));
    },
    vjp(index, g, [u, a, b]) {
      if (index === 0) throw noFourth(name);
      return third([u, index === 1 ? b : a, g]);
    },
  });

  const times: (inputs: readonly Operand[]) => Value = defineOperation({
    name: `curvature of ${name}`,
    run([u, v]) {
      const out = new Float64Array(u.data.length);
      forEachSample(u, (at, _p, s) => multiply(s, v.data, at, out, at, u.shape[1]));
      return rowMajor(out, u.shape);
    },
    jvp([du, dv], [u, v]) {
      if (du === null) return times([u, dv as Value]);
      const turned = third([u, v, du]);
      return dv === null ? turned : add(times([u, dv]), turned);
    },
    vjp: (index, g, [u, v]) => (index === 0 ? third([u, v, g]) : times([u, g])),
  });
  return (u, v) => times([u, v]);
}

/** out ← S v for one sample. */
function multiply(
  s: Float64Array,
  v: Float64Array,
  from: number,
  out: Float64Array,
  to: number,
  outputs: number,
): void {
  for (let k = 0; k < outputs; k++) {
    let sum = 0;
    for (let l = 0; l < outputs; l++) sum += s[k * outputs + l] * v[from + l];
    out[to + k] = sum;
  }
}

function noFourth(name: string): ArgumentError {
  return new ArgumentError({
    where: "sequential",
    expected: `derivatives of the loss ${name} up to the third`,
    got: "the fourth",
    next: "write the loss in operations of flatward/autodiff",
  });
}
