import { type RandomStream, randomStream } from "../../random.js";
import { sizeOf } from "../../tensor/view.js";
import type { LayerParameter, ParameterRole } from "./layers/layer.js";

/** Fills one parameter tensor with its initial values. */
type Fill = (out: Float64Array, parameter: LayerParameter, draws: RandomStream) => void;

const uniform =
  (limitOf: (parameter: LayerParameter) => number): Fill =>
  (out, parameter, draws) => {
    const limit = limitOf(parameter);
    for (let i = 0; i < out.length; i++) out[i] = draws.uniform(-limit, limit);
  };

const byFanIn = uniform(({ fanIn }) => 1 / Math.sqrt(fanIn));
const normalByFanIn: Fill = (out, { fanIn }, draws) => {
  const deviation = Math.sqrt(2 / fanIn);
  for (let i = 0; i < out.length; i++) out[i] = draws.normal(0, deviation);
};
const ones: Fill = (out) => out.fill(1);
const zeros: Fill = (out) => out.fill(0);
/** Normalisation begins as the identity. */
const normalization = { scale: ones, shift: zeros };

const table = {
  pytorch: { weight: byFanIn, bias: byFanIn, ...normalization },
  he: {
    weight: normalByFanIn,
    bias: zeros,
    ...normalization,
  },
  glorot: {
    weight: uniform(({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut))),
    bias: zeros,
    ...normalization,
  },
} satisfies Readonly<Record<string, Readonly<Record<ParameterRole, Fill>>>>;

/**
 * How parameters begin. "pytorch": weights and biases uniform on ±1/√(fan-in), the defaults of its Linear and Conv2d.
 * "he": weights normal with variance 2/(fan-in) (He et al. 2015). "glorot": weights uniform on ±√(6/(fan-in + fan-out))
 * (Glorot & Bengio 2010). Under the last two biases are 0; scales are 1 and shifts 0 under all.
 */
export type InitializationName = keyof typeof table;

/** The ways to draw the initial parameters of a `sequential` network. */
export const initializationNames = Object.keys(table) as readonly InitializationName[];

/** All parameters one after the other; every tensor draws from a stream of its own name. */
export function initialParameters(
  name: InitializationName,
  parameters: readonly LayerParameter[],
  size: number,
  seed: number,
): Float64Array {
  const theta = new Float64Array(size);
  const stream = randomStream(seed, "init");
  let offset = 0;
  for (const parameter of parameters) {
    const end = offset + sizeOf(parameter.shape);
    table[name][parameter.role](theta.subarray(offset, end), parameter, stream.stream(parameter.name));
    offset = end;
  }
  return theta;
}
