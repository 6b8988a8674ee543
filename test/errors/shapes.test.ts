import { describe } from "vitest";
import { hessianVectorProduct, minimize, ShapeError, sgd } from "../../src/index.js";
import { quadratic } from "../optim/quadratic.js";
import { loss, net, refusals, theta, x, y } from "./refusals.js";

describe("a ShapeError refuses", () => {
  refusals(ShapeError, "shape-mismatch", [
    [
      "features of another width",
      () =>
        loss({
          x: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        }),
      /lossAndGradient.*\(N,2\), got \(2,3\).*inputs: 2/,
    ],
    ["ragged rows", () => loss({ x: [[1, 2], [3]] }), /lossAndGradient.*got 1 in row 1/],
    [
      "no samples",
      () => loss({ x: { data: new Float64Array(0), shape: [0, 2] }, y: [] }),
      /at least one sample/,
    ],
    ["an empty array of samples", () => loss({ x: [], y: [] }), /batch\.x/],
    ["fewer labels than samples", () => loss({ y: [0] }), /batch\.y of length 2.*got 1/],
    ["targets of another width", () => loss({ y: [[1], [1]] }), /\(2,2\), got \(2,1\).*outputs: 2/],
    [
      "fewer weights than samples",
      () => loss({ weights: [1] }),
      /batch\.weights of length 2, one entry per sample, got 1/,
    ],
    [
      "too short a theta",
      () => loss({}, new Float64Array(3)),
      /theta of length 17, got 3; its order is W1 \(3×2\), b1 \(3\)/,
    ],
    [
      "too short a v",
      () => hessianVectorProduct(net, theta, { x, y }, theta.slice(1)),
      /hessianVectorProduct.*v of length/,
    ],
    [
      "a start of the wrong length",
      () => minimize(quadratic([1]), theta, sgd({ learningRate: 1 }), { steps: 1 }),
      /minimize.*length 1/,
    ],
  ]);
});
