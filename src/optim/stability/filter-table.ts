import { ArgumentError, requireFlag, requireNumber } from "../../errors.js";
import { type Optimizer, requireOptimizer } from "../optimizer.js";
import type { Recurrence } from "./stable-curvature.js";
import { alongCurvature, oneStep, plain, type Substitution, twoSteps } from "./substitution.js";

/** What some filters need to know of the point in question. */
export interface StabilityOptions {
  /** ‖∇f‖ > 0 at the point in question; needed by `sam`, whose step there is that of USAM with ρ/‖∇f‖. */
  readonly gradientNorm?: number | undefined;
  /**
   * Needed, and true, for `adam`, `adamw` and `rmsprop`: the eigenvalues are those of the preconditioned Hessian P⁻¹H,
   * with P = diag(√v̂ + ε), and of P⁻¹(H + λI) where weight decay λ is coupled.
   */
  readonly preconditioned?: boolean | undefined;
}

export const stabilityOptions = ["gradientNorm", "preconditioned"] as const;

/** What turns an optimizer's hyperparameters into its filter. */
export interface Filter {
  readonly recurrence: Recurrence;
  readonly substitution: Substitution;
  /** Coupled weight decay, added to every effective curvature. */
  readonly shift: number;
}

/** Reads hyperparameters by name. */
type Read = (name: string) => number;

type Row = (optimizer: Optimizer, options: StabilityOptions) => Filter;

/** One row an optimizer. */
const table: Readonly<Record<string, Row>> = {
  sgd: velocity(() => plain),
  heavyBall: displacement("displacement"),
  nesterov: displacement("extrapolation"),
  sam: velocity((read, { gradientNorm }) => {
    if (gradientNorm === undefined) {
      throw new ArgumentError({
        expected: "options.gradientNorm for sam",
        got: "none",
        next: "SAM's edge moves with the norm of the gradient; pass the one at the point in question",
      });
    }
    return oneStep(read("radius"), requireNumber("gradientNorm", gradientNorm, { above: 0 }));
  }),
  usam: velocity((read) => oneStep(read("radius"))),
  penaltySam: velocity((read) => oneStep(read("radius"))),
  twoStepUsam: velocity((read) => twoSteps(read("radius"))),
  hessianUsam: velocity((read) => alongCurvature(read("radius"))),
  rmsprop: preconditioned((read) => ({ momentum: read("momentum"), dampening: 0 })),
  // The first moment is a velocity whose gradients are dampened by β₁.
  adam: preconditioned((read) => ({ momentum: read("beta1"), dampening: read("beta1") })),
  adamw: preconditioned((read) => ({ momentum: read("beta1"), dampening: read("beta1") })),
};

/** @throws ArgumentError where no filter is known, or something is missing */
export function filterOf(optimizer: Optimizer, options: StabilityOptions): Filter {
  requireOptimizer(optimizer, "sgd, usam … make one");
  const row = Object.hasOwn(table, optimizer.name) ? table[optimizer.name] : undefined;
  if (row !== undefined) return row(optimizer, options);
  const why: Readonly<Record<string, string>> = {
    asam: "what ASAM does at a point depends on theta itself, not on eigenvalues alone",
    lookSam: "between its SAM steps LookSAM follows a direction that it remembers, not one of this point",
  };
  throw new ArgumentError({
    expected: `one of ${Object.keys(table).join(", ")}`,
    got: JSON.stringify(optimizer.name),
    next: optimizer.name.startsWith("scheduled ")
      ? "its learning rate changes: pass optimizer.at(step)"
      : (why[optimizer.name] ?? "filters are known for these only"),
  });
}

/** Decay and learning rate, which all have. */
function base({ name, hyperparameters }: Optimizer) {
  const read: Read = (key) => requireNumber(`${name}'s ${key}`, hyperparameters[key]);
  const learningRate = requireNumber(`${name}'s learningRate`, hyperparameters.learningRate, {
    above: 0,
  });
  const weightDecay = read("weightDecay");
  const decoupled = name === "adamw" || hyperparameters.decoupledDecay === true;
  return {
    read,
    learningRate,
    shrinkage: decoupled ? learningRate * weightDecay : 0,
    shift: decoupled ? 0 : weightDecay,
  };
}

/** PyTorch's momentum, of a gradient with some effective curvature. */
function velocity(substitution: (read: Read, options: StabilityOptions) => Substitution): Row {
  return (optimizer, options) => {
    const { read, learningRate, shrinkage, shift } = base(optimizer);
    const kind = requireFlag("nesterov", optimizer.hyperparameters.nesterov) ? "lookahead" : "velocity";
    const [momentum, dampening] = [read("momentum"), read("dampening")];
    return {
      recurrence: { kind, learningRate, momentum, dampening, shrinkage },
      substitution: substitution(read, options),
      shift,
    };
  };
}

/** Momentum as a difference of iterates. */
function displacement(kind: "displacement" | "extrapolation"): Row {
  return (optimizer) => {
    const { read, learningRate, shrinkage, shift } = base(optimizer);
    return {
      recurrence: { kind, learningRate, momentum: read("momentum"), dampening: 0, shrinkage },
      substitution: plain,
      shift,
    };
  };
}

/** A velocity under a preconditioner that stands still, as it does where the run converges. */
function preconditioned(momentumOf: (read: Read) => Pick<Recurrence, "momentum" | "dampening">): Row {
  return (optimizer, options) => {
    if (options.preconditioned !== true) {
      throw new ArgumentError({
        expected: `options.preconditioned to be true for ${optimizer.name}`,
        got: String(options.preconditioned),
        next: "its edge is known for the eigenvalues of the preconditioned Hessian only; pass those",
      });
    }
    const { read, learningRate, shrinkage } = base(optimizer);
    return {
      recurrence: { kind: "velocity", learningRate, shrinkage, ...momentumOf(read) },
      substitution: plain,
      shift: 0,
    };
  };
}
