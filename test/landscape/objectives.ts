import * as ad from "../../src/autodiff/index.js";
import { type Objective, objectiveOf, type Tensor } from "../../src/index.js";
import type { ParameterLayout } from "../../src/landscape/index.js";
import { times } from "../oracles/plain-matrix.js";

export type TwiceDifferentiable = Objective & Required<Pick<Objective, "hessianVectorProduct">>;

/** A function of a flat theta as an objective, its derivatives by automatic differentiation. */
export function differentiated(size: number, f: (theta: ad.Value) => ad.Value): TwiceDifferentiable {
  const both = ad.valueAndGrad(f, { allowConstant: true });
  return objectiveOf(size, (theta) => both(theta) as { value: number; gradient: Float64Array }, {
    value: (theta) => ad.item(f(ad.reshape(theta, [size]))),
    hessianVectorProduct: (theta, v) => ad.hvp(f, theta, v, { allowConstant: true }) as Float64Array,
  }) as TwiceDifferentiable;
}

/** ½ θᵀHθ + gᵀθ + c, for a symmetric H. */
export function quadraticOf(
  H: Tensor,
  g: ArrayLike<number> = new Float64Array(H.shape[0]),
  c = 0,
): TwiceDifferentiable {
  return objectiveOf(
    H.shape[0],
    (theta) => {
      const product = times(H, theta);
      return {
        value: product.reduce((sum, p, i) => sum + theta[i] * (0.5 * p + g[i]), c),
        gradient: product.map((p, i) => p + g[i]),
      };
    },
    { hessianVectorProduct: (_, v) => times(H, v) },
  ) as TwiceDifferentiable;
}

/** A network of two dense layers, as automatic differentiation and the definition have it. */
export interface PlainNetwork {
  readonly objective: TwiceDifferentiable;
  readonly layout: ParameterLayout;
  readonly theta: Float64Array;
}

export interface PlainNetworkOptions {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  /** Between the layers. */
  readonly activation: (z: ad.Value) => ad.Value;
  /** Whether the first layer's outputs are normalised over the batch, without scale and shift; then it has no bias. */
  readonly normalized?: boolean;
  /** What theta goes through before it is taken as parameters. Default: as it is. */
  readonly through?: (theta: ad.Value) => ad.Value;
  readonly x: readonly (readonly number[])[];
  /** Class indices. */
  readonly y: readonly number[];
  readonly theta: (size: number) => Float64Array;
}

export function plainNetwork(options: PlainNetworkOptions): PlainNetwork {
  const {
    inputs,
    hidden,
    outputs,
    activation,
    normalized = false,
    through = (theta) => theta,
    x,
    y,
  } = options;
  const shapes: [string, number[]][] = [
    ["W1", [hidden, inputs]],
    ...(normalized ? [] : ([["b1", [hidden]]] as [string, number[]][])),
    ["W2", [outputs, hidden]],
    ["b2", [outputs]],
  ];
  let size = 0;
  const layout = shapes.map(([name, shape]) => {
    const offset = size;
    size += shape.reduce((product, extent) => product * extent, 1);
    return { name, shape, offset };
  });
  const target = y.map((label) => Array.from({ length: outputs }, (_, k) => (k === label ? 1 : 0)));
  const loss = (theta: ad.Value): ad.Value => {
    const flat = through(theta);
    const parts = layout.map(({ shape, offset }) =>
      ad.reshape(ad.slice(flat, [offset], [offset + shape.reduce((a, b) => a * b, 1)]), shape),
    );
    const [w1, w2, b2] = [parts[0], parts[parts.length - 2], parts[parts.length - 1]];
    let z: ad.Value = ad.matmul(
      x.map((row) => [...row]),
      w1,
      { transposeB: true },
    );
    if (normalized) {
      const centred = ad.sub(z, ad.mean(z, { axes: [0], keepAxes: true }));
      z = ad.div(centred, ad.sqrt(ad.mean(ad.square(centred), { axes: [0], keepAxes: true })));
    } else z = ad.add(z, parts[1]);
    const logits = ad.add(ad.matmul(activation(z), w2, { transposeB: true }), b2);
    return ad.div(ad.neg(ad.sum(ad.mul(target, ad.logSoftmax(logits)))), x.length);
  };
  return { objective: differentiated(size, loss), layout, theta: options.theta(size) };
}
