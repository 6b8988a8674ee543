import { gelu, relu, sigmoid, silu, sin, softplus, tanh, type Value } from "../../../autodiff/index.js";
import { sizeOf } from "../../../tensor/view.js";
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
