import type { Interval, WsBounds } from "flatward";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChainFactors } from "../../../../src/hessian/chain-pullback.js";
import type { SampleVectors } from "../../../../src/hessian/factors.js";
import type { Verification } from "../../../src/studies/verify/run.js";
import { flatward, flatwardHere } from "../../support/run.js";

/** Verifies a few cases in modules loaded anew, so that a fault planted before is in force. */
async function verifySome(): Promise<Verification> {
  const { verify } = await import("../../../src/studies/verify/run.js");
  const { drawProblem } = await import("../../../src/studies/verify/problem.js");
  return verify([0, 5, 22, 61, 82, 98].map((index) => drawProblem(3, index)));
}

/** "quantity: oracle" of the checks that failed. */
const failures = ({ verdicts }: Verification): string[] =>
  verdicts.filter(({ passed }) => !passed).map(({ quantity, oracle }) => `${quantity}: ${oracle}`);

describe("verification", () => {
  beforeEach(() => vi.resetModules());
  afterEach(() => {
    for (const module of [
      "nn/dense/activations",
      "hessian/chain-factors",
      "hsr/contraction/contraction",
      "hsr/sampling/sampling",
      "bounds/wolkowicz-styan",
    ])
      vi.doUnmock(`../../../../src/${module}.js`);
  });

  it("passes on the engine as it is, with differences of rounding's size", async () => {
    const verification = await verifySome();
    expect(failures(verification)).toEqual([]);
    expect(verification.verdicts).toHaveLength(23);
    for (const { oracle, worst } of verification.verdicts) {
      if (oracle.startsWith("autodiff")) expect(worst).toBeLessThan(1e-13);
    }
  });

  it("detects 0.1 % in φ‴, in the WS gradient alone", async () => {
    vi.doMock("../../../../src/nn/dense/activations.js", async (importOriginal) => {
      const original = await importOriginal<typeof import("../../../../src/nn/dense/activations.js")>();
      return {
        ...original,
        activation(name: Parameters<typeof original.activation>[0]) {
          const { jet, ...rest } = original.activation(name);
          return {
            ...rest,
            jet(z: number, out: Float64Array) {
              jet(z, out);
              out[3] *= 1.001;
            },
          };
        },
      };
    });
    expect(failures(await verifySome())).toEqual([
      "WS gradient (gram): autodiff, third order",
      "WS gradient (gram): finite differences",
      "WS gradient (blocks): autodiff, third order",
      "WS gradient (blocks): finite differences",
      "WS gradient (unbiased): finite differences",
    ]);
  });

  it.each(["apart", "self"] as const)(
    "detects a thousandth in what pairs of samples count in unbiased moments: %s",
    async (which) => {
      vi.doMock("../../../../src/hsr/sampling/sampling.js", async (importOriginal) => {
        const original = await importOriginal<typeof import("../../../../src/hsr/sampling/sampling.js")>();
        return {
          ...original,
          pairScales(...args: Parameters<typeof original.pairScales>) {
            const scales = original.pairScales(...args);
            const wrong = (scale: number) => 1.001 * scale;
            return (
              scales &&
              (which === "apart"
                ? { ...scales, apart: wrong(scales.apart) }
                : { ...scales, self: scales.self.map(wrong) })
            );
          },
        };
      });
      expect(failures(await verifySome())).toEqual([
        "tr H² (unbiased): autodiff, over all pairs",
        "(tr H)² (unbiased): autodiff, over all pairs",
      ]);
    },
  );

  /** Factors as they are, but for 0.1 % of some. */
  function spoilFactors(which: (factors: ChainFactors) => readonly SampleVectors[]): void {
    vi.doMock("../../../../src/hessian/chain-factors.js", async (importOriginal) => {
      const original = await importOriginal<typeof import("../../../../src/hessian/chain-factors.js")>();
      return {
        ...original,
        chainSource(...args: Parameters<typeof original.chainSource>) {
          const source = original.chainSource(...args);
          return {
            ...source,
            create(...extents: Parameters<typeof source.create>) {
              const factors = source.create(...extents);
              const fill = factors.fill;
              return Object.assign(factors, {
                fill(...samples: Parameters<typeof fill>) {
                  fill(...samples);
                  for (const { data } of which(factors as unknown as ChainFactors))
                    for (let at = 0; at < data.length; at++) data[at] *= 1.001;
                },
              });
            },
          };
        },
      };
    });
  }

  it.each<[what: string, which: (factors: ChainFactors) => readonly SampleVectors[]]>([
    [
      "X of layers further apart",
      ({ curvature }) => curvature.flatMap((row, m) => row.slice(0, Math.max(m - 1, 0))),
    ],
    ["X of neighbours", ({ curvature }) => curvature.flatMap((row, m) => row.slice(Math.max(m - 1, 0), m))],
    [
      "E of layers further apart",
      ({ slopes }) => slopes.flatMap((row, m) => row.slice(0, Math.max(m - 1, 0))),
    ],
  ])("detects 0.1 %% in %s", async (_, which) => {
    spoilFactors(which);
    const found = failures(await verifySome());
    for (const check of [
      "Hessian: autodiff",
      "Hessian: finite differences",
      "H·v: dense H",
      "tr H² (gram): autodiff",
      "tr H² (blocks): eigenvalues",
      "WS gradient (gram): autodiff, third order",
      "WS gradient (blocks): finite differences",
    ]) {
      expect(found).toContain(check);
    }
    expect(found.filter((check) => /^loss gradient|^H·v: autodiff|^tr H \(/.test(check))).toEqual([]);
  });

  it("detects 0.1 % in the cross term of the mixed block, in everything but the gradient and H·v against autodiff", async () => {
    spoilFactors(({ deltas }) => deltas.slice(-1));
    const found = failures(await verifySome());
    for (const check of [
      "Hessian: autodiff",
      "Hessian: finite differences",
      "H·v: dense H",
      "tr H² (gram): autodiff",
      "tr H² (blocks): eigenvalues",
    ]) {
      expect(found).toContain(check);
    }
    expect(found.filter((check) => /^loss gradient|^H·v: autodiff|^tr H \(/.test(check))).toEqual([]);
  });

  it("detects 0.1 % in the chain from tr H² to the WS gradient", async () => {
    vi.doMock("../../../../src/hsr/contraction/contraction.js", async (importOriginal) => {
      const original =
        await importOriginal<typeof import("../../../../src/hsr/contraction/contraction.js")>();
      return {
        ...original,
        createContraction(...args: Parameters<typeof original.createContraction>) {
          const contraction = original.createContraction(...args);
          const { pullBack } = contraction;
          return Object.assign(contraction, {
            pullBack(...[slopes, out]: Parameters<typeof pullBack>) {
              pullBack({ ...slopes, bySquare: 1.001 * slopes.bySquare }, out);
            },
          });
        },
      };
    });
    const found = failures(await verifySome());
    expect(found.length).toBe(5);
    expect(found.every((check) => check.startsWith("WS gradient"))).toBe(true);
  });

  it.each([
    [
      "the upper bound on λ_k",
      "wsEigenvalueBounds",
      (bounds: Interval) => ({ ...bounds, upper: 1.001 * bounds.upper }),
    ],
    [
      "the lower bound on λ_k",
      "wsEigenvalueBounds",
      (bounds: Interval) => ({ ...bounds, lower: bounds.lower - 1e-3 * Math.abs(bounds.upper) }),
    ],
    [
      "the lower bound on λ_min",
      "wsBounds",
      (bounds: WsBounds) => ({
        ...bounds,
        smallest: { ...bounds.smallest, lower: 1.001 * bounds.smallest.lower },
      }),
    ],
    [
      "the upper bound on the spread",
      "wsBounds",
      (bounds: WsBounds) => ({ ...bounds, spread: { ...bounds.spread, upper: 1.001 * bounds.spread.upper } }),
    ],
  ] as const)("detects 0.1 %% in %s, also where the bound still holds", async (_, name, spoil) => {
    vi.doMock("../../../../src/bounds/wolkowicz-styan.js", async (importOriginal) => {
      const original = await importOriginal<typeof import("../../../../src/bounds/wolkowicz-styan.js")>();
      const spoiled = (...args: never[]) =>
        spoil((original[name] as unknown as (...args: never[]) => never)(...args));
      return { ...original, [name]: spoiled };
    });
    expect(failures(await verifySome())).toContain("every WS bound (gram): eigenvalues");
  });
});

describe("flatward verify", () => {
  it("prints a verdict for every quantity and oracle", () => {
    const { status, stdout, stderr } = flatward(
      "verify",
      "--cases",
      "4",
      "--activation",
      "gelu",
      "--loss",
      "poisson",
      "--full",
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    for (const text of [
      "WS gradient (gram)",
      "autodiff, third order",
      "every WS bound (blocks)",
      "gelu, poisson",
      "Every closed form holds.",
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it("repeats a single case by its seed, and gives the same figures", () => {
    const read = (...args: string[]): Verification =>
      JSON.parse(flatward("verify", "--json", "--seed", "9", ...args).stdout);
    const once = read("--case", "7");
    expect(once.cases).toBe(1);
    expect(once).toEqual(read("--case", "7"));
    expect(once.verdicts[0].worstCase).toMatch(/^case 7 \(/);
  });

  it("gives a case the same number whatever the filter", () => {
    const filtered: Verification = JSON.parse(
      flatward("verify", "--json", "--cases", "1", "--activation", "gelu", "--loss", "poisson").stdout,
    );
    const [number] = /\d+/.exec(filtered.verdicts[0].worstCase) ?? [];
    const alone: Verification = JSON.parse(flatward("verify", "--json", "--case", String(number)).stdout);
    expect(alone).toEqual(filtered);
  });

  it.each([
    ["--hidden without a file", ["--hidden", "3"], /--hidden goes with data, a file or --data/],
    ["--case beside --cases", ["--case", "1", "--cases", "2"], /either --case or --cases/],
  ])("refuses %s", async (_, args, message) => {
    const { status, stderr } = await flatwardHere("verify", ...args);
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it("checks a network on the user's own data", () => {
    const { status, stdout } = flatward(
      "verify",
      new URL("../../../data/iris.csv", import.meta.url).pathname,
      "--hidden",
      "2",
      "--cases",
      "1",
      "--full",
    );
    expect(status).toBe(0);
    expect(stdout).toContain("iris.csv; N 150, d 4, h 2, K 3, n 19");
  });

  it("checks one of several layers there, and the depths from one to four hidden layers without", async () => {
    const iris = new URL("../../../data/iris.csv", import.meta.url).pathname;
    const { status, stdout } = flatward("verify", iris, "--hidden", "2,1,2", "--cases", "1", "--full");
    expect(status).toBe(0);
    expect(stdout).toContain("iris.csv; N 150, d 4, h 2-1-2, K 3, n 26");
    const { drawProblem } = await import("../../../src/studies/verify/problem.js");
    const nets = Array.from({ length: 112 }, (_, index) => drawProblem(1, index).net);
    const depths = [2, 3, 4, 5].map((depth) => nets.filter(({ biases }) => biases.length === depth).length);
    expect(depths.reduce((sum, count) => sum + count)).toBe(112);
    expect(Math.min(...depths)).toBeGreaterThan(15);
    expect(nets.some(({ activations }) => new Set(activations).size > 2)).toBe(true);
    expect(nets.some(({ biases }) => biases.includes(true) && biases.includes(false))).toBe(true);
  });

  it("refuses a network that is too large for its oracle, and says what to do", () => {
    const { status, stderr } = flatward(
      "verify",
      new URL("../../../data/digits.csv", import.meta.url).pathname,
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/310 parameters.*--hidden/);
  });
});
