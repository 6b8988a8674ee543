import {
  defineOperation,
  gelu,
  mul,
  relu,
  sigmoid,
  silu,
  sin,
  softplus,
  tanh,
  type Value,
} from "../../../autodiff/index.js";
import { ArgumentError } from "../../../errors.js";
import { rowMajor, sizeOf } from "../../../tensor/view.js";
import { type Activation, activation } from "../../dense/activations.js";
import type { LayerKind } from "./layer.js";

const functions = { relu, tanh, sigmoid, softplus, silu, gelu, sin };

export type LayerActivation = keyof typeof functions;

/** A function of every entry, by its name. */
export interface ActivationDescription<Name extends LayerActivation = LayerActivation> {
  readonly kind: Name;
}

function row<Name extends LayerActivation>(name: Name): LayerKind<ActivationDescription<Name>> {
  const apply: (x: Value) => Value = functions[name];
  return {
    options: [],
    hasKinks: name === "relu",
    make: (_description, { input }) => ({
      output: input,
      parameters: [],
      footprint: 2 * sizeOf(input),
      apply,
    }),
  };
}

/**
 * A layer of an activation of the caller's own, differentiable as often as its jet is: three times.
 * @throws ArgumentError for an incomplete one
 */
export function ownActivation(given: Activation): LayerKind<{ readonly kind: Activation }> {
  const { name, jet } = activation(given);
  const derivative = (order: number): ((x: Value) => Value) => {
    const next = (): ((x: Value) => Value) => {
      if (order < 3) return derivative(order + 1);
      throw new ArgumentError({ expected: `derivatives of ${name} up to the third`, got: "the fourth" });
    };
    const operation = defineOperation({
      name: order === 0 ? name : `derivative ${order} of ${name}`,
      run([x]) {
        const out = new Float64Array(4);
        return rowMajor(
          x.data.map((z) => {
            jet(z, out);
            return out[order];
          }),
          x.shape,
        );
      },
      jvp: ([dx], [x]) => mul(dx as Value, next()(x)),
      vjp: (_index, g, [x]) => mul(g, next()(x)),
    });
    return (x) => operation([x]);
  };
  const apply = derivative(0);
  return {
    options: [],
    make: (_description, { input }) => ({
      output: input,
      parameters: [],
      footprint: 2 * sizeOf(input),
      apply,
    }),
  };
}

export const activationLayers: {
  readonly [Name in LayerActivation]: LayerKind<ActivationDescription<Name>>;
} = {
  relu: row("relu"),
  tanh: row("tanh"),
  sigmoid: row("sigmoid"),
  softplus: row("softplus"),
  silu: row("silu"),
  gelu: row("gelu"),
  sin: row("sin"),
};
