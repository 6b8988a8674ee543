import { exactHessian, randomStream, type Tensor, threeLayerNet } from "../../../src/index.js";
import { symmetric, withSpectrum } from "../../oracles/plain-matrix.js";

const stream = randomStream(6, "eigh");

const random = (n: number, scale = 1) => symmetric(n, () => scale * stream.normal());
const v = Array.from({ length: 30 }, () => stream.normal());
const w = Array.from({ length: 30 }, () => stream.normal());

/** What an eigen-solver meets, the nasty cases included. */
export const matrices: readonly [string, Tensor][] = [
  ["of one entry", symmetric(1, () => -3)],
  ["2×2", random(2)],
  ["3×3", random(3)],
  ["random, n = 10", random(10)],
  ["random, n = 41", random(41)],
  ["random, n = 64", random(64)],
  ["scaled by 1e8", random(20, 1e8)],
  ["scaled by 1e-8", random(20, 1e-8)],
  ["scaled by 1e150", random(20, 1e150)],
  ["scaled by 1e-150", random(20, 1e-150)],
  ["of subnormal entries", symmetric(5, () => 1e-310 * stream.normal())],
  ["with entries near the largest number", random(6, 1e306)],
  ["clustered about 1", symmetric(25, (i, j) => (i === j ? 1 : 0) + 1e-9 * stream.normal())],
  ["in two clusters", symmetric(24, (i, j) => (i === j ? (i % 2 === 0 ? 1 : -1) : 1e-12 * stream.normal()))],
  ["a multiple of the identity", symmetric(7, (i, j) => (i === j ? 4 : 0))],
  ["of rank one", symmetric(30, (i, j) => v[i] * v[j])],
  ["of rank two, indefinite", symmetric(30, (i, j) => v[i] * v[j] - w[i] * w[j])],
  ["diagonal", symmetric(12, (i, j) => (i === j ? stream.normal() : 0))],
  ["diagonal but for one pair", symmetric(9, (i, j) => (i === j ? i : i === 7 && j === 2 ? 3 : 0))],
  ["graded over 16 orders of magnitude", symmetric(17, (i, j) => stream.normal() / 10 ** ((i + j) / 2))],
  ["zero", symmetric(8, () => 0)],
  ["an arrow", symmetric(15, (i, j) => (j === 0 ? 1 : i === j ? i : 0))],
  ["of ones", symmetric(13, () => 1)],
  // From here on large enough for divide and conquer; some for panels too.
  ["random, n = 96", random(96)],
  ["random, n = 97", random(97)],
  ["random, n = 161", random(161)],
  ["random, n = 178", random(178)],
  ["scaled by 1e300", random(170, 1e300)],
  ["scaled by 1e-300", random(170, 1e-300)],
  ["Hilbert's", symmetric(120, (i, j) => 1 / (i + j + 1))],
  ["Wilkinson's W+", symmetric(101, (i, j) => (i === j ? Math.abs(i - 50) : i - j === 1 ? 1 : 0))],
  ["of glued Wilkinson matrices", gluedWilkinson(1e-8)],
  ["of barely glued Wilkinson matrices", gluedWilkinson(1e-14)],
  ["large, of rank one", symmetric(170, (i, j) => Math.sin(i + 1) * Math.sin(j + 1))],
  ["large, of rank 12", lowRank(170, 12)],
  ["large, clustered about 1", symmetric(110, (i, j) => (i === j ? 1 : 0) + 1e-9 * stream.normal())],
  [
    "large, in two clusters",
    withSpectrum(
      Array.from({ length: 165 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
      1,
    ),
  ],
  ["large, a multiple of the identity", symmetric(165, (i, j) => (i === j ? 4 : 0))],
  ["large and zero", symmetric(165, () => 0)],
  ["large and diagonal", symmetric(165, (i, j) => (i === j ? stream.normal() : 0))],
  ["large, graded downwards", symmetric(165, (i, j) => stream.normal() / 10 ** ((i + j) / 20))],
  ["large, graded upwards", symmetric(165, (i, j) => stream.normal() / 10 ** ((328 - i - j) / 20))],
  ["large, graded over 300 orders", symmetric(150, (i) => stream.normal() / 10 ** (2 * i))],
  [
    "of three diagonals, but for noise of 1e-160",
    symmetric(90, (i, j) => (i - j > 1 ? 1e-160 * stream.normal() : i === j ? i % 3 : 1)),
  ],
  ["of a network's loss, its Hessian", hessian()],
];

function gluedWilkinson(glue: number): Tensor {
  return symmetric(126, (i, j) =>
    i === j ? Math.abs((i % 21) - 10) : i - j !== 1 ? 0 : i % 21 === 0 ? glue : 1,
  );
}

function lowRank(n: number, rank: number): Tensor {
  const factor = Array.from({ length: n }, () => Array.from({ length: rank }, () => stream.normal()));
  return symmetric(n, (i, j) => factor[i].reduce((sum, x, k) => sum + (k - 5) * x * factor[j][k], 0));
}

function hessian(): Tensor {
  const net = threeLayerNet({ inputs: 8, hidden: 12, outputs: 4 });
  const x = Array.from({ length: 30 }, () => Array.from({ length: 8 }, () => stream.normal()));
  return exactHessian(net, net.init(1), { x, y: x.map((_, i) => i % 4) });
}
