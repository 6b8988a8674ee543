import { explainBound, lossObjective, multilayerNet, randomStream } from "flatward";
import type { TitledTable } from "../../report/titled-table.js";
import { ratioText, shareText } from "./intervals.js";
import type { Numbers, Question } from "./question.js";
import { boundOf, topOf } from "./scores.js";
import { settings, trainedAt } from "./training.js";

/** ⟨x_i, x_j⟩ of different samples, all of length 1. */
const CORRELATIONS = [0, 0.1, 0.3, 0.5, 0.7, 0.9] as const;
const SAMPLES = 30;
const CLASSES = 3;
const HIDDEN = 8;
const STEPS = 1000;

/** Which pairs are correlated. */
const kinds = {
  all: "all pairs of samples",
  within: "pairs of one class; others are orthogonal",
} as const;

/** How do B and λ_max move with the correlation of the samples? */
export const correlation: Question = {
  name: "correlation",
  data: Object.keys(kinds),
  settings: { ...settings, CORRELATIONS, SAMPLES, CLASSES, HIDDEN, STEPS },
  measure(kind, seed) {
    const net = multilayerNet({ sizes: [SAMPLES, HIDDEN, CLASSES] });
    const y = Int32Array.from(randomStream(seed, "labels").permutation(SAMPLES), (place) => place % CLASSES);
    return Object.fromEntries(
      CORRELATIONS.flatMap((rho) => {
        const x = rowsOfGram(
          Array.from(y, (a, i) =>
            Array.from(y, (b, j) => (i === j ? 1 : kind === "all" || a === b ? rho : 0)),
          ),
        );
        const batch = { x, y };
        const [first, last] = trainedAt({ net, seed }, batch, [0, STEPS]);
        const { value, shares } = explainBound(net, first, batch, { pairs: (SAMPLES * (SAMPLES + 1)) / 2 });
        const apart = shares.pairs.reduce((sum, { i, j, share }) => (i === j ? sum : sum + share), 0);
        return Object.entries({
          bound: value,
          lambda: topOf(net, first, batch).value,
          apart: apart / value,
          boundAfter: boundOf(net, last, batch),
          lambdaAfter: topOf(net, last, batch).value,
          lossAfter: lossObjective(net, batch).value(last),
        }).map(([name, number]) => [`${rho}/${name}`, number]);
      }),
    );
  },
  tables: (answers) => [...answers].map(([kind, numbers]) => correlationTable(kind, numbers)),
};

/** Vectors with these inner products, which are positive definite: the rows of Cholesky's factor. */
export function rowsOfGram(gram: readonly (readonly number[])[]): number[][] {
  const rows = gram.map(() => gram.map(() => 0));
  gram.forEach((products, i) => {
    for (let j = 0; j <= i; j++) {
      const rest = rows[j].slice(0, j).reduce((sum, entry, k) => sum - entry * rows[i][k], products[j]);
      rows[i][j] = i === j ? Math.sqrt(rest) : rest / rows[j][j];
    }
  });
  return rows;
}

function correlationTable(kind: string, numbers: readonly Numbers[]): TitledTable {
  const over = (name: string, rho: number) =>
    ratioText(numbers, (each) => each[`${rho}/${name}`] / each[`0/${name}`]);
  return {
    title: `Samples of length 1 that are correlated: ${kinds[kind as keyof typeof kinds]}`,
    head: [
      "⟨x_i, x_j⟩",
      "B, untrained",
      "λ_max, untrained",
      "pairs of different samples",
      "B, trained",
      "λ_max, trained",
      "loss, trained",
    ],
    alignment: Array.from({ length: 7 }, () => "right" as const),
    rows: CORRELATIONS.map((rho) => [
      `${rho}`,
      over("bound", rho),
      over("lambda", rho),
      shareText(numbers, (each) => each[`${rho}/apart`]),
      over("boundAfter", rho),
      over("lambdaAfter", rho),
      over("lossAfter", rho),
    ]),
    note: `Over the same with orthogonal samples, seed by seed: geometric means of ratios, with 95 % intervals (Student, ${numbers.length} seeds, which draw labels and starting point). Pairs: their share of B, untrained. ${SAMPLES} samples of ${CLASSES} classes, labels at random, ${HIDDEN} hidden units; trained: ${STEPS} steps.`,
  };
}
