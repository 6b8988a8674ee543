import { type Summary, summarize } from "../../experiment/measures/statistics.js";
import { isSequential, type NetworkConfig, type SequentialConfig } from "../../experiment/network/config.js";
import type { LayerConfig } from "../../experiment/network/layers.js";
import type { GroupResult, ProblemResult, SweepResults } from "../../sweep/results.js";
import { ended } from "./framework.js";

/** A network with normalizations or shortcuts beside the same network without them, trained alike. */
export interface Variant {
  readonly problem: ProblemResult;
  readonly plain: ProblemResult;
  readonly group: GroupResult;
  /** Its measures over those of the plain network, seed by seed; none where no seed has both. */
  readonly ratios: Readonly<Record<string, Summary>>;
}

/** What a variant is compared in: curvature as it is, and in units that rescaling does not change. */
export const variantMeasures: readonly string[] = [
  ...["lambdaMax", "lambdaMaxTraining", "trace", "normalizedSharpness", "relativeFlatness"],
];

/** Every variant of a sweep that has its plain network too, on the same data and trained equally. */
export function variantsOf({ problems }: Pick<SweepResults, "problems">): Variant[] {
  return problems.flatMap((problem) => {
    const bare = bareLayers(problem.network);
    const plain = problems.find(
      (other) => other !== problem && isPlain(other.network) && sameBut(other, problem, bare),
    );
    if (plain === undefined || bare === undefined || isPlain(problem.network)) return [];
    return problem.groups.map((group) => {
      const partner = plain.groups.find(({ id }) => id === group.id);
      const ratios = variantMeasures
        .filter((id) => problem.measures.includes(id))
        .map((id) => [id, pairedRatios(group, partner, id)] as const)
        .filter(([, values]) => values.length > 0)
        .map(([id, values]) => [id, summarize(values)]);
      return { problem, plain, group, ratios: Object.fromEntries(ratios) };
    });
  });
}

function sameBut(one: ProblemResult, other: ProblemResult, bare: string | undefined): boolean {
  const rest = ({ data, training, network }: ProblemResult) => {
    const { name: _, layers: __, ...others } = network as SequentialConfig;
    return JSON.stringify([data, training, others]);
  };
  return rest(one) === rest(other) && bareLayers(one.network) === bare;
}

function isPlain(network: NetworkConfig): boolean {
  return isSequential(network) && bareLayers(network) === JSON.stringify(network.layers);
}

/** The layers without normalizations, and with what lies beside shortcuts in their place. */
function bareLayers(network: NetworkConfig): string | undefined {
  const open = (layers: readonly LayerConfig[]): LayerConfig[] =>
    layers.flatMap((layer) => {
      if (layer.kind === "batchNorm" || layer.kind === "layerNorm") return [];
      return layer.layers === undefined ? [layer] : open(layer.layers);
    });
  return isSequential(network) ? JSON.stringify(open(network.layers)) : undefined;
}

function pairedRatios(group: GroupResult, plain: GroupResult | undefined, id: string): number[] {
  const partner = new Map(plain?.cells.filter(ended).map(({ seed, measures }) => [seed, measures[id]]));
  return group.cells.filter(ended).flatMap(({ seed, measures }) => {
    const other = partner.get(seed);
    return other === undefined ? [] : [measures[id] / other];
  });
}
