import { located, type SourceConfig, sourceConfigSchema } from "../data/sources.js";
import { inPlan, LabError } from "../errors.js";
import type { RunConfig, TrainingConfig } from "../experiment/config.js";
import type { MethodConfig } from "../experiment/methods.js";
import { axesOf, type Grid, gridSize, pointsOf } from "./axes.js";
import type { Plan } from "./description.js";

/** The most cells of one sweep. */
const MAX_CELLS = 100_000;

/** A point of the grid: which data, and everything else. */
export interface GridPoint {
  readonly source: SourceConfig;
  readonly config: Pick<RunConfig, "network" | "seed" | "curvatureSamples"> & {
    readonly method: MethodConfig;
    /** Either steps or epochs. */
    readonly training: Omit<TrainingConfig, "steps"> & { readonly steps?: number; readonly epochs?: number };
  };
}

/**
 * All points of a description's grid. Seeds run slowest, so that a half-finished sweep has a bit of everything.
 * @throws LabError "usage" for a grid that is too large
 */
export function expand(plan: Plan): GridPoint[] {
  const { description, folder } = plan;
  const { training } = description;
  const seeds = seedsOf(description.seeds);
  const data: Grid[] = [description.data]
    .flat()
    .map((entry) => (typeof entry === "string" ? { name: entry } : entry));
  const networkGrids: Grid[] = [description.network].flat();
  inPlan(plan, () => checkSize({ description, data, networks: networkGrids, seeds: seeds.count }));

  const sources = data.flatMap((grid) => pointsOf(grid).map((point) => sourceConfigSchema.parse(point)));
  const networks = networkGrids
    .flatMap(pointsOf)
    .map(({ kind, ...network }) => (kind === "sequential" ? { kind, ...network } : network));
  const trainings = pointsOf(training);
  const methods = description.methods.flatMap(pointsOf);
  const { curvatureSamples } = description;
  const points: GridPoint[] = [];
  for (const seed of seeds.values())
    for (const source of sources)
      for (const network of networks)
        for (const training of trainings)
          for (const method of methods)
            points.push({
              source: located(source, folder),
              config: {
                network,
                method,
                training,
                seed,
                ...(curvatureSamples === undefined ? {} : { curvatureSamples }),
              } as unknown as GridPoint["config"],
            });
  return points;
}

function seedsOf(seeds: Plan["description"]["seeds"]): { count: number; values(): number[] } {
  if (Array.isArray(seeds)) return { count: seeds.length, values: () => seeds };
  const { first, count } = seeds;
  return { count, values: () => Array.from({ length: count }, (_, i) => first + i) };
}

/** Counts before anything is made: a grid grows fast. */
function checkSize({
  description: { training, methods },
  data,
  networks,
  seeds,
}: {
  description: Plan["description"];
  data: readonly Grid[];
  networks: readonly Grid[];
  seeds: number;
}): void {
  const total = (grids: readonly Grid[]) => grids.reduce((sum, grid) => sum + gridSize(grid), 0);
  const cells = total(data) * total(networks) * gridSize(training) * total(methods) * seeds;
  if (cells <= MAX_CELLS) return;
  const axes = [
    ["data", total(data)] as const,
    ["seeds", seeds] as const,
    ...networks.flatMap((network, i) => axesIn(networks.length === 1 ? "network" : `network[${i}]`, network)),
    ...axesIn("training", training),
    ...methods.flatMap((method, i) => axesIn(`methods[${i}]`, method)),
  ].sort(([, a], [, b]) => b - a);
  const [largest, values] = axes[0];
  throw new LabError(
    "usage",
    `${largest}: the grid has ${count(cells)} cells, and at most ${count(MAX_CELLS)} can be run as one sweep; ${largest} has ${count(values)} values: give fewer, or split the plan`,
  );
}

function axesIn(part: string, grid: Grid): (readonly [string, number])[] {
  return axesOf(grid).map(([key, values]) => [`${part}.${key}`, values.length] as const);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
