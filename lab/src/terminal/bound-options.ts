import { type Command, InvalidArgumentError, Option } from "commander";
import { integer, number } from "./options.js";

/** Options of `addBoundOptions`: each sets a hyperparameter of that name. */
export const BOUND_OPTIONS = ["every", "samples", "estimator", "targetSharpness"];

/** Adds what HSR, and other penalties that are held, are made cheap with. */
export function addBoundOptions(command: Command): Command {
  return command
    .option(
      "--every <steps>",
      "how many steps a penalty's direction is held (default: of HSR as many as it takes gradients, from 10 on)",
      integer(1),
    )
    .option(
      "--samples <count>",
      "how many samples of a step, drawn by their curvature, a penalty is computed from, or all (default: of HSR 8, or more where these cost little)",
      samplesOrAll,
    )
    .addOption(
      new Option(
        "--estimator <name>",
        "of a penalty on mini-batches: for the step's samples, or unbiased, for all",
      ).choices(["plain", "unbiased"]),
    )
    .option(
      "--target-sharpness <bound>",
      "of HSR: what the bound on λ_max shall be at most; the strength follows, up to the one that is given",
      number({ above: 0 }),
    );
}

/** Those that a command has. */
export function boundOptionsOf({ options }: Command): readonly string[] {
  return options.some(({ long }) => long === "--target-sharpness") ? BOUND_OPTIONS : [];
}

function samplesOrAll(text: string): number | "all" {
  if (text.trim() === "all") return "all";
  try {
    return integer(2)(text);
  } catch {
    throw new InvalidArgumentError("It must be a whole number ≥ 2, or all.");
  }
}
