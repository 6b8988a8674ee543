// An ndarray, sliced or transposed, goes in as it is; results cross back without copying.
import { exactHessian, fromNdarray, threeLayerNet, toNdarray } from "flatward";
import ndarray from "ndarray";

// Features by samples, as some files have them: its transpose is a view.
const features = ndarray(
  Float64Array.from({ length: 12 }, (_, i) => Math.sin(i)),
  [2, 6],
);
const net = threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
const H = exactHessian(net, net.init(1), { x: features.transpose(1, 0), y: [0, 1, 0, 1, 1, 0] });

const view = toNdarray(H);
console.log(
  `H is ${view.shape.join("×")}; H[0,1] = ${view.get(0, 1).toFixed(6)}; the same memory: ${fromNdarray(view).data === H.data}`,
);
