import { expect, it } from "vitest";
import { eigenvectorName } from "../../../src/studies/slice/directions.js";

it.each([
  [2.5, true, "eigenvector of λ_min = 2.500"],
  [-1.25e-7, true, "eigenvector of λ_min = −1.250e−7"],
  [-0.5, false, "eigenvector of λ_min ≈ −0.5000 (not converged)"],
])("an eigenvector of %d has signs of minus in its name", (value, sure, name) => {
  expect(eigenvectorName("λ_min", value, sure)).toBe(name);
});
