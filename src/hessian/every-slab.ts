import type { Tensor } from "../tensor/view.js";
import { diagonalSlabs } from "./diagonal-slabs.js";
import type { FactorSource } from "./factors.js";
import { mixedSlabs } from "./mixed-slabs.js";
import { parameterPlaces, scatterDiagonal } from "./scatter.js";
import type { BlockSlab } from "./slabs.js";

/** A slab of H, and what writes its values to H, with their mirror images. */
interface HessianSlab {
  readonly slab: BlockSlab;
  scatter(matrix: Tensor, values: Tensor): void;
}

/** All slabs of H, block by block. @param count largest number of samples */
export function everySlab(
  source: Pick<FactorSource, "taps" | "isDiagonal">,
  count: number,
): readonly HessianSlab[] {
  const { taps } = source;
  const places = taps.map(parameterPlaces);
  return taps.flatMap((tap, m) => {
    const own = diagonalSlabs(taps, m, count).map(
      (slab): HessianSlab => ({
        slab,
        scatter: (matrix, values) => scatterDiagonal(matrix, slab, values, tap, places[m]),
      }),
    );
    const mixed = taps.slice(0, m).flatMap((_, l) =>
      mixedSlabs(source, m, l, count).map(
        (slab): HessianSlab => ({
          slab,
          scatter: (matrix, values) => slab.scatter(matrix, values, places[m], places[l]),
        }),
      ),
    );
    return [...own, ...mixed];
  });
}
