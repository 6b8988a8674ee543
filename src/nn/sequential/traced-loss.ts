import {
  defineOperation,
  exp,
  jvp,
  mul,
  type Operand,
  reshape,
  sigmoid,
  softmax,
  sum,
  type Value,
} from "../../autodiff/index.js";
import { rowMajor, type Tensor } from "../../tensor/view.js";
import { type Loss, type LossChoice, type LossName, loss as lossOf } from "../losses.js";
import { ownCurvature } from "./own-loss.js";

/** p = ∇ψ(u), which alone tells one canonical loss from another: all derivatives follow from it. */
const means: { readonly [Name in LossName]: (u: Value) => Operand } = {
  "softmax-cross-entropy": (u) => softmax(u),
  "sigmoid-cross-entropy": (u) => sigmoid(u),
  "mean-squared-error": (u) => u,
  poisson: (u) => exp(u),
};

/** Runs a loss over all rows of logits: the losses to `losses`, residuals r = p − y to `residuals`. */
function evaluateRows(
  { evaluate }: Loss,
  targets: Float64Array,
  { data, shape }: Tensor,
  losses: Float64Array,
  residuals: Float64Array,
): void {
  const [count, outputs] = shape;
  const p = new Float64Array(data.length);
  for (let i = 0; i < count; i++) losses[i] = evaluate(data, targets, i * outputs, outputs, p, residuals);
}

/**
 * The residuals r = p − y of N samples as an operation on their logits, (N,K) both: the gradients of their losses.
 * @param targets N × K
 */
export function sampleResiduals(choice: LossChoice, targets: Float64Array): (logits: Value) => Value {
  const loss = lossOf(choice);
  const curvatureTimes = curvatureOf(choice, loss);
  const residual = defineOperation({
    name: "residual",
    run: ([u]) => {
      const r = new Float64Array(u.data.length);
      evaluateRows(loss, targets, u, new Float64Array(u.shape[0]), r);
      return rowMajor(r, u.shape);
    },
    jvp: ([du], [u]) => curvatureTimes(u, du as Value),
    vjp: (_index, g, [u]) => curvatureTimes(u, g),
  });
  return (logits) => residual([logits]);
}

/**
 * The losses ℓ(u_i, y_i) of N samples as an operation on their logits, with the values and residuals of `losses.ts`, which
 * stay accurate where p saturates; and with derivatives of every order, since S = ∇²ψ is the derivative of p.
 * @param targets N × K @returns from logits (N,K) to losses (N)
 */
export function sampleLosses(choice: LossChoice, targets: Float64Array): (logits: Value) => Value {
  const loss = lossOf(choice);
  const residual = sampleResiduals(choice, targets);
  const losses = defineOperation({
    name: loss.name,
    run: ([u]) => {
      const out = new Float64Array(u.shape[0]);
      evaluateRows(loss, targets, u, out, new Float64Array(u.data.length));
      return rowMajor(out, [out.length]);
    },
    jvp: ([du], [u]) => sum(mul(du as Value, residual(u)), { axes: 1 }),
    vjp: (_index, g, [u]) => mul(reshape(g, [-1, 1]), residual(u)),
  });
  return (logits) => losses([logits]);
}

/** S v, for the symmetric S: from the mean's derivative, or as a loss of the caller's own has it. */
function curvatureOf(choice: LossChoice, loss: Loss): (u: Value, v: Value) => Value {
  if (typeof choice !== "string") return ownCurvature(loss);
  return (u, v) => jvp(means[choice], u, v).tangent;
}
