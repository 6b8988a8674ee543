import { describe, expect, it } from "vitest";
import { curvatureFormOn } from "../../src/hessian/curvature-form.js";
import { directionalCurvature } from "../../src/hessian/index.js";
import { exactHessian, hessianVectorProduct, sequential } from "../../src/index.js";
import { cases, makeCase } from "../cases.js";
import { layeredProblems, normals } from "../layered-problems.js";
import { autodiffCurvatureGradient } from "../oracles/autodiff-network.js";
import { euclidean, expectClose, expectNear } from "../oracles/compare.js";
import { assertDerivative } from "../oracles/finite-differences.js";
import { inner, times } from "../oracles/plain-matrix.js";

describe.each(layeredProblems)("vᵀHw of $name", ({ net, theta, batch }) => {
  const form = curvatureFormOn(net, batch)(theta);
  const [v, w] = [normals(net.size, 1), normals(net.size, 2)];
  const H = exactHessian(net, theta, batch);
  const scale = euclidean(H.data) * euclidean(v) * euclidean(w);

  it("is what the dense Hessian says, and symmetric", () => {
    expectNear(form(v, w).value, inner(v, times(H, w)), 1e-13, scale);
    expectNear(form(v, w).value, form(w, v).value, 1e-14, scale);
    expectClose(form(v, w).gradient, form(w, v).gradient, 1e-12);
  });

  it("has the gradient that differences of it approach", () => {
    const { gradient } = form(v, w);
    const claim = {
      f: (at: Float64Array) => [inner(v, hessianVectorProduct(net, at, batch, w))],
      at: theta,
      column: (j: number) => [gradient[j]],
      terms: scale,
    };
    expect(() => assertDerivative(claim)).not.toThrow();
  });

  it("is linear in either vector, whatever its length", () => {
    const both = form(v, w);
    for (const factor of [1e-9, 3e7]) {
      const longer = form(
        v,
        w.map((entry) => factor * entry),
      );
      expectNear(longer.value, factor * both.value, 1e-13, factor * scale);
      expectClose(
        longer.gradient,
        both.gradient.map((entry) => factor * entry),
        1e-12,
      );
    }
    expect(euclidean(form(v, new Float64Array(net.size)).gradient)).toBe(0);
  });
});

describe("vᵀHw of a network with one hidden layer", () => {
  it.each(cases.filter((_, at) => at % 7 === 0))("comes from its quadratic form: $name", (problem) => {
    const { net, theta, batch } = problem;
    const [v, w] = [normals(net.size, 3), normals(net.size, 4).map((entry) => 1e-6 * entry)];
    const H = exactHessian(net, theta, batch);
    const scale = euclidean(H.data) * euclidean(v) * euclidean(w);
    const form = curvatureFormOn(net, batch)(theta);
    const { value, gradient } = form(v, w);
    expectNear(value, inner(v, times(H, w)), 1e-12, scale);
    // Of the form's own sum of vectors, by three nested gradients.
    const along = (d: Float64Array) => autodiffCurvatureGradient(problem, d);
    const c = euclidean(v) / euclidean(w);
    const [plus, minus] = [c, -c].map((sign) => along(v.map((entry, j) => entry + sign * w[j])));
    const wanted = plus.map((entry, j) => (entry - minus[j]) / (4 * c));
    expectClose(gradient, wanted, 1e-11, Math.max(euclidean(wanted), scale));
  });
});

describe("directionalCurvature of layers", () => {
  it("of a batch in several pieces is the sum over its parts", () => {
    const net = sequential({
      input: 2,
      layers: [{ kind: "dense", outputs: 20_000 }, { kind: "tanh" }, { kind: "dense", outputs: 2 }],
    });
    const count = 150;
    expect(net.footprint * count).toBeGreaterThan(2 * 4 * 1024 * 1024);
    const x = Array.from({ length: count }, (_, i) => Array.from(normals(2, i)));
    const samples = { x, y: x.map((_, i) => i % 2), weights: x.map((_, i) => (i + 1) / count) };
    const [theta, v] = [net.init(1), normals(net.size, 1)];
    const whole = directionalCurvature(net, theta, samples, v);
    const parts = [0, 50, 100].map((from) => {
      const part = Array.from({ length: 50 }, (_, i) => from + i);
      const batch = {
        x: part.map((i) => x[i]),
        y: part.map((i) => samples.y[i]),
        weights: part.map((i) => samples.weights[i]),
      };
      return directionalCurvature(net, theta, batch, v);
    });
    expectNear(whole.value, parts[0].value + parts[1].value + parts[2].value, 1e-12);
    expectClose(
      whole.gradient,
      parts[0].gradient.map((entry, j) => entry + parts[1].gradient[j] + parts[2].gradient[j]),
      1e-12,
    );
  });

  it("is that of the same network in closed form", () => {
    const problem = makeCase({ size: [9, 3, 4, 3], weighted: true, targets: "dense" });
    const { net, theta, batch } = problem;
    const layered = sequential({
      input: net.inputs,
      layers: [
        { kind: "dense", outputs: net.hidden },
        { kind: "tanh" },
        { kind: "dense", outputs: net.outputs },
      ],
    });
    const v = normals(net.size, 5);
    const wanted = directionalCurvature(net, theta, batch, v);
    const { value, gradient } = directionalCurvature(layered, theta, batch, v);
    expectNear(value, wanted.value, 1e-13);
    expectClose(gradient, wanted.gradient, 1e-12);
  });
});
