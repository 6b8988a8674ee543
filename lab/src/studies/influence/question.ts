import type { TitledTable } from "../../report/titled-table.js";

/** What is measured with one seed: numbers by name. */
export type Numbers = Readonly<Record<string, number>>;

/** One question of the study: what is measured to answer it, and the tables that do. */
export interface Question {
  readonly name: string;
  /** Data, or kinds of data, that it is asked of. */
  readonly data: readonly string[];
  /** All that decides the numbers beside data, seed and the engine: a change makes others of them. */
  readonly settings: object;
  measure(data: string, seed: number): Numbers;
  /** @param answers by data, a seed each */
  tables(answers: ReadonlyMap<string, readonly Numbers[]>): TitledTable[];
}
