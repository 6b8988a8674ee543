import { ArgumentError, describe, requireInteger, requireObject, requireVector } from "../errors.js";
import type { LinearOperator } from "./operator.js";

/** @throws ArgumentError unless `operator` is a LinearOperator of size ≥ 1 */
export function requireOperator(name: string, operator: LinearOperator): void {
  requireObject(name, operator, "matrixOperator, productOperator or hessianOperator makes one");
  requireInteger(`${name}.size`, operator.size, 1);
  if (typeof operator.apply === "function") return;
  throw new ArgumentError({
    expected: `${name}.apply to be a function (v, out) => void`,
    got: describe(operator.apply),
  });
}

/** @throws ShapeError unless v and out are vectors of the operator's size */
export function requireVectors(size: number, v: Float64Array, out: Float64Array): void {
  requireVector("v", size, v);
  requireVector("out", size, out);
}
