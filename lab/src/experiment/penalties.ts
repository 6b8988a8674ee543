import {
  type Batch,
  type HsrOptions,
  hsrObjective,
  type MomentOptions,
  type Network,
  type Objective,
} from "flatward";
import { hsrSettings as settingsOfHsr } from "flatward/hsr";
import { z } from "zod";
import { oneOf, strict, vectorSchema } from "../schema.js";
import { type Hyperparameters, type Method, penalized, type Settings, strength } from "./method.js";
import { hasMoments } from "./network/make.js";

const vectors = z
  .int()
  .min(2)
  .optional()
  .describe(
    "random vectors of a gradient, from which tr H and tr H² are estimated; when absent, they are in closed form, or, where the network has none, estimated from 2 for hsr and hsr-direction, and from 10 for the others",
  );

/** A penalty on tr H and tr H², descended beside the loss: in closed form or, without one, or where `vectors` are given, by estimates. */
export function momentPenalty<Shape extends Hyperparameters>(
  label: string,
  gradients: number,
  hyperparameters: Shape,
  defaults: Partial<Settings<Shape>>,
  objective: (
    net: Network,
    batch: Batch,
    settings: Settings<Shape>,
    options: MomentOptions & Pick<HsrOptions, "batchSize" | "seed">,
  ) => Objective,
): Method {
  return {
    ...penalized(
      label,
      gradients,
      { ...hyperparameters, vectors },
      defaults as never,
      (net, batch, settings, seed, batchSize) =>
        objective(net, batch, settings as never, {
          ...momentsOf(net, settings.vectors),
          ...{ seed, batchSize },
        }),
    ),
    needs: "no dropout",
    closedForm: true,
  };
}

const every = z.int().min(1).optional().describe("steps that the penalty's gradient is held; 1 when absent");
const samples = z
  .int()
  .min(2)
  .optional()
  .describe(
    "of a step, drawn by their curvature, that the penalty is computed from; all when absent. Closed form alone",
  );
export const estimator = oneOf("estimator", ["plain", "unbiased"])
  .optional()
  .describe(
    "of mini-batches: the penalty of the step's samples, or unbiased, of all; plain when absent. Closed form alone",
  );
const hsrSettings = {
  every: z
    .int()
    .min(1)
    .optional()
    .describe(
      "steps that a direction of the bound is held; when absent, as many as it takes gradients, from 10 on",
    ),
  samples: z
    .union([z.int().min(2), z.literal("all")])
    .optional()
    .describe(
      "of a step, drawn by their curvature, that the bound is computed from, or all; when absent 8, or as many as half a gradient a step pays for. Closed form alone",
    ),
  estimator,
};

/** Of HSR. */
export const targetSharpness = z
  .number()
  .positive()
  .optional()
  .describe(
    "what the bound shall be at most: the weight rises while it is above and falls while it is below, up to strength",
  );

/** Of HSR. */
export const boundClip = z
  .union([z.number().positive(), z.literal("none")])
  .optional()
  .describe(
    "most that the bound's part of a gradient may be, in lengths of the loss's; 1 when absent, but none with every: 1 and samples: all",
  );

const clip = z
  .number()
  .positive()
  .optional()
  .describe("most that the penalty's part of a gradient may be, in lengths of the loss's; any when absent");

const cheap = { strength, every, samples, clip };

/** The loss's gradient, and every so many steps the penalty's. */
const heldGradients = (settings: { readonly every?: unknown }): number => 1 + 1 / Number(settings.every ?? 1);

/** HSR in a form that remembers steps. */
export function heldBound(
  label: string,
  defaults: { readonly strength: number },
  form: Pick<HsrOptions, "form" | "scaling">,
  more: { readonly clip?: typeof boundClip; readonly targetSharpness?: typeof targetSharpness } = {},
): Method {
  const optionsOn = (
    net: Network,
    { strength, every, samples, estimator, clip, targetSharpness, vectors }: Settings,
    batchSize: number | undefined,
    seed?: number,
  ) =>
    ({
      ...{ strength, every, seed, batchSize, clip, targetSharpness, ...form },
      ...(vectors === undefined && hasMoments(net)
        ? { samples, estimator }
        : { method: "estimate", samples: vectors }),
    }) as HsrOptions;
  return {
    ...penalized(
      label,
      heldGradients,
      { strength, ...hsrSettings, ...more, vectors },
      defaults as never,
      (net, batch, settings, seed, batchSize) =>
        hsrObjective(net, batch, optionsOn(net, settings as never, batchSize, seed)),
    ),
    needs: "no dropout",
    closedForm: true,
    stepsOn: (net, settings, count, batchSize) =>
      settingsOfHsr(net, count, optionsOn(net, settings as never, batchSize)),
    objectiveState: ({ every, samples, estimator, targetSharpness }, size) =>
      every === 1 && samples === "all" && estimator !== "unbiased"
        ? undefined
        : heldState(every as number | undefined, size, {
            unbiased: estimator === "unbiased",
            strength: targetSharpness !== undefined,
          }),
  };
}

/** What a rival of HSR is given to be as cheap. */
type CheapOptions = Pick<HsrOptions, "every" | "batchSize" | "seed"> & {
  readonly strength: number;
  readonly clip?: number | undefined;
  readonly samples?: number | undefined;
};

/** A penalty that may be held for some steps, and computed from drawn samples. */
export function heldPenalty<Shape extends Hyperparameters>(
  label: string,
  defaults: { readonly strength: number },
  more: Shape,
  objective: (net: Network, batch: Batch, options: CheapOptions, settings: Settings<Shape>) => Objective,
): Method {
  return {
    ...penalized(
      label,
      heldGradients,
      { ...cheap, ...more },
      defaults as never,
      (net, batch, settings, seed, batchSize) => {
        const { strength, every, samples, clip } = settings as Settings<typeof cheap>;
        return objective(net, batch, { strength, every, samples, clip, seed, batchSize }, settings as never);
      },
    ),
    needs: "no dropout",
    closedForm: true,
    objectiveState: ({ every = 1, samples, products }, size) =>
      every === 1 && samples === undefined && products === undefined
        ? undefined
        : heldState(every as number, size, { vector: products !== undefined }),
  };
}

/** Of tr H and tr H², in closed form or, without one, or where `vectors` are given, by estimates. */
export function heldMoments<Shape extends Hyperparameters>(
  label: string,
  defaults: { readonly strength: number },
  more: Shape,
  objective: (
    net: Network,
    batch: Batch,
    options: CheapOptions & Pick<MomentOptions, "method">,
    settings: Settings<Shape>,
  ) => Objective,
): Method {
  return heldPenalty(label, defaults, { ...more, vectors }, (net, batch, options, settings) => {
    const { vectors } = settings as { readonly vectors?: number };
    const closed = vectors === undefined && hasMoments(net);
    const chosen = closed ? options : { ...options, method: "estimate" as const, samples: vectors };
    return objective(net, batch, chosen, settings as never);
  });
}

/** A state of `hsrObjective`, or of another penalty that is held. */
function heldState(
  every: number | undefined,
  size: number,
  {
    unbiased = false,
    vector = false,
    strength = false,
  }: { readonly unbiased?: boolean; readonly vector?: boolean; readonly strength?: boolean },
) {
  const held = strict({ constant: z.number(), direction: vectorSchema(size) }).nullable();
  const running = strict({ trace: z.number(), traceSquared: z.number(), frobeniusSquared: z.number() });
  return strict({
    step: z.int().min(0),
    held,
    running: running.nullable(),
    ...(vector && { vector: vectorSchema(size).nullable() }),
    ...(strength && { strength: z.number().min(0).nullable() }),
  }).refine(
    ({ step, held, running, ...more }) =>
      (every === undefined || (held === null) === (step % every === 0)) &&
      (running !== null) === (unbiased && step > 0) &&
      (!vector || (more.vector !== null) === step > 0) &&
      (!strength || (more.strength !== null) === step > 0),
  );
}

function momentsOf(net: Network, vectors: number | undefined): MomentOptions {
  if (vectors !== undefined) return { method: "estimate", samples: vectors };
  return hasMoments(net) ? {} : { method: "estimate" };
}
