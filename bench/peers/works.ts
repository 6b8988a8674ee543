import { type Size, sizes } from "../sizes.js";

/** What peers are given: networks of one hidden layer, tanh and softmax cross-entropy, and other things of their size. */
export const shapes: Readonly<Record<string, Size>> = {
  ...sizes,
  /** A mini-batch of the digits. */
  DG32: { samples: 32, inputs: 64, hidden: 32, outputs: 10 },
  /** H has 512 columns. */
  E512: { samples: 256, inputs: 33, hidden: 12, outputs: 8 },
};

/** One thing that everybody does, and the problems on which. Peers that do not know a work by its name do not take part. */
export interface Work {
  readonly name: string;
  readonly shapes: readonly string[];
  /** Other shapes are too slow for these peers: a run would take minutes. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
}

const all = ["S1", "S2", "S3", "S4"];
/** H is formed. */
const formed = ["S1", "S2", "S3"];

export const works: readonly Work[] = [
  { name: "WS gradient", shapes: [...all, "DG32"], only: { torch: formed } },
  { name: "moments", shapes: all, only: { torch: formed } },
  { name: "Hessian", shapes: formed },
  { name: "loss + gradient", shapes: all },
  { name: "H·v", shapes: all },
  { name: "eigenvalues", shapes: ["S1", "E512", "S2", "S3"], only: { "ml-matrix": ["S1", "E512", "S2"] } },
  { name: "eigenvectors", shapes: ["E512", "S2", "S3"], only: { "ml-matrix": ["E512", "S2"] } },
  { name: "Lanczos, 5 largest", shapes: ["S2", "S3", "S4"] },
  { name: "Lanczos certified, 5 largest", shapes: ["S2", "S3", "S4"] },
  { name: "product", shapes: ["512²"] },
  { name: "CNN loss + gradient", shapes: ["CNN"] },
  { name: "CNN H·v", shapes: ["CNN"] },
];
