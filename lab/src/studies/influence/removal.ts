import { type Batch, lossObjective, randomStream, selectSamples } from "flatward";
import { accuracyOf, countOf } from "../../experiment/measures/evaluation.js";
import type { TitledTable } from "../../report/titled-table.js";
import { meanText, ratioText, shareText } from "./intervals.js";
import type { Numbers, Question } from "./question.js";
import { boundOf, largest, scoresOf, topOf } from "./scores.js";
import { dataNames, type Problem, problemOf, settings, trainedAt } from "./training.js";

/** Of the training samples that are removed. */
const PART = 0.05;

const sets = {
  sharpest: "of the largest share of B",
  loss: "of the highest loss",
  random: "at random",
} as const;
type RemovedSet = keyof typeof sets;
const names = Object.keys(sets) as RemovedSet[];

/** Is the minimum flatter that is found without the samples that make this one sharp? */
export const removal: Question = {
  name: "removal",
  data: dataNames,
  settings: { ...settings, part: PART },
  measure(data, seed) {
    const problem = problemOf(data, seed);
    const { net, train, steps } = problem;
    const [theta] = trainedAt(problem, train, [steps]);
    const count = countOf(train);
    const k = Math.round(PART * count);
    const { share, loss } = scoresOf(net, theta, train);
    const removed: Record<RemovedSet, readonly number[]> = {
      sharpest: largest(share, k),
      loss: largest(loss, k),
      random: [...randomStream(seed, "removed").permutation(count).subarray(0, k)],
    };
    const out: Record<string, number> = {
      ...named("all", end(problem, theta, train)),
      overlap: removed.sharpest.filter((i) => removed.loss.includes(i)).length / k,
      carried:
        removed.sharpest.reduce((sum, i) => sum + share[i], 0) / share.reduce((sum, each) => sum + each),
    };
    for (const set of names) {
      const gone = new Set(removed[set]);
      const rest = selectSamples(
        train,
        Array.from({ length: count }, (_, i) => i).filter((i) => !gone.has(i)),
      );
      out[`${set}/still`] = topOf(net, theta, rest).value;
      Object.assign(out, named(set, end(problem, trainedAt(problem, rest, [steps])[0], rest)));
    }
    return out;
  },
  tables: (answers) =>
    [...answers].flatMap(([data, numbers]) => [setsTable(data, numbers), pairedTable(data, numbers)]),
};

/** What a training on some samples came to. */
function end({ net, test }: Problem, theta: Float64Array, batch: Batch) {
  return {
    lambda: topOf(net, theta, batch).value,
    bound: boundOf(net, theta, batch),
    trainLoss: lossObjective(net, batch).value(theta),
    testLoss: lossObjective(net, test).value(theta),
    testAccuracy: accuracyOf(net, theta, test),
  };
}

function named(set: string, measured: Numbers): Numbers {
  return Object.fromEntries(Object.entries(measured).map(([name, value]) => [`${set}/${name}`, value]));
}

const ratio =
  (name: string, a: string, b = "all") =>
  (numbers: Numbers) =>
    numbers[`${a}/${name}`] / numbers[`${b}/${name}`];
const difference =
  (name: string, a: string, b = "all") =>
  (numbers: Numbers) =>
    numbers[`${a}/${name}`] - numbers[`${b}/${name}`];

function setsTable(data: string, numbers: readonly Numbers[]): TitledTable {
  return {
    title: `${data}: ${100 * PART} % of the training samples are removed, and it is trained again`,
    head: ["removed", "λ_max at the same θ", "λ_max", "B", "training loss", "test loss", "test accuracy"],
    alignment: ["left", ...Array.from({ length: 6 }, () => "right" as const)],
    rows: names.map((set) => [
      sets[set],
      ratioText(numbers, (each) => each[`${set}/still`] / each["all/lambda"]),
      ratioText(numbers, ratio("lambda", set)),
      ratioText(numbers, ratio("bound", set)),
      ratioText(numbers, ratio("trainLoss", set)),
      ratioText(numbers, ratio("testLoss", set)),
      shareText(numbers, difference("testAccuracy", set)),
    ]),
    note: `Over training with all samples, seed by seed: geometric means of ratios, of accuracies the mean difference, with 95 % intervals (Student, ${numbers.length} seeds). λ_max, B and the training loss are those of the samples that are left; at the same θ: before it is trained again. The samples removed carry ${shareText(numbers, (each) => each.carried)} of B; ${shareText(numbers, (each) => each.overlap)} of them are among those of the highest loss.`,
  };
}

function pairedTable(data: string, numbers: readonly Numbers[]): TitledTable {
  const others = ["random", "loss"] as const;
  return {
    title: `${data}: without the sharpest, over without as many others`,
    head: ["others", "λ_max", "B", "test loss", "test accuracy, difference"],
    alignment: ["left", "right", "right", "right", "right"],
    rows: others.map((other) => [
      sets[other],
      ratioText(numbers, ratio("lambda", "sharpest", other)),
      ratioText(numbers, ratio("bound", "sharpest", other)),
      ratioText(numbers, ratio("testLoss", "sharpest", other)),
      shareText(numbers, difference("testAccuracy", "sharpest", other)),
    ]),
    note: `Paired by seed, ${numbers.length} of them; an interval without 1 (or 0) is a difference. λ_max by itself: ${meanText(numbers, (each) => each["all/lambda"], 3)} with all samples.`,
  };
}
