import type { RunResult } from "../experiment/run.js";
import { colorScheme } from "./style.js";

/** A picture for the page, and for a file of its own. */
export interface Figure {
  readonly name: string;
  readonly caption: string;
  /** Refers to the page's colours. */
  readonly svg: string;
}

/** A group of runs with all that is drawn of them. */
export interface DrawnGroup {
  readonly id: string;
  readonly label: string;
  /** As in the tables. */
  readonly color: string;
  readonly runs: readonly Pick<RunResult, "measures" | "eigenvalues" | "curve" | "sharpness">[];
}

/** A figure that stands alone, with the page's colours inside. */
export function standaloneSvg({ svg }: Figure): string {
  return svg.replace(/(<svg[^>]*>)/, `$1<style>${colorScheme}</style>`);
}
