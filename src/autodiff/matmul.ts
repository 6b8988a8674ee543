import { inFunction, requireFlag, ShapeError } from "../errors.js";
import { type Complete, optionsOf } from "../options.js";
import { broadcastShapes } from "../tensor/broadcast.js";
import { gemm } from "../tensor/matmul.js";
import {
  formatShape,
  matrixView,
  sizeOf,
  type Tensor,
  transpose as transposedView,
  zeros,
} from "../tensor/view.js";
import { sumOf } from "./arithmetic.js";
import { broadcastTo, reshape, transpose } from "./shape.js";
import { apply, type Operation } from "./trace.js";
import { type Operand, toValue, type Value } from "./value.js";

/** Which factors are read transposed in their last two axes. */
export interface MatmulOptions {
  /** A is given as (batch,k,m). Default false. */
  readonly transposeA?: boolean | undefined;
  /** B is given as (batch,n,k). Default false. */
  readonly transposeB?: boolean | undefined;
}

type Flags = Complete<MatmulOptions>;

/** Matrix products of (batch,m,k) with (batch,k,n), either factor stored transposed. */
export const matmulOperations: { readonly matmul: Operation<Flags> } = {
  matmul: {
    name: "matmul",
    run([a, b], { transposeA, transposeB }) {
      const batch = a.shape[0];
      const out = zeros([batch, a.shape[transposeA ? 2 : 1], b.shape[transposeB ? 1 : 2]]);
      for (let i = 0; i < batch; i++) {
        const left = matrixAt(a, i);
        const right = matrixAt(b, i);
        gemm(
          matrixAt(out, i),
          transposeA ? transposedView(left) : left,
          transposeB ? transposedView(right) : right,
          1,
          // The result is 0 already.
          1,
        );
      }
      return out;
    },
    jvp([da, db], [a, b], _output, flags) {
      return sumOf(da && product(da, b, flags), db && product(a, db, flags));
    },
    // With A′, B′ as read: Ā′ = G B′ᵀ and B̄′ = A′ᵀ G; what is stored transposed gets the transpose of that.
    vjp(index, g, [a, b], _output, { transposeA, transposeB }) {
      if (index === 0) {
        return transposeA
          ? product(b, g, { transposeA: transposeB, transposeB: true })
          : product(g, b, { transposeA: false, transposeB: !transposeB });
      }
      return transposeB
        ? product(g, a, { transposeA: true, transposeB: transposeA })
        : product(a, g, { transposeA: !transposeA, transposeB: false });
    },
    vmap([a, b], [mapsA, mapsB], flags) {
      const [count, batch] = mapsA ? a.shape : b.shape;
      // Of single products with one shared factor, the rows of all the others make one product.
      if (batch === 1 && mapsA && !mapsB && !flags.transposeA) {
        const [, , rows, depth] = a.shape;
        const out = product(reshape(a, [1, count * rows, depth]), b, flags);
        return reshape(out, [count, 1, rows, out.shape[2]]);
      }
      if (batch === 1 && mapsB && !mapsA && flags.transposeB) {
        const [, , columns, depth] = b.shape;
        const out = product(a, reshape(b, [1, count * columns, depth]), flags);
        const rows = out.shape[1];
        return reshape(transpose(reshape(out, [rows, count, columns]), [1, 0, 2]), [count, 1, rows, columns]);
      }
      const inBatch = (value: Value, mapped: boolean): Value => {
        const matrix = value.shape.slice(-2);
        const stack = mapped ? value : broadcastTo(value, [count, batch, ...matrix]);
        return reshape(stack, [count * batch, ...matrix]);
      };
      const out = product(inBatch(a, mapsA), inBatch(b, mapsB), flags);
      return reshape(out, [count, batch, ...out.shape.slice(1)]);
    },
  },
};

function product(a: Value, b: Value, flags: Flags): Value {
  return apply(matmulOperations.matmul, [a, b], flags);
}

function matrixAt({ data, shape }: Tensor, i: number): Tensor {
  return matrixView(data, shape[1], shape[2], i * shape[1] * shape[2]);
}

/**
 * Matrix product in the last two axes; the axes before them, if any, are a batch, and stretch. Options read a factor
 * transposed without copying it.
 * @param a (…,m,k) @param b (…,k,n) @returns (…,m,n) @throws ShapeError
 * @example
 * import { matmul } from "flatward/autodiff";
 * console.log(Array.from(matmul([[1, 2], [3, 4]], [[5], [6]]).data)); // → [ 17, 39 ]
 */
export function matmul(a: Operand, b: Operand, options: MatmulOptions = {}): Value {
  return inFunction("matmul", () => {
    const { transposeA = false, transposeB = false } = optionsOf(options, ["transposeA", "transposeB"]);
    requireFlag("transposeA", transposeA);
    requireFlag("transposeB", transposeB);
    const left = toValue(a);
    const right = toValue(b);
    const rankA = left.shape.length;
    const rankB = right.shape.length;
    const fits =
      rankA >= 2 &&
      rankB >= 2 &&
      left.shape[rankA - (transposeA ? 2 : 1)] === right.shape[rankB - (transposeB ? 1 : 2)];
    if (!fits) {
      throw new ShapeError({
        expected: "(…,m,k) and (…,k,n)",
        got: `${formatShape(left.shape)}${transposeA ? " transposed" : ""} and ${formatShape(right.shape)}${transposeB ? " transposed" : ""}`,
      });
    }
    const batchShape = broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2));
    const batch = sizeOf(batchShape);
    const inBatch = (value: Value): Value => {
      const matrix = value.shape.slice(-2);
      return reshape(broadcastTo(value, [...batchShape, ...matrix]), [batch, ...matrix]);
    };
    const out = product(inBatch(left), inBatch(right), { transposeA, transposeB });
    return reshape(out, [...batchShape, ...out.shape.slice(1)]);
  });
}
