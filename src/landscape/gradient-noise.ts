import {
  ArgumentError,
  describe,
  inFunction,
  requireFew,
  requireFinite,
  requireFiniteValue,
  requireFlag,
  requireInteger,
  requireNumber,
} from "../errors.js";
import { type SampleMean, sampleMean } from "../linalg/estimates/sample-mean.js";
import { asObjective, type Objective } from "../optim/objective.js";
import { requireOptions } from "../options.js";
import { norm } from "../tensor/reduce.js";
import { matrixView, type Tensor } from "../tensor/view.js";
import { checkPoint } from "./hessian-at.js";

/** How many gradients `gradientNoise` draws, and what it keeps of them. */
export interface GradientNoiseOptions {
  /** α > 0, for the temperature. */
  readonly learningRate: number;
  /** Gradients of the stochastic objective, ≥ 2: whole epochs are best. */
  readonly steps: number;
  /** Whether to keep all of C, n² numbers. Default false. */
  readonly covariance?: boolean | undefined;
}

/** The covariance C of a stochastic gradient g_t about its mean g: its trace, and what follows from it. */
export interface GradientNoise {
  /** tr C = E‖g_t − g‖². */
  readonly trace: SampleMean;
  /** T = α·tr C/(2n): the temperature of the Langevin dynamics whose noise has the same trace. */
  readonly temperature: number;
  /** C (n,n) = E (g_t − g)(g_t − g)ᵀ, where it was asked for. */
  readonly covariance?: Tensor;
}

/**
 * The noise of a stochastic gradient at theta, from the gradients of steps 0, 1, … and the gradient of the whole.
 *
 * SGD is θ ← θ − α(g + ξ), Cov ξ = C, and Langevin dynamics with steps α adds noise of covariance 2αT·I: α²C. Were C a
 * multiple of I, T = α tr C/(2n) would make them one, and T ∝ α over the batch size (Mandt, Hoffman & Blei 2017;
 * Jastrzębski et al. 2017). C of a network is far from that, and follows H at best: a temperature is an average over all
 * directions, and `sgdCovariance` takes C as it is. Batches of one epoch share no sample, so their noise is not white
 * either, which neither of them sees.
 * @param objective what the noise is around @param stochastic what draws in `beginStep`, as `minibatchObjective` does
 * @throws ArgumentError, ShapeError, NonFiniteError
 * @example
 * import { lossObjective, minibatchObjective, selectSamples, threeLayerNet } from "flatward";
 * import { gradientNoise } from "flatward/landscape";
 * const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
 * const batch = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
 * const theta = net.init(1);
 * const stochastic = minibatchObjective({ count: 4, batchSize: 2, seed: 1 }, (samples) =>
 *   lossObjective(net, selectSamples(batch, samples)),
 * );
 * const { trace, temperature } = gradientNoise(lossObjective(net, batch), stochastic, theta, { learningRate: 0.1, steps: 20 });
 * console.log(trace.value > 0, (temperature / trace.value).toFixed(6)); // → true 0.002941
 */
export function gradientNoise(
  objective: Objective,
  stochastic: Objective,
  theta: Float64Array,
  options: GradientNoiseOptions,
): GradientNoise {
  return inFunction("gradientNoise", () => {
    requireOptions(options, ["learningRate", "steps", "covariance"], "at least { learningRate, steps }");
    const learningRate = requireNumber("learningRate", options.learningRate, { above: 0 });
    const steps = requireInteger("steps", options.steps, 2);
    requireFew("steps", steps);
    const { covariance: wanted = false } = options;
    requireFlag("covariance", wanted);
    const at = checkPoint(objective, theta);
    checkPoint(stochastic, theta);
    if (typeof stochastic.beginStep !== "function") {
      throw new ArgumentError({
        expected: "a stochastic objective, with beginStep",
        got: describe(stochastic),
        next: "minibatchObjective makes one",
      });
    }

    const n = objective.size;
    if (wanted) requireFew("entries of the covariance", n * n);
    const drawn = asObjective(stochastic);
    const whole = asObjective(objective).gradient(at);
    const squares = new Float64Array(steps);
    const c = new Float64Array(wanted ? n * n : 0);
    for (let t = 0; t < steps; t++) {
      stochastic.beginStep(t);
      const noise = drawn.gradient(at).map((entry, i) => entry - whole[i]);
      requireFinite("the gradient", noise);
      const length = norm(noise);
      squares[t] = length * length;
      if (wanted) {
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) c[i * n + j] += (noise[i] * noise[j]) / steps;
      }
    }
    const trace = sampleMean(squares);
    return {
      trace,
      temperature: requireFiniteValue("the temperature", (learningRate * trace.value) / (2 * n)),
      ...(wanted ? { covariance: matrixView(c, n, n) } : {}),
    };
  });
}
