import { engine, hashOf, type Provenance, provenance } from "../../experiment/provenance.js";
import type { TitledTable } from "../../report/titled-table.js";
import type { Numbers } from "./question.js";
import type { Answer } from "./run.js";

/** `influence.json`. All but `provenance` is the same whenever and wherever it is computed. */
export interface InfluenceDocument {
  readonly format: "flatward-influence/1";
  readonly engine: string;
  readonly answers: readonly {
    readonly question: string;
    readonly data: string;
    readonly seed: number;
    readonly numbers: Numbers;
  }[];
  /** SHA-256 of all above. */
  readonly sha256: string;
  readonly provenance: Provenance;
}

export function influenceDocument(answers: readonly Answer[]): InfluenceDocument {
  const content = {
    format: "flatward-influence/1" as const,
    engine: engine(),
    answers: answers.map(({ question, data, seed, numbers }) => ({
      question: question.name,
      data,
      seed,
      numbers,
    })),
  };
  return { ...content, sha256: hashOf(content), provenance: provenance() };
}

/** All tables, question by question. */
export function influenceTables(answers: readonly Answer[]): TitledTable[] {
  const questions = [...new Set(answers.map(({ question }) => question))];
  return questions.flatMap((question) => {
    const own = answers.filter((answer) => answer.question === question);
    return question.tables(grouped(own));
  });
}

function grouped(answers: readonly Answer[]): Map<string, Numbers[]> {
  const byData = new Map<string, Numbers[]>();
  for (const { data, numbers } of answers) byData.set(data, [...(byData.get(data) ?? []), numbers]);
  return byData;
}
