import { ArgumentError, describe, requireInteger, requireObject, requireVector } from "../errors.js";
import type { LinearOperator } from "./operator.js";

/** @throws ArgumentError unless `operator` is a LinearOperator of size ≥ 1 */
export function requireOperator(where: string, name: string, operator: LinearOperator): void {
  requireObject(where, name, operator, "matrixOperator, productOperator or hessianOperator makes one");
  requireInteger(where, `${name}.size`, operator.size, 1);
  if (typeof operator.apply === "function") return;
  throw new ArgumentError({
    where,
    expected: `${name}.apply to be a function (v, out) => void`,
    got: describe(operator.apply),
  });
}

/** @throws ShapeError unless v and out are vectors of the operator's size */
export function requireVectors(where: string, size: number, v: Float64Array, out: Float64Array): void {
  requireVector(where, "v", size, v);
  requireVector(where, "out", size, out);
}
