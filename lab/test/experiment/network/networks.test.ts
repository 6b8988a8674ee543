import { multilayerNet, type SequentialNet, threeLayerNet } from "flatward";
import { describe, expect, it } from "vitest";
import type { LabError } from "../../../src/errors.js";
import type { NetworkConfig } from "../../../src/experiment/network/config.js";
import { networkFor } from "../../../src/experiment/network/make.js";
import { networkDetails } from "../../../src/experiment/network/text.js";
import { parseDescription } from "../../../src/sweep/description.js";
import { problemsOf } from "../../../src/sweep/groups.js";
import { manifestOf } from "../../../src/sweep/manifest.js";
import { config, digits, images, iris, manifest, normalized, small } from "../../support/networks.js";
import { scratch } from "../../support/run.js";

describe("a network of layers in a plan", () => {
  /** The only network of a plan. */
  const networkOf = (network: object): NetworkConfig => manifest({ network }).cells[0].config.network;

  it("has its defaults filled in, and keeps what the data say to the data", () => {
    expect(
      networkOf({
        kind: "sequential",
        layers: [
          { kind: "conv2d", channels: 2, kernel: 2 },
          { kind: "batchNorm" },
          { kind: "flatten" },
          { kind: "dense" },
        ],
        input: [1, 2, 2],
      }),
    ).toEqual({
      kind: "sequential",
      input: [1, 2, 2],
      layers: [
        { kind: "conv2d", channels: 2, kernel: 2, stride: 1, padding: 0, bias: true },
        { kind: "batchNorm", epsilon: 1e-5 },
        { kind: "flatten" },
        { kind: "dense", bias: true },
      ],
      loss: "softmax-cross-entropy",
      initialization: "pytorch",
    });
  });

  it("stands beside others and beside axes, of which layers and input are none", () => {
    const { cells } = manifest({
      network: [
        { hidden: [2, 3] },
        { kind: "sequential", layers: small, input: 4, initialization: ["he", "glorot"] },
      ],
    });
    expect(cells.map(({ config: { network } }) => network)).toMatchObject([
      { hidden: 2 },
      { hidden: 3 },
      { layers: [{ kind: "dense", outputs: 5 }, { kind: "relu" }, { kind: "dense" }], initialization: "he" },
      { initialization: "glorot" },
    ]);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(4);
  });

  it("may be said to have three layers, which changes no identity", () => {
    const [plain] = manifest({ network: { hidden: 2 } }).cells;
    const [said] = manifest({ network: { kind: "three-layer", hidden: 2 } }).cells;
    expect(said).toEqual(plain);
  });

  it("has the words for its kind, dense layers being the kind that is not said", () => {
    const [plain] = manifest({ network: { hidden: [[3, 2]] } }).cells;
    const [said] = manifest({ network: { kind: "dense", hidden: [[3, 2]] } }).cells;
    expect(said).toEqual(plain);
  });

  it("takes images in the shape that the data have, and gives each class an output", () => {
    const net = networkFor(digits, config(images).network) as SequentialNet;
    expect(net.description.input).toEqual([1, 8, 8]);
    expect(net.outputs).toBe(10);
    expect(net.size).toBe(2 * 9 + 2 + 2 * 3 * 3 * 10 + 10);
  });

  it("is called by its name, or by its layers, where a sweep has several", () => {
    const labels = problemsOf(
      manifest({
        network: [
          { kind: "sequential", layers: small },
          { kind: "sequential", name: "normalized", layers: normalized },
        ],
      }),
    ).map(({ label }) => label);
    expect(labels).toEqual(["dense 5 → relu → dense", "normalized"]);
  });

  it("tells cells apart by every setting of every layer", () => {
    const change = (layer: number, settings: object) =>
      normalized.map((one, i) => (i === layer ? { ...one, ...settings } : one));
    const variants = [
      normalized,
      change(0, { bias: false }),
      change(1, { epsilon: 1e-4 }),
      change(3, { rate: 0.2 }),
      change(4, { layers: [{ kind: "dense", outputs: 5 }, { kind: "sin" }] }),
    ];
    const ids = variants.map((layers) => manifest({ network: { kind: "sequential", layers } }).cells[0].id);
    expect(new Set(ids).size).toBe(variants.length);
  });
});

describe("a network of several dense layers in a plan", () => {
  const deep = { hidden: [8, [8, 4]], activation: ["tanh", ["gelu", "sin"]], bias: [true] };

  it("is a list in the list of what is tried", () => {
    const { cells } = manifest({ network: { hidden: [[8, 4], [3, 3, 3], 5] } });
    expect(cells.map(({ config: { network } }) => network)).toMatchObject([
      { hidden: [8, 4], activation: "tanh", bias: true },
      { hidden: [3, 3, 3] },
      { hidden: 5 },
    ]);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(3);
  });

  it("is the engine's, with an activation and biases for each layer", () => {
    const [{ config }] = manifest({
      network: { hidden: [[5, 4]], activation: [["gelu", "sin"]], bias: [[true, false, true]] },
    }).cells;
    const net = networkFor(iris, config.network);
    const same = multilayerNet({
      sizes: [4, 5, 4, 3],
      activation: ["gelu", "sin"],
      bias: [true, false, true],
    });
    expect(net.init(3)).toEqual(same.init(3));
    expect(net.closedForm).toEqual(same.closedForm);
    const ends = { features: 4, classes: iris.classes };
    expect(networkDetails(config.network, ends)).toBe(
      "4 → 5 gelu → 4 sin → 3, softmax-cross-entropy, no biases in layer 2",
    );
  });

  it("with one hidden layer is what threeLayerNet makes, to the bit", () => {
    const [{ config }] = manifest({ network: { hidden: 6, activation: "softplus", bias: false } }).cells;
    const net = networkFor(iris, config.network);
    const same = threeLayerNet({ inputs: 4, hidden: 6, outputs: 3, activation: "softplus", bias: false });
    expect(net.init(5)).toEqual(same.init(5));
    expect(net.layout).toEqual(same.layout);
  });

  it("is called by its extents, where a sweep has several", () => {
    const labels = problemsOf(manifest({ network: [{ hidden: 8 }, { ...deep, hidden: [[8, 4]] }] })).map(
      ({ label }) => label,
    );
    expect(labels).toEqual([
      "one hidden layer, hidden 8, tanh",
      "2 hidden layers, hidden 8,4, tanh",
      "2 hidden layers, hidden 8,4, activation gelu,sin",
    ]);
  });
});

describe("a wrong network is refused, with its line, its path and what may have been meant:", () => {
  const yaml = (network: string, rest: Record<string, string> = {}): string => {
    const lines = {
      data: "iris",
      network,
      methods: "[{ name: gradient-descent, learningRate: 0.1 }]",
      training: "{ steps: 5 }",
      seeds: "[1]",
      measures: "[trainLoss]",
      ...rest,
    };
    return Object.entries(lines)
      .map(([key, value]) => `${key}: ${value}`)
      .join("\n");
  };
  const normalized =
    "{ kind: sequential, layers: [{ kind: dense, outputs: 8 }, { kind: batchNorm }, { kind: tanh }, { kind: dense }] }";
  const layers = (text: string, more = "") => yaml(`{ kind: sequential, layers: [${text}]${more} }`);

  const cases: readonly [what: string, text: string, message: RegExp][] = [
    [
      "an unknown kind",
      yaml("{ kind: sequental, layers: [{ kind: dense }] }"),
      /\(line 2\): network\.kind: there is no kind of network "sequental"; did you mean "sequential"/,
    ],
    [
      "an unknown key",
      yaml("{ kind: sequential, layrs: [{ kind: dense }] }"),
      /\(line 2\): network\.layrs: .*did you mean "layers"/,
    ],
    ["no layers", yaml("{ kind: sequential }"), /network\.layers: it is missing/],
    ["an empty list of layers", layers(""), /network\.layers: the list is empty/],
    [
      "layers that are no list",
      yaml("{ kind: sequential, layers: { kind: dense } }"),
      /network\.layers: expected array/,
    ],
    [
      "an unknown layer",
      layers("{ kind: conv2, channels: 1, kernel: 1 }, { kind: dense }"),
      /\(line 2\): network\.layers\[0\]\.kind: there is no kind of layer "conv2"; did you mean "conv2d"/,
    ],
    [
      "a layer without a kind",
      layers("{ outputs: 3 }"),
      /network\.layers\[0\]\.kind: it needs a kind: one of dense, conv2d/,
    ],
    ["a layer that is a word", layers("relu"), /network\.layers\[0\]: expected object/],
    [
      "an unknown key of a layer",
      layers("{ kind: dense, output: 3 }"),
      /network\.layers\[0\]\.output: .*did you mean "outputs"/,
    ],
    [
      "a key of another layer",
      layers("{ kind: relu, rate: 3 }, { kind: dense }"),
      /network\.layers\[0\]\.rate: /,
    ],
    [
      "half a unit",
      layers("{ kind: dense, outputs: 2.5 }, { kind: dense }"),
      /network\.layers\[0\]\.outputs: expected int/,
    ],
    [
      "a rate that drops everything",
      layers("{ kind: dropout, rate: 1 }, { kind: dense }"),
      /network\.layers\[0\]\.rate: .*<1/,
    ],
    [
      "an unknown layer inside of a layer",
      layers("{ kind: residual, layers: [{ kind: dense, outputs: 4 }, { kind: rely }] }, { kind: dense }"),
      /network\.layers\[0\]\.layers\[1\]\.kind: .*"rely"; did you mean "relu"/,
    ],
    [
      "an unknown key of one of several networks",
      yaml("[{ hidden: 2 }, { kind: sequential, layers: [{ kind: dense, bia: true }] }]"),
      /network\[1\]\.layers\[0\]\.bia: .*did you mean "bias"/,
    ],
    [
      "a list where one value belongs",
      layers("{ kind: dense, outputs: [2, 3] }, { kind: dense }"),
      /network\.layers\[0\]\.outputs: expected number/,
    ],
    [
      "an unknown initialization",
      layers("{ kind: dense }", ", initialization: hee"),
      /network\.initialization: .*did you mean "he"/,
    ],
    ["an image of two extents", layers("{ kind: dense }", ", input: [8, 8]"), /network\.input/],
    ["no network", yaml("[]"), /network: the list is empty/],
    [
      "the same network twice",
      yaml("[{ hidden: 2 }, { hidden: 2 }]"),
      /network\[1\]: the network .*is given twice/,
    ],
    [
      "an inner dense layer that leaves its outputs to the data",
      layers("{ kind: dense }, { kind: dense }"),
      /sequential: .*layers\[0\].*outputs/,
    ],
    [
      "outputs that are not the classes",
      layers("{ kind: dense, outputs: 4 }"),
      /network\.layers: the last layer has 4 outputs, and iris has 3 classes/,
    ],
    [
      "one of several networks, by its name",
      yaml(
        "[{ hidden: 2 }, { kind: sequential, name: wide, layers: [{ kind: dense, outputs: 4 }] }, { kind: sequential, name: flat, layers: [{ kind: dense }] }]",
      ),
      /: the network wide: network\.layers: the last layer has 4 outputs/,
    ],
    [
      "an input that is not the features",
      layers("{ kind: flatten }, { kind: dense }", ", input: [1, 2, 3]"),
      /network\.input: 1×2×3 are 6 features, and iris has 4/,
    ],
    [
      "layers that do not fit",
      layers("{ kind: conv2d, channels: 2, kernel: 3 }, { kind: dense }"),
      /sequential: .*layers\[0\].*conv2d/,
    ],
    [
      "a penalty on the Hessian beside dropout",
      yaml("{ kind: sequential, layers: [{ kind: dropout, rate: 0.1 }, { kind: dense }] }", {
        methods: "[{ name: hsr, learningRate: 0.1, strength: 1 }]",
      }),
      /methods: hsr needs a network that drops no units; leave it out, or take a network without dropout/,
    ],
    [
      "a measure that needs a closed form",
      yaml("{ kind: sequential, layers: [{ kind: dense, outputs: 4 }, { kind: relu }, { kind: dense }] }", {
        measures: "[trainLoss, layersRatio]",
      }),
      /measures: layersRatio needs a closed form, which networks of smooth dense layers have; leave it out/,
    ],
    [
      "bounds that need the Hessian of a large network",
      yaml("{ kind: sequential, layers: [{ kind: dense, outputs: 500 }, { kind: relu }, { kind: dense }] }", {
        measures: "[trainLoss, gershgorinRatio]",
      }),
      /measures: gershgorinRatio needs the whole Hessian, which is formed for networks of up to 2500 parameters, and this one has 4003; leave it out/,
    ],
    [
      "two hidden layers as an axis",
      yaml("{ hidden: [8, 8] }"),
      /\(line 2\): network\.hidden\[1\]: 8 is given twice; one network of these is a list in the list: \[\[8,8\]\]/,
    ],
    [
      "one hidden layer as a list of them",
      yaml("{ hidden: [[8]] }"),
      /network\.hidden\[0\]: .*a list has two hidden layers or more/,
    ],
    ["a hidden layer without units", yaml("{ hidden: [[8, 0]] }"), /network\.hidden\[0\]\[1\]: .*>=1/],
    [
      "more activations than hidden layers",
      yaml("{ hidden: [[8, 8]], activation: [[tanh, gelu, tanh]] }"),
      /the network of 8, 8 hidden units: multilayerNet: expected activation to be .* a list of 2.* a list of 3/,
    ],
    [
      "an unknown activation of one of the layers",
      yaml("{ hidden: [[8, 8]], activation: [[tanh, softpuls]] }"),
      /network\.activation\[0\]\[1\]: .*did you mean "softplus"/,
    ],
    [
      "fewer flags than layers",
      yaml("{ hidden: [[8, 8]], bias: [[true, false]] }"),
      /multilayerNet: expected bias to be .* a list of 3/,
    ],
    [
      "all eigenvalues of a large network",
      yaml("{ kind: sequential, layers: [{ kind: dense, outputs: 500 }, { kind: relu }, { kind: dense }] }", {
        measures: "[trainLoss, negative]",
      }),
      /measures: negative needs all eigenvalues .* up to 2500 parameters, and this one has 4003; leave it out/,
    ],
    [
      "all eigenvalues of a network with a closed form that no memory holds",
      yaml("{ hidden: 20000 }", { measures: "[trainLoss, eigenvalues]" }),
      /measures: eigenvalues needs all eigenvalues .* up to 20000 parameters, and this one has 160003; leave it out/,
    ],
    [
      "smoothed labels for another loss than softmax's",
      yaml("{ hidden: 2, loss: mean-squared-error }", { methods: "[label-smoothing]" }),
      /methods: label-smoothing needs the loss softmax-cross-entropy; leave it out/,
    ],
    [
      "a last batch of one sample for a network that normalises by it",
      yaml(normalized, { training: "{ steps: 5, batchSize: 10 }" }),
      /training\.batchSize: the network dense 8 → .* of 111 training samples one would be alone/,
    ],
    [
      "curvature of one sample for such a network",
      yaml(normalized, { curvatureSamples: "1" }),
      /curvatureSamples: the network .* normalises by the batch/,
    ],
    [
      "more epochs than there are numbers",
      yaml("{ hidden: 2 }", { training: "{ epochs: 1.0e+300 }" }),
      /training\.epochs: 1e\+300 passes are 1e\+300 steps; give at least 1/,
    ],
    [
      "epochs that are no step",
      yaml("{ hidden: 2 }", { training: "{ epochs: 1.0e-9 }" }),
      /training\.epochs: 1e-9 passes are 0 steps/,
    ],
    [
      "steps and epochs",
      yaml("{ hidden: 2 }", { training: "{ steps: 5, epochs: 2 }" }),
      /\(line 4\): training\.epochs: give either steps or epochs/,
    ],
    [
      "neither steps nor epochs",
      yaml("{ hidden: 2 }", { training: "{ batchSize: 5 }" }),
      /\(line 4\): training\.steps: it is missing; give steps or epochs/,
    ],
  ];

  it.each(cases)("%s", (_, text, message) => {
    let refusal: unknown;
    try {
      const description = parseDescription(text, "plan.yaml");
      manifestOf({ description, name: "test", folder: scratch(), file: "plan.yaml" }, "test-engine");
    } catch (error) {
      refusal = error;
    }
    expect((refusal as Error).message).toMatch(message);
    expect((refusal as LabError).code).toMatch(/usage|invalid-argument|shape/);
  });
});
