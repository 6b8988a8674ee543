import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { networkFor } from "../../experiment/network/make.js";
import { engine, hashOf, hashOfBits } from "../../experiment/provenance.js";
import { prepareFolder, readKept, removeLeftovers, writeAtomically } from "../../files.js";
import { anyNumber, strict, vectorSchema } from "../../schema.js";
import { deserialize, serialize } from "../../serialize.js";
import { loadManifestData } from "../../sweep/manifest.js";
import { replayTraining, type Trajectory } from "../../sweep/replay.js";
import type { TrainedCell } from "../../sweep/trained.js";
import { planeOf, type SlicePlane, type SliceTarget } from "./directions.js";
import { reasonUnused, type SliceOptions } from "./options.js";

/** @param size n, parameters of the network */
function planeSchema({ dimensions, points }: SliceOptions, size: number) {
  const eigenvector = strict({ residual: anyNumber, status: z.string() });
  const path = z.array(
    strict({ step: z.int().min(0), coordinates: z.array(anyNumber).length(dimensions), loss: anyNumber }),
  );
  return strict({
    directions: z.array(vectorSchema(size)).length(dimensions),
    axes: z.array(vectorSchema(points)).length(dimensions),
    facts: z
      .array(
        strict({
          name: z.string(),
          length: anyNumber,
          slope: anyNumber,
          curvature: anyNumber,
          eigenvector: eigenvector.optional(),
        }),
      )
      .length(dimensions),
    cosine: anyNumber.nullable(),
    cosineBefore: anyNumber.optional(),
    path: path.optional(),
    otherPath: path.optional(),
  });
}

/**
 * The line or plane that the options ask for; one that took a training or eigenvectors is kept in the folder, and found
 * there again when a slice is taken up later.
 * @param announce called before work that takes long
 * @throws LabError, FlatwardError
 */
export function planeIn(
  folder: string,
  cell: TrainedCell,
  options: SliceOptions,
  target: SliceTarget | undefined,
  announce: (work: string) => void,
): SlicePlane {
  const { record, data, theta } = cell;
  const compute = () => planeOf({ ...cell, replay: replayOf(cell) }, options, target);
  if (options.directions === "random") return compute();
  const line = target !== undefined;
  const drawn = Object.fromEntries(
    Object.entries(options).filter(
      ([name]) => name !== "colour" && reasonUnused(name, options, line) === undefined,
    ),
  );
  const made = {
    engine: engine(),
    data: data.sha256,
    config: record.config,
    theta: hashOfBits(theta),
    options: drawn,
    ...(target ? { to: target.cell, target: hashOfBits(target.theta) } : {}),
  };
  const path = join(folder, `${options.directions}-${hashOf(made).slice(0, 12)}.plane`);
  if (existsSync(path)) {
    const kept = planeSchema(options, theta.length).safeParse(deserialize(readKept(path)));
    if (kept.success) return kept.data as SlicePlane;
    announce(`${path} is damaged or of another version, and is computed again`);
  }
  announce(
    options.directions === "trajectory" ? "training again, for the path" : "eigenvectors of the Hessian",
  );
  const plane = compute();
  prepareFolder(folder);
  removeLeftovers(folder);
  writeAtomically(path, serialize(plane));
  return plane;
}

/** The training of a cell, to be done once more. */
export function replayOf(cell: TrainedCell): (snapshots: number) => Trajectory {
  const { data, record } = cell;
  return (snapshots) => {
    const net = networkFor(loadManifestData(data), record.config.network);
    return replayTraining(net, cell, record.config, snapshots, record.result.thetaSha256);
  };
}
