import {
  exactHessian,
  lossAndGradient,
  type Network,
  randomStream,
  type SequentialNet,
  sequential,
  symmetricEigen,
  threeLayerNet,
} from "flatward";
import { describe, expect, it } from "vitest";
import { measuredNetwork } from "../../../src/experiment/measures/measured-network.js";
import { measures } from "../../../src/experiment/measures/measures.js";
import type { Method } from "../../../src/experiment/method.js";
import { methodNames, methods } from "../../../src/experiment/methods.js";
import { inEvaluationMode, networkFor } from "../../../src/experiment/network/make.js";
import { curvatureSample, prepare } from "../../../src/experiment/prepare.js";
import { runTraining } from "../../../src/experiment/run.js";
import {
  config,
  images,
  iris,
  manifest,
  normalized,
  onward,
  plan,
  run,
  small,
  someSettings,
  stoppedAfter,
} from "../../support/networks.js";
import { flatward, scratch } from "../../support/run.js";
import { writePlan } from "../../support/sweeps.js";

describe("training a network of layers", () => {
  it.each(methodNames.filter((name) => (methods[name] as Method).needs !== "chain"))(
    "by %s goes on from any checkpoint to the same bits, normalized and, where the method takes that, dropped out",
    (name) => {
      const undropped = (methods[name] as Method).needs === "no dropout";
      const layers = normalized.filter(({ kind }) => kind !== "dropout" || !undropped);
      const of = config(layers, { method: { name, ...someSettings(name) } });
      const whole = run(iris, of);
      expect(whole.steps).toBe(8);
      for (const stop of [1, 5]) {
        const rest = runTraining(iris, of, { ...onward, from: stoppedAfter(stop, iris, of) });
        expect(rest?.result).toEqual(whole);
      }
    },
  );

  it.each([
    ["by default", { hidden: 3 }, {}],
    ["held", { hidden: [3, 2] }, { every: 3 }],
    ["of drawn samples, without bias", { hidden: 3 }, { every: 3, samples: 4, estimator: "unbiased" }],
    ["by estimate", { kind: "sequential", layers: small }, { every: 4, vectors: 2 }],
  ])("by HSR %s goes on from any checkpoint to the same bits", (_, network, settings) => {
    for (const name of ["hsr", "hsr-direction"]) {
      for (const batchSize of [20, "full"]) {
        const of = config([], {
          network,
          method: { name, learningRate: 0.1, strength: 0.1, ...settings },
          training: { steps: 8, batchSize, l2: 0.01 },
          measures: ["trainLoss", "theta"],
        });
        const whole = run(iris, of);
        for (const stop of [1, 3, 4, 7]) {
          const rest = runTraining(iris, of, { ...onward, from: stoppedAfter(stop, iris, of) });
          expect(rest?.result).toEqual(whole);
        }
      }
    }
  });

  it("by HSR draws as many random vectors as are asked for, anew by every seed, also where there is a closed form", () => {
    const ends = (network: object, settings: object, seed = 3) =>
      run(
        iris,
        config([], {
          network,
          seed,
          method: { name: "hsr", learningRate: 0.1, strength: 0.1, ...settings },
          training: { steps: 3 },
          measures: ["trainLoss"],
        }),
      ).thetaSha256;
    const layers = { kind: "sequential", layers: small };
    expect(ends(layers, {})).toBe(ends(layers, { vectors: 2 }));
    expect(ends(layers, {})).not.toBe(ends(layers, { vectors: 4 }));
    const dense = { hidden: [3, 2] };
    expect(ends(dense, {})).not.toBe(ends(dense, { vectors: 10 }));
    const linear = { kind: "sequential", layers: [{ kind: "dense" }] };
    expect(ends(linear, { vectors: 2 }, 3)).not.toBe(ends(linear, { vectors: 2 }, 4));
  });

  it("by HSR is exact where parameters enter through dense layers alone", () => {
    const layers = [
      { kind: "residual", layers: [{ kind: "dense", outputs: 4 }, { kind: "tanh" }] },
      { kind: "dense" },
    ];
    const ends = (settings: object) =>
      run(iris, config(layers, { method: { name: "hsr", learningRate: 0.1, strength: 0.1, ...settings } }));
    expect(ends({}).thetaSha256).not.toBe(ends({ vectors: 10 }).thetaSha256);
  });

  it("drops units, and measures without dropping any", () => {
    const layers = (rate: number) => [
      { kind: "dense", outputs: 6 },
      { kind: "tanh" },
      { kind: "dropout", rate },
      { kind: "dense" },
    ];
    const [kept, dropped] = [0, 0.5].map((rate) => run(iris, config(layers(rate))));
    expect(dropped.thetaSha256).not.toBe(kept.thetaSha256);
    const { train } = prepare(iris, config(layers(0.5)).training, 3);
    const plain = networkFor(iris, config(layers(0)).network);
    const theta = Float64Array.from(dropped.theta as number[]);
    expect(dropped.measures.trainLoss).toBe(lossAndGradient(plain, theta, train).loss);
  });

  it("counts epochs in steps: as many passes as batches are needed for", () => {
    const steps = (training: object) => manifest({ training }).cells[0].config.training.steps;
    // 150 flowers, 25 % of every class held out (12.5, rounded up), leave 111.
    expect(steps({ epochs: 3, batchSize: 32 })).toBe(12);
    expect(steps({ epochs: 2.5, batchSize: 111 })).toBe(3);
    expect(steps({ epochs: 7 })).toBe(7);
    expect(manifest({ training: { epochs: 3, batchSize: 32 } }).cells[0].id).toBe(
      manifest({ training: { steps: 12, batchSize: 32 } }).cells[0].id,
    );
  });
});

describe("a normalized network is measured at rest:", () => {
  const of = config(normalized, { curvatureSamples: 40 });
  const batches = prepare(iris, of.training, of.seed);
  const sample = curvatureSample(batches.train, of);
  const net = networkFor(iris, of.network) as SequentialNet;
  const theta = net.init(1).map((value, i) => value + 0.1 * Math.sin(i));
  const rest = inEvaluationMode(net, theta, sample);

  it("on the sample that it was stilled by, as if that were the batch", () => {
    // Two ways to the same number: statistics taken before, and within the pass.
    const { loss } = lossAndGradient(net, theta, sample);
    expect(Math.abs(lossAndGradient(rest, theta, sample).loss - loss)).toBeLessThan(1e-12 * loss);
  });

  it("sample by sample: what else is in the batch changes nothing", () => {
    const x = batches.test.x as { data: Float64Array; shape: number[] };
    const alone = rest.predict(theta, [Array.from(x.data.subarray(0, 4))]);
    const together = rest.predict(theta, batches.test.x);
    expect(Array.from(alone.data)).toEqual(Array.from(together.data.subarray(0, 3)));
    const first = net.predict(theta, batches.test.x).data.subarray(0, 3);
    expect(Array.from(together.data.subarray(0, 3))).not.toEqual(Array.from(first));
  });

  it("and its λ_max in training is another, which its own batch moves", () => {
    const found = run(iris, { ...of, measures: ["lambdaMax", "lambdaMaxTraining", "theta"] });
    const at = Float64Array.from(found.theta as number[]);
    const largest = (network: Network) =>
      symmetricEigen(exactHessian(network, at, sample)).values.at(-1) as number;
    const { lambdaMax, lambdaMaxTraining } = found.measures;
    expect(lambdaMax).toBeCloseTo(largest(inEvaluationMode(net, at, sample)), 6);
    expect(lambdaMaxTraining).toBeCloseTo(largest(net), 6);
    expect(Math.abs(lambdaMax / lambdaMaxTraining - 1)).toBeGreaterThan(0.01);
  });
});

describe("the samples of curvature", () => {
  const { training } = config(small);
  const { train } = prepare(iris, training, 3);
  const rows = (batch: typeof train) => {
    const { data, shape } = batch.x as { data: Float64Array; shape: number[] };
    return Array.from({ length: shape[0] }, (_, i) => data.subarray(4 * i, 4 * i + 4).join());
  };

  it("are all of the training part where none is said, or more than there are", () => {
    expect(curvatureSample(train, { seed: 3 })).toBe(train);
    expect(curvatureSample(train, { seed: 3, curvatureSamples: 1000 })).toBe(train);
  });

  it("are as many of it as are asked for, in order, without repetition, drawn by the seed", () => {
    const [one, again, other] = [3, 3, 4].map((seed) =>
      rows(curvatureSample(train, { seed, curvatureSamples: 20 })),
    );
    expect(one).toHaveLength(20);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    const all = rows(train);
    const places = one.map((row) => all.indexOf(row));
    expect(places.every((place) => place >= 0)).toBe(true);
  });

  it("are what all curvature is measured on, while losses are those of the whole", () => {
    const of = config(small, {
      curvatureSamples: 20,
      measures: ["trainLoss", "lambdaMax", "trace", "theta"],
    });
    const { measures: found, theta } = run(iris, of);
    const net = networkFor(iris, of.network);
    const at = Float64Array.from(theta as number[]);
    const sample = curvatureSample(train, of);
    const { values } = symmetricEigen(exactHessian(net, at, sample));
    expect(found.lambdaMax).toBeCloseTo(values.at(-1) as number, 8);
    expect(found.trainLoss).toBe(lossAndGradient(net, at, train).loss);
  });

  it("are what the bound along training is of, and the loss beside it of the whole", () => {
    const of = config(small, {
      network: { hidden: 3 },
      curvatureSamples: 20,
      measures: ["trainLoss", "wsBound", "curve"],
    });
    const { measures: found, curve } = run(iris, of);
    expect(curve?.at(-1)).toMatchObject({ trainLoss: found.trainLoss, wsBound: found.wsBound });
  });
});

describe("measures of a network of layers", () => {
  // Dropout of nothing has no closed form.
  const layers = [
    { kind: "dense", outputs: 4 },
    { kind: "tanh" },
    { kind: "dropout", rate: 0 },
    { kind: "dense", outputs: 3 },
  ] as const;
  const pair = [
    threeLayerNet({ inputs: 4, hidden: 4, outputs: 3 }),
    // As one that has no closed form of moments, so that they are estimated.
    { ...sequential({ input: 4, layers: [...layers] }), tapped: null },
  ];
  const { train, test } = prepare(iris, config(small).training, 1);
  const stream = randomStream(5, "theta");
  const theta = Float64Array.from({ length: pair[0].size }, () => 0.6 * stream.normal());
  const effort = { steps: 0, gradients: 0, milliseconds: 0 };
  const recorded = { curve: [], sharpness: [], l2: 0, effort };
  const [closed, layered] = pair.map((net) =>
    measuredNetwork({ net, theta, train, test, sample: train, ...recorded }, net === pair[0]),
  );

  const anywhere = measures.filter(
    ({ needs, group, reproducible }) =>
      (needs === undefined || needs === "moments" || needs === "matrix") &&
      reproducible &&
      group !== "certainty",
  );
  const measured = (id: string, network: typeof closed) =>
    measures.find((measure) => measure.id === id)?.of(network) as number;
  const errors: Readonly<Record<string, string>> = {
    trace: "traceError",
    frobenius: "frobeniusError",
    isotropy: "isotropyError",
    wsBound: "wsBoundError",
    relativeFlatness: "flatnessError",
    tightness: "wsBoundError",
  };

  // The closed forms, and the same network by automatic differentiation: no line of code in common below the measures.
  it.each(anywhere.filter(({ group }) => group !== "filter").map(({ id }) => id))(
    "%s is that of the same network with one hidden layer",
    (id) => {
      const [one, other] = [measured(id, closed), measured(id, layered)];
      expect(Number.isFinite(one)).toBe(true);
      const scale = id === "tightness" ? measured("lambdaMax", layered) : 1;
      const error = id in errors ? measured(errors[id], layered) / scale : 0;
      // Errors are estimated from six vectors: Student's distribution has long tails.
      expect(Math.abs(other - one)).toBeLessThanOrEqual(5 * error + 1e-6 * Math.abs(one));
    },
  );

  it("have errors that are small beside ‖H‖", () => {
    for (const id of ["traceError", "frobeniusError", "wsBoundError"]) {
      expect(measured(id, closed)).toBe(0);
      expect(measured(id, layered)).toBeGreaterThan(0);
      expect(measured(id, layered)).toBeLessThan(0.5 * measured("frobenius", closed));
    }
  });

  it("are fewer where a plan leaves them open, and shown where a problem has them", () => {
    const { cells } = manifest({
      network: [{ hidden: 2 }, { kind: "sequential", layers: small }],
      measures: undefined,
    });
    expect(cells[0].config.measures).toContain("wsBound");
    expect(cells[0].config.measures).toContain("eigenvalues");
    expect(cells[1].config.measures).not.toContain("wsBound");
    expect(cells[1].config.measures).not.toContain("eigenvalues");
    expect(cells[1].config.measures).toEqual(expect.arrayContaining(["lambdaMax", "curve", "theta"]));
  });

  it("take all eigenvalues where a plan names one that needs them", () => {
    const found = run(
      iris,
      config(small, { measures: ["lambdaMax", "lambdaMin", "negative", "eigenvalues"] }),
    );
    const { eigenvalues = [] } = found;
    expect(eigenvalues).toHaveLength(found.parameters);
    expect(found.measures.lambdaMax).toBe(eigenvalues.at(-1));
    expect(found.measures.lambdaMin).toBe(eigenvalues[0]);
  });
});

describe("a sweep over several kinds of network", () => {
  it("tells of each what can be told, and of nothing that is not a number", () => {
    const folder = scratch();
    const path = writePlan(folder, {
      ...plan,
      data: "digits",
      network: [{ hidden: 2 }, { kind: "sequential", name: "of images", layers: images }],
      methods: [
        { name: "gradient-descent", learningRate: 0.1 },
        { name: "adam", learningRate: 0.01 },
      ],
      training: { epochs: 1, batchSize: 128 },
      curvatureSamples: 60,
      measures: ["trainLoss", "lambdaMax", "wsBound", "curve", "theta"],
    });
    const { status, stdout, stderr } = flatward("sweep", path, "--output", folder);
    expect(stderr).not.toContain("flatward:");
    expect(status).toBe(0);
    expect(stdout).toContain("of images");
    expect(stdout).not.toMatch(/NaN|undefined|null/);

    const quick = ["--samples", "8", "--probes", "2", "--lanczos-steps", "6", "--dense-limit", "10"];
    const spectrum = flatward("spectrum", "--run", folder, "--index", "2", ...quick);
    expect(spectrum.stderr).not.toMatch(/defect|\n\s+at /);
    expect(spectrum.status).toBe(0);
    expect(spectrum.stdout).toContain("of images: 64 → conv2d 2 (3×3)");
    expect(spectrum.stdout).not.toMatch(/NaN|undefined|Infinity|null/);
    const refused = flatward("spectrum", "--run", folder, "--index", "2", "--export-problem", "problem.json");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /writes networks of dense layers one after another; the network of images is another/,
    );
    expect(flatward("status", folder).status).toBe(0);
  });
});
