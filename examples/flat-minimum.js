// Train the same network twice from the same point, with and without HSR, and look at the whole spectrum.
import {
  exactHessian,
  hsrObjective,
  lossAndGradient,
  minimize,
  randomStream,
  sgd,
  symmetricEigen,
  threeLayerNet,
} from "flatward";

// Two noisy half moons.
const draws = randomStream(1, "moons");
const y = Array.from({ length: 120 }, (_, i) => i % 2);
const x = y.map((label) => {
  const angle = draws.uniform(0, Math.PI);
  const sign = label === 0 ? 1 : -1;
  return [
    sign * Math.cos(angle) + label + draws.normal(0, 0.1),
    sign * Math.sin(angle) + label / 2 + draws.normal(0, 0.1),
  ];
});

const net = threeLayerNet({ inputs: 2, hidden: 6, outputs: 2, activation: "tanh" });
const batch = { x, y };

for (const strength of [0, 0.02, 0.1]) {
  const run = minimize(
    hsrObjective(net, batch, { strength }),
    net.init(7),
    sgd({ learningRate: 0.2, momentum: 0.9 }),
    { steps: 400 },
  );
  const { values } = symmetricEigen(exactHessian(net, run.theta, batch));
  const { loss } = lossAndGradient(net, run.theta, batch);
  console.log(
    `strength ${strength}: loss ${loss.toFixed(4)}, eigenvalues ${values[0].toFixed(4)} … ${values.at(-1).toFixed(4)}`,
  );
}
