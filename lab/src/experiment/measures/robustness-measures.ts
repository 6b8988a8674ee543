import { randomStream } from "flatward";
import { type Tensor, zeros } from "flatward/tensor";
import { accuracyOf } from "./evaluation.js";
import type { Measure } from "./measure.js";
import type { MeasuredNetwork } from "./measured-network.js";

/** Draws that a measure of robustness is the mean of, the same for every network. */
const DRAWS = 20;
/** On inputs as the network gets them: in standard deviations of a feature, where features are standardised. */
const SIZE = 0.5;

/** Mean test accuracy over inputs that `disturb` has changed. */
function disturbed(
  { net, theta, test }: MeasuredNetwork,
  name: string,
  disturb: (row: number, column: number, normal: () => number) => number,
): number {
  const { data, shape } = test.x as Tensor;
  const [count, width] = shape;
  const x = zeros(shape);
  let sum = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const stream = randomStream(draw, name);
    const normal = () => stream.normal();
    for (let i = 0, at = 0; i < count; i++)
      for (let j = 0; j < width; j++, at++) x.data[at] = data[at] + disturb(i, j, normal);
    sum += accuracyOf(net, theta, { x, y: test.y });
  }
  return sum / DRAWS;
}

/** How much of the test accuracy is left when inputs are not what they were: what flatness is hoped to help. */
export const robustnessMeasures: readonly Measure[] = [
  {
    id: "noisyAccuracy",
    label: "with noise",
    group: "robustness",
    format: "percent",
    reproducible: true,
    explanation: `test accuracy with Gaussian noise of deviation ${SIZE} on every scaled input, mean of ${DRAWS} draws`,
    of: (network) => disturbed(network, "input noise", (_, __, normal) => SIZE * normal()),
  },
  {
    id: "shiftedAccuracy",
    label: "shifted",
    group: "robustness",
    format: "percent",
    reproducible: true,
    explanation: `test accuracy with all inputs moved alike, by ${SIZE} times a normal number in every scaled feature, mean of ${DRAWS} draws`,
    of(network) {
      let shift: number[] = [];
      return disturbed(network, "input shift", (row, column, normal) => {
        if (row === 0) {
          if (column === 0) shift = [];
          shift.push(SIZE * normal());
        }
        return shift[column];
      });
    },
  },
];
