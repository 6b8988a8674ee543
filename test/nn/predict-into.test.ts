import { expect, it } from "vitest";
import { multilayerNet, predictInto, sequential, tensor, threeLayerNet } from "../../src/index.js";
import { fromNdarray, toNdarray } from "../../src/tensor/index.js";

const x = [
  [0.5, -1],
  [2, 0.25],
  [-0.5, 1],
];
const dense = { kind: "dense", outputs: 2 } as const;
const own = {
  name: "cube",
  jet: (z: number, out: Float64Array) => out.set([z * z * z, 3 * z * z, 6 * z, 6]),
};

it.each([
  threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 }),
  multilayerNet({ sizes: [2, 4, 3, 2], activation: ["gelu", own], loss: "poisson", bias: false }),
  sequential({ input: 2, layers: [dense, { kind: "batchNorm" }, { kind: "relu" }, dense] }),
])("predictInto writes what predict gives", (net) => {
  const out = new Float64Array(x.length * net.outputs).fill(Number.NaN);
  for (const seed of [1, 2]) {
    const theta = net.init(seed);
    const turned = fromNdarray(
      toNdarray(tensor(Float64Array.of(0.5, 2, -0.5, -1, 0.25, 1), [2, 3])).transpose(1, 0),
    );
    for (const given of [x, turned]) {
      predictInto(net, theta, given, out);
      expect(out).toEqual(net.predict(theta, x).data);
    }
  }
});
