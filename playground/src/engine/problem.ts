import { type Batch, type Network, threeLayerNet } from "flatward";
import type { Tensor } from "flatward/tensor";
import { prepare } from "../../../lab/src/experiment/prepare.js";
import { dataSets } from "../settings/data-sets.js";
import type { Settings } from "../settings/settings.js";
import { framing } from "./framing.js";
import { GRID } from "./grid.js";
import { coordinatesOn, type Frame2, gridOn, inputPlane } from "./input-plane.js";
import { type GivenFile, loadSamples } from "./samples.js";

/** To train on; of more, so many are drawn. */
const MOST_SAMPLES = 300;

/** What both methods have in common. */
export interface Problem {
  readonly net: Network;
  readonly train: Batch;
  readonly test: Batch;
  /** Points of the plane that regions are drawn on. */
  readonly grid: Tensor;
  readonly about: ProblemFacts;
}

/** What a page shows of it: no more than can be sent. */
export interface ProblemFacts {
  readonly features: readonly string[];
  readonly classes: readonly string[];
  /** n. */
  readonly parameters: number;
  readonly testSamples: number;
  /** Of the training samples: what is trained on. */
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  /** Which of them have a wrong label. */
  readonly wrong: readonly boolean[];
  /** Where they lie on the plane: (N,2). */
  readonly places: Float64Array;
  /** The part of the plane that is drawn. */
  readonly view: Frame2;
}

/** The data and network of these settings, as the laboratory makes them. @throws LabError */
export function problemFor({ data, hidden, wrong, seed }: Settings, file?: GivenFile): Problem {
  const samples = loadSamples(data, file);
  const { classes, features } = samples;
  const part = {
    testFraction: dataSets[data].testFraction,
    scaling: "standardize" as const,
    samples: MOST_SAMPLES,
  };
  const { train, test } = prepare(samples, { ...part, labelNoise: wrong }, seed);
  const right = prepare(samples, { ...part, labelNoise: 0 }, seed).train.y as Int32Array;
  const x = train.x as Tensor;
  const y = train.y as Int32Array;
  const net = threeLayerNet({ inputs: features.length, hidden, outputs: classes.length });
  const plane = inputPlane(x);
  const places = coordinatesOn(plane, x);
  const view = framing(places, GRID[0] / GRID[1], 0.22);
  const width = features.length;
  return {
    net,
    train,
    test,
    grid: gridOn(plane, view, ...GRID),
    about: {
      features,
      classes,
      parameters: net.size,
      testSamples: (test.y as Int32Array).length,
      x: Array.from(y, (_, i) => Array.from(x.data.subarray(i * width, (i + 1) * width))),
      y: Array.from(y),
      wrong: Array.from(y, (label, i) => label !== right[i]),
      places,
      view,
    },
  };
}
