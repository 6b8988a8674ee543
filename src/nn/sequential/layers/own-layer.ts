import {
  ArgumentError,
  describe,
  inCallback,
  requireArray,
  requireFunction,
  requireInteger,
  requireObject,
  requireOneOf,
} from "../../../errors.js";
import { formatShape, sameShape, sizeOf } from "../../../tensor/view.js";
import type { LayerContext, LayerKind, LayerParameter, SampleShape } from "./layer.js";
import { shapeError } from "./shapes.js";
import type { OwnLayer } from "./table.js";

const roles = ["weight", "bias", "scale", "shift"] as const;

/** A kind of layer of the caller's own, what it makes checked. @throws ArgumentError */
export function ownLayer({ name, make }: OwnLayer): LayerKind<unknown> {
  return {
    options: [],
    // Nothing is known of it: it may, and samples may meet in it.
    hasKinks: true,
    make(_description, context) {
      const made = inCallback(() => make(context));
      requireObject(`the layer ${name}`, made, "{ output, parameters, apply }");
      const { apply, parameters = [] } = made;
      requireFunction(
        `${name}.apply`,
        apply,
        "(x, parameters, pass) => y, in operations of flatward/autodiff",
      );
      const output = outputOf(name, made.output);
      requireArray(`${name}.parameters`, parameters);
      for (const parameter of parameters) checkParameter(name, parameter);
      requireDistinct(name, parameters);
      const footprint = made.footprint ?? 2 * sizeOf(output);
      requireInteger(`${name}.footprint`, footprint, 0);
      return {
        output,
        parameters,
        footprint,
        apply(x, values, pass) {
          const y = inCallback(() => apply(x, values, pass));
          requireObject(`the result of ${name}`, y, "a value of flatward/autodiff");
          const shape = [x.shape[0], ...output];
          if (Array.isArray(y.shape) && sameShape(y.shape, shape)) return y;
          throw wrongResult(context, shape, y.shape);
        },
      };
    },
  };
}

function outputOf(name: string, output: unknown): SampleShape {
  if (!Array.isArray(output) || (output.length !== 1 && output.length !== 3))
    throw new ArgumentError({
      expected: `${name}.output to be a shape of samples, [d] or [C,H,W]`,
      got: describe(output),
    });
  for (const extent of output) requireInteger(`an extent of ${name}.output`, extent, 1);
  return output as unknown as SampleShape;
}

function checkParameter(layer: string, parameter: LayerParameter): void {
  requireObject(`a parameter of ${layer}`, parameter, "{ name, role, shape, fanIn, fanOut }");
  const { name, role, shape, fanIn, fanOut } = parameter;
  if (typeof name !== "string" || name === "")
    throw new ArgumentError({ expected: `a parameter of ${layer} to have a name`, got: describe(name) });
  requireOneOf(`the role of ${layer}.${name}`, role, roles);
  requireArray(`the shape of ${layer}.${name}`, shape);
  for (const extent of shape) requireInteger(`an extent of ${layer}.${name}`, extent, 1);
  requireInteger(`fanIn of ${layer}.${name}`, fanIn, 1);
  requireInteger(`fanOut of ${layer}.${name}`, fanOut, 1);
}

/** Derivatives go by name: of two alike one would be lost. */
function requireDistinct(layer: string, parameters: readonly LayerParameter[]): void {
  const names = parameters.map(({ name }) => name);
  const repeated = names.find((name, at) => names.indexOf(name) < at);
  if (repeated === undefined) return;
  throw new ArgumentError({
    expected: `the parameters of ${layer} to have different names`,
    got: `${describe(repeated)} twice`,
  });
}

function wrongResult(context: LayerContext, wanted: readonly number[], got: unknown): Error {
  return shapeError(context, {
    expected: `a result of shape ${formatShape(wanted)}`,
    got: Array.isArray(got) ? formatShape(got) : describe(got),
  });
}
