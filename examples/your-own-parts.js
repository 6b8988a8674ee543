// An activation, a loss and a layer that flatward does not have, where a name would be; and an objective around another.
import {
  exactHessian,
  lossObjective,
  minimize,
  objectiveOf,
  sequential,
  sgd,
  symmetricEigen,
  threeLayerNet,
  wsUpperBoundAndGradient,
} from "flatward";
import { mul, reshape } from "flatward/autodiff";
import { checkActivation, checkLoss } from "flatward/nn";
import { derivedObjective, penalizedObjective } from "flatward/optim";

// φ = arctan z with φ′, φ″ and φ‴.
const arctan = {
  name: "arctan",
  jet(z, out) {
    const slope = 1 / (1 + z * z);
    out[0] = Math.atan(z);
    out[1] = slope;
    out[2] = -2 * z * slope * slope;
    out[3] = (6 * z * z - 2) * slope * slope * slope;
  },
};
checkActivation(arctan);

// Successes in n trials: ψ(u) = n log(1 + e^u), so the mean is p = nσ(u) and the curvature p(1 − p/n).
const binomial = (trials) => ({
  name: `binomial of ${trials}`,
  targets: {
    admits: (y, at, outputs) => y.subarray(at, at + outputs).every((count) => count >= 0 && count <= trials),
    expected: `counts in 0 … ${trials}`,
  },
  evaluate(u, y, at, outputs, p, r) {
    let loss = 0;
    for (let k = at; k < at + outputs; k++) {
      p[k] = trials / (1 + Math.exp(-u[k]));
      r[k] = p[k] - y[k];
      loss += trials * (Math.max(u[k], 0) + Math.log1p(Math.exp(-Math.abs(u[k])))) - y[k] * u[k];
    }
    return loss;
  },
  curvature(_u, p, at, outputs, s) {
    s.fill(0, 0, outputs * outputs);
    for (let k = 0; k < outputs; k++) s[k * outputs + k] = p[at + k] * (1 - p[at + k] / trials);
  },
  curvatureAdjoint(p, at, outputs, sBar, pBar) {
    for (let k = 0; k < outputs; k++) pBar[k] += sBar[k * outputs + k] * (1 - (2 * p[at + k]) / trials);
  },
});
checkLoss(binomial(5), [2, 4]);

const batch = { x: [[-1], [0], [1], [2]], y: [[0], [1], [4], [5]] };
const net = threeLayerNet({ inputs: 1, hidden: 4, outputs: 1, activation: arctan, loss: binomial(5) });
const run = minimize(lossObjective(net, batch), net.init(1), sgd({ learningRate: 0.05 }), { steps: 500 });
const { values } = symmetricEigen(exactHessian(net, run.theta, batch));
const bound = wsUpperBoundAndGradient(net, run.theta, batch).value;
console.log(
  `binomial counts: λ_max ${values.at(-1).toFixed(4)} ≤ ${bound.toFixed(4)}: ${values.at(-1) <= bound}`,
);

// A layer with one factor for each feature, among layers that have names.
const gains = {
  name: "gains",
  make: ({ input: [features] }) => ({
    output: [features],
    parameters: [{ name: "gain", role: "scale", shape: [features], fanIn: 1, fanOut: 1 }],
    apply: (x, [gain]) => mul(x, reshape(gain, [1, features])),
  }),
};
const layers = [
  { kind: "dense", outputs: 4 },
  { kind: arctan },
  { kind: gains },
  { kind: "dense", outputs: 1 },
];
const deep = sequential({ input: 1, layers, loss: binomial(5) });
console.log(`layers: ${deep.layout.map(({ name }) => name).join(" ")}`);

// L + 0.1 · Σ θ⁴, as a penalty beside a loss; and its square root, as an objective around it.
const quartic = (theta) => theta.reduce((sum, t) => sum + t ** 4, 0);
const penalized = penalizedObjective(lossObjective(deep, batch), 0.1, {
  value: quartic,
  valueAndGradient: (theta) => ({ value: quartic(theta), gradient: theta.map((t) => 4 * t ** 3) }),
});
const root = derivedObjective(penalized, {
  value: (theta) => Math.sqrt(penalized.value(theta)),
  valueAndGradient(theta) {
    const { value, gradient } = penalized.valueAndGradient(theta);
    const length = Math.sqrt(value);
    return { value: length, gradient: gradient.map((g) => g / (2 * length)) };
  },
});
const line = (t) => root.value(deep.init(2).map((entry) => entry * (1 + t)));
const slope = root.gradient(deep.init(2)).reduce((sum, g, i) => sum + g * deep.init(2)[i], 0);
console.log(
  `slope of the objective along theta: off differences by less than 1e-7: ${Math.abs((line(1e-5) - line(-1e-5)) / 2e-5 - slope) < 1e-7}`,
);
console.log(
  `a plain objective has the same parts: ${Object.keys(objectiveOf(1, () => ({ value: 0, gradient: new Float64Array(1) }))).join(", ")}`,
);
