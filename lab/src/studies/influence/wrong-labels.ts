import type { TitledTable } from "../../report/titled-table.js";
import { shareText } from "./intervals.js";
import type { Numbers, Question } from "./question.js";
import { largest, scoreLabels, scores, scoresOf } from "./scores.js";
import { dataNames, problemOf, settings, trainedAt } from "./training.js";

const WRONG = 0.2;
/** Of all steps: when samples are ranked. */
const TIMES = [0.1, 0.3, 1] as const;

/** Does the share of B find samples of wrong labels? */
export const wrongLabels: Question = {
  name: "labels",
  data: dataNames,
  settings: { ...settings, wrong: WRONG, times: TIMES },
  measure(data, seed) {
    const problem = problemOf(data, seed, WRONG);
    const { net, train, labels, steps } = problem;
    const given = train.y as Int32Array;
    const isWrong = (i: number) => given[i] !== labels[i];
    const count = labels.reduce((sum, _, i) => sum + (isWrong(i) ? 1 : 0), 0);
    const thetas = trainedAt(
      problem,
      train,
      TIMES.map((time) => Math.round(time * steps)),
    );
    return Object.fromEntries(
      thetas.flatMap((theta, t) => {
        const found = scoresOf(net, theta, train);
        return scores.map((score) => [
          `${TIMES[t]}/${score}`,
          largest(found[score], count).filter(isWrong).length / count,
        ]);
      }),
    );
  },
  tables: (answers) => [...answers].map(([data, numbers]) => precisionTable(data, numbers)),
};

function precisionTable(data: string, numbers: readonly Numbers[]): TitledTable {
  return {
    title: `${data}: of the k samples ranked first, how many have a wrong label`,
    head: [
      "of all steps",
      ...scores.map((score) => scoreLabels[score]),
      "share − loss",
      "share − gradient norm",
    ],
    alignment: ["left", ...Array.from({ length: scores.length + 2 }, () => "right" as const)],
    rows: TIMES.map((time) => [
      `${100 * time} %`,
      ...scores.map((score) => shareText(numbers, (each) => each[`${time}/${score}`])),
      ...(["loss", "gradient"] as const).map((other) =>
        shareText(numbers, (each) => each[`${time}/share`] - each[`${time}/${other}`]),
      ),
    ]),
    note: `A fifth of the training labels is wrong, and k is their number: ${100 * WRONG} % would be expected by chance. Means and 95 % intervals (Student, ${numbers.length} seeds); differences are paired by seed, in percentage points.`,
  };
}
