import { z } from "zod";
import { type RunConfig, stepsOf } from "../experiment/config.js";
import type { Method } from "../experiment/method.js";
import { type MethodConfig, methods, settingsOf } from "../experiment/methods.js";
import { type Checkpoint, MAX_POINTS } from "../experiment/train.js";
import { anyNumber, strict, vectorSchema } from "../schema.js";
import { deserialize, serialize } from "../serialize.js";

/** The state of a cell's training, and its cost so far. */
export interface Saved extends Checkpoint {
  /** The cell's identity. */
  readonly cell: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number | null;
}

export function checkpointBytes(saved: Saved): Uint8Array {
  return serialize(saved);
}

/**
 * A checkpoint from its bytes; nothing when they are damaged, or hold what this cell's training cannot go on from.
 * @param size n, parameters of its network
 */
export function readCheckpoint(
  bytes: Uint8Array,
  cell: string,
  config: RunConfig,
  size: number,
): Saved | undefined {
  const parsed = savedSchema(cell, config, size).safeParse(deserialize(bytes));
  return parsed.success ? (parsed.data as Saved) : undefined;
}

function savedSchema(cell: string, config: RunConfig, size: number) {
  const { name } = config.method;
  const { optimizer, objectiveState }: Method = methods[name];
  const settings = settingsOf(config.method as MethodConfig);
  const initial = optimizer(settings).initialState(size);
  const remembered = objectiveState?.(settings, size);
  const count = z.int().min(0);
  const seconds = z.number().min(0);
  return strict({
    cell: z.literal(cell),
    theta: vectorSchema(size),
    steps: z.int().min(1).max(stepsOf(config)),
    state: like(initial, size),
    ...(remembered && { objectiveState: remembered }),
    curve: z
      .array(strict({ step: count, trainLoss: anyNumber, wsBound: anyNumber.optional() }))
      .max(MAX_POINTS),
    sharpness: z.array(strict({ step: count, lambdaMax: anyNumber })).max(MAX_POINTS),
    perturbations: count.max(config.training.perturbations),
    restingSteps: count,
    milliseconds: seconds,
    wallSeconds: seconds,
    cpuSeconds: seconds.nullable(),
  }).refine(
    ({ steps, objectiveState }) => !remembered || (objectiveState as { step: number }).step === steps,
  );
}

/** A state that is built as the initial one is, where vectors may still be absent; its numbers are counts of steps. */
function like(initial: unknown, size: number): z.ZodType {
  if (initial === null) return vectorSchema(size).nullable();
  if (initial instanceof Float64Array) return vectorSchema(size);
  if (typeof initial === "number") return z.int().min(0);
  if (typeof initial !== "object") return z.literal(initial as string);
  const parts = Object.entries(initial).map(([key, part]) => [key, like(part, size)]);
  return strict(Object.fromEntries(parts));
}
