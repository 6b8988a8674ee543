import type { SourceConfig } from "../../data/sources.js";
import type { RunConfig } from "../../experiment/config.js";
import { type MethodConfig, settingsOf } from "../../experiment/methods.js";
import type { NetworkConfig } from "../../experiment/network/config.js";
import { allowanceOf } from "../../sweep/budget.js";
import { checkDescription, type Description, type Plan } from "../../sweep/description.js";
import { type Problem, problemsOf } from "../../sweep/groups.js";
import { manifestOf } from "../../sweep/manifest.js";

/** One problem of a plan: its methods tuned on validation data, then compared at their best. */
export interface RivalProblem {
  /** What tells it from the others of its plan. */
  readonly label: string;
  readonly source: SourceConfig;
  readonly tuning: Plan;
  /** The comparison at equal time or at equal gradients. @param chosen a configuration of each method */
  comparison(budget: "time" | "gradients", chosen: readonly MethodConfig[], seeds: number): Plan;
}

/** The problems of a plan: all combinations of its data, networks and trainings. @throws LabError */
export function rivalProblems(plan: Plan): RivalProblem[] {
  // Methods and seeds make no problems.
  const methods = [{ name: "gradient-descent", learningRate: 0.1 }] as Description["methods"];
  const single: Description = { ...plan.description, methods, budget: "steps", seeds: [1] };
  const manifest = manifestOf({ ...plan, description: single }, undefined, allowanceOf("steps"));
  return problemsOf(manifest).map((problem) => problemOf(plan, problem));
}

function problemOf(plan: Plan, { label, data, network, training }: Problem): RivalProblem {
  const { description } = plan;
  const planned = (changes: object): Plan => ({
    name: plan.name,
    folder: plan.folder,
    description: checkDescription(
      { ...description, data: data.source, network: asGrid(network), ...changes },
      plan.name,
    ),
  });
  const { validationFraction: _, ...whole } = training;
  return {
    source: data.source,
    label: label === "" ? data.name : `${data.name}, ${label}`,
    tuning: planned({ training, budget: "time" }),
    comparison: (budget, chosen, seeds) =>
      planned({
        training: whole,
        budget,
        methods: chosen.map(withoutSteps),
        seeds: { first: 1, count: seeds },
      }),
  };
}

/** Steps of its own come from a budget. */
function withoutSteps(method: MethodConfig): object {
  return { name: method.name, ...settingsOf(method) };
}

/** A network in the words of a plan, where a list is what is tried. */
function asGrid(network: RunConfig["network"]): object {
  const fixed = (key: string, value: unknown) =>
    Array.isArray(value) && key !== "layers" && key !== "input" ? [value] : value;
  return Object.fromEntries(
    Object.entries(network as NetworkConfig).map(([key, value]) => [key, fixed(key, value)]),
  );
}
