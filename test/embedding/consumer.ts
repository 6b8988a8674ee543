// What a user's strict project may write; compiled against the packed declarations by every TypeScript that is tested.

import { adam, exactHessian, lanczos, symmetricEigen, type Tensor, threeLayerNet, toNdarray } from "flatward";
import type * as autodiff from "flatward/autodiff";
import type * as bounds from "flatward/bounds";
import type * as hessian from "flatward/hessian";
import type * as hsr from "flatward/hsr";
import type * as landscape from "flatward/landscape";
import type * as linalg from "flatward/linalg";
import type * as nn from "flatward/nn";
import type * as optim from "flatward/optim";
import type * as regularizers from "flatward/regularizers";
import type * as tensor from "flatward/tensor";
import { problem } from "flatward/testing";
import type * as threads from "flatward/threads";

export type Everything = [
  typeof autodiff,
  typeof bounds,
  typeof hessian,
  typeof hsr,
  typeof landscape,
  typeof linalg,
  typeof nn,
  typeof optim,
  typeof regularizers,
  typeof tensor,
  typeof threads,
];

const seed: number | undefined = Math.random() < 0.5 ? 1 : undefined;
const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, activation: "gelu", bias: undefined });
const H: Tensor = exactHessian(net, net.init(1), { x: [[1, 2]], y: [0], weights: undefined });
export const values: Float64Array = symmetricEigen(toNdarray(H).transpose(1, 0)).values;
export const largest: Float64Array = lanczos({ size: 2, apply: (v) => v }, { seed, k: 1 }).values;
export const optimizer = adam({ learningRate: 0.1, weightDecay: undefined });
export const arbitrary = problem({ maxExtent: 2 });
// @ts-expect-error: an activation that does not exist.
threeLayerNet({ inputs: 2, hidden: 3, outputs: 2, activation: "relu" });
