import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exactHessian, type Tensor, tensor } from "flatward";
import { convolutionProblem } from "../convolution.js";
import { normals, problemOf } from "../sizes.js";
import { shapes } from "./works.js";

/** What every peer reads: numbers that say what the arrays are, and the arrays. */
export interface PeerProblem {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly theta: Float64Array;
  /** (N,d), (N) and (n): a direction. */
  readonly x: Tensor;
  readonly y: Int32Array;
  readonly v: Float64Array;
  /** H. */
  readonly matrix: Tensor;
  /** Square factors of a product. */
  readonly a: Tensor;
  readonly b: Tensor;
}

type Numbers = Float64Array | Int32Array;
type Description = Readonly<Record<string, number>> & {
  readonly arrays: Readonly<Record<string, readonly ["f8" | "i4", readonly number[]]>>;
};

/** Numbers and arrays of the problem with a name. */
function problem(shape: string, withMatrix: boolean): Record<string, number | Tensor | Numbers> {
  if (shape === "512²") {
    const factor = (name: string) => tensor(normals(512 * 512, name), [512, 512]);
    return { a: factor("a"), b: factor("b") };
  }
  if (shape === "CNN") {
    const { theta, batch, v } = convolutionProblem();
    return { theta, x: batch.x, y: batch.y, v };
  }
  const { net, theta, batch } = problemOf(shapes[shape]);
  const { inputs, hidden, outputs } = net;
  return {
    ...{ inputs, hidden, outputs, theta, v: normals(theta.length, "v") },
    ...{ x: batch.x as Tensor, y: batch.y as Int32Array },
    ...(withMatrix ? { matrix: exactHessian(net, theta, batch) } : {}),
  };
}

/** Writes SHAPE.json and a file of raw numbers an array. */
export function writeProblem(folder: string, shape: string, withMatrix: boolean): void {
  const parts = Object.entries(problem(shape, withMatrix));
  const arrays: Record<string, [string, readonly number[]]> = {};
  const numbers: Record<string, number> = {};
  for (const [name, part] of parts) {
    if (typeof part === "number") {
      numbers[name] = part;
      continue;
    }
    const data = "data" in part ? part.data : part;
    arrays[name] = [data instanceof Int32Array ? "i4" : "f8", "data" in part ? part.shape : [part.length]];
    writeFileSync(
      join(folder, `${shape}.${name}`),
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
  }
  writeFileSync(join(folder, `${shape}.json`), JSON.stringify({ ...numbers, arrays }));
}

export function readProblem(folder: string, shape: string): PeerProblem {
  const { arrays, ...numbers }: Description = JSON.parse(readFileSync(join(folder, `${shape}.json`), "utf8"));
  const parts = Object.entries(arrays).map(([name, [kind, extents]]) => {
    const bytes = Uint8Array.from(readFileSync(join(folder, `${shape}.${name}`))).buffer;
    const data = kind === "f8" ? new Float64Array(bytes) : new Int32Array(bytes);
    return [name, extents.length === 1 ? data : { data, shape: extents }];
  });
  return { ...numbers, ...Object.fromEntries(parts) };
}
