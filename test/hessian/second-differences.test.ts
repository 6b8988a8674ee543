import { describe, expect, it } from "vitest";
import { exactHessian } from "../../src/index.js";
import { randomStream } from "../../src/random.js";
import { cases } from "../cases.js";
import { expectNear } from "../oracles/compare.js";
import { romberg } from "../oracles/finite-differences.js";
import { plainNetworkLoss } from "../oracles/network-loss.js";

// Independent of every gradient: vᵀHv from second differences of the plainly written loss.
describe("the curvature along a random direction", () => {
  it.each(cases)(
    "agrees with second differences of the plain loss: $name",
    ({ net, theta, batch, plain }) => {
      const n = net.size;
      const stream = randomStream(2, "directions", n);
      const v = Float64Array.from({ length: n }, () => stream.normal(0, 1 / Math.sqrt(n)));
      const H = exactHessian(net, theta, batch).data;
      let curvature = 0;
      let scale = 0;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          curvature += v[i] * H[i * n + j] * v[j];
          scale += Math.abs(v[i] * H[i * n + j] * v[j]);
        }
      }
      const along = (t: number) =>
        plainNetworkLoss(
          net,
          Float64Array.from(theta, (x, i) => x + t * v[i]),
          plain,
        );
      const middle = along(0);
      const differences = [4, 5, 6].map((power) => {
        const step = 2 ** -power;
        return (along(step) - 2 * middle + along(-step)) / (step * step);
      });
      // At step 2⁻⁶ rounding leaves about 4ε·2¹²·|loss|; the sixth-order remainder is smaller than 1e-8 of the scale.
      const tolerance = 1e-7 * scale + 64 * Number.EPSILON * 4096 * (1 + Math.abs(middle));
      expectNear(romberg(differences, 2), curvature, 1, tolerance);
      expect(Number.isFinite(curvature)).toBe(true);
    },
  );
});
