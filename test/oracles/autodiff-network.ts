// Independent: by automatic differentiation, which knows the definitions of network and loss and no closed form of a
// Hessian. The logits come from traced operations, the output-space loss likewise.

import * as ad from "../../src/autodiff/index.js";
import type { ActivationName, LossName, MultilayerNet, Tensor, ThreeLayerNet } from "../../src/index.js";
import type { Case } from "../cases.js";

const activations: Readonly<Record<ActivationName, (z: ad.Value) => ad.Value>> = {
  tanh: ad.tanh,
  sigmoid: ad.sigmoid,
  softplus: ad.softplus,
  silu: ad.silu,
  gelu: ad.gelu,
  sin: ad.sin,
  identity: (z) => z,
};

/** The terms of ℓ(u, y), whose sum over the last axis it is: of one sample, (K), or of all, (N,K). */
const terms: Readonly<Record<LossName, (u: ad.Value, y: ad.Operand) => ad.Value>> = {
  "softmax-cross-entropy": (u, y) => ad.neg(ad.mul(y, ad.logSoftmax(u))),
  "sigmoid-cross-entropy": (u, y) => ad.sub(ad.softplus(u), ad.mul(y, u)),
  "mean-squared-error": (u, y) => ad.mul(0.5, ad.square(ad.sub(u, y))),
  poisson: (u, y) => ad.sub(ad.exp(u), ad.mul(y, u)),
};

/** What this differentiates: a `Case` of any number of layers. */
export type DenseCase = Pick<Case, "theta" | "plain"> & { readonly net: ThreeLayerNet | MultilayerNet };

/** The logits of all samples, flat (N·K), as a function of flat theta. */
function logitsOf({ net, plain }: DenseCase): (theta: ad.Value) => ad.Value {
  const between = "activations" in net ? net.activations : [net.activation];
  return (theta) => {
    const block = (name: string): ad.Value | undefined => {
      const found = net.layout.find((each) => each.name === name);
      if (found === undefined) return undefined;
      const size = found.shape.reduce((product, extent) => product * extent, 1);
      return ad.reshape(ad.slice(theta, [found.offset], [found.offset + size]), found.shape);
    };
    const layer = (input: ad.Operand, number: number): ad.Value => {
      const product = ad.matmul(input, block(`W${number}`) as ad.Value, { transposeB: true });
      const shift = block(`b${number}`);
      return shift === undefined ? product : ad.add(product, shift);
    };
    const rows = plain.x.map((row) => Array.from(row));
    const hidden = between.reduce<ad.Operand>(
      (a, name, l) => activations[name as ActivationName](layer(a, l + 1)),
      rows,
    );
    return ad.reshape(layer(hidden, between.length + 1), [plain.x.length * net.outputs]);
  };
}

/** The loss as a function of flat theta. */
export function autodiffLoss(problem: DenseCase): (theta: ad.Value) => ad.Value {
  const { net, plain } = problem;
  const logits = logitsOf(problem);
  const targets = plain.targets.map((target) => Array.from(target));
  const weights = Array.from(plain.weights, (weight) => [weight]);
  return (theta) => {
    const u = ad.reshape(logits(theta), [targets.length, net.outputs]);
    return ad.sum(ad.mul(weights, terms[net.loss as LossName](u, targets)));
  };
}

/** ∇(vᵀHv) by theta for fixed v, a third derivative: three gradients, one through the other. */
export function autodiffCurvatureGradient(problem: DenseCase, v: Float64Array): Float64Array {
  const constant = { allowConstant: true };
  const gradient = ad.grad(autodiffLoss(problem), constant);
  const along = (f: (theta: ad.Value) => ad.Value) => (theta: ad.Value) => ad.dot(v, f(theta));
  const curvature = along((theta) => ad.grad(along(gradient), constant)(theta));
  return ad.grad(curvature, constant)(problem.theta);
}

/** ∇(c₁ tr H + c₂ tr H²) through all of H. */
export function autodiffMomentGradient(problem: DenseCase, byTrace: number, bySquare: number): Float64Array {
  const n = problem.net.size;
  const constant = { allowConstant: true };
  const hessian = ad.hessian(autodiffLoss(problem), constant);
  const diagonal = Array.from({ length: n }, (_, i) => i * n + i);
  const combined = (theta: ad.Value) => {
    const entries = ad.reshape(hessian(theta), [n * n, 1]);
    const trace = ad.sum(ad.gather(entries, diagonal));
    return ad.add(ad.mul(byTrace, trace), ad.mul(bySquare, ad.sum(ad.square(entries))));
  };
  return ad.grad(combined, constant)(problem.theta);
}

/** ∇(strength · ‖g‖) or ∇(strength · ‖g‖²), through the gradient g. */
export function autodiffGradientNormGradient(
  problem: DenseCase,
  strength: number,
  squared: boolean,
): Float64Array {
  const constant = { allowConstant: true };
  const gradient = ad.grad(autodiffLoss(problem), constant);
  const length = (theta: ad.Value) => ad.norm(gradient(theta) as never);
  return ad.grad(
    (theta: ad.Value) => ad.mul(strength, squared ? ad.square(length(theta)) : length(theta)),
    constant,
  )(problem.theta);
}

/** G = Σ ω JᵀSJ entry by entry, from the Jacobian of the logits and the second derivative of each sample's loss. */
export function autodiffGaussNewton(problem: DenseCase): Float64Array {
  const { net, theta, plain } = problem;
  const [n, K] = [net.size, net.outputs];
  const logits = logitsOf(problem);
  const u = (logits(theta as never) as unknown as Tensor).data;
  const J = (ad.jacobian(logits as never)(theta) as unknown as Tensor).data;
  const G = new Float64Array(n * n);
  plain.targets.forEach((target, i) => {
    const y = Float64Array.from(target);
    const loss = (at: ad.Value) => ad.sum(terms[net.loss as LossName](at, y));
    const S = (ad.hessian(loss)(u.slice(i * K, (i + 1) * K)) as Tensor).data;
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) {
        const weight = plain.weights[i] * S[k * K + l];
        for (let a = 0; a < n; a++) {
          for (let b = 0; b < n; b++)
            G[a * n + b] += weight * J[(i * K + k) * n + a] * J[(i * K + l) * n + b];
        }
      }
    }
  });
  return G;
}

/** R = Σ ω Σ_k r_k ∇²u_k: the Hessian of the logits' sum with fixed weights ω_i r_ik, r the loss's gradient by u. */
export function autodiffResidual(problem: DenseCase): Float64Array {
  const { net, theta, plain } = problem;
  const K = net.outputs;
  const logits = logitsOf(problem);
  const u = (logits(theta as never) as unknown as Tensor).data;
  const fixed = plain.targets.flatMap((target, i) => {
    const y = Float64Array.from(target);
    const r = ad.grad((at: ad.Value) => ad.sum(terms[net.loss as LossName](at, y)), { allowConstant: true })(
      u.slice(i * K, (i + 1) * K),
    );
    return Array.from(r, (each) => plain.weights[i] * each);
  });
  const combined = (at: ad.Value) => ad.dot(Float64Array.from(fixed), logits(at));
  return (ad.hessian(combined, { allowConstant: true })(theta) as Tensor).data;
}
