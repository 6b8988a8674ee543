import { type Objective, objectiveOf } from "../../src/index.js";

/** The function of reference/trajectories.py, its gradient and H·v by hand: not quadratic, bounded below. */
export function smooth(): Objective {
  return objectiveOf(
    3,
    ([x, y, z]) => {
      const w = 1 + y * y;
      return {
        value:
          0.5 * (x * x + 4 * y * y + 0.25 * z * z) +
          0.1 * x * x * x * x +
          0.05 * z * z * z * z +
          0.3 * x * y * z +
          1 / w -
          z,
        gradient: Float64Array.of(
          x + 0.4 * x * x * x + 0.3 * y * z,
          4 * y + 0.3 * x * z - (2 * y) / (w * w),
          0.25 * z + 0.2 * z * z * z + 0.3 * x * y - 1,
        ),
      };
    },
    {
      hessianVectorProduct([x, y, z], [a, b, c]) {
        const w = 1 + y * y;
        return Float64Array.of(
          (1 + 1.2 * x * x) * a + 0.3 * z * b + 0.3 * y * c,
          0.3 * z * a + (4 - 2 / (w * w) + (8 * y * y) / (w * w * w)) * b + 0.3 * x * c,
          0.3 * y * a + 0.3 * x * b + (0.25 + 0.6 * z * z) * c,
        );
      },
    },
  );
}
