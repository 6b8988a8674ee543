import { add } from "../../../autodiff/index.js";
import { formatShape, sameShape, sizeOf } from "../../../tensor/view.js";
import type { Layer, LayerKind } from "./layer.js";
import { shapeError } from "./shapes.js";

/** f(x) + x, or f(x) + g(x) for a shortcut g that brings x to the shape of f(x) (He et al. 2016). */
export interface ResidualDescription<Description = unknown> {
  readonly kind: "residual";
  /** f. */
  readonly layers: readonly Description[];
  /** g. Default: the identity. */
  readonly shortcut?: readonly Description[] | undefined;
}

export const residual: LayerKind<ResidualDescription> = {
  options: ["layers", "shortcut"],
  make(description, context) {
    const branch = context.nested("layers", description.layers);
    const shortcut: Layer | undefined =
      description.shortcut === undefined ? undefined : context.nested("shortcut", description.shortcut);
    const beside = shortcut?.output ?? context.input;
    if (!sameShape(branch.output, beside)) {
      throw shapeError(context, {
        expected: `layers that end in the shape of ${shortcut ? "the shortcut" : "their input"}, ${formatShape(beside)}`,
        got: formatShape(branch.output),
        next: shortcut
          ? "match channels, strides and paddings"
          : "give it a shortcut that changes the shape alike",
      });
    }
    const own = branch.parameters.length;
    return {
      output: branch.output,
      parameters: [...branch.parameters, ...(shortcut?.parameters ?? [])],
      footprint: branch.footprint + (shortcut?.footprint ?? 0) + sizeOf(branch.output),
      apply: (x, parameters, pass) =>
        add(
          branch.apply(x, parameters.slice(0, own), pass),
          shortcut ? shortcut.apply(x, parameters.slice(own), pass) : x,
        ),
    };
  },
};
